"""Hypothèses : d'abord celles que rien ne contredit ; pas de conclusion sans preuve ni raison."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Hypothese, Preuve
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import Role, SensPreuve, StatutHypothese
from lib.services.hypotheses import HypotheseLue, changer_statut, lire_hypotheses
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import Enquete, preparer


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    enquete = preparer(moteur)
    numeros = {"investigation_id": enquete.investigation.id}
    with ecriture(moteur, None) as session:
        eprouvee, nue = (
            Hypothese(code=code, ordre=rang, nature="probleme", enonce="…", **numeros)
            for rang, code in enumerate(("P1", "P2"))
        )
        session.add_all([eprouvee, nue])
        session.flush()
        for sens, poids in ((SensPreuve.CONTRE, 2), (SensPreuve.POUR, 1), (SensPreuve.CONTRE, 3)):
            session.add(Preuve(hypothese_id=eprouvee.id, sens=sens, poids=poids, indicateur="plan", **numeros))
    return enquete


def lire(moteur: Engine, enquete: Enquete) -> dict[str, HypotheseLue]:
    with lecture(moteur) as session:
        return {h.code: h for h in lire_hypotheses(session, enquete.perimetre(Role.RELECTEUR))}


def changer(moteur: Engine, enquete: Enquete, code: str, raison: str, role: Role = Role.ENQUETEUR) -> None:
    perimetre, hypothese_id = enquete.perimetre(role), lire(moteur, enquete)[code].id
    with ecriture(moteur, perimetre) as session:
        changer_statut(session, perimetre, hypothese_id=hypothese_id, statut=StatutHypothese.CONTREDITE, raison=raison)


def test_celles_que_rien_ne_contredit_viennent_d_abord(moteur: Engine, enquete: Enquete) -> None:
    lues = lire(moteur, enquete)
    assert list(lues) == ["P2", "P1"]
    assert lues["P1"].poids == {SensPreuve.CONTRE: 5, SensPreuve.POUR: 1} and lues["P1"].preuves == 3


def test_l_histoire_du_statut_garde_sa_raison(moteur: Engine, enquete: Enquete) -> None:
    changer(moteur, enquete, "P1", "  Deux acteurs sur trois disent le contraire. ")
    lue = lire(moteur, enquete)["P1"]
    assert lue.statut is StatutHypothese.CONTREDITE
    assert [s.raison for s in lue.histoire] == ["Deux acteurs sur trois disent le contraire."]


def test_une_hypothese_sans_preuve_ne_se_conclut_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(DonneeInvalide, match="n'a aucune preuve"):
        changer(moteur, enquete, "P2", "On le sent.")


def test_un_statut_demande_sa_raison(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(DonneeInvalide, match="Dites pourquoi"):
        changer(moteur, enquete, "P1", "   ")


def test_la_relecture_ne_change_pas_un_statut(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        changer(moteur, enquete, "P1", "Relu.", role=Role.RELECTEUR)
    assert lire(moteur, enquete)["P1"].histoire == ()
