"""Ouvrir une vraie page, comme une personne connectée : app.py, vraie base, vraie session."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from lib.db.modeles import Compte, Investigation
from lib.services.transaction import ecriture
from lib.ui import acces, caches, navigation, ressources
from tests import fabriques
from tests.outils.bases import url_jetable

RACINE = Path(__file__).resolve().parents[2]
# Le premier passage charge pandas ou plotly sur une machine qui fait autre chose.
DELAI_S = 60


class Ouvrir(Protocol):
    """`ouvrir("entretiens/liste", compte, investigation, terrain="2")` : la page affichée, prête à manier."""

    def __call__(
        self,
        page: str,
        compte: Compte | None = None,
        investigation: Investigation | None = None,
        *,
        directement: bool = False,
        **params: Any,
    ) -> AppTest: ...


@pytest.fixture(params=["sqlite"])
def url_base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Une page se manie sur SQLite : ses services passent sur les deux bases, et `test_requetes` l'y ouvre aussi."""
    yield from url_jetable(request.param, request, tmp_path)


@pytest.fixture
def ouvrir(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ouvrir]:
    """Ouvre une page par app.py, sur la base du test.

    page : chemin sous pages/, sans extension. compte : None pour une personne non connectée.
    directement : exécute le fichier de la page seul, comme si le menu n'existait pas (la garde doit suffire).
    params : paramètres de l'adresse.
    """
    vider_caches()
    monkeypatch.setattr(ressources, "base", lambda: moteur)
    jetons = iter(f"jeton-de-page-{rang}" for rang in range(1000))

    def ouvrir_page(
        page: str,
        compte: Compte | None = None,
        investigation: Investigation | None = None,
        *,
        directement: bool = False,
        **params: Any,
    ) -> AppTest:
        jeton = _ouvrir_session(moteur, compte, investigation, next(jetons)) if compte else ""
        monkeypatch.setattr(acces, "lire_jeton", lambda: jeton)
        ecran = _ecran(page, directement=directement)
        ecran.query_params.update({nom: str(valeur) for nom, valeur in params.items()})
        return ecran.run()

    yield ouvrir_page
    vider_caches()


def vider_caches() -> None:
    """Rien de gardé d'un test à l'autre."""
    st.cache_data.clear()
    st.cache_resource.clear()
    caches.VUES.vider()


def _ouvrir_session(moteur: Engine, compte: Compte, investigation: Investigation | None, jeton: str) -> str:
    with ecriture(moteur, None) as session:
        fabriques.une_session_ouverte(session, compte, investigation, jeton=jeton)
    return jeton


def _ecran(page: str, *, directement: bool) -> AppTest:
    if directement:
        return AppTest.from_file(RACINE / "pages" / f"{page}.py", default_timeout=DELAI_S)
    ecran = AppTest.from_file(RACINE / "app.py", default_timeout=DELAI_S)
    # Streamlit désigne une page par l'empreinte de son adresse ; switch_page demanderait d'ouvrir l'accueil avant.
    ecran._page_hash = calc_hash(_adresse(page))
    return ecran


def _adresse(page: str) -> str:
    toutes = (*navigation.ENTREES, navigation.CONNEXION, navigation.COMPTE)
    return next(entree.adresse for entree in toutes if entree.fichier == page)
