"""Un texte écrit pour être lu hors de l'équipe perd les noms connus, prénoms compris, et rien d'autre."""

from datetime import date

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Interlocuteur
from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision
from lib.domain.droits import Perimetre
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.relecture import EtatRelecture
from lib.domain.scenes import CodeScene
from lib.domain.vocabulaire import NatureHypothese, Role
from lib.services.decision.prise import decider, lire_decision
from lib.services.decision.saisies import OptionLue, decrire_option, lire_saisies, remplir_ligne
from lib.services.hypotheses import changer_statut, lire_hypotheses
from lib.services.indicateurs import lire_indicateurs
from lib.services.relecture import ecrire_message, lire_relecture
from lib.services.restitution.lecture import lire_scene
from lib.services.saisie_hypotheses import SaisieHypothese, poser_hypothese
from lib.services.textes_partages import partager
from lib.services.transaction import ecriture, lecture
from lib.services.versions_reference import figer_version, lister_versions
from tests.outils.enquete import ORGANISATIONS, PERSONNES, Enquete, preparer
from tests.outils.requetes import compter_requetes

ECRIT = f"Selon {PERSONNES[0]}, puis Nadège et Rémi, {ORGANISATIONS[0]} attend deux mois."


def test_hors_de_l_equipe_aucun_nom_connu_ne_reste(moteur: Engine) -> None:
    enquete = preparer(moteur)
    with lecture(moteur) as session:
        lu = partager(session, enquete.perimetre(Role.RELECTEUR), [ECRIT, ""])
        assert lu[""] == "" and lu[ECRIT].endswith("] attend deux mois.")
        assert not any(mot in lu[ECRIT] for mot in ("Judith", "Nadège", "Rémi", "Calanques"))
        assert partager(session, enquete.perimetre(Role.ENQUETEUR), [ECRIT]) == {ECRIT: ECRIT}


def test_l_equipe_ne_paie_aucune_requete(moteur: Engine) -> None:
    enquete = preparer(moteur)
    with compter_requetes(moteur) as ordres, lecture(moteur) as session:
        partager(session, enquete.perimetre(Role.ENQUETEUR), [ECRIT])
        partager(session, enquete.perimetre(Role.RELECTEUR), ["", ""])
    assert ordres == []


# --- Un nom appris après ----------------------------------------------------------------------------------------

INCONNUE = "Zita Korrigan"
DIT = f"Selon {INCONNUE}, peu."
CODE = CodeIndicateur.PLAN


@pytest.fixture
def ecrite(moteur: Engine) -> Enquete:
    """L'équipe a nommé partout quelqu'un que l'outil ne connaissait pas ; il l'apprend ensuite."""
    enquete = preparer(moteur, fictive=True)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        poser_hypothese(
            session, perimetre, nature=NatureHypothese.PROBLEME, saisie=SaisieHypothese(enonce=DIT, refutation=DIT)
        )
        (posee,) = lire_hypotheses(session, perimetre)
        changer_statut(session, perimetre, hypothese_id=posee.id, statut=posee.statut, raison=DIT, diffusable=True)
        resume = next(lu.resume for lu in lire_indicateurs(session, perimetre).tous if lu.code is CODE)
        ecrire_message(
            session, perimetre, indicateur=CODE, etat=EtatRelecture.QUESTION, texte=DIT, chiffre=resume, rang=0
        )
        figer_version(session, perimetre, motif=DIT)
        remplir_ligne(
            session,
            perimetre,
            question=QuestionDecision.DUREE,
            avis=AvisDecision.RESERVE,
            constat=DIT,
            version=0,
        )
        decrire_option(
            session,
            perimetre,
            option=OptionLue(
                nature=NatureOption.ARRET, description=DIT, cout_euros=0, delai_mois=1, territoire=DIT, critere=DIT
            ),
        )
    return enquete


def apprendre(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.add(Interlocuteur(investigation_id=enquete.investigation.id, nom=INCONNUE))


def tout_lire(moteur: Engine, perimetre: Perimetre) -> str:
    """Tout ce que les pages de la décision donnent à lire à ce compte."""
    with lecture(moteur) as session:
        return "\n".join(
            map(
                str,
                (
                    lire_hypotheses(session, perimetre),
                    lire_saisies(session, perimetre),
                    lire_decision(session, perimetre),
                    lire_relecture(session, perimetre, indicateur=CODE, pour=perimetre.compte_id),
                    lister_versions(session, perimetre),
                ),
            )
        )


def prendre(moteur: Engine, enquete: Enquete) -> None:
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        decider(
            session,
            perimetre,
            retenue=NatureOption.ARRET,
            raisons=DIT,
            instance=DIT,
            decidee_le=date(2026, 11, 20),
        )


@pytest.mark.parametrize("decidee", [False, True])
def test_un_nom_appris_apres_s_efface_a_la_lecture(moteur: Engine, ecrite: Enquete, decidee: bool) -> None:
    if decidee:
        prendre(moteur, ecrite)
    relecture, equipe = ecrite.perimetre(Role.RELECTEUR), ecrite.perimetre(Role.ENQUETEUR)
    assert INCONNUE in tout_lire(moteur, relecture)
    apprendre(moteur, ecrite)
    lu = tout_lire(moteur, relecture)
    assert "Zita" not in lu and "Korrigan" not in lu and "Selon [personne], peu." in lu
    assert INCONNUE in tout_lire(moteur, equipe)


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.DEMONSTRATION])
def test_une_scene_n_en_garde_rien_pour_personne(moteur: Engine, ecrite: Enquete, role: Role) -> None:
    prendre(moteur, ecrite)
    apprendre(moteur, ecrite)
    with lecture(moteur) as session:
        scene = str(lire_scene(session, ecrite.perimetre(role), code=CodeScene.CONCLUSION))
    assert "Korrigan" not in scene and "Selon [personne], peu." in scene
