"""La décision : une seule fois, avec ses raisons, figée avec les chiffres du jour."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from lib.db.modeles import Entretien, SolutionExistante
from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import AccordCitation, Role
from lib.services.decision.prise import DecisionLue, decider, lire_decision
from lib.services.decision.saisies import decrire_option, remplir_ligne
from lib.services.decision.sources import DEJA_PRISE
from lib.services.transaction import ecriture, lecture
from lib.services.versions_reference import VIDE, lire_derniere, lister_versions
from tests import fabriques
from tests.outils.enquete import Enquete
from tests.services.decision.conftest import ARRET

JOUR = date(2026, 11, 20)


def prendre(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR, **champs: object) -> None:
    perimetre = enquete.perimetre(role)
    valeurs = {
        "retenue": NatureOption.ARRET,
        "raisons": "Selon Judith, rien ne dit que cela dure.",
        "instance": "Comité de fin d'investigation",
        "decidee_le": JOUR,
    } | champs
    with ecriture(moteur, perimetre) as session:
        decider(session, perimetre, **valeurs)  # type: ignore[arg-type]


def lire(moteur: Engine, enquete: Enquete) -> DecisionLue | None:
    with lecture(moteur) as session:
        return lire_decision(session, enquete.perimetre(Role.RELECTEUR))


def test_la_decision_se_fige_avec_ce_qui_la_fondait(moteur: Engine, enquete: Enquete) -> None:
    assert lire(moteur, enquete) is None
    prendre(moteur, enquete)
    with ecriture(moteur, None) as session:
        session.get_one(Entretien, 1).accord_citation = AccordCitation.NON
    prise = lire(moteur, enquete)
    assert prise is not None
    assert (prise.retenue, prise.decidee_le, prise.version, prise.auteur) == (
        NatureOption.ARRET,
        JOUR,
        1,
        "Camille Test",
    )
    assert prise.raisons == "Selon [personne], rien ne dit que cela dure."
    assert [ligne.question for ligne in prise.grille] == list(QuestionDecision)
    assert prise.grille[0].avis is AvisDecision.A_INSTRUIRE and "P1, ouverte" in prise.grille[0].pieces[-1]
    assert prise.options[-1].critere == ARRET.critere
    with lecture(moteur) as session:
        figee = lire_derniere(session, enquete.perimetre(Role.RELECTEUR))
        (version,) = lister_versions(session, enquete.perimetre(Role.RELECTEUR))
    assert figee is not None and figee.chiffres["citables"].numerateur == 3
    assert version.motif == "Décision : Arrêt"


def test_le_dossier_fige_ne_nomme_personne(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.scalars(select(SolutionExistante)).one().nom = "Le réseau de Frigolive Logistique"
    prendre(moteur, enquete)
    prise = lire(moteur, enquete)
    assert prise is not None
    existant = next(ligne for ligne in prise.grille if ligne.question is QuestionDecision.EXISTANT)
    assert existant.pieces[0].startswith("Le réseau de [Entreprise")


def test_une_decision_prise_deux_fois_se_refuse_en_une_phrase(moteur: Engine, enquete: Enquete) -> None:
    prendre(moteur, enquete)
    with pytest.raises(DonneeInvalide, match=r"La décision est déjà prise, le 20.novembre.2026 : elle est figée"):
        prendre(moteur, enquete, retenue=NatureOption.MVP)
    with lecture(moteur) as session:
        assert len(lister_versions(session, enquete.perimetre(Role.RELECTEUR))) == 1


def test_deux_personnes_qui_decident_ensemble_une_seule_decide(moteur: Engine, enquete: Enquete) -> None:
    barriere, refus = threading.Barrier(2), []

    def ensemble() -> None:
        barriere.wait()
        try:
            prendre(moteur, enquete)
        except DonneeInvalide as erreur:
            refus.append(str(erreur))

    fils = [threading.Thread(target=ensemble) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(refus) == 1 and "déjà prise" in refus[0] and lire(moteur, enquete) is not None


def test_la_grille_et_les_options_ne_bougent_plus(moteur: Engine, enquete: Enquete) -> None:
    prendre(moteur, enquete)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with pytest.raises(DonneeInvalide, match=DEJA_PRISE), ecriture(moteur, perimetre) as session:
        decrire_option(session, perimetre, option=ARRET)
    with pytest.raises(DonneeInvalide, match=DEJA_PRISE), ecriture(moteur, perimetre) as session:
        remplir_ligne(
            session,
            perimetre,
            question=QuestionDecision.COUT,
            avis=AvisDecision.FAVORABLE,
            constat="Trop tard.",
            version=0,
        )
    with pytest.raises(DBAPIError, match="ajout seul"), moteur.begin() as connexion:
        connexion.execute(text("UPDATE decisions SET raisons = 'autres'"))


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"raisons": " "}, "Dites pourquoi"),
        ({"instance": ""}, "Dites qui"),
        ({"decidee_le": aujourd_hui() + timedelta(days=2)}, "dans l'avenir"),
        ({"decidee_le": date(2026, 8, 1)}, "la décision vient après"),
        ({"retenue": NatureOption.MVP}, "Décrivez d'abord l'option"),
    ],
)
def test_une_decision_incomplete_se_refuse(
    moteur: Engine, enquete: Enquete, champs: dict[str, object], phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        prendre(moteur, enquete, **champs)
    assert lire(moteur, enquete) is None


def test_la_relecture_ne_decide_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        prendre(moteur, enquete, Role.RELECTEUR)


def test_une_investigation_vide_ne_se_decide_pas(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        perimetre = fabriques.un_perimetre(fabriques.un_compte(session, Role.ENQUETEUR, investigation), investigation)
    with pytest.raises(DonneeInvalide, match=VIDE), ecriture(moteur, perimetre) as session:
        decrire_option(session, perimetre, option=ARRET)
        decider(session, perimetre, retenue=NatureOption.ARRET, raisons="Rien.", instance="L'équipe", decidee_le=JOUR)
