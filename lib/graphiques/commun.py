"""Ce que toutes les figures partagent : mise en page lisible de 320 px à un grand écran, textes, tableau associé.

Une figure s'assemble en dictionnaires et part telle quelle (voir `prete`) : Plotly ne la vérifie qu'en test.
"""

import html
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.graphiques.palette import Palette
from lib.graphiques.prete import figure_prete

if TYPE_CHECKING:
    import plotly.graph_objects as go

Morceau = dict[str, Any]
"""Une trace, un axe, une annotation, une forme : le vocabulaire de Plotly, en dictionnaire."""

LARGEUR_TITRE = 48
"""Signes par ligne de titre : ce qui tient dans 390 px, la figure ne connaissant pas sa largeur."""

LARGEUR_ETIQUETTE = 14
PIXELS_PAR_SIGNE = 7.5
HAUTEUR_LIGNE = 18
A_REPRENDRE = re.compile(r"[\t\n\x0b\x0c\r]| $")
TRANSPARENT = "rgba(0,0,0,0)"
GRADUATIONS_PARTS: Morceau = {
    "tickvals": [0, 0.25, 0.5, 0.75, 1],
    "ticktext": ["0\u00a0%", "25\u00a0%", "50\u00a0%", "75\u00a0%", "100\u00a0%"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tableau:
    """Le tableau à placer sous la figure : mêmes chiffres, déjà écrits en français."""

    legende: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadre:
    """Dimensions et axes d'une figure. `hauteur` : zone de tracé, en pixels ; titre et `marges` (b, l, r, t) en sus."""

    hauteur: int
    marges: Morceau
    axe_x: Morceau
    axe_y: Morceau
    reglages: Morceau


def decouper(texte: str, largeur: int) -> list[str]:
    """Coupe un texte en lignes d'au plus `largeur` signes, aux espaces et après les traits d'union."""
    if 0 < len(texte) <= largeur and not A_REPRENDRE.search(texte):  # une carte en découpe des centaines
        return [texte]
    return textwrap.wrap(texte, largeur, break_long_words=False) or [""]


def habiller(texte: str, largeur: int = LARGEUR_ETIQUETTE) -> str:
    """Texte sûr et coupé pour Plotly, qui lirait sinon des balises dans un nom de terrain."""
    return "<br>".join(html.escape(ligne, quote=False) for ligne in decouper(texte, largeur))


def largeur_pixels(textes: Sequence[str], largeur: int = LARGEUR_ETIQUETTE) -> int:
    """Place qu'occupent ces étiquettes une fois coupées."""
    lignes = [ligne for texte in textes for ligne in decouper(texte, largeur)]
    return round(PIXELS_PAR_SIGNE * max(map(len, lignes), default=0))


def composer(
    traces: Sequence[Morceau], *, titre: str, cadre: Cadre, palette: Palette, annotations: Sequence[Morceau] = ()
) -> "go.Figure":
    """La figure : titre (la question posée), fonds transparents, nombres à la française, ni légende ni zoom."""
    haut = HAUTEUR_LIGNE * len(decouper(titre, LARGEUR_TITRE)) + 14 + cadre.marges.get("t", 0)
    mise_en_page = {
        "title": _titre(titre, palette),
        "height": cadre.hauteur + haut + cadre.marges.get("b", 0),
        "margin": {"l": 8, "r": 8, "b": 8, "pad": 0} | cadre.marges | {"t": haut, "autoexpand": False},
        "font": {"size": 12, "color": palette.texte},
        "hoverlabel": {"font": {"color": palette.texte}},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "separators": ",\u202f",
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "xaxis": _axe(palette) | cadre.axe_x,
        "yaxis": _axe(palette) | cadre.axe_y,
        "annotations": list(annotations),
    }
    return figure_prete(list(traces), mise_en_page | cadre.reglages)


def ecrire(places: Sequence[tuple[float | str, float, str]]) -> Morceau:
    """Trace de textes, chacun à droite de son point (x, y ; x peut être une date ISO), déjà habillés."""
    return {
        "type": "scatter",
        "x": [x for x, _, _ in places],
        "y": [y for _, y, _ in places],
        "text": [texte for _, _, texte in places],
        "mode": "text",
        "textposition": "middle right",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def nommer_les_ordonnees(texte: str, *, marge: int) -> Morceau:
    """Nom de l'axe vertical, à l'horizontale au-dessus de lui : lisible sans pencher la tête, sans perdre de largeur.

    `marge` : marge gauche de la figure, en pixels.
    """
    return {
        "text": habiller(texte, 60),
        "x": 0,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": 4 - marge,
        "yshift": 4,
        "showarrow": False,
        "font": {"size": 12},
    }


def dire_vide(titre: str, message: str, palette: Palette) -> "go.Figure":
    """Figure sans axes qui dit pourquoi elle est vide."""
    sans_axe = {"visible": False, "range": [0, 1]}
    texte = {"text": habiller(message, LARGEUR_TITRE), "x": 0.5, "y": 0.5, "showarrow": False, "font": {"size": 13}}
    cadre = Cadre(hauteur=80, marges={}, axe_x=sans_axe, axe_y=sans_axe, reglages={})
    return composer([], titre=titre, cadre=cadre, palette=palette, annotations=[texte])


def _titre(titre: str, palette: Palette) -> Morceau:
    return {
        "text": habiller(titre, LARGEUR_TITRE),
        "font": {"size": 15, "color": palette.texte},
        "x": 0,
        "xanchor": "left",
        "xref": "container",
        "y": 1,
        "yanchor": "top",
        "yref": "container",
        "pad": {"t": 18, "l": 4},
    }


def _axe(palette: Palette) -> Morceau:
    return {
        "fixedrange": True,
        "automargin": False,
        "tickfont": {"size": 12, "color": palette.texte},
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": TRANSPARENT,
    }
