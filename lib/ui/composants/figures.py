"""Une figure et, dessous, les mêmes chiffres en tableau."""

from functools import lru_cache
from typing import TYPE_CHECKING

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
