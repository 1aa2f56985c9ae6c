"""La fixture « ouvrir » montre bien la page demandée, à la personne demandée."""

from sqlalchemy import Engine

from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.bases import sur_les_deux_bases
from tests.pages.conftest import Ouvrir


@sur_les_deux_bases
def test_sans_compte_on_arrive_sur_la_connexion(ouvrir: Ouvrir) -> None:
    assert [titre.value for titre in ouvrir("acces/compte").title] == ["Connexion"]


@sur_les_deux_bases
def test_un_compte_arrive_sur_la_page_demandee(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    ecran = ouvrir("acces/compte", compte, investigation)
    assert [titre.value for titre in ecran.title] == ["Mon compte"]
    assert not ecran.exception
