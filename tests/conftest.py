"""Bases jetables : chaque test qui touche la base passe sur SQLite et sur PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

# Les bases des tests vivent en mémoire quand la machine le permet : leurs écritures n'attendent pas le disque.
EN_MEMOIRE = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
if EN_MEMOIRE:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", EN_MEMOIRE)
os.environ.setdefault("ASSOCIE_SECRET", "secret-des-tests-de-quarante-caracteres-")

from lib.db.migrer import migrer  # noqa: E402 - après les réglages ci-dessus
from lib.db.moteur import ouvrir_moteur  # noqa: E402 - après les réglages ci-dessus
from tests.outils import postgresql  # noqa: E402 - après les réglages ci-dessus
from tests.outils.bases import BASES, url_jetable  # noqa: E402 - après les réglages ci-dessus

# Le premier exemple paie le chargement de scipy ou de statsmodels : une échéance ne jugerait que la machine.
settings.register_profile("projet", deadline=None)
settings.load_profile("projet")


@pytest.fixture(scope="session")
def modele_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fichier SQLite migré une fois, copié pour chaque test."""
    fichier = tmp_path_factory.mktemp("modele") / "modele.db"
    moteur = ouvrir_moteur(f"sqlite:///{fichier}")
    migrer(moteur)
    with moteur.connect() as connexion:
        connexion.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    moteur.dispose()
    return fichier


@pytest.fixture(scope="session")
def serveur_postgresql() -> Iterator[str]:
    """Un serveur PostgreSQL par processus de test, dans un chemin court (limite des sockets Unix)."""
    dossier = Path(tempfile.mkdtemp(prefix="pg", dir=EN_MEMOIRE))
    with postgresql.serveur(dossier) as url:
        yield url
    shutil.rmtree(dossier, ignore_errors=True)


@pytest.fixture(scope="session")
def base_postgresql(serveur_postgresql: str) -> Iterator[str]:
    """Une base PostgreSQL migrée par processus de test, vidée après chaque test."""
    url = postgresql.nouvelle_base(serveur_postgresql)
    moteur = ouvrir_moteur(url)
    migrer(moteur)
    moteur.dispose()
    yield url
    postgresql.supprimer_base(serveur_postgresql, url)


@pytest.fixture(params=BASES)
def url_base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL d'une base vide et migrée, sur chacun des deux moteurs."""
    yield from url_jetable(request.param, request, tmp_path)


@pytest.fixture
def moteur(url_base: str) -> Iterator[Engine]:
    """Moteur ouvert sur la base du test."""
    moteur = ouvrir_moteur(url_base)
    yield moteur
    moteur.dispose()


@pytest.fixture(params=BASES)
def moteur_nu(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Moteur d'une base à soi, sans aucune table : à qui migre ou défait le schéma."""
    if request.param == "sqlite":
        moteur = ouvrir_moteur(f"sqlite:///{tmp_path / 'nue.db'}")
        yield moteur
        moteur.dispose()
        return
    serveur = request.getfixturevalue("serveur_postgresql")
    url = postgresql.nouvelle_base(serveur)
    moteur = ouvrir_moteur(url)
    yield moteur
    moteur.dispose()
    postgresql.supprimer_base(serveur, url)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """En intégration continue, un test sauté est un échec : navigateur et PostgreSQL y sont toujours."""
    rapport = yield
    if rapport.skipped and os.environ.get("CI"):
        rapport.outcome = "failed"
        rapport.longrepr = f"sauté en intégration continue : {rapport.longrepr}"
    return rapport
