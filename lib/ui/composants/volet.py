"""Un volet dont le contenu ne se dessine qu'une fois ouvert : la page qui se lit ne paie pas le formulaire fermé."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def volet(libelle: str, *, cle: str, ouvert: bool = False) -> DeltaGenerator | None:
    """Le volet, ou None tant que personne ne l'a ouvert.

    Une fois ouvert, il reste dessiné : ce que l'on y écrit ne se perd pas en le refermant. ouvert : se montre d'emblée.
    """
    dessine = st.expander(libelle, expanded=ouvert, key=cle, on_change="rerun")
    vu = f"_volet-{cle}"
    if dessine.open:
        st.session_state[vu] = True
    return dessine if st.session_state.get(vu) else None
