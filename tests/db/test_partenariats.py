"""La base et les règles disent la même chose : statut, place dans les durées, mois suivis."""

import random
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, case, select, text

from lib.db import partenariats as en_sql
from lib.db.modeles import Partenariat
from lib.db.moteur import ouvrir_moteur
from lib.domain import partenariats as regles
from lib.domain.dates_imprecises import DateImprecise
from lib.domain.erreurs import DonneeInvalide
from lib.domain.partenariats import SANS_DATE_PERMIS, Episode, Evenement
from lib.domain.vocabulaire import ModeRecueil, MotifFin, PrecisionDate, Rythme, StatutPartenariat, TypeEvenement
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ARRETS = (date(2024, 6, 30), date(2026, 11, 20), date(2028, 2, 29))
SU_LE = date(2026, 11, 20)


def _histoires(nombre: int) -> list[Episode]:
    """Histoires tirées au hasard (graine fixe), impossibles écartées : toutes les formes d'épisode y passent."""
    alea = random.Random(4)
    episodes: list[Episode] = []
    while len(episodes) < nombre:
        try:
            episodes.append(regles.reconstituer([_evenement(alea, rang) for rang in range(alea.randint(1, 5))]))
        except DonneeInvalide:
            continue
    return episodes


def _evenement(alea: random.Random, rang: int) -> Evenement:
    type_evenement = alea.choice(list(TypeEvenement))
    precision = alea.choice(list(PrecisionDate))
    jour = date(2023, 1, 1) + timedelta(days=alea.randint(0, 1400))
    if precision is PrecisionDate.INCONNUE and type_evenement not in SANS_DATE_PERMIS:
        precision = PrecisionDate.JOUR
    return Evenement(
        id=rang,
        type=type_evenement,
        quand=DateImprecise(jour, precision),
        su_le=SU_LE,
        motif=MotifFin.BUDGET if type_evenement is TypeEvenement.FIN else None,
    )


@pytest.fixture
def episodes(moteur: Engine) -> dict[int, tuple[Episode, ModeRecueil, date | None]]:
    """Épisode, mode de recueil et première observation, par identifiant de ligne."""
    alea = random.Random(5)
    attendus = {}
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        entreprise, association = (fabriques.une_organisation(session, terrain) for _ in range(2))
        # Des données reprises d'ailleurs, que les règles n'auraient pas laissé entrer.
        incoherent = Episode(
            debut=date(2024, 6, 1), precision_debut=PrecisionDate.JOUR, derniere_nouvelle=date(2023, 1, 1)
        )
        for episode in (*_histoires(120), incoherent):
            mode = alea.choice(list(ModeRecueil))
            vu = alea.choice((None, date(2024, 3, 1), date(2026, 9, 1)))
            ligne = Partenariat(
                investigation_id=terrain.investigation_id,
                terrain_id=terrain.id,
                entreprise_id=entreprise.id,
                association_id=association.id,
                rythme=Rythme.RECURRENT,
                mode_recueil=mode,
                premiere_observation=vu,
                **asdict(episode),
            )
            session.add(ligne)
            session.flush()
            attendus[ligne.id] = (episode, mode, vu)
    return attendus


def test_le_jeu_couvre_tous_les_statuts(episodes: dict[int, tuple[Episode, ModeRecueil, date | None]]) -> None:
    vus = {regles.statut(episode, au) for episode, _, _ in episodes.values() for au in ARRETS}
    assert vus == set(StatutPartenariat)


@pytest.mark.parametrize("au", ARRETS)
def test_la_base_dit_comme_les_regles(
    moteur: Engine, episodes: dict[int, tuple[Episode, ModeRecueil, date | None]], au: date
) -> None:
    mesure = en_sql.mesurable(au)
    requete = select(
        Partenariat.id,
        en_sql.statut(au),
        en_sql.place(au),
        case((mesure, en_sql.mois_ecoules(Partenariat.debut, en_sql.sortie(au)))),
        case((mesure, en_sql.mois_ecoules(Partenariat.debut, en_sql.entree(au)))),
    )
    with lecture(moteur) as session:
        lus = {ligne[0]: tuple(ligne[1:]) for ligne in session.execute(requete)}
    attendus = {
        id_: (
            regles.statut(episode, au).value,
            regles.place(episode, au).value,
            regles.duree_mois(episode, au),
            regles.entree_mois(episode, au, mode_recueil=mode, premiere_observation=vu),
        )
        for id_, (episode, mode, vu) in episodes.items()
    }
    assert lus == attendus


def test_la_mesure_se_lit_dans_l_index_seul(modele_sqlite: Path) -> None:
    """Sans l'index couvrant, chaque épisode coûterait un accès à sa ligne (PostgreSQL, lui, décide selon la taille)."""
    moteur = ouvrir_moteur(f"sqlite:///{modele_sqlite}")
    requete = select(
        Partenariat.terrain_id,
        en_sql.place(SU_LE),
        en_sql.mois_ecoules(Partenariat.debut, en_sql.sortie(SU_LE)),
        en_sql.mois_ecoules(Partenariat.debut, en_sql.entree(SU_LE)),
    ).where(
        Partenariat.investigation_id == 1, Partenariat.archive_le.is_(None), Partenariat.source_entretien_id.is_(None)
    )
    sql = str(requete.compile(moteur, compile_kwargs={"literal_binds": True}))
    with moteur.connect() as connexion:
        plan = " ".join(str(ligne) for ligne in connexion.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    moteur.dispose()
    assert "USING COVERING INDEX ix_partenariats_duree" in plan
