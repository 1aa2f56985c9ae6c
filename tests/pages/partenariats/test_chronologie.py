"""La chronologie à l'écran : pleine, filtrée par l'adresse, vide."""

from datetime import date

import pytest
from sqlalchemy import Engine

from lib.domain.vocabulaire import Role
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import ORGANISATIONS, Enquete, preparer
from tests.pages.conftest import Ouvrir

PAGE = "partenariats/chronologie"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True, date_arret=date(2026, 11, 20))


def test_l_equipe_voit_les_noms_la_relecture_non(ouvrir: Ouvrir, enquete: Enquete) -> None:
    for role, voit in ((Role.ENQUETEUR, True), (Role.RELECTEUR, False)):
        ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
        assert not ecran.exception
        assert [titre.value for titre in ecran.title] == ["Chronologie des partenariats"]
        texte = lire_ecran(ecran)
        assert "1 partenariat commencé" in texte
        assert any(nom in texte for nom in ORGANISATIONS) is voit


def test_un_filtre_sans_partenariat_se_dit(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, chrono_forme="Projet commun")
    assert "élargissez-les" in ecran.info[0].value


def test_la_visite_ne_voit_aucun_partenariat_seul(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation, chrono_terrain="Marseille")
    assert not ecran.exception and not ecran.error and not ecran.selectbox
    assert "sans en désigner un" in lire_ecran(ecran)
