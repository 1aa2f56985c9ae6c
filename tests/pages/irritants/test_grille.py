"""La grille de codage : lue par tous, changée par l'équipe, jamais effacée."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select
from streamlit.testing.v1 import AppTest

from lib.analytics.confidentialite import PETIT
from lib.db.base import maintenant
from lib.db.modeles import Etiquetage, Etiquette
from lib.domain.vocabulaire import FamilleEtiquette, Role
from lib.services.fusion_etiquettes import defusionner
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer
from tests.outils.greffons import donnees
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "irritants/grille"
SANS = "Citations surlignées qui n'ont pas, ou plus, d'étiquette."


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def _ouvrir(ouvrir: Ouvrir, enquete: Enquete, role: Role = Role.ENQUETEUR, **params: Any) -> AppTest:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation, **params)
    assert not ecran.exception
    return ecran


def _lignes(ecran: AppTest) -> list[list[str]]:
    return [ligne["cellules"] for montre in donnees(ecran, "tableau") for ligne in montre["lignes"]]


def _noms(moteur: Engine) -> set[str]:
    with lecture(moteur) as session:
        return set(session.scalars(select(Etiquette.nom).where(Etiquette.archive_le.is_(None))))


def _bouton(ecran: AppTest, libelle: str) -> Any:
    return next(bouton for bouton in ecran.button if bouton.label == libelle)


def test_l_arbre_avec_ses_comptes(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        fabriques.une_etiquette(
            session, enquete.investigation, nom="Relances", parent_id=enquete.irritants[0], definition="Écrire encore."
        )
        fabriques.une_etiquette(session, enquete.investigation, nom="Réseau", famille=FamilleEtiquette.LEVIER)
    assert _lignes(_ouvrir(ouvrir, enquete)) == [
        ["Manque de temps", "", "3", "3"],
        ["–\u00a0Relances", "Écrire encore.", "0", "0"],
        ["Coût caché", "", "1", "1"],
        ["Réseau", "", "0", "0"],
        ["Sans étiquette", SANS, "1", "1"],
    ]
    assert _lignes(_ouvrir(ouvrir, enquete, grille_famille="Levier")) == [["Réseau", "", "0", "0"]]


def test_un_lecteur_lit_la_grille_sans_pouvoir_la_changer(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, Role.RELECTEUR)
    # Une citation n'a pas l'accord de sortir ; « Coût caché » et « Sans étiquette » n'ont qu'un entretien.
    assert [ligne[2:] for ligne in _lignes(ecran)] == [["2", "3"], ["masqué", PETIT], ["masqué", PETIT]]
    assert any("Une ou deux unités" in texte.value for texte in ecran.caption)
    assert [bouton.label for bouton in ecran.button] == []
    fiche = _ouvrir(ouvrir, enquete, Role.RELECTEUR, etiquette=enquete.irritants[0])
    assert [bouton.label for bouton in fiche.button] == ["Revenir à toute la grille"]
    assert any("que l'on peut citer" in texte.value for texte in fiche.markdown)
    assert _lignes(_ouvrir(ouvrir, enquete, Role.RELECTEUR, nouvelle=1)) != []
    cachee = _ouvrir(ouvrir, enquete, Role.RELECTEUR, etiquette=enquete.irritants[1])
    assert any(PETIT in texte.value and "masqué" in texte.value for texte in cachee.markdown)


def test_une_etiquette_en_entier(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        temps = session.get_one(Etiquette, enquete.irritants[0])
        temps.definition, temps.exclusion = "Le temps **manque**.", "L'argent."
    ecran = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[0])
    ecrits = [texte.value for texte in ecran.markdown]
    assert any("Le temps \\*\\*manque\\*\\*" in ecrit for ecrit in ecrits)
    assert any(ecrit.startswith("**Ce qu'elle ne comprend pas**") for ecrit in ecrits)
    lien = next(lien for lien in ecran.page_link if lien.label == "Lire ses citations")
    assert "citations_etiquette=Manque" in lien.proto.query_string


def test_creer_une_etiquette(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, nouvelle=1)
    ecran.text_input[0].input("Réseau local")
    ecran.selectbox[1].select(FamilleEtiquette.LEVIER)
    ecran.text_area[0].input("Se connaître.")
    _bouton(ecran, "Ajouter à la grille").click().run()
    assert not ecran.exception and not ecran.error
    assert [message.value for message in ecran.success] == ["«\u00a0Réseau local\u00a0» est dans la grille."]
    with lecture(moteur) as session:
        creee = session.scalars(select(Etiquette).where(Etiquette.nom == "Réseau local")).one()
    assert (creee.famille, creee.definition) == (FamilleEtiquette.LEVIER, "Se connaître.")


def test_un_refus_se_dit_et_garde_la_saisie(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, nouvelle=1)
    ecran.text_input[0].input("manque de TEMPS")
    ecran.text_area[0].input("À garder")
    _bouton(ecran, "Ajouter à la grille").click().run()
    assert "contient déjà" in ecran.error[0].value
    assert (ecran.text_input[0].value, ecran.text_area[0].value) == ("manque de TEMPS", "À garder")
    assert _noms(moteur) == {"Manque de temps", "Coût caché"}


def test_renommer(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[0])
    ecran.text_input[0].input("Temps qui manque")
    _bouton(ecran, "Enregistrer").click().run()
    assert "Temps qui manque" in _noms(moteur)
    assert ecran.success[0].value == "Étiquette enregistrée."


def test_le_second_a_renommer_voit_un_conflit_sans_perdre_sa_saisie(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    ecran = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[0])
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, enquete.irritants[0]).nom = "Le premier"
    ecran.text_input[0].input("Le second")
    _bouton(ecran, "Enregistrer").click().run()
    assert "vient de modifier" in ecran.error[0].value
    assert ecran.text_input[0].value == "Le second"
    assert "Le premier" in _noms(moteur)


def test_ranger_ailleurs(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    temps, cout = enquete.irritants
    ecran = _ouvrir(ouvrir, enquete, etiquette=cout)
    ecran.selectbox[0].select(temps)
    _bouton(ecran, "Ranger ici").click().run()
    with lecture(moteur) as session:
        assert session.get_one(Etiquette, cout).parent_id == temps


def test_archiver_demande_confirmation(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[1])
    _bouton(ecran, "Archiver l'étiquette").click().run()
    assert any("on peut la rétablir" in texte.value for texte in ecran.markdown)
    assert "Coût caché" in _noms(moteur)


def test_une_etiquette_archivee_reste_lisible_par_l_equipe_seule(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, enquete.irritants[1]).archive_le = maintenant()
    assert ["Coût caché (archivée)", "", "1", "1"] in _lignes(_ouvrir(ouvrir, enquete))
    assert len(_lignes(_ouvrir(ouvrir, enquete, Role.RELECTEUR))) == 2
    fiche = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[1])
    assert _bouton(fiche, "Rétablir l'étiquette")


@pytest.mark.parametrize(("role", "boutons"), [(Role.ENQUETEUR, 1), (Role.RELECTEUR, 0)])
def test_une_grille_vide_le_dit(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete, role: Role, boutons: int) -> None:
    with ecriture(moteur, None) as session:
        vide = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, role, vide)
    ecran = ouvrir(PAGE, compte, vide)
    assert "La grille est vide" in ecran.info[0].value
    assert len(ecran.button) == boutons


def test_une_etiquette_inconnue_ramene_a_la_grille(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, etiquette=10**6)
    assert "n'existe pas" in ecran.info[0].value
    assert len(_lignes(ecran)) == 3


def test_deux_mille_etiquettes_tiennent_en_pages(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.add_all(
            Etiquette(
                investigation_id=enquete.investigation.id,
                famille=FamilleEtiquette.IDEE,
                code=f"e{rang}",
                nom=f"Idée {rang}",
                nom_recherche=f"idee {rang}",
            )
            for rang in range(2000)
        )
    with compter_requetes(moteur) as ordres:
        assert len(_lignes(_ouvrir(ouvrir, enquete))) == 51
    assert len([ordre for ordre in ordres if ordre.startswith("SELECT")]) <= 5
    trouvees = _lignes(_ouvrir(ouvrir, enquete, grille_mots="IDÉE 1999"))
    assert [ligne[0] for ligne in trouvees] == ["Idée 1999"]
    fiche = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[0])
    assert len(fiche.selectbox[0].options) == 2002, "la racine, et les 2 001 autres"


def test_sans_etiquette_ouvre_ses_citations(ouvrir: Ouvrir, enquete: Enquete) -> None:
    (tableau,) = donnees(_ouvrir(ouvrir, enquete), "tableau")
    assert tableau["lignes"][-1]["adresse"] == "/citations?citations_etiquette=sans+%C3%A9tiquette"


def test_fusionner_puis_defaire(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    temps, cout = enquete.irritants
    avant = _lignes(_ouvrir(ouvrir, enquete))
    ecran = _ouvrir(ouvrir, enquete, etiquette=cout)
    _bouton(ecran, "Fusionner").click().run()
    assert ecran.error[0].value == "Choisissez l'étiquette à garder."
    next(choix for choix in ecran.selectbox if choix.label == "Étiquette à garder").select(temps)
    _bouton(ecran, "Fusionner").click().run()
    assert "est fusionnée dans" in ecran.success[0].value and not ecran.exception
    assert ["Coût caché (fusionnée)", "", "0", "0"] in _lignes(_ouvrir(ouvrir, enquete))
    fusionnee = _ouvrir(ouvrir, enquete, etiquette=cout)
    assert "ses citations y sont" in fusionnee.info[0].value
    assert [bouton.label for bouton in fusionnee.button] == ["Revenir à toute la grille", "Défaire la fusion"]
    with lecture(moteur) as session:
        version = session.get_one(Etiquette, cout).version
    with ecriture(moteur, fabriques.un_perimetre(enquete.comptes[Role.ENQUETEUR], enquete.investigation)) as session:
        defusionner(
            session,
            fabriques.un_perimetre(enquete.comptes[Role.ENQUETEUR], enquete.investigation),
            etiquette_id=cout,
            version=version,
        )
    assert _lignes(_ouvrir(ouvrir, enquete)) == avant


def test_scinder_une_citation_apres_l_autre(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[0], scinder=1)
    assert "Choisissez ou créez" in ecran.info[0].value
    ecran.text_input[0].input("Relances")
    _bouton(ecran, "Créer et retenir").click().run()
    assert not ecran.exception and "portent encore" in " ".join(texte.value for texte in ecran.markdown)
    for geste in ("Relances", "La laisser", "Relances", "Relances"):  # le brouillon sans notice défile aussi
        _bouton(ecran, geste).click().run()
    assert "relues" in ecran.success[0].value
    _bouton(ecran, "Revenir sur le dernier geste").click().run()
    assert not ecran.success and not ecran.error
    _bouton(ecran, "Relances").click().run()
    with lecture(moteur) as session:
        portees = Counter(
            session.scalars(
                select(Etiquette.nom)
                .join(Etiquetage, Etiquetage.etiquette_id == Etiquette.id)
                .where(Etiquetage.retire_le.is_(None))
            )
        )
    assert portees == {"Relances": 3, "Manque de temps": 1, "Coût caché": 1}


def test_l_histoire_d_une_etiquette_se_lit_dans_sa_fiche(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, etiquette=enquete.irritants[0])
    assert any(deplie.label == "Son histoire" for deplie in ecran.expander)
    lecteur = _ouvrir(ouvrir, enquete, Role.RELECTEUR, etiquette=enquete.irritants[0])
    assert not lecteur.expander


def test_deux_mille_etiquettes_se_parcourent_cinquante_par_cinquante(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    with ecriture(moteur, None) as session:
        commun = {"investigation_id": enquete.investigation.id, "famille": FamilleEtiquette.BESOIN, "version": 1}
        session.execute(
            insert(Etiquette),
            [
                {"code": f"n{n}", "nom": f"Besoin n° {n}", "nom_recherche": f"besoin n {n}", "ordre": 10 + n} | commun
                for n in range(2_000)
            ],
        )
    with compter_requetes(moteur) as ordres:
        ecran = _ouvrir(ouvrir, enquete)
    assert len(_lignes(ecran)) == 51 and _lignes(ecran)[-1][0] == "Sans étiquette" and len(ordres) <= 8
    assert [ligne[0] for ligne in _lignes(_ouvrir(ouvrir, enquete, grille_mots="1999"))] == ["Besoin n° 1999"]
    assert len(_lignes(_ouvrir(ouvrir, enquete, grille_page=41))) == 3
