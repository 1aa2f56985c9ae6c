"""Une figure de barres en SVG, avec son texte : le navigateur la dessine, un lecteur d'écran la lit."""

import textwrap
from collections.abc import Iterable, Iterator
from html import escape

from lib.domain.scenes import BarreScene, FigureScene

LARGEUR, PLACE_VALEUR = 520, 170
SIGNES = 50
LIGNE, EPAISSEUR, ECART = 24, 22, 18
"""Lisible d'un téléphone à un grand écran : la figure s'agrandit, son texte avec elle."""


def ecrire_figure(figure: FigureScene) -> str:
    """Un élément `svg` nommé ; ses couleurs viennent de la feuille de style de la page."""
    plus_long = max((barre.fond for barre in figure.barres), default=0) or 1.0
    morceaux, haut = [], 0
    for barre in figure.barres:
        lignes = textwrap.wrap(barre.libelle, SIGNES) or [""]
        morceaux.append("".join(_barre(barre, lignes, haut, plus_long)))
        haut += LIGNE * len(lignes) + EPAISSEUR + ECART
    alternative = escape(figure.alternative, quote=True)
    return f'<svg viewBox="0 0 {LARGEUR} {haut}" role="img" aria-label="{alternative}">\n{_joindre(morceaux)}\n</svg>'


def _joindre(morceaux: Iterable[str]) -> str:
    return "\n".join(morceaux)


def _barre(barre: BarreScene, lignes: list[str], haut: int, plus_long: float) -> Iterator[str]:
    for rang, ligne in enumerate(lignes, start=1):
        yield f'<text x="2" y="{haut + LIGNE * rang - 7}">{escape(ligne)}</text>'
    piste = (LARGEUR - PLACE_VALEUR) * barre.fond / plus_long
    sommet = haut + LIGNE * len(lignes)
    if barre.longueur:
        plein = piste * barre.longueur / (barre.fond or 1.0)
        yield f'<rect class="plein" x="1" y="{sommet}" width="{plein:.1f}" height="{EPAISSEUR}"/>'
    classe = "piste cachee" if barre.longueur is None else "piste"
    yield f'<rect class="{classe}" x="1" y="{sommet}" width="{piste:.1f}" height="{EPAISSEUR}"/>'
    x = LARGEUR - PLACE_VALEUR + 10
    yield f'<text class="valeur" x="{x}" y="{sommet + EPAISSEUR - 5}">{escape(barre.texte)}</text>'
