"""Un tableau dont chaque ligne ouvre une fiche : de vrais liens, un seul élément quel que soit le nombre de lignes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from lib.ui.composants.greffon import Greffon
from lib.ui.navigation import chemin

TABLEAU = Greffon(
    "tableau", Path(__file__).resolve().parents[1] / "greffons" / "tableau", '<div class="tableau"></div>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneOuvrante:
    """Une ligne : l'identifiant de sa fiche, et ses cellules, la première portant le lien.

    fiche : la page qu'elle ouvre, si ce n'est pas celle du tableau ; sans l'une ni l'autre, elle se lit seulement.
    Jamais la page où l'on est déjà : y revenir par un lien perdrait ce que l'adresse portait. teinte : couleur
    `#rrggbb` d'une marque à côté du lien, qui ne dit rien que le texte ne dise.
    """

    id: int
    cellules: tuple[str, ...]
    fiche: "Fiche | None" = None
    teinte: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """La page qu'ouvre une ligne. adresse : celle du menu (« entretien »). parametre : nom de l'identifiant, ou vide.

    fixes : paramètres d'adresse communs à toutes les lignes.
    """

    adresse: str
    parametre: str
    fixes: tuple[tuple[str, str], ...] = ()

    def parametres(self, identifiant: int) -> dict[str, str]:
        """Paramètres de l'adresse d'une ligne."""
        propre = {self.parametre: str(identifiant)} if self.parametre else {}
        return {**dict(self.fixes), **propre}

    def adresser(self, identifiant: int) -> str:
        """Adresse d'une ligne."""
        return f"/{self.adresse}?{urlencode(self.parametres(identifiant))}"


def tableau_ouvrant(
    entetes: Sequence[str],
    lignes: Sequence[LigneOuvrante],
    *,
    fiche: Fiche | None,
    legende: str,
    cle: str,
    nombres: Sequence[int] = (),
    geste: str = "",
) -> int | None:
    """Montre le tableau ; suivre un lien ouvre la fiche sans recharger l'application.

    legende : ce que le tableau montre, dit aux lecteurs d'écran. nombres : rangs des colonnes de nombres.
    geste : nom d'un bouton au bout de chaque ligne (« Noter ») ; l'identifiant de la ligne touchée est rendu.
    Clic du milieu ou Ctrl-clic ouvrent un autre onglet, comme tout lien.
    """
    donnees = _donnees(tuple(entetes), tuple(lignes), fiche, legende, tuple(nombres), geste)
    rendu = TABLEAU.monter(key=cle, data=donnees, on_ouverte_change=_rien, on_touchee_change=_rien)
    ouverte = rendu.get("ouverte")
    ligne = next((ligne for ligne in lignes if ligne.id == ouverte), None) if isinstance(ouverte, int) else None
    cible = (ligne.fiche or fiche) if ligne else None
    if ligne is not None and cible is not None:
        st.switch_page(chemin(cible.adresse), query_params=cible.parametres(ligne.id))
    touchee = rendu.get("touchee")
    return touchee if isinstance(touchee, int) and any(une.id == touchee for une in lignes) else None


def tableau_en_cartes(entetes: Sequence[str], lignes: Sequence[tuple[str, ...]], *, legende: str, cle: str) -> None:
    """Le même tableau, à lire seulement : au téléphone, chaque ligne est une carte. Jamais lu comme du Markdown."""
    rangees = [LigneOuvrante(id=rang, cellules=cellules) for rang, cellules in enumerate(lignes)]
    tableau_ouvrant(entetes, rangees, fiche=None, legende=legende, cle=cle)


@lru_cache(maxsize=128)
def _donnees(
    entetes: tuple[str, ...],
    lignes: tuple[LigneOuvrante, ...],
    fiche: Fiche | None,
    legende: str,
    nombres: tuple[int, ...],
    geste: str,
) -> dict[str, Any]:
    """Ce que reçoit le navigateur, écrit une fois tant que rien ne change. En lecture seule."""
    return {
        "legende": legende,
        "entetes": entetes,
        "nombres": nombres,
        "geste": geste,
        "lignes": [_ligne(ligne, fiche) for ligne in lignes],
    }


def _ligne(ligne: LigneOuvrante, fiche: Fiche | None) -> dict[str, Any]:
    cible = ligne.fiche or fiche
    ecrite = {"cle": ligne.id, "adresse": cible.adresser(ligne.id) if cible else "", "cellules": ligne.cellules}
    return ecrite | ({"teinte": ligne.teinte} if ligne.teinte else {})


def _rien() -> None:
    """Un déclencheur de composant n'existe que s'il a son écouteur ; la relance suffit."""
