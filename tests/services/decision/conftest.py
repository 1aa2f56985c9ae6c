"""Une petite enquête prête à décider : une hypothèse pesée, une solution, l'option « arrêt » décrite."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Hypothese, Preuve, SolutionExistante
from lib.domain.decision import NatureOption
from lib.domain.vocabulaire import Role, SensPreuve
from lib.services.decision.saisies import OptionLue, decrire_option
from lib.services.transaction import ecriture
from tests.outils.enquete import Enquete, preparer

ARRET = OptionLue(
    nature=NatureOption.ARRET,
    description="Publier, selon Judith Kermoal-Aubin.",
    cout_euros=0,
    delai_mois=1,
    territoire="Partout",
    critere="Le bilan est public.",
)


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    enquete = preparer(moteur, fictive=True)
    numeros = {"investigation_id": enquete.investigation.id}
    with ecriture(moteur, None) as session:
        hypothese = Hypothese(code="P1", nature="probleme", enonce="Cela dure peu.", **numeros)
        session.add_all([hypothese, SolutionExistante(nom="Club", manque="Tient à une personne.", **numeros)])
        session.flush()
        for sens, poids in ((SensPreuve.POUR, 3), (SensPreuve.CONTRE, 1)):
            session.add(Preuve(hypothese_id=hypothese.id, sens=sens, poids=poids, indicateur="plan", **numeros))
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        decrire_option(session, perimetre, option=ARRET)
    return enquete
