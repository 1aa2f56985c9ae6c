"""Ce qu'une analyse ne peut pas dire, rappelé avant ses chiffres."""

import streamlit as st

from lib.services.sessions import Acces
from lib.services.terrains_absents import dire_absents
from lib.ui.caches import vue
from lib.ui.textes import litteral


def rappeler_les_absents(acces: Acces) -> None:
    """Chaque terrain prévu et jamais visité, en une phrase ; rien s'ils l'ont tous été."""
    avertir(vue(dire_absents, acces))


def avertir(phrases: tuple[str, ...]) -> None:
    """Ces phrases, si une autre lecture les a déjà."""
    if phrases:
        st.warning("\n\n".join(map(litteral, phrases)))
