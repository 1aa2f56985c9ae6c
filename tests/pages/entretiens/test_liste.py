"""La liste des entretiens : filtres dans l'adresse, saisies en cours, vide utile."""

import json
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.domain.vocabulaire import Role, StatutEntretien
from lib.services import brouillons
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir
from tests.services.entretiens.monde import Monde

LISTE = "entretiens/liste"


def test_vide_dit_quoi_faire(un_monde: Monde, ouvrir: Ouvrir) -> None:
    ecran = ouvrir(LISTE, un_monde.compte, un_monde.investigation)
    assert not ecran.exception and not ecran.error
    assert [titre.value for titre in ecran.title] == ["Entretiens"]
    assert "Commencez par consigner le premier" in ecran.info[0].value
    assert _lignes(ecran) == []


def test_une_ligne_mene_a_sa_fiche(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    ecran = ouvrir(LISTE, un_monde.compte, un_monde.investigation)
    assert _lignes(ecran) == [
        {
            "cle": fait.id,
            "adresse": f"/entretien?entretien={fait.id}",
            "cellules": [
                "E-MRS-001",
                "5\u00a0oct.\u00a02026",
                "L'Épicerie des Calanques",
                "Association",
                "Marseille",
                "Léa Test",
                "Réalisé",
                "0",
            ],
        }
    ]
    assert any("1\u00a0entretien" in texte.value for texte in ecran.markdown)


@pytest.mark.parametrize(
    ("params", "attendus"),
    [
        ({"e_terrain": "Marseille"}, ["E-MRS-001"]),
        ({"e_statut": "Brouillon"}, ["E-BFC-001"]),
        ({"e_type": "Entreprise"}, []),
        ({"e_terrain": "n'existe pas"}, ["E-BFC-001", "E-MRS-001"]),
        ({"e_page": "99"}, ["E-BFC-001", "E-MRS-001"]),
        ({"e_page": "abc"}, ["E-BFC-001", "E-MRS-001"]),
    ],
)
def test_les_filtres_viennent_de_l_adresse(
    un_monde: Monde, ouvrir: Ouvrir, params: dict[str, str], attendus: list[str]
) -> None:
    un_monde.enregistrer()
    with ecriture(un_monde.moteur, None) as session:
        ailleurs = fabriques.un_terrain(session, un_monde.investigation, nom="Bourgogne")
        fabriques.un_entretien(
            session, ailleurs, code="E-BFC-001", statut=StatutEntretien.BROUILLON, tenu_le=date(2026, 11, 1)
        )
    ecran = ouvrir(LISTE, un_monde.compte, un_monde.investigation, **params)
    assert not ecran.exception and not ecran.error
    assert [ligne["cellules"][0] for ligne in _lignes(ecran)] == attendus
    if not attendus:
        assert "élargissez-les" in ecran.info[0].value


def test_la_recherche_et_l_equipe_ne_vont_pas_dans_l_adresse(un_monde: Monde, ouvrir: Ouvrir) -> None:
    un_monde.enregistrer()
    ecran = ouvrir(LISTE, un_monde.compte, un_monde.investigation)
    ecran.text_input(key="e_recherche").set_value("calanques").run()
    ecran.selectbox(key="e_equipe").select(str(un_monde.collegue.id)).run()
    assert _lignes(ecran) == []
    assert dict(ecran.query_params) == {}


def test_les_saisies_en_cours_viennent_en_tete(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        for cle in ("", str(fait.id), "9999"):
            brouillons.ecrire(session, un_monde.perimetre, formulaire="entretien", cle=cle, contenu={}, attendu=None)
    ecran = ouvrir(LISTE, un_monde.compte, un_monde.investigation)
    liens = [lien.label for lien in ecran.page_link]
    assert [lien.split(" (")[0] for lien in liens[1:]] == ["Corrections de E-MRS-001", "Nouvel entretien"]
    autre = ouvrir(LISTE, un_monde.collegue, un_monde.investigation)
    assert len(autre.page_link) == 1


def test_plus_de_cinquante_entretiens_se_tournent_page_par_page(un_monde: Monde, ouvrir: Ouvrir) -> None:
    with ecriture(un_monde.moteur, None) as session:
        for rang in range(53):
            fabriques.un_entretien(session, un_monde.terrain, code=f"E-MRS-{rang:03}")
    ecran = ouvrir(LISTE, un_monde.compte, un_monde.investigation, e_tri="Par code")
    assert len(_lignes(ecran)) == 50
    assert any("53\u00a0entretiens, page 1 sur 2" in texte.value for texte in ecran.markdown)
    _bouton(ecran, "Page suivante").click().run()
    assert [ligne["cellules"][0] for ligne in _lignes(ecran)] == ["E-MRS-050", "E-MRS-051", "E-MRS-052"]
    ecran.selectbox(key="e_statut").select("realise").run()
    assert len(_lignes(ecran)) == 50


def test_la_liste_coute_peu_de_requetes(un_monde: Monde, ouvrir: Ouvrir) -> None:
    with ecriture(un_monde.moteur, None) as session:
        for _ in range(30):
            fabriques.un_entretien(session, un_monde.terrain)
    with compter_requetes(un_monde.moteur) as requetes:
        ouvrir(LISTE, un_monde.compte, un_monde.investigation)
    assert len([requete for requete in requetes if requete.lstrip().startswith("SELECT")]) <= 8


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_consigne_pas_ne_voit_rien(un_monde: Monde, ouvrir: Ouvrir, role: Role) -> None:
    un_monde.enregistrer()
    with ecriture(un_monde.moteur, None) as session:
        lecteur = fabriques.un_compte(session, role, un_monde.investigation)
    ecran = ouvrir(LISTE, lecteur, un_monde.investigation, directement=True)
    assert ecran.error and [titre.value for titre in ecran.title] == ["Page fermée"]
    assert _lignes(ecran) == []


def _lignes(ecran: AppTest) -> list[Any]:
    """Ce que le tableau reçoit."""
    tableaux = ecran.get("bidi_component")
    return json.loads(tableaux[0].proto.json)["lignes"] if tableaux else []


def _bouton(ecran: AppTest, libelle: str) -> Any:
    return next(bouton for bouton in ecran.button if bouton.label == libelle)
