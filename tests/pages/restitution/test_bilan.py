"""La page du bilan : un clic, un travail en arrière-plan, des fichiers qui attendent la personne."""

import time

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Compte
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from lib.ui import acces
from lib.ui.composants import bilan
from lib.ui.travaux import TRAVAUX
from tests import fabriques
from tests.outils.enquete import preparer
from tests.pages.conftest import Ouvrir

PAGE = "restitution/bilan"


@pytest.fixture(autouse=True)
def sans_travaux() -> None:
    TRAVAUX.oublier()


def demander(ecran: AppTest) -> AppTest:
    """Clique, puis revient quand le travail est fini."""
    ecran.button(key="bilan_preparer").click().run()
    fin = time.monotonic() + 30
    while not all(travail.fini for travail in TRAVAUX._travaux.values()):
        assert time.monotonic() < fin
        time.sleep(0.02)
    return ecran.run()


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR])
def test_un_clic_donne_quatre_fichiers_et_leur_archive(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = demander(ouvrir(PAGE, enquete.comptes[role], enquete.investigation))
    assert not ecran.exception and not ecran.error
    assert "est prêt" in ecran.success[0].value
    assert len(ecran.get("download_button")) == 5


def test_le_bilan_attend_une_autre_visite(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    qui = enquete.comptes[Role.RELECTEUR], enquete.investigation
    demander(ouvrir(PAGE, *qui))
    assert len(ouvrir(PAGE, *qui).get("download_button")) == 5
    autre = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert autre.get("download_button") == []


def test_une_investigation_vide_le_dit(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = demander(ouvrir(PAGE, compte, investigation))
    assert "Cette investigation est vide" in ecran.error[0].value and ecran.get("download_button") == []


def test_la_visite_n_ouvre_pas_la_page(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation)
    assert not ecran.button and "pas ouverte" in ecran.error[0].value


def test_le_clic_ne_sert_rien_une_fois_les_droits_retires(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    compte = enquete.comptes[Role.RELECTEUR]
    demander(ouvrir(PAGE, compte, enquete.investigation))
    relire = acces.relecture()
    courant = relire()
    assert courant is not None and bilan.servir(b"x", courant.perimetre, relire) == b"x"
    with ecriture(moteur, None) as session:
        session.get_one(Compte, compte.id).role = Role.DEMONSTRATION
    with pytest.raises(AccesRefuse):
        bilan.servir(b"x", courant.perimetre, relire)
