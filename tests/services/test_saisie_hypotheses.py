"""Poser une hypothèse : un code à elle, de quoi la réfuter, aucun nom ; la corriger sans écraser."""

import threading

import pytest
from sqlalchemy import Engine

from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide
from lib.domain.vocabulaire import NatureHypothese, Role, StatutHypothese
from lib.services.hypotheses import HypotheseLue, lire_hypotheses
from lib.services.saisie_hypotheses import SaisieHypothese, corriger_hypothese, poser_hypothese
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import Enquete, preparer

SAISIE = SaisieHypothese(enonce="Selon Judith, cela dure peu.", refutation="La moitié dure encore.")


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def poser(
    moteur: Engine,
    enquete: Enquete,
    saisie: SaisieHypothese = SAISIE,
    nature: NatureHypothese = NatureHypothese.PROBLEME,
    role: Role = Role.ENQUETEUR,
) -> str:
    perimetre = enquete.perimetre(role)
    with ecriture(moteur, perimetre) as session:
        return poser_hypothese(session, perimetre, nature=nature, saisie=saisie)


def lire(moteur: Engine, enquete: Enquete) -> tuple[HypotheseLue, ...]:
    with lecture(moteur) as session:
        return lire_hypotheses(session, enquete.perimetre(Role.RELECTEUR))


def test_les_codes_se_suivent_et_l_hypothese_nait_ouverte(moteur: Engine, enquete: Enquete) -> None:
    codes = [poser(moteur, enquete, nature=nature) for nature in (*NatureHypothese, *NatureHypothese)]
    assert codes == ["P1", "S1", "P2", "S2"]
    lues = lire(moteur, enquete)
    assert [lue.code for lue in lues] == codes
    assert lues[0].enonce == "Selon [personne], cela dure peu." and lues[0].statut is StatutHypothese.OUVERTE


def test_deux_personnes_posent_en_meme_temps_deux_codes(moteur: Engine, enquete: Enquete) -> None:
    barriere, codes = threading.Barrier(2), []

    def ensemble() -> None:
        barriere.wait()
        codes.append(poser(moteur, enquete))

    fils = [threading.Thread(target=ensemble) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(codes) == ["P1", "P2"]


def test_corriger_sans_ecraser(moteur: Engine, enquete: Enquete) -> None:
    poser(moteur, enquete)
    (lue,) = lire(moteur, enquete)
    perimetre = enquete.perimetre(Role.ENQUETEUR)

    def corriger(enonce: str) -> None:
        saisie = SaisieHypothese(enonce=enonce, refutation="…")
        with ecriture(moteur, perimetre) as session:
            corriger_hypothese(session, perimetre, hypothese_id=lue.id, version=lue.version, saisie=saisie)

    corriger("Cela dure moins d'un an.")
    with pytest.raises(Conflit):
        corriger("Écrasé.")
    assert lire(moteur, enquete)[0].enonce == "Cela dure moins d'un an."


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        (SaisieHypothese(enonce=" ", refutation="…"), "Dites ce que vous croyez"),
        (SaisieHypothese(enonce="a" * 501, refutation="…"), "500 signes"),
        (SaisieHypothese(enonce="Cela dure.", refutation=" "), "ce qui la réfuterait"),
    ],
)
def test_une_hypothese_incomplete_se_refuse(
    moteur: Engine, enquete: Enquete, saisie: SaisieHypothese, phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        poser(moteur, enquete, saisie)


def test_la_relecture_n_en_pose_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        poser(moteur, enquete, role=Role.RELECTEUR)
