"""Les hypothèses à l'écran : ce qui manque d'abord ; conclure sans preuve est refusé et la saisie reste."""

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Compte, Investigation
from lib.domain.vocabulaire import SensPreuve, StatutHypothese
from lib.services import demonstration
from lib.services.transaction import ecriture, lecture
from tests.outils.ecran import lire_ecran
from tests.pages.conftest import Ouvrir

PAGE = "analyses/hypotheses"


def charger(moteur: Engine, identifiant: str) -> tuple[Compte, Investigation]:
    with ecriture(moteur, None) as session:
        demonstration.charger(session)
    with lecture(moteur) as session:
        compte = session.scalars(select(Compte).where(Compte.identifiant == identifiant)).one()
        return compte, session.scalars(select(Investigation)).one()


def test_l_equipe_ne_conclut_pas_sans_preuve(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, "lea"), hypothese="P2")
    assert "Rien ne contredit encore P1, P2" in ecran.warning[0].value
    assert "La moitié au moins des partenariats" in lire_ecran(ecran)
    ecran.selectbox[1].set_value(StatutHypothese.SOUTENUE)
    ecran.text_area[1].set_value("On le sent.")
    ecran.button[1].click().run()
    assert "n'a aucune preuve" in ecran.error[0].value
    assert ecran.text_area[1].value == "On le sent."


def test_verser_une_preuve_puis_la_voir_et_la_retirer(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, "lea"), hypothese="P2")
    ecran.radio[0].set_value(SensPreuve.CONTRE)
    ecran.text_input[0].set_value("E-MRS-001")
    ecran.text_area[0].set_value("Trois ans que cela dure.")
    ecran.button[0].click().run()
    assert not ecran.error and not ecran.exception
    assert "1 preuve versée" in lire_ecran(ecran) and "Trois ans que cela dure" in lire_ecran(ecran)
    assert "P2" not in ecran.warning[0].value
    ecran.selectbox[1].set_value(ecran.selectbox[1].options[1]).run()
    ecran.button[0].click().run()
    assert "0 preuve versée" in lire_ecran(ecran)


@pytest.mark.parametrize(("identifiant", "permise"), [("diplp", True), ("visite", False)])
def test_la_relecture_lit_sans_rien_changer(ouvrir: Ouvrir, moteur: Engine, identifiant: str, permise: bool) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, identifiant))
    assert bool(ecran.table) is permise and not ecran.text_area
