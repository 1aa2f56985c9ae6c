"""La page des organisations : retrouver, réunir ce qui n'en fait qu'une, revenir dessus."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Organisation, Terrain
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import ORGANISATIONS, Enquete, preparer
from tests.pages.conftest import Ouvrir

PAGE = "partenariats/organisations"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def _bouton(ecran: AppTest, morceau: str) -> AppTest:
    return next(b for b in ecran.button if morceau in b.label).click().run()


def test_deux_fiches_voisines_se_reunissent_puis_se_separent(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        modele = session.get_one(Organisation, 1)
        terrain = session.get_one(Terrain, modele.terrain_id)
        doublon = fabriques.une_organisation(session, terrain, nom=f"{modele.nom}s", type_acteur=modele.type_acteur).id
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert "noms voisins" in lire_ecran(ecran)
    _bouton(ecran, f"(fiche n°\N{NO-BREAK SPACE}{modele.id})")
    _bouton(ecran, "Confirmer")
    with lecture(moteur) as session:
        assert session.get_one(Organisation, doublon).fusionnee_dans_id == modele.id
    assert "a rejoint" in lire_ecran(ecran)
    _bouton(ecran, "Défaire la fusion")
    _bouton(ecran, "Confirmer")
    with lecture(moteur) as session:
        assert session.get_one(Organisation, doublon).fusionnee_dans_id is None
    assert "Aucune fiche n'a été réunie" in lire_ecran(ecran)


def test_ce_ne_sont_pas_les_memes_ecarte_la_paire_et_se_defait(
    ouvrir: Ouvrir, enquete: Enquete, moteur: Engine
) -> None:
    with ecriture(moteur, None) as session:
        modele = session.get_one(Organisation, 1)
        terrain = session.get_one(Terrain, modele.terrain_id)
        fabriques.une_organisation(session, terrain, nom=f"{modele.nom}s", type_acteur=modele.type_acteur)
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    _bouton(ecran, "Ce ne sont pas les mêmes")
    texte = lire_ecran(ecran)
    assert (
        "ne se proposeront plus" in texte and "Aucune fiche ne ressemble" in texte and "dites différentes le" in texte
    )
    _bouton(ecran, "Proposer de nouveau")
    assert "noms voisins" in lire_ecran(ecran)


def test_chercher_une_organisation_montre_ses_partenariats(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    ecran.text_input(key="fusion.retrouver.texte").input(ORGANISATIONS[0]).run()
    texte = lire_ecran(ecran)
    assert ORGANISATIONS[0] in texte and "Corriger l'organisation" in [b.label for b in ecran.button]
    ecran.text_input(key="fusion.retrouver.texte").input("zzz introuvable").run()
    assert "Aucune organisation connue ne répond" in lire_ecran(ecran)


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_la_page_est_reservee_a_l_equipe(ouvrir: Ouvrir, enquete: Enquete, role: Role) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert not any(nom in lire_ecran(ecran) for nom in ORGANISATIONS)
    assert not ecran.text_input
