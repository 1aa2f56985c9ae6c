"""Une figure et, dessous, les mêmes chiffres en tableau."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.graphiques.commun import Tableau
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.textes import litteral

if TYPE_CHECKING:
    import plotly.graph_objects as go

SANS_BARRE = {"displayModeBar": False}


def afficher_figure(figure: "go.Figure", *, alternative: str, tableau: Tableau) -> None:
    """Figure en lecture seule, son texte alternatif, puis son tableau légendé ; sans tableau vide."""
    st.plotly_chart(figure, config=SANS_BARRE, alt=alternative)
    if tableau.lignes:
        montrer_tableau(tableau)


def afficher_figure_ouvrante(
    figure: "go.Figure", *, alternative: str, tableau: Tableau, cle: str
) -> tuple[Any, ...] | None:
    """Comme `afficher_figure` ; rend ce que porte le point que l'on vient de toucher, None d'ordinaire.

    Une figure ne se parcourt pas au clavier : la page donne les mêmes chemins en liens.
    """
    clic = st.plotly_chart(
        figure, config=SANS_BARRE, alt=alternative, on_select="rerun", selection_mode="points", key=cle
    )
    if tableau.lignes:
        montrer_tableau(tableau)
    portes = [point.get("customdata") for point in clic.selection.points]
    return next((tuple(porte) for porte in portes if isinstance(porte, list) and porte), None)


def montrer_tableau(tableau: Tableau) -> None:
    """La légende se lit à l'écran comme au lecteur d'écran."""
    sur = _proteger(tableau)
    st.caption(sur.legende)
    afficher_tableau(sur.entetes, sur.lignes, legende=tableau.legende)


@lru_cache(maxsize=256)
def _proteger(tableau: Tableau) -> Tableau:
    """Le tableau dont rien ne se lira comme du Markdown ; fait une fois, montré à chaque passage."""
    return Tableau(
        legende=litteral(tableau.legende),
        entetes=tuple(map(litteral, tableau.entetes)),
        lignes=tuple(tuple(map(litteral, ligne)) for ligne in tableau.lignes),
    )
