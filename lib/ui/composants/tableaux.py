"""Tableaux courts et lisibles par tous : de vrais tableaux HTML, une légende pour les lecteurs d'écran."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st


def afficher_tableau(entetes: Sequence[str], lignes: Sequence[Sequence[str]], *, legende: str) -> None:
    """Tableau de textes déjà écrits en français, cinquante lignes au plus ; au-delà, paginer.

    legende : ce que le tableau montre, dit aux lecteurs d'écran.

    `st.table` passerait sinon par pandas à chaque affichage, cinq fois plus cher (docs/vitesse.md) : il reçoit une
    table Arrow, et l'on dit nous-mêmes qu'elle n'a pas d'index à montrer.
    """
    table = _en_arrow(tuple(entetes), tuple(map(tuple, lignes)))
    st.table(table, hide_index=True, hide_header=False, border="horizontal", alt=legende)


@lru_cache(maxsize=256)
def _en_arrow(entetes: tuple[str, ...], lignes: tuple[tuple[str, ...], ...]) -> Any:
    import pyarrow as pa

    colonnes = [pa.array([ligne[rang] for ligne in lignes], pa.string()) for rang in range(len(entetes))]
    return pa.Table.from_arrays(colonnes, names=list(entetes))
