"""Indicateurs : tous les chiffres de l'investigation sur une page, chacun défini et ouvrant sur ce qui le porte."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.indicateurs import lire_indicateurs
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import indicateurs as blocs
from lib.ui.composants.absents import avertir

acces = exiger_acces(peut_lire_indicateurs)
st.title("Indicateurs", anchor=False)
indicateurs = vue(lire_indicateurs, acces)
if indicateurs.vide:
    blocs.vide()
else:
    avertir(indicateurs.absents)
    blocs.ensemble(indicateurs)
    blocs.un_seul(indicateurs)
