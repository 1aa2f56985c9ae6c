"""Le plan d'entretiens à l'écran : ce qui manque, pour quand, et ce qui n'est pas à montrer."""

from datetime import date

import pytest
from sqlalchemy import Engine

from lib.db.modeles import CiblePlan
from lib.domain.vocabulaire import CanalRecrutement, Role, StatutEntretien, TypeActeur
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.pages.conftest import Ouvrir

PAGE = "entretiens/plan"


@pytest.fixture
def monde(moteur: Engine) -> tuple[object, object]:
    """Marseille : 2 réalisés, 1 refusé, sur 9 associations ; National : 8 entreprises, personne."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, debut=date(2026, 9, 7), date_arret=date(2026, 11, 16))
        compte = fabriques.un_compte(session, Role.ADMINISTRATEUR, investigation)
        marseille = fabriques.un_terrain(session, investigation, nom="Marseille", ordre=1)
        national = fabriques.un_terrain(session, investigation, nom="National", ordre=2)
        for terrain, type_acteur, prevu in (
            (marseille, TypeActeur.ASSOCIATION, 9),
            (national, TypeActeur.ENTREPRISE, 8),
        ):
            session.add(
                CiblePlan(
                    investigation_id=investigation.id,
                    terrain_id=terrain.id,
                    type_acteur=type_acteur,
                    prevu=prevu,
                    echeance=date(2026, 12, 4),
                )
            )
        for jour in (date(2026, 9, 30), date(2026, 10, 14)):
            fabriques.un_entretien(session, marseille, tenu_le=jour, canal=CanalRecrutement.DIPLP)
        fabriques.un_entretien(session, marseille, statut=StatutEntretien.REFUSE, canal=CanalRecrutement.DIRECT)
        fabriques.un_entretien(session, marseille, statut=StatutEntretien.CONTACTE)
        fabriques.un_entretien(session, marseille, statut=StatutEntretien.PREVU)
    return compte, investigation


def test_ce_qui_manque_se_lit_et_se_compte(ouvrir: Ouvrir, monde: tuple) -> None:  # type: ignore[type-arg]
    ecran = ouvrir(PAGE, *monde)
    assert not ecran.exception and not ecran.error
    texte = lire_ecran(ecran).replace("\xa0", " ").replace("\u202f", " ")
    assert "National est en retard" in texte and "aucun entretien réalisé sur 8 prévus" in texte
    assert "Le plan compte 2 cibles (un terrain, un type d'acteur) : c'est l'usage, 4 au plus." in texte
    assert "au-delà, on n'apprend plus rien de neuf. S'en écartent : Marseille, association (9)." in texte
    assert "Du 7 septembre 2026 au 4 décembre 2026, 13 semaines : plus que l'usage (6 à 9)." in texte
    assert "Pour les 15 attendus d'ici le 4 décembre 2026, il en faudrait 5,8 par semaine." in texte
    assert "0,2 entretien par semaine" in texte and "75 semaines" in texte
    cellules, semaines, canaux = (tableau.value for tableau in ecran.table)
    assert list(map(str, cellules.iloc[0]))[2:8] == ["9", "1", "1", "1", "2", "7"]
    assert [str(n) for n in semaines["Réalisés"]] == ["1", "0", "1"]
    assert [str(n) for n in canaux["Réalisés"]] == ["2", "0", "0"]
    titres = [str(titre).replace("\\", "") for titre in canaux.columns[1:]]
    assert titres == ["Contactés", "Rendez-vous pris", "Refusés", "Réalisés"]


def test_un_plan_vide_dit_quoi_faire(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ADMINISTRATEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert "Aucun entretien n'est prévu" in lire_ecran(ecran)
    assert not ecran.table
