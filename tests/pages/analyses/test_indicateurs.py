"""Les indicateurs à l'écran : mêmes chiffres que le service, définition, chemin vers ce qui les porte."""

from urllib.parse import unquote_plus

import pytest
from sqlalchemy import Engine

from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import preparer
from tests.pages.conftest import Ouvrir

PAGE = "analyses/indicateurs"


@pytest.mark.parametrize("role", list(Role))
def test_tous_les_comptes_lisent_les_indicateurs(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert not ecran.exception and not ecran.error
    texte = lire_ecran(ecran)
    assert "4/9" in texte and "Chiffres arrêtés au 20 novembre 2026" in texte
    assert "parmi les acteurs rencontrés" in texte


def test_un_indicateur_ouvre_ses_citations(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, indicateur="Premier irritant")
    texte = unquote_plus(lire_ecran(ecran))
    assert "Acteurs avec qui il a été abordé" in texte
    assert "citations_etiquette=Manque de temps" in texte


def test_une_investigation_vide_le_dit(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception and "Cette investigation est vide" in ecran.info[0].value.replace("\u00a0", " ")
