"""Une écriture demandée d'un écran : ce qu'elle a donné se dit, un refus garde ce qui était saisi."""

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre
from lib.domain.erreurs import ErreurMetier
from lib.services.transaction import ecriture
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import phrase


def ecrire(perimetre: Perimetre, geste: Callable[[Session], object], message: str, *, neuf: str = "") -> None:
    """Fait le geste dans une transaction, puis relance l'écran avec le message ; un refus s'affiche sur place.

    neuf : famille de widgets (voir `tour`) à rendre vides une fois le geste fait.
    """
    try:
        with ecriture(moteur(), perimetre) as session:
            geste(session)
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
        return
    if neuf:
        st.session_state[f"_tour-{neuf}"] = tour(neuf) + 1
    annoncer(message)
    st.rerun()


def tour(famille: str) -> int:
    """Rang de la saisie en cours d'une famille de widgets : à mettre dans leur clé, pour qu'ils renaissent vides."""
    return int(st.session_state.get(f"_tour-{famille}", 0))
