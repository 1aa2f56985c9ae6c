"""La courbe de saturation : étiquettes entendues au fil des entretiens, sur la bande des ordres au hasard."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lib.analytics.saturation import Point
from lib.domain.formats import compter, nombre, typographier
from lib.graphiques.commun import Cadre, Morceau, Tableau, composer, nommer_les_ordonnees
from lib.graphiques.palette import ECRAN, Palette, style

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITRE = typographier("Combien d'étiquettes différentes a-t-on entendues ?")
MARGE = 40


def figure(points: Sequence[Point], *, palette: Palette = ECRAN) -> "go.Figure":
    """Trait plein : l'ordre des dates. Tirets et bande : médiane et 90 % des ordres au hasard."""
    axe = {"title": {"text": "Entretiens codés, dans l'ordre des dates"}, "range": [0.5, len(points) + 0.5]}
    cadre = Cadre(
        hauteur=280,
        marges={"l": MARGE, "b": 48, "t": 24},
        axe_x=axe | {"tickformat": "d"},
        axe_y={"rangemode": "tozero"},
        reglages={},
    )
    return composer(
        [_bande(points, palette), *_traits(points, palette)],
        titre=TITRE,
        cadre=cadre,
        palette=palette,
        annotations=[nommer_les_ordonnees("Étiquettes différentes", marge=MARGE)],
    )


def description(points: Sequence[Point]) -> str:
    """Texte alternatif : où finit la courbe, et ce que la dernière rencontre apporte."""
    dernier = points[-1]
    codes = compter(len(points), "entretien codé", "entretiens codés")
    return typographier(
        f"{TITRE} {compter(dernier.cumul, 'étiquette')} en {codes} ; le dernier en apporte {nombre(dernier.nouvelles)}."
    )


def table(points: Sequence[Point], *, depuis: int = 0) -> Tableau:
    """Les chiffres de la figure, un entretien par ligne. depuis : nombre d'entretiens passés sous silence."""
    return Tableau(
        legende="Étiquettes nouvelles et cumulées après chaque entretien",
        entetes=("Entretien", "Nouvelles", "Cumul", "Médiane au hasard", "90 % des ordres"),
        lignes=tuple(
            (
                nombre(rang),
                nombre(p.nouvelles),
                nombre(p.cumul),
                nombre(p.mediane),
                f"{nombre(p.bas)} à {nombre(p.haut)}",
            )
            for rang, p in enumerate(points[depuis:], start=depuis + 1)
        ),
    )


def _bande(points: Sequence[Point], palette: Palette) -> Morceau:
    rangs = list(range(1, len(points) + 1))
    return {
        "type": "scatter",
        "x": rangs + rangs[::-1],
        "y": [p.bas for p in points] + [p.haut for p in reversed(points)],
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": style(0, palette).couleur,
        "opacity": 0.15,
        "hoverinfo": "skip",
    }


def _traits(points: Sequence[Point], palette: Palette) -> list[Morceau]:
    ordres = ("Dans l'ordre des dates", [p.cumul for p in points]), ("Médiane au hasard", [p.mediane for p in points])
    return [
        {
            "type": "scatter",
            "x": list(range(1, len(points) + 1)),
            "y": hauteurs,
            "mode": "lines+markers" if rang == 0 else "lines",
            "line": {"color": style(rang, palette).couleur, "dash": style(rang, palette).tiret, "width": 2},
            "hovertemplate": f"{nom} : %{{y}} après %{{x}} entretiens<extra></extra>",
        }
        for rang, (nom, hauteurs) in enumerate(ordres)
    ]
