"""Hypothèses : d'abord celles que rien ne contredit ; pas de conclusion sans preuve ni raison."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Hypothese, Preuve
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import Role, SensPreuve, StatutHypothese
from lib.services.hypotheses import (
    HypotheseLue,
    PreuveLue,
    changer_statut,
    lire_hypotheses,
    lire_preuves,
    retirer_preuve,
    verser_preuve,
)
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


def lire(moteur: Engine, enquete: Enquete, role: Role = Role.RELECTEUR) -> dict[str, HypotheseLue]:
    with lecture(moteur) as session:
        return {h.code: h for h in lire_hypotheses(session, enquete.perimetre(role))}


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
    lue = lire(moteur, enquete, Role.ENQUETEUR)["P1"]
    assert lue.statut is StatutHypothese.CONTREDITE
    assert [s.raison for s in lue.histoire] == ["Deux acteurs sur trois disent le contraire."]
    relue = lire(moteur, enquete)["P1"]
    assert relue.statut is StatutHypothese.CONTREDITE and [s.raison for s in relue.histoire] == [""]


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


# --- Preuves ----------------------------------------------------------------------------------------------------


def verser(moteur: Engine, enquete: Enquete, code: str = "P2", role: Role = Role.ENQUETEUR, **champs: object) -> None:
    perimetre, hypothese_id = enquete.perimetre(role), lire(moteur, enquete)[code].id
    valeurs = {"entretien": "e-mrs-001", "sens": SensPreuve.CONTRE, "poids": 2, "commentaire": "Il dure."} | champs
    with ecriture(moteur, perimetre) as session:
        verser_preuve(session, perimetre, hypothese_id=hypothese_id, **valeurs)  # type: ignore[arg-type]


def preuves(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR) -> tuple[PreuveLue, ...]:
    hypothese_id = lire(moteur, enquete)["P2"].id
    with lecture(moteur) as session:
        return lire_preuves(session, enquete.perimetre(role), hypothese_id=hypothese_id)


def test_une_preuve_versee_pese_et_permet_de_conclure(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    lue = lire(moteur, enquete)["P2"]
    assert (lue.preuves, lue.poids, lue.eprouvee) == (1, {SensPreuve.CONTRE: 2}, True)
    changer(moteur, enquete, "P2", "Un entretien le contredit.")


def test_hors_de_l_equipe_ni_code_ni_mots(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    (equipe,), (relecture,) = preuves(moteur, enquete), preuves(moteur, enquete, Role.RELECTEUR)
    assert (equipe.source, equipe.commentaire) == ("E-MRS-001", "Il dure.")
    assert (relecture.source, relecture.commentaire, relecture.poids) == ("", "", 2)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"entretien": "E-LUNE-001"}, "Aucun entretien réalisé"),
        ({"entretien": "E-MRS-004"}, "Aucun entretien réalisé"),  # sans notice : il ne compte pas
        ({"poids": 4}, "de 1 à 3"),
        ({"commentaire": "a\x00b"}, "."),
    ],
)
def test_une_preuve_impossible_se_refuse(
    moteur: Engine, enquete: Enquete, champs: dict[str, object], phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        verser(moteur, enquete, **champs)
    assert preuves(moteur, enquete) == ()


def test_la_meme_preuve_ne_pese_pas_deux_fois(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    with pytest.raises(DonneeInvalide, match="pèse déjà"):
        verser(moteur, enquete, poids=1)
    verser(moteur, enquete, sens=SensPreuve.NUANCE)
    assert len(preuves(moteur, enquete)) == 2


def test_une_preuve_retiree_ne_pese_plus(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        retirer_preuve(session, perimetre, preuve_id=preuves(moteur, enquete)[0].id)
    assert preuves(moteur, enquete) == () and lire(moteur, enquete)["P2"].preuves == 0


def test_la_relecture_ne_verse_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        verser(moteur, enquete, role=Role.RELECTEUR)
