"""Un vrai tableau dans un cadre qui défile, au doigt comme au clavier : ce qui est trop large pour un petit écran."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lib.ui.composants.greffon import Greffon

MATRICE = Greffon(
    "matrice", Path(__file__).resolve().parents[1] / "greffons" / "matrice", '<div class="matrice"></div>'
)
Cellule = tuple[str, str]
"""Une cellule, et ce qui la précise sur une seconde ligne (vide s'il n'y a rien)."""


def tableau_defilant(
    entetes: Sequence[str], lignes: Sequence[tuple[str, Sequence[Cellule]]], *, legende: str, cle: str
) -> None:
    """Montre des textes, jamais lus comme du Markdown. lignes : leur nom, puis leurs cellules.

    legende : ce que le tableau montre, dit aux lecteurs d'écran.
    """
    donnees = {
        "legende": legende,
        "coin": entetes[0],
        "entetes": list(entetes[1:]),
        "forme": "textes",
        "adresse": "",
        "lignes": [
            {
                "nom": nom,
                "total": False,
                "suite": "",
                "cases": [[texte, precision, ""] for texte, precision in cellules],
            }
            for nom, cellules in lignes
        ],
    }
    monter_matrice(donnees, cle=cle, au_lien=lambda: None)


def monter_matrice(donnees: dict[str, Any], *, cle: str, au_lien: Callable[[], None]) -> None:
    """Place une matrice. au_lien : appelé quand une case s'ouvre ; `st.session_state[cle]["ouverte"]` dit laquelle."""
    MATRICE.monter(key=cle, data=donnees, on_ouverte_change=au_lien)
