"""La page du bilan : un clic, un travail en arrière-plan, des fichiers qui attendent la personne."""

import time

import pytest
from sqlalchemy import Engine, update
from streamlit.testing.v1 import AppTest

from lib.db.base import maintenant
from lib.db.modeles import Compte, PreparationBilan
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.vocabulaire import Role
from lib.services.bilan import preparations
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


def test_le_bilan_survit_au_redemarrage_du_serveur(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    qui = enquete.comptes[Role.RELECTEUR], enquete.investigation
    demander(ouvrir(PAGE, *qui))
    TRAVAUX.oublier()
    ecran = ouvrir(PAGE, *qui)
    assert len(ecran.get("download_button")) == 5
    assert any("attendent ici jusqu'au" in note.value for note in ecran.caption)
    ecran.button(key="bilan_effacer").click().run()
    assert ecran.get("download_button") == [] and not ecran.success


def test_une_preparation_interrompue_le_dit_et_se_relance(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    compte = enquete.comptes[Role.RELECTEUR]
    perimetre = fabriques.un_perimetre(compte, enquete.investigation)
    with ecriture(moteur, perimetre) as session:
        preparations.demander(session, perimetre)
        session.execute(update(PreparationBilan).values(vue_le=maintenant() - 2 * preparations.SILENCE))
    ecran = ouvrir(PAGE, compte, enquete.investigation)
    assert ecran.warning[0].value == bilan.INTERROMPU
    assert len(demander(ecran).get("download_button")) == 5


def test_une_preparation_menee_ailleurs_montre_son_avancement(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    compte = enquete.comptes[Role.RELECTEUR]
    perimetre = fabriques.un_perimetre(compte, enquete.investigation)
    with ecriture(moteur, perimetre) as session:
        preparations.demander(session, perimetre)
        session.execute(update(PreparationBilan).values(etape="Ce qui fait mal", part=0.25))
    ecran = ouvrir(PAGE, compte, enquete.investigation)
    assert ecran.info[0].value == bilan.EN_COURS and not ecran.warning
    ecran.button(key="bilan_preparer").click().run()
    assert ecran.info[0].value == bilan.EN_COURS and not TRAVAUX._travaux


def test_un_fichier_efface_ne_se_prend_plus(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    demander(ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation))
    relire = acces.relecture()
    courant = relire()
    assert courant is not None
    with ecriture(moteur, courant.perimetre) as session:
        preparations.oublier(session, courant.perimetre)
    with pytest.raises(Introuvable, match="s'est effacé"):
        bilan.servir(courant.perimetre, relire)


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
    assert courant is not None and len(bilan.servir(courant.perimetre, relire)) == 4
    with ecriture(moteur, None) as session:
        session.get_one(Compte, compte.id).role = Role.DEMONSTRATION
    with pytest.raises(AccesRefuse):
        bilan.servir(courant.perimetre, relire)
