"""Territoires : ce que les entretiens montrent d'un lieu à l'autre, et ce qu'on ne peut pas dire."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.ui.acces import exiger_acces
from lib.ui.composants import territoires as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Territoires", anchor=False)
criteres = blocs.choisir(acces)
blocs.montrer(blocs.choisir_partie(), acces, criteres)
