"""Carte de zones : un nombre écrit dans chacune, quatre teintes qui le redisent. Rien ne se lit à la couleur seule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.domain.formats import typographier
from lib.graphiques.commun import Cadre, Morceau, composer, habiller
from lib.graphiques.palette import ECRAN, Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Point = tuple[float, float]
LARGEUR, HAUTEUR = 613, 585
PIXELS = 460
TEINTES = (0.14, 0.26, 0.38, 0.5)
"""Opacité du fond par classe ; au-delà de la moitié, le nombre écrit dessus perdrait son contraste."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Une forme à tracer. `valeur` : ce qui se classe ; `texte` : ce qui s'écrit dedans, vide pour rien.

    `contour_seul` : la même zone est agrandie ailleurs, le nombre s'y lit. `dessous` : ce qui la nomme, faute de forme.
    """

    nom: str
    centre: Point
    anneaux: Sequence[Sequence[Point]]
    valeur: int | None = None
    texte: str = ""
    contour_seul: bool = False
    dessous: str = ""


def figure(zones: Sequence[Zone], *, titre: str, palette: Palette = ECRAN) -> "go.Figure":
    """Toutes les zones, du fond vers les nombres ; le survol nomme chaque zone qui porte un nombre."""
    seuils = classes([zone.valeur for zone in zones if zone.valeur])
    fonds = [
        _fonds([zone for zone in zones if _classe(zone.valeur, seuils) == rang], opacite, palette)
        for rang, opacite in enumerate(TEINTES, start=1)
    ]
    traces = [fond for fond in fonds if fond["x"]]
    return composer(
        [*traces, _traits(zones, palette), _noms(zones), _nombres(zones)], titre=titre, cadre=_cadre(), palette=palette
    )


def description(zones: Sequence[Zone], *, titre: str) -> str:
    """Texte alternatif : chaque zone qui porte un nombre, de la plus forte à la plus faible."""
    dites = sorted((zone for zone in zones if zone.texte), key=lambda zone: (-(zone.valeur or 0), zone.nom))
    valeurs = " ; ".join(dict.fromkeys(f"{zone.nom} : {zone.texte}" for zone in dites))
    return typographier(f"{titre} {valeurs or 'Aucun département ne porte de nombre'}.")


def classes(valeurs: Sequence[int]) -> tuple[int, ...]:
    """Bornes basses des teintes : au plus quatre, une par effectif quand ils sont peu nombreux."""
    distinctes = sorted(set(valeurs))
    maximum = len(TEINTES)
    if len(distinctes) <= maximum:
        return tuple(distinctes)
    return tuple(dict.fromkeys(distinctes[rang * len(distinctes) // maximum] for rang in range(maximum)))


def _classe(valeur: int | None, seuils: Sequence[int]) -> int:
    """Zéro sans valeur ; sinon le rang de la plus haute borne atteinte."""
    return sum(bool(valeur) and (valeur or 0) >= seuil for seuil in seuils)


def _traits(zones: Iterable[Zone], palette: Palette) -> Morceau:
    return _contours(zones) | {"line": {"width": 0.8, "color": palette.neutre}}


def _fonds(zones: Iterable[Zone], opacite: float, palette: Palette) -> Morceau:
    fond = {"line": {"width": 0}, "fill": "toself", "fillcolor": palette.series[0], "opacity": opacite}
    return _contours(zones) | fond


def _contours(zones: Iterable[Zone]) -> Morceau:
    points = [point for zone in zones for anneau in zone.anneaux for point in _fermer(anneau)]
    return {
        "type": "scatter",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "mode": "lines",
        "hoverinfo": "skip",
    }


def _fermer(anneau: Sequence[Point]) -> list[tuple[float | None, float | None]]:
    """Le contour revient à son départ, puis la plume se lève."""
    return [*anneau, anneau[0], (None, None)]


def _nombres(zones: Sequence[Zone]) -> Morceau:
    ecrites = [zone for zone in zones if zone.texte and not zone.contour_seul]
    return {
        "type": "scatter",
        "x": [zone.centre[0] for zone in ecrites],
        "y": [zone.centre[1] for zone in ecrites],
        "text": [habiller(zone.texte, 12) for zone in ecrites],
        "mode": "text",
        "textfont": {"size": 12},
        "hovertext": [f"{habiller(zone.nom, 40)}<br>{habiller(zone.texte, 40)}" for zone in ecrites],
        "customdata": [[zone.nom] for zone in ecrites],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _noms(zones: Sequence[Zone]) -> Morceau:
    nommees = [zone for zone in zones if zone.dessous]
    return {
        "type": "scatter",
        "x": [zone.centre[0] for zone in nommees],
        "y": [max(y for _, y in zone.anneaux[0]) for zone in nommees],
        "text": [zone.dessous for zone in nommees],
        "mode": "text",
        "textposition": "bottom center",
        "textfont": {"size": 11},
        "hoverinfo": "skip",
    }


def _cadre() -> Cadre:
    sans_axe = {"visible": False, "showgrid": False, "zeroline": False}
    return Cadre(
        hauteur=PIXELS,
        marges={},
        axe_x=sans_axe | {"range": [0, LARGEUR], "constrain": "domain"},
        axe_y=sans_axe | {"range": [HAUTEUR, 0], "scaleanchor": "x", "constrain": "domain"},
        reglages={},
    )
