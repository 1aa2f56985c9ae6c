"""Ouverture de la base : SQLite par défaut, PostgreSQL par une seule URL."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from lib.db import indexation, journalisation  # noqa: F401 - posent les écoutes qui tiennent l'index et le journal

REGLAGES_SQLITE = (
    "PRAGMA journal_mode=WAL",
    # FULL et non NORMAL : une ligne enregistrée survit à une coupure de courant.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Sans lui, « INSERT OR REPLACE » remplace une ligne du journal sans réveiller ce qui la défend.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=268435456",
)

# hide_parameters : une erreur va au journal du serveur, jamais les mots qu'on enregistrait.
COMMUNS: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "hide_parameters": True}


def ouvrir_moteur(url: str) -> Engine:
    """Un moteur et sa réserve de connexions, à garder pour la vie du processus."""
    if make_url(url).get_backend_name() == "sqlite":
        return _moteur_sqlite(url)
    # pre_ping : une base redémarrée sous l'application se retrouve sans intervention.
    return create_engine(url, **COMMUNS, pool_pre_ping=True, pool_recycle=1800)


def _moteur_sqlite(url: str) -> Engine:
    fichier = make_url(url).database
    if fichier and fichier != ":memory:":
        Path(fichier).parent.mkdir(parents=True, exist_ok=True)
    moteur = create_engine(url, **COMMUNS)
    event.listen(moteur, "connect", _regler_connexion)
    event.listen(moteur, "begin", _commencer)
    return moteur


def _regler_connexion(connexion: Any, _: Any) -> None:
    connexion.isolation_level = None  # BEGIN est émis par _commencer, pas par le pilote
    for reglage in REGLAGES_SQLITE:
        connexion.execute(reglage)


def _commencer(connexion: Connection) -> None:
    """Une écriture prend le verrou d'emblée : jamais d'échec à mi-chemin parce qu'un autre a écrit."""
    if connexion.get_execution_options().get("ecriture", False):
        connexion.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # ne prend aucun verrou, donc ne peut échouer : inutile de passer par l'appareil de SQLAlchemy
        connexion.connection.cursor().execute("BEGIN")
