"""Bilan : le rapport de fin d'investigation en un clic, en quatre fichiers anonymes aux mêmes chiffres."""

import streamlit as st

from lib.domain.droits import peut_exporter
from lib.ui.acces import exiger_acces
from lib.ui.composants import bilan as blocs

acces = exiger_acces(peut_exporter)
st.title("Bilan", anchor=False)
st.write(
    "Le rapport de fin d'investigation, assemblé des scènes de la présentation. Il se prépare en arrière-plan, et ses "
    "quatre fichiers ont les mêmes chiffres."
)
blocs.bilan(acces)
blocs.contenu()
