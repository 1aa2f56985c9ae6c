"""Couleurs, tirets et symboles des séries : jamais la couleur seule.

Trois palettes de huit couleurs DSFR (contraste d'au moins 3:1 avec le fond, distinctes en deutéranopie et en
protanopie) : `CLAIRE` et `SOMBRE` pour un fichier, `ECRAN` pour l'application. Les couleurs d'`ECRAN` sont celles que
Streamlit réserve dans son thème Plotly : le navigateur les remplace par celles du thème affiché (le texte par son
gris le plus contrasté, les séries par `chartCategoricalColors`), si bien qu'une même figure, gardée une fois, se lit
en clair et en sombre. Le gris ordinaire des textes du thème (3,7:1 sur blanc) est écarté. Les fonds sont transparents.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """`series` : couleurs dans l'ordre d'emploi ; `neutre` : traits de repère, lisible sur clair et sur sombre."""

    series: tuple[str, ...]
    texte: str
    neutre: str = "#808080"


ECRAN = Palette(
    series=("#000001", "#000002", "#000003", "#000004", "#000005", "#000006", "#000007", "#000008"),
    texte="#000037",
)
CLAIRE = Palette(
    series=("#000091", "#00a95f", "#c9191e", "#8585f6", "#009099", "#3a3a3a", "#465f9d", "#666666"),
    texte="#161616",
)
SOMBRE = Palette(
    series=("#8585f6", "#00a95f", "#fcc0b0", "#cacafb", "#009081", "#ffffff", "#fcc63a", "#66673d"),
    texte="#e5e5e5",
)

TIRETS = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "8px 3px 2px 3px 2px 3px", "14px 3px")
SYMBOLES = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "x",
    "triangle-down",
    "star",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Ce qui distingue une série : trois indices, dont deux sans couleur."""

    couleur: str
    tiret: str
    symbole: str


def style(rang: int, palette: Palette = ECRAN) -> Style:
    """Style de la série de rang `rang`. Lève `ValueError` au-delà de huit : regrouper les autres avant de tracer."""
    if not 0 <= rang < len(palette.series):
        raise ValueError(f"Pas de style pour la série {rang} : au plus {len(palette.series)}, puis « Autres ».")
    return Style(couleur=palette.series[rang], tiret=TIRETS[rang], symbole=SYMBOLES[rang])
