"""La présentation à l'écran : une scène par adresse, pour tous les comptes, et une phrase quand tout est vide."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from lib.domain.scenes import CodeScene
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import ORGANISATIONS, PERSONNES, preparer
from tests.pages.conftest import Ouvrir

PAGE = "restitution/presentation"


def titre(ecran: AppTest) -> str:
    assert not ecran.exception and not ecran.error
    return ecran.title[0].value


@pytest.mark.parametrize("role", list(Role))
def test_tous_les_comptes_ouvrent_la_presentation(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert titre(ecran) == "Qui nous avons rencontré"
    assert not [nom for nom in (*PERSONNES, *ORGANISATIONS) if nom in lire_ecran(ecran)]


def test_l_adresse_porte_la_scene_et_les_boutons_en_changent(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation, scene="durees")
    assert titre(ecran) == CodeScene.DUREES.libelle
    for touche, scene in (("Right", "fins"), ("Home", "rencontres"), ("End", "conclusion"), ("Left", "existant")):
        ecran.button(key=f"scene_{touche}").click().run()
        assert titre(ecran) == CodeScene(scene).libelle
        assert ecran.query_params["scene"] in (scene, [scene])
    ecran.button(key="scene_End").click().run()
    assert [bouton.disabled for bouton in ecran.button] == [False, False, True, True]


def test_une_scene_inconnue_ouvre_la_premiere(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, scene="licorne")
    assert titre(ecran) == CodeScene.RENCONTRES.libelle


def test_une_investigation_vide_le_dit(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert "Cette investigation est vide" in ecran.info[0].value and not ecran.button
