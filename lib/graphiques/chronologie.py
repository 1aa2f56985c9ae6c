"""Les partenariats dans le temps : une barre par épisode, rangées par groupe ; chaque nom mène à sa fiche.

Pleine : terminé ou en cours, une flèche au bout s'il dure encore. En tirets : sans nouvelle depuis plus de douze mois.
Un début connu au mois ou à l'année seulement se voit au losange creux qui le marque.
"""

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from lib.domain.formats import date_abregee, typographier
from lib.domain.vocabulaire import PlaceDuree
from lib.graphiques.commun import HAUTEUR_LIGNE, Cadre, Morceau, Tableau, composer, dire_vide, ecrire, habiller
from lib.graphiques.palette import ECRAN, Palette, style

if TYPE_CHECKING:
    import plotly.graph_objects as go

RANGEE = 34
LARGEUR_LIBELLE = 60
STYLE_LIEN = "fill:inherit;text-decoration:underline"
BREF = timedelta(days=20)
"""Un trait plus court ne se verrait pas : un losange plein le montre."""
LEGENDE = typographier(
    "Trait plein : suivi, une flèche au bout s'il dure encore. Tirets : sans nouvelle depuis plus de douze mois. "
    "Losange plein : quelques jours. Losange creux : début connu au mois ou à l'année seulement. Un nom ou un "
    "trait ouvre sa fiche."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """Un épisode, ou plusieurs réunis : d'où à où il est suivi, ce qu'il devient, et la fiche qu'il ouvre."""

    groupe: str
    libelle: str
    debut: date
    fin: date
    place: PlaceDuree
    imprecis: bool = False
    adresse: str = ""
    fiche_id: int | None = None


def figure(traits: Sequence[Trait], *, titre: str, palette: Palette = ECRAN) -> "go.Figure":
    """Les traits dans l'ordre reçu, qui doit être celui des groupes ; un titre au-dessus de chaque groupe."""
    if not traits:
        return dire_vide(titre, "Aucun partenariat commencé : rien à placer dans le temps", palette)
    etendue = _etendue(traits)
    rangees = _ranger(traits)
    depart = etendue[0].isoformat()
    noms = [(depart, _hauteur(rang), f"<b>{habiller(nom, LARGEUR_LIBELLE)}</b>") for rang, nom in rangees.titres]
    return composer(
        [*_traces(rangees.traits, palette), ecrire(noms)],
        titre=titre,
        cadre=_cadre(rangees.nombre, etendue, palette),
        palette=palette,
        annotations=[_annoter(depart, _hauteur(rang) - 3, _lien(trait)) for rang, trait in rangees.traits],
    )


def description(traits: Sequence[Trait], *, titre: str) -> str:
    """Texte alternatif : combien de traits par groupe ; le tableau donne chacun."""
    parts = [f"{nom} : {sum(1 for _ in siens)}" for nom, siens in groupby(traits, key=lambda trait: trait.groupe)]
    return typographier(f"{titre} Nombre de traits par groupe : {' ; '.join(parts) or 'aucun'}. {LEGENDE}")


def table(traits: Sequence[Trait], *, groupe: str) -> Tableau:
    """Les mêmes traits en lignes."""
    return Tableau(
        legende="Partenariats dans le temps, groupe par groupe",
        entetes=(groupe, "Partenariat", "Début", "Suivi jusqu'au", "État"),
        lignes=tuple(
            (t.groupe, t.libelle, date_abregee(t.debut), date_abregee(t.fin), t.place.libelle) for t in traits
        ),
    )


# --- Tracés -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rangees:
    titres: list[tuple[int, str]]
    traits: list[tuple[int, Trait]]

    @property
    def nombre(self) -> int:
        return len(self.titres) + len(self.traits)


def _ranger(traits: Sequence[Trait]) -> _Rangees:
    """Une rangée par titre de groupe, puis une par trait."""
    rangees = _Rangees([], [])
    for nom, siens in groupby(traits, key=lambda trait: trait.groupe):
        rangees.titres.append((rangees.nombre, nom))
        for trait in siens:
            rangees.traits.append((rangees.nombre, trait))
    return rangees


def _traces(rangees: Sequence[tuple[int, Trait]], palette: Palette) -> list[Morceau]:
    couleur = style(0, palette).couleur
    segments = [
        _segments([paire for paire in rangees if (paire[1].place is PlaceDuree.A_VERIFIER) is tiret], couleur, tiret)
        for tiret in (False, True)
    ]
    fleches = [(rang, t.fin) for rang, t in rangees if t.place is PlaceDuree.EN_COURS]
    vagues = [(rang, t.debut) for rang, t in rangees if t.imprecis]
    brefs = [(rang, t.debut) for rang, t in rangees if t.fin - t.debut < BREF and not t.imprecis]
    return [
        _prises(rangees),
        *segments,
        _points(fleches, "triangle-right", couleur),
        _points(vagues, "diamond-open", couleur),
        _points(brefs, "diamond", couleur),
    ]


def _prises(rangees: Sequence[tuple[int, Trait]]) -> Morceau:
    """Une barre invisible sous chaque trait : elle seule se laisse cliquer, et dit quelle fiche ouvrir."""
    siens = [(rang, trait) for rang, trait in rangees if trait.fiche_id]
    jour = 24 * 3600 * 1000
    return {
        "type": "bar",
        "orientation": "h",
        "base": [trait.debut.isoformat() for _, trait in siens],
        "x": [max((trait.fin - trait.debut), BREF).days * jour for _, trait in siens],
        "y": [_hauteur(rang) + 12 for rang, _ in siens],
        "width": 18,
        "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 0}},
        "customdata": [trait.fiche_id for _, trait in siens],
        "hovertext": [_survol(trait) for _, trait in siens],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _segments(rangees: Sequence[tuple[int, Trait]], couleur: str, tiret: bool) -> Morceau:
    """Tous les traits d'une même sorte en une trace ; un vide sépare chacun du suivant."""
    x: list[str | None] = []
    y: list[float | None] = []
    survols: list[str] = []
    for rang, trait in rangees:
        x += [trait.debut.isoformat(), trait.fin.isoformat(), None]
        y += [_hauteur(rang) + 12, _hauteur(rang) + 12, None]
        survols += [_survol(trait)] * 3
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": couleur, "width": 6, "dash": "dot" if tiret else "solid"},
        "hovertext": survols,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _points(places: Sequence[tuple[int, date]], symbole: str, couleur: str) -> Morceau:
    return {
        "type": "scatter",
        "x": [jour.isoformat() for _, jour in places],
        "y": [_hauteur(rang) + 12 for rang, _ in places],
        "mode": "markers",
        "marker": {"symbol": symbole, "size": 12, "color": couleur, "line": {"width": 2, "color": couleur}},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _survol(trait: Trait) -> str:
    dates = f"{date_abregee(trait.debut)} – {date_abregee(trait.fin)}"
    return f"{habiller(trait.libelle, 40)}<br>{dates}, {trait.place.libelle.lower()}"


def _annoter(x: str, y: float, texte: str) -> Morceau:
    """Une annotation, non une trace de texte : elle seule reçoit les clics de ses liens."""
    return {
        "x": x,
        "y": y,
        "text": texte,
        "showarrow": False,
        "captureevents": True,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "font": {"size": 12},
    }


def _lien(trait: Trait) -> str:
    court = textwrap.shorten(trait.libelle, LARGEUR_LIBELLE, placeholder="…")
    libelle = html.escape(court, quote=False)
    if not trait.adresse:
        return libelle
    # La couleur des liens de Plotly se lit mal : celle du texte, soulignée.
    return f'<a href="{html.escape(trait.adresse)}" target="_self" style="{STYLE_LIEN}">{libelle}</a>'


# --- Cadre ------------------------------------------------------------------------------------------------------


def _hauteur(rang: int) -> float:
    """Milieu du libellé de la rangée, en pixels depuis le haut."""
    return RANGEE * rang + HAUTEUR_LIGNE / 2 + 6


def _etendue(traits: Sequence[Trait]) -> tuple[date, date]:
    debut, fin = min(trait.debut for trait in traits), max(trait.fin for trait in traits)
    bord = timedelta(days=max(15, (fin - debut).days // 40))
    return debut - bord, fin + bord


def _cadre(rangees: int, etendue: tuple[date, date], palette: Palette) -> Cadre:
    hauteur = RANGEE * rangees + 12
    annees = range(etendue[0].year + 1, etendue[1].year + 1)
    pas = max(1, -(-len(annees) // 6))
    return Cadre(
        hauteur=hauteur,
        marges={"l": 4, "r": 8, "b": 26},
        axe_x={
            "type": "date",
            "range": [jour.isoformat() for jour in etendue],
            "tickvals": [f"{annee}-01-01" for annee in annees][::pas],
            "ticktext": [str(annee) for annee in annees][::pas],
            "showgrid": True,
            "gridcolor": palette.neutre,
            "griddash": "dot",
        },
        axe_y={"range": [hauteur, 0], "visible": False},
        reglages={},
    )
