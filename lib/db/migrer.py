"""Migrations Alembic, configurées en Python : pas de fichier alembic.ini."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

DOSSIER = Path(__file__).parent / "migrations"


def configuration(moteur: Engine | None = None) -> Config:
    """Configuration d'Alembic ; le moteur voyage par `attributes`, jamais par un fichier."""
    config = Config()
    config.set_main_option("script_location", str(DOSSIER))
    config.set_main_option("path_separator", "os")
    config.attributes["moteur"] = moteur
    return config


def migrer(moteur: Engine, cible: str = "head") -> None:
    """Amène la base au schéma voulu."""
    command.upgrade(configuration(moteur), cible)


def redescendre(moteur: Engine, cible: str = "base") -> None:
    """Défait les migrations jusqu'à la cible."""
    command.downgrade(configuration(moteur), cible)


def est_a_jour(moteur: Engine) -> bool:
    """Vrai si la base porte la dernière migration."""
    with moteur.connect() as connexion:
        actuelle = MigrationContext.configure(connexion).get_current_revision()
    return actuelle == ScriptDirectory.from_config(configuration()).get_current_head()


def proposer(moteur: Engine, message: str) -> None:
    """Écrit une migration d'après l'écart entre les modèles et la base."""
    command.revision(configuration(moteur), message=message, autogenerate=True)
