"""Messages qui survivent à une relance : dire ce qu'un geste a donné après avoir changé de page."""

import streamlit as st

from lib.ui.textes import phrase

_CLE = "_message"
_CLE_REFUS = "_refus"


def annoncer(message: str) -> None:
    """Garde un message de réussite pour le prochain passage."""
    st.session_state[_CLE] = message


def signaler(message: str) -> None:
    """Garde un refus pour le prochain passage."""
    st.session_state[_CLE_REFUS] = message


def afficher_message() -> None:
    """Montre les messages gardés, une fois."""
    if message := st.session_state.pop(_CLE, None):
        st.success(phrase(message))
    if refus := st.session_state.pop(_CLE_REFUS, None):
        st.error(phrase(refus))
