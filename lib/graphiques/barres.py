"""Barres horizontales, le libellé au-dessus et la valeur au bout : lisibles au téléphone, sans légende."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.domain.formats import INSECABLE, effectif, nombre, pourcentage, typographier
from lib.graphiques.commun import (
    HAUTEUR_LIGNE,
    TRANSPARENT,
    Cadre,
    Morceau,
    Tableau,
    composer,
    decouper,
    dire_vide,
    ecrire,
    habiller,
    largeur_pixels,
)
from lib.graphiques.palette import ECRAN, Palette, style

if TYPE_CHECKING:
    import plotly.graph_objects as go

LARGEUR_LIBELLE = 48
EPAISSEUR = 16
ECART = 12
RETRAIT = 6
"""La barre pleine est plus fine que son contour : un dépassement se voit comme un manque."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barre:
    """Une catégorie et son effectif ; `total` : sur combien, quand la part a un sens. `fond` : longueur du contour."""

    libelle: str
    valeur: int
    total: int | None = None
    fond: int | None = None
    texte: str | None = None

    @property
    def etiquette(self) -> str:
        """Ce qui s'écrit au bout de la barre."""
        if self.texte is not None:
            return self.texte
        return nombre(self.valeur) if self.total is None else effectif(self.valeur, self.total)


def figure(
    barres: Sequence[Barre], *, titre: str, palette: Palette = ECRAN, vide: str = "Rien à compter"
) -> "go.Figure":
    """Une barre par catégorie, dans l'ordre reçu, de haut en bas. `vide` : ce qui se lit s'il n'y en a aucune."""
    if not barres:
        return dire_vide(titre, vide, palette)
    libelles = [decouper(barre.libelle, LARGEUR_LIBELLE) for barre in barres]
    hauts, hauteur = _empiler(libelles)
    milieux = [haut + HAUTEUR_LIGNE * len(lignes) + EPAISSEUR / 2 for haut, lignes in zip(hauts, libelles, strict=True)]
    traces = [
        _fonds(barres, milieux, palette),
        _pleins(barres, milieux, palette),
        _libelles(libelles, hauts),
        _valeurs(barres, milieux),
    ]
    return composer(traces, titre=titre, cadre=_cadre(barres, hauteur), palette=palette)


def description(barres: Sequence[Barre], *, titre: str) -> str:
    """Texte alternatif : chaque catégorie et sa valeur, dans l'ordre de la figure."""
    valeurs = " ; ".join(f"{barre.libelle} : {barre.etiquette}" for barre in barres)
    return typographier(f"{titre} {valeurs or 'Rien à compter'}.")


def table(barres: Sequence[Barre], *, legende: str, categorie: str, quantite: str) -> Tableau:
    """Mêmes chiffres en lignes ; une colonne de parts quand les barres ont un total."""
    avec_parts = any(barre.total is not None for barre in barres)
    return Tableau(
        legende=legende,
        entetes=(categorie, quantite, *(("Part",) if avec_parts else ())),
        lignes=tuple((barre.libelle, barre.etiquette, *((_part(barre),) if avec_parts else ())) for barre in barres),
    )


def _part(barre: Barre) -> str:
    return pourcentage(barre.valeur / barre.total if barre.total else None)


def _empiler(libelles: Sequence[list[str]]) -> tuple[list[float], float]:
    """Haut de chaque bloc (pixels) et hauteur totale."""
    hauts, haut = [], 0.0
    for lignes in libelles:
        hauts.append(haut)
        haut += HAUTEUR_LIGNE * len(lignes) + EPAISSEUR + ECART
    return hauts, haut


def _pleins(barres: Sequence[Barre], milieux: Sequence[float], palette: Palette) -> Morceau:
    return {
        "type": "bar",
        "x": [barre.valeur for barre in barres],
        "y": list(milieux),
        "width": EPAISSEUR - RETRAIT,
        "orientation": "h",
        "marker": {"color": style(0, palette).couleur, "line": {"width": 0}},
        "hovertext": [f"{habiller(barre.libelle, 40)}<br>{habiller(barre.etiquette, 40)}" for barre in barres],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _fonds(barres: Sequence[Barre], milieux: Sequence[float], palette: Palette) -> Morceau:
    """Contour de ce qui était attendu : le manque se voit comme une place vide, sans dépendre d'une couleur."""
    return {
        "type": "bar",
        "x": [barre.fond or 0 for barre in barres],
        "y": list(milieux),
        "width": EPAISSEUR,
        "orientation": "h",
        "marker": {"color": TRANSPARENT, "line": {"width": 1.5, "color": palette.neutre}},
        "hoverinfo": "skip",
    }


def _libelles(libelles: Sequence[list[str]], hauts: Sequence[float]) -> Morceau:
    return ecrire(
        [
            (0, haut + HAUTEUR_LIGNE * len(lignes) / 2 - 1, "<br>".join(habiller(ligne, 80) for ligne in lignes))
            for haut, lignes in zip(hauts, libelles, strict=True)
        ]
    )


def _valeurs(barres: Sequence[Barre], milieux: Sequence[float]) -> Morceau:
    return ecrire(
        [
            (max(barre.valeur, barre.fond or 0), milieu, f"{INSECABLE}<b>{habiller(barre.etiquette, 60)}</b>")
            for barre, milieu in zip(barres, milieux, strict=True)
        ]
    )


def _cadre(barres: Sequence[Barre], hauteur: float) -> Cadre:
    longueur = max(max(barre.valeur, barre.fond or 0) for barre in barres)
    return Cadre(
        hauteur=round(hauteur),
        marges={"l": 8, "r": 18 + largeur_pixels([barre.etiquette for barre in barres], 60), "t": 10},
        axe_x={"range": [0, longueur or 1], "visible": False},
        axe_y={"range": [hauteur, 0], "visible": False},
        reglages={"barmode": "overlay", "bargap": 0},
    )
