"""Un serveur d'essai (notre enveloppe, un script qui montre de tout) et un navigateur, partagés par ces tests."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.outils.navigateur import Visite, ouvrir_navigateur, visiter
from tests.outils.serveur import RACINE, Serveur, servir

ASGI_ESSAI = RACINE / "tests" / "serveur" / "essai" / "asgi_essai.py"
Visiter = Callable[..., AbstractContextManager[Visite]]


@pytest.fixture(scope="session")
def recu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fichier où le script d'essai note chaque valeur que le navigateur lui transmet."""
    fichier = tmp_path_factory.mktemp("essai") / "recu.txt"
    fichier.touch()
    return fichier


@pytest.fixture(scope="session")
def essai(recu: Path) -> Iterator[Serveur]:
    """Le serveur d'essai, lancé une fois."""
    with servir(ASGI_ESSAI, environnement={"ESSAI_RECU": str(recu)}) as serveur:
        yield serveur


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    """Un Chromium pour tous ces tests."""
    with ouvrir_navigateur() as ouvert:
        yield ouvert


@pytest.fixture
def visiter_essai(navigateur: Browser, essai: Serveur) -> Visiter:
    """Ouvre une visite du serveur d'essai ; mêmes options que `visiter`."""

    def ouvrir(**options: object) -> AbstractContextManager[Visite]:
        return visiter(navigateur, essai.adresse, **options)  # type: ignore[arg-type]

    return ouvrir
