"""La page des citations : chacun y lit ce qu'il a le droit de lire, et l'équipe revient à la source."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Etiquette, Verbatim
from lib.domain.vocabulaire import Role
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import COORDONNEES, ORGANISATIONS, PERSONNES, SANS_ACCORD, SANS_NOTICE, Enquete, preparer
from tests.outils.greffons import donnees
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "irritants/citations"
FORMULE = "=HYPERLINK(1) « cher »"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def _ouvrir(ouvrir: Ouvrir, enquete: Enquete, role: Role = Role.ENQUETEUR, **params: Any) -> AppTest:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation, **params)
    assert not ecran.exception and not ecran.error
    return ecran


def _lues(ecran: AppTest) -> list[str]:
    return [citation["citation"] for montre in donnees(ecran, "citations") for citation in montre["citations"]]


def test_l_equipe_lit_tout_ce_qui_compte_et_revient_a_la_source(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    assert [titre.value for titre in ecran.title] == ["Citations"]
    lues = _lues(ecran)
    assert len(lues) == 4 and SANS_ACCORD in lues and FORMULE in lues and SANS_NOTICE not in lues
    (montre,) = donnees(ecran, "citations")
    premiere = next(citation for citation in montre["citations"] if citation["citation"] == FORMULE)
    assert ORGANISATIONS[0] in premiere["source"]
    adresse = f"codage?entretien={premiere['entretien']}&verbatim={premiere['verbatim']}"
    assert premiere["adresse"] == adresse
    reservee = next(citation for citation in montre["citations"] if citation["citation"] == SANS_ACCORD)
    assert "ne sort pas de l'équipe" in reservee["reserves"][0]


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_hors_de_l_equipe_ni_nom_ni_lien_ni_citation_sans_accord(ouvrir: Ouvrir, enquete: Enquete, role: Role) -> None:
    ecran = _ouvrir(ouvrir, enquete, role)
    (montre,) = donnees(ecran, "citations")
    assert len(montre["citations"]) == 3
    ecrit = str(montre) + " ".join(texte.value for texte in (*ecran.markdown, *ecran.caption))
    for secret in (*PERSONNES, *ORGANISATIONS, *COORDONNEES, "Orsattini", SANS_ACCORD, SANS_NOTICE, "E-MRS", "codage"):
        assert secret not in ecrit, secret
    permis = {"citation", "source", "reserves", "etiquettes", "cle", "retenue"}
    assert all(set(citation) <= permis for citation in montre["citations"])
    assert "nov" in ecrit and not re.search(r"\d\s+nov", ecrit), "le mois, jamais le jour"


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_une_citation_seule_s_ouvre_depuis_une_preuve_puis_toutes(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete, role: Role
) -> None:
    ecran = _ouvrir(ouvrir, enquete, role, citation=_numero(moteur, FORMULE))
    assert _lues(ecran) == [FORMULE]
    ecran.button[0].click().run()
    assert len(_lues(ecran)) > 1 and "citation" not in ecran.query_params


def test_une_citation_sans_accord_ne_s_ouvre_pas_hors_de_l_equipe(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    ecran = _ouvrir(ouvrir, enquete, Role.RELECTEUR, citation=_numero(moteur, SANS_ACCORD))
    assert not donnees(ecran, "citations") and "ne se lit pas" in ecran.info[0].value


def test_la_visite_n_isole_aucune_citation(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    """Une par une, elles diraient ce que les filtres taisent."""
    ecran = _ouvrir(ouvrir, enquete, Role.DEMONSTRATION, citation=_numero(moteur, FORMULE))
    assert len(_lues(ecran)) == 3


def _numero(moteur: Engine, citation: str) -> str:
    with lecture(moteur) as session:
        return str(session.scalars(select(Verbatim.id).where(Verbatim.citation == citation)).one())


def test_les_filtres_viennent_de_l_adresse(ouvrir: Ouvrir, enquete: Enquete) -> None:
    assert _lues(_ouvrir(ouvrir, enquete, citations_etiquette="Coût caché")) == [FORMULE]
    assert len(_lues(_ouvrir(ouvrir, enquete, citations_etiquette="sans étiquette"))) == 1
    assert len(_lues(_ouvrir(ouvrir, enquete, citations_terrain="Bourgogne"))) == 1
    assert _lues(_ouvrir(ouvrir, enquete, citations_acteur="Entreprise")) == []
    assert len(_lues(_ouvrir(ouvrir, enquete, citations_famille="Irritant"))) == 3


def test_une_adresse_abimee_montre_tout_plutot_que_rien(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, citations_etiquette="inconnue", citations_page="-3", citations_terrain="x")
    assert len(_lues(ecran)) == 4


def test_chercher_des_mots_sans_accents_ni_pluriel(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.text_input[0].input("CHERS").run()
    assert _lues(ecran) == [FORMULE]
    ecran.text_input[0].input("chers -hyperlink").run()
    assert _lues(ecran) == []
    assert "Aucune citation ne répond" in ecran.info[0].value


def test_sans_resultat_on_efface_les_filtres_d_un_geste(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, citations_acteur="Entreprise")
    assert "Aucune citation ne répond" in ecran.info[0].value
    ecran.button[0].click().run()
    assert len(_lues(ecran)) == 4


@pytest.mark.parametrize(("role", "phrase"), [(Role.ENQUETEUR, "surlignez un passage"), (Role.RELECTEUR, "à mesure")])
def test_une_enquete_neuve_dit_par_ou_commencer(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete, role: Role, phrase: str
) -> None:
    with ecriture(moteur, None) as session:
        for entretien in session.scalars(select(Entretien)):
            entretien.archive_le = maintenant()
        refaire(session, enquete.investigation.id)
    ecran = _ouvrir(ouvrir, enquete, role)
    assert phrase in ecran.info[0].value
    assert bool(ecran.page_link) is (role is Role.ENQUETEUR)


def test_une_citation_a_verifier_le_dit(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    from lib.domain.vocabulaire import AncrageVerbatim

    with ecriture(moteur, None) as session:
        session.scalars(select(Verbatim).where(Verbatim.citation == FORMULE)).one().ancrage = AncrageVerbatim.A_VERIFIER
    (montre,) = donnees(_ouvrir(ouvrir, enquete, citations_etiquette="Coût caché"), "citations")
    assert montre["citations"][0]["reserves"] == ["Place à vérifier"]


def test_cinquante_par_page(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    _surligner_tout(moteur, enquete, 120)
    premiere = _ouvrir(ouvrir, enquete)
    assert len(_lues(premiere)) == 50
    assert "124" in premiere.markdown[0].value
    derniere = _ouvrir(ouvrir, enquete, citations_page=3)
    assert len(_lues(derniere)) == 24
    assert not set(_lues(premiere)) & set(_lues(derniere))
    assert _lues(_ouvrir(ouvrir, enquete, citations_page=99)) == _lues(premiere)


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_peu_de_requetes_quel_que_soit_le_nombre(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete, role: Role) -> None:
    _surligner_tout(moteur, enquete, 60)
    with compter_requetes(moteur) as ordres:
        assert len(_lues(_ouvrir(ouvrir, enquete, role))) == 50
    assert len([ordre for ordre in ordres if ordre.startswith("SELECT")]) <= 8


def _surligner_tout(moteur: Engine, enquete: Enquete, nombre: int) -> None:
    with ecriture(moteur, None) as session:
        entretien = session.scalars(select(Entretien).where(Entretien.code == "E-MRS-002")).one()
        texte = fabriques.un_texte(session, entretien, "".join(f"mot{rang:03} " for rang in range(nombre)))
        for rang in range(nombre):
            fabriques.un_verbatim(session, texte, rang * 7, rang * 7 + 6)
        refaire(session, enquete.investigation.id)


def test_la_grille_a_les_attributs_de_la_personne_en_colonnes(ouvrir: Ouvrir, enquete: Enquete) -> None:
    (montre,) = donnees(_ouvrir(ouvrir, enquete, citations_vue="Grille"), "citations")
    titres = [colonne["titre"] for colonne in montre["colonnes"]]
    assert titres[2:] == [
        "Entretien",
        "Structure",
        "Type d'acteur",
        "Taille",
        "Réseau",
        "Fonction",
        "Terrain",
        "Date",
        "Mode",
        "Mené par",
        "Accord de citer",
    ]
    assert all(len(citation["cellules"]) == len(titres) - 2 for citation in montre["citations"])
    (lue,) = donnees(_ouvrir(ouvrir, enquete, Role.RELECTEUR, citations_vue="Grille"), "citations")
    assert [colonne["titre"] for colonne in lue["colonnes"]][2:] == ["Structure", "Type d'acteur", "Terrain"]
    assert not any(nom in str(lue) for nom in (*PERSONNES, *ORGANISATIONS, "E-MRS"))


def test_plus_de_filtres_se_deplient_et_se_partagent(ouvrir: Ouvrir, enquete: Enquete) -> None:
    assert len(_ouvrir(ouvrir, enquete).date_input) == 0
    ecran = _ouvrir(ouvrir, enquete, citations_du="2026-11-01")
    assert len(_lues(ecran)) == 1
    libelles = {choix.label for choix in ecran.selectbox}
    assert {"Taille de l'entreprise", "Accord de citer", "Entretien mené par", "Étiquettes posées par"} <= libelles
    lecteur = _ouvrir(ouvrir, enquete, Role.RELECTEUR, citations_plus=True)
    assert not {"Taille de l'entreprise", "Entretien mené par"} & {choix.label for choix in lecteur.selectbox}


def test_le_panier_se_remplit_se_montre_et_se_vide(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, Role.RELECTEUR)
    next(bouton for bouton in ecran.button if bouton.key == "panier-tout").click().run()
    assert ecran.success[0].value == "3\u00a0citations de plus au panier."
    assert all(citation["retenue"] for citation in donnees(ecran, "citations")[0]["citations"])
    next(bouton for bouton in ecran.button if bouton.key == "panier-exporter").click().run()
    assert not ecran.exception and "est prêt" in ecran.success[0].value
    next(bouton for bouton in ecran.button if bouton.key == "panier-vider").click().run()
    assert not any(citation["retenue"] for citation in donnees(ecran, "citations")[0]["citations"])


def test_la_visite_ne_retient_rien(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, Role.DEMONSTRATION)
    assert not any((bouton.key or "").startswith("panier") for bouton in ecran.button)
    assert not any("retenue" in citation for citation in donnees(ecran, "citations")[0]["citations"])


def test_les_textes_entiers_se_cherchent_dans_l_equipe(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, citations_ou="Textes entiers")
    ecran.text_input[0].input("judith accepte").run()
    (tableau,) = donnees(ecran, "tableau")
    assert [ligne["cellules"][0] for ligne in tableau["lignes"]] == ["E-MRS-001"]
    assert tableau["lignes"][0]["adresse"].startswith("/codage?entretien=")


def test_deux_etiquettes_homonymes_ouvrent_chacune_les_siennes(
    ouvrir: Ouvrir, moteur: Engine, enquete: Enquete
) -> None:
    """Le nom ne suffit plus à l'adresse : le code y est aussi, et un lien d'indicateur ou de terrain mène au bon."""
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, enquete.irritants[1]).nom = "Manque de temps"
    temps = _lues(_ouvrir(ouvrir, enquete, citations_etiquette="Manque de temps (temps)"))
    assert _lues(_ouvrir(ouvrir, enquete, citations_etiquette="Manque de temps (cout)")) == [FORMULE] != temps
    assert len(temps) > 1
