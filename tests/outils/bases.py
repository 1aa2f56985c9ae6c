"""Une base migrée et vide pour un test : le fichier SQLite copié, ou la base PostgreSQL du processus, vidée ensuite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outils import postgresql

BASES = ("sqlite", "postgresql")
sur_les_deux_bases = pytest.mark.parametrize("url_base", BASES, indirect=True)


def url_jetable(base: str, request: pytest.FixtureRequest, dossier: Path) -> Iterator[str]:
    """URL d'une base vide et migrée. base : l'un de BASES ; dossier : celui du test."""
    if base == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('modele_sqlite'), dossier / 'test.db')}"
        return
    url = request.getfixturevalue("base_postgresql")
    yield url
    postgresql.vider(url)
