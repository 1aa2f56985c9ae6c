"""Carte de chaleur : plus une case est chargée, plus elle est foncée ; le tableau dessous dit les nombres."""

from collections.abc import Callable, Sequence
from typing import Any

from lib.domain.formats import compter, nombre, pourcentage, typographier
from lib.graphiques.commun import Cadre, Morceau, composer, habiller, largeur_pixels
from lib.graphiques.palette import ECRAN, Palette

HAUTEUR_LIGNE = 22
NOM, COLONNE, COUCHEE = 30, 12, 24
COLONNES_DROITES = 2
"""Colonnes au-delà desquelles leurs noms se lisent de bas en haut."""
# Du fond vers la couleur la plus marquée : Streamlit y met les teintes du thème affiché, claires ou sombres.
TEINTES = tuple(f"#0000{rang}" for rang in range(11, 21))
LUES = 3
Valeurs = Sequence[Sequence[float | None]]


def tracer(
    lignes: Sequence[str],
    colonnes: Sequence[str],
    valeurs: Valeurs,
    titre: str,
    *,
    parts: bool = True,
    echelle: bool = True,
    noms_entiers: bool = True,
    palette: Palette = ECRAN,
) -> dict[str, Any]:
    """`figure` et `alternative` d'une matrice ; None et vide s'il n'y a rien à peindre.

    valeurs : parts entre 0 et 1, ou effectifs si `parts` est faux ; None laisse la case vide. echelle : montrer ce que
    valent les teintes. noms_entiers : une case survolée dit ses noms sans les couper ; c'est un texte par case.
    """
    maximum = max((valeur for ligne in valeurs for valeur in ligne if valeur is not None), default=0)
    if not maximum:
        return {"figure": None, "alternative": ""}
    ecrire = pourcentage if parts else nombre
    noms = [_couper(nom, NOM) for nom in lignes]
    cadre = Cadre(
        hauteur=HAUTEUR_LIGNE * len(lignes),
        marges={"l": largeur_pixels(noms, NOM + 1) + 12, "b": _marge_bas(colonnes), "r": 76 if echelle else 8, "t": 8},
        axe_x=_axe([_entete(nom, len(colonnes)) for nom in colonnes])
        | {"tickangle": -90 if len(colonnes) > COLONNES_DROITES else 0},
        axe_y=_axe([habiller(nom, NOM + 1) for nom in noms]) | {"autorange": "reversed"},
        reglages={},
    )
    trace = _trace(valeurs, maximum, parts=parts, palette=palette)
    trace["showscale"] = echelle
    if noms_entiers:
        trace |= {"text": _textes(lignes, colonnes, valeurs, ecrire), "hovertemplate": "%{text}<extra></extra>"}
    return {
        "figure": composer([trace], titre=titre, cadre=cadre, palette=palette),
        "alternative": _decrire(titre, lignes, colonnes, valeurs, ecrire),
    }


def _trace(valeurs: Valeurs, maximum: float, *, parts: bool, palette: Palette) -> Morceau:
    graduations: Morceau = {"tickformat": "d", "nticks": min(5, int(maximum) + 1)}
    if parts:
        reperes = [0, maximum / 2, maximum]
        graduations = {"tickvals": reperes, "ticktext": [pourcentage(repere) for repere in reperes]}
    police = {"size": 12, "color": palette.texte}
    return {
        "type": "heatmap",
        "z": [list(ligne) for ligne in valeurs],
        "zmin": 0,
        "zmax": maximum,
        "xgap": 1,
        "ygap": 1,
        "colorscale": [[rang / (len(TEINTES) - 1), teinte] for rang, teinte in enumerate(TEINTES)],
        "hovertemplate": "%{y}<br>%{x}<br><b>%{z}</b><extra></extra>",
        "hoverongaps": False,
        "colorbar": graduations | {"thickness": 12, "outlinewidth": 0, "tickfont": police},
    }


def _axe(noms: Sequence[str]) -> Morceau:
    return {"tickvals": list(range(len(noms))), "ticktext": list(noms), "showgrid": False, "zeroline": False}


def _entete(nom: str, colonnes: int) -> str:
    if colonnes > COLONNES_DROITES:
        return habiller(_couper(nom, COUCHEE), COUCHEE + 1)
    return habiller(_couper(nom, NOM), COLONNE)


def _marge_bas(colonnes: Sequence[str]) -> int:
    if len(colonnes) > COLONNES_DROITES:
        return largeur_pixels([_couper(nom, COUCHEE) for nom in colonnes], COUCHEE + 1) + 12
    return 16 * max(_entete(nom, len(colonnes)).count("<br>") + 1 for nom in colonnes) + 12


def _couper(nom: str, longueur: int) -> str:
    return nom if len(nom) <= longueur else f"{nom[: longueur - 1].rstrip()}…"


def _textes(
    lignes: Sequence[str], colonnes: Sequence[str], valeurs: Valeurs, ecrire: Callable[[float | None], str]
) -> list[list[str]]:
    """Ce que dit une case survolée ; chaque nom ne s'habille, chaque valeur ne s'écrit qu'une fois."""
    entetes = [habiller(nom, 40) for nom in colonnes]
    distinctes = {valeur for ligne in valeurs for valeur in ligne}
    ecrites = {valeur: "non montré" if valeur is None else ecrire(valeur) for valeur in distinctes}
    return [
        [f"{nom}<br>{entete}<br><b>{ecrites[valeur]}</b>" for entete, valeur in zip(entetes, siennes, strict=True)]
        for nom, siennes in zip((habiller(ligne, 40) for ligne in lignes), valeurs, strict=True)
    ]


def _decrire(
    titre: str,
    lignes: Sequence[str],
    colonnes: Sequence[str],
    valeurs: Valeurs,
    ecrire: Callable[[float | None], str],
) -> str:
    """Texte alternatif : la taille de la carte, et ses cases les plus foncées."""
    cases = [
        (valeur, nom, colonne)
        for nom, ligne in zip(lignes, valeurs, strict=True)
        for colonne, valeur in zip(colonnes, ligne, strict=True)
        if valeur
    ]
    fortes = sorted(cases, key=lambda case: -case[0])[:LUES]
    dites = " ; ".join(f"{nom}, {colonne} : {ecrire(valeur)}" for valeur, nom, colonne in fortes)
    taille = f"{compter(len(lignes), 'ligne')}, {compter(len(colonnes), 'colonne')}"
    return typographier(f"{titre}. {taille}. Les plus fortes : {dites}.")
