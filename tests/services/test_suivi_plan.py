"""Le plan face à l'usage des investigations, et par où les personnes ont été trouvées."""

from datetime import date

import pytest
from sqlalchemy import Engine

from lib.db.modeles import CiblePlan
from lib.domain.vocabulaire import CanalRecrutement, Role, StatutEntretien, TypeActeur
from lib.services.suivi_plan import SuiviPlan, suivre_plan
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.lieux import DIJON, MARSEILLE_15, poser_lieux

CANAL = CanalRecrutement.LES_ENTREPRISES_S_ENGAGENT
DEBUT = date(2026, 9, 7)


def suivre(moteur: Engine, *prevus: int, echeance: date | None = date(2026, 11, 2)) -> SuiviPlan:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, debut=DEBUT, date_arret=date(2026, 10, 5))
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        for rang, prevu in enumerate(prevus):
            terrain = fabriques.un_terrain(session, investigation, nom=f"Lieu {rang}", ordre=rang)
            cible = CiblePlan(terrain_id=terrain.id, type_acteur=TypeActeur.ASSOCIATION, prevu=prevu)
            cible.investigation_id, cible.echeance = investigation.id, echeance
            session.add(cible)
    with lecture(moteur) as session:
        return suivre_plan(session, fabriques.un_perimetre(compte, investigation))


def propre(phrases: tuple[str, ...]) -> list[str]:
    return [phrase.replace("\xa0", " ").replace("\u202f", " ") for phrase in phrases]


def test_un_plan_dans_l_usage_se_dit_aussi(moteur: Engine) -> None:
    assert propre(suivre(moteur, 7, 8).doctrine) == [
        "Le plan compte 2 cibles (un terrain, un type d'acteur) : c'est l'usage, 4 au plus.",
        "Chaque cible compte 7 ou 8 personnes : c'est l'usage.",
        "Du 7 septembre 2026 au 2 novembre 2026, 8 semaines : c'est l'usage (6 à 9).",
    ]


def test_chaque_ecart_a_l_usage_est_nomme(moteur: Engine) -> None:
    trop, taille, _ = propre(suivre(moteur, 7, 7, 7, 7, 12).doctrine)
    assert trop == "Le plan compte 5 cibles (un terrain, un type d'acteur) : c'est trop, 4 au plus."
    assert taille.endswith("au-delà, on n'apprend plus rien de neuf. S'en écartent : Lieu 4, association (12).")


@pytest.mark.parametrize(
    ("echeance", "phrase"),
    [
        (None, "Aucune échéance n'est fixée"),
        (date(2026, 9, 28), "3 semaines : moins que l'usage"),
        (date(2026, 12, 7), "13 semaines : plus que l'usage"),
    ],
)
def test_la_duree_prevue_se_compare_a_six_a_neuf_semaines(moteur: Engine, echeance: date | None, phrase: str) -> None:
    assert phrase in propre(suivre(moteur, 7, echeance=echeance).doctrine)[2]


def test_un_plan_a_zero_n_a_ni_cible_ni_manque(moteur: Engine) -> None:
    suivi = suivre(moteur, 0)
    assert propre(suivi.doctrine) == ["Aucun entretien n'est prévu : décrivez le plan pour savoir ce qui manque."]
    assert suivi.rythme == () and suivi.cellules.lignes == ()


def test_le_rythme_a_tenir_jusqu_a_l_echeance(moteur: Engine) -> None:
    (a_tenir,) = propre(suivre(moteur, 8).rythme)
    assert a_tenir == "Pour les 8 attendus d'ici le 2 novembre 2026, il en faudrait 2,0 par semaine."


def test_les_clubs_departementaux_sont_ceux_ou_sont_les_personnes(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        poser_lieux(session)
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        terrain = fabriques.un_terrain(session, investigation)
        structure = fabriques.une_organisation(session, terrain, commune_code=DIJON)
        fabriques.un_entretien(session, terrain, canal=CANAL, commune_code=MARSEILLE_15)
        fabriques.un_entretien(
            session, terrain, canal=CANAL, organisation_id=structure.id, statut=StatutEntretien.CONTACTE
        )
        fabriques.un_entretien(session, terrain, canal=CANAL)
        fabriques.un_entretien(session, terrain, canal=CanalRecrutement.DIPLP, commune_code=DIJON)
    with lecture(moteur) as session:
        clubs = suivre_plan(session, fabriques.un_perimetre(compte, investigation)).clubs
    assert clubs.lignes == (
        ("Bouches-du-Rhône", "0", "0", "0", "1"),
        ("Côte-d'Or", "1", "0", "0", "0"),
        ("Département inconnu", "0", "0", "0", "1"),
    )
