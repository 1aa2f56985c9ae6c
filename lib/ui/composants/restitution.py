"""La présentation aux parties prenantes : une scène à la fois, au clavier, et son adresse."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.formats import typographier
from lib.domain.scenes import BarreScene, CodeScene, FigureScene, Scene
from lib.services.restitution.lecture import VIDE
from lib.ui.composants.greffon import Greffon

_GREFFON = Greffon("scene", Path(__file__).resolve().parents[1] / "greffons" / "scene", '<div class="scene"></div>')
CLE_ADRESSE = "scene"
SCENES = list(CodeScene)
GESTES = typographier(
    "Au clavier : flèches gauche et droite pour changer de scène, Début et Fin pour la première et la dernière."
)


def choisir() -> CodeScene:
    """La scène que l'adresse demande ; la première si elle n'en demande aucune que l'on connaisse."""
    demandee = st.query_params.get(CLE_ADRESSE, "")
    return next((scene for scene in SCENES if scene.value == demandee), SCENES[0])


def montrer(scene: Scene) -> None:
    """La scène, et de quoi passer aux autres."""
    _naviguer(scene.code)
    _GREFFON.monter(key="scene", data=_decrire(scene))
    st.caption(GESTES)


def vide() -> None:
    """Rien n'a été recueilli."""
    st.info(VIDE)


def _naviguer(courante: CodeScene) -> None:
    rang, derniere = SCENES.index(courante), len(SCENES) - 1
    with st.container(horizontal=True, vertical_alignment="center"):
        _bouton("Première", "Home", 0, ferme=rang == 0)
        _bouton("Précédente", "Left", rang - 1, ferme=rang == 0)
        _bouton("Suivante", "Right", rang + 1, ferme=rang == derniere)
        _bouton("Dernière", "End", derniere, ferme=rang == derniere)
        st.markdown(f"Scène {rang + 1} sur {len(SCENES)}", width="content")


def _bouton(libelle: str, touche: str, rang: int, *, ferme: bool) -> None:
    st.button(libelle, key=f"scene_{touche}", shortcut=touche, disabled=ferme, on_click=_aller, args=(rang,))


def _aller(rang: int) -> None:
    st.query_params[CLE_ADRESSE] = SCENES[rang].value


def _decrire(scene: Scene) -> dict[str, Any]:
    """La scène en types JSON."""
    return {
        "phrase": scene.phrase,
        "figure": _decrire_figure(scene.figure) if scene.figure else None,
        "tableaux": [{"legende": t.legende, "entetes": t.entetes, "lignes": t.lignes} for t in scene.tableaux],
        "notes": scene.notes,
    }


def _decrire_figure(figure: FigureScene) -> dict[str, Any]:
    return {"titre": figure.titre, "barres": [_decrire_barre(barre, figure.barres) for barre in figure.barres]}


def _decrire_barre(barre: BarreScene, toutes: Sequence[BarreScene]) -> dict[str, Any]:
    """Longueurs en pour cent : la piste dans la figure, le plein dans sa piste."""
    plus_long = max(autre.fond for autre in toutes) or 1.0
    plein = None if barre.longueur is None else 100 * barre.longueur / (barre.fond or 1.0)
    return {"libelle": barre.libelle, "texte": barre.texte, "place": 100 * barre.fond / plus_long, "longueur": plein}
