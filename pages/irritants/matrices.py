"""Matrices : où chaque étiquette est posée, lesquelles vont ensemble ; chaque case ouvre ses citations."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.ui.acces import exiger_acces
from lib.ui.composants import matrices as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Matrices", anchor=False)
blocs.montrer(acces, blocs.choisir(acces))
