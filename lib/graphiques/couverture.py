"""Couverture du plan d'entretiens : réalisé sur prévu, terrain par terrain. Un terrain oublié doit se voir."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lib.analytics.couverture import CouvertureTerrain
from lib.analytics.lecture import lire_couverture
from lib.domain.formats import compter, nombre, pourcentage, typographier
from lib.graphiques import barres
from lib.graphiques.barres import Barre
from lib.graphiques.commun import Tableau
from lib.graphiques.palette import ECRAN, Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITRE = typographier("Où en est le plan d'entretiens ?")


def figure(couvertures: Sequence[CouvertureTerrain], *, titre: str = TITRE, palette: Palette = ECRAN) -> "go.Figure":
    """Une barre par terrain : plein, ce qui est réalisé ; contour, ce qui est prévu ; « 4 sur 10 » au bout."""
    return barres.figure(
        [_barre(couverture) for couverture in couvertures],
        titre=titre,
        palette=palette,
        vide="Aucun terrain dans le plan d'entretiens",
    )


def description(couvertures: Sequence[CouvertureTerrain], *, titre: str = TITRE) -> str:
    """Texte alternatif : le total, ce qui reste, puis chaque terrain."""
    terrains = " ; ".join(f"{c.terrain} : {_au_bout(c)}" for c in couvertures)
    detail = f" Par terrain, réalisés sur prévus : {terrains}." if couvertures else ""
    return typographier(f"{titre} {lire_couverture(couvertures)}{detail}")


def table(couvertures: Sequence[CouvertureTerrain]) -> Tableau:
    """Réalisés, prévus, restants et part du plan."""
    return Tableau(
        legende="Entretiens réalisés et prévus par terrain",
        entetes=("Terrain", "Réalisés", "Prévus", "Restants", "Part du plan"),
        lignes=tuple(
            (c.terrain, nombre(c.realises), nombre(c.prevus), nombre(c.restants), pourcentage(c.part))
            for c in couvertures
        ),
    )


def _barre(couverture: CouvertureTerrain) -> Barre:
    libelle = couverture.terrain
    if couverture.restants:
        libelle += f" – il en manque {nombre(couverture.restants)}"
    return Barre(libelle=libelle, valeur=couverture.realises, fond=couverture.prevus, texte=_au_bout(couverture))


def _au_bout(couverture: CouvertureTerrain) -> str:
    if not couverture.prevus:
        return f"{compter(couverture.realises, 'réalisé')}, aucun prévu"
    return f"{nombre(couverture.realises)} sur {nombre(couverture.prevus)}"
