"""Coder un entretien : surligner ses passages et les étiqueter (`?entretien=12`, et `&verbatim=34` pour un passage)."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.ui.acces import exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.composants.codage import atelier_de_codage
from lib.ui.navigation import chemin

exiger_acces(peut_consigner)
st.title("Coder un entretien", anchor=False)
entretien_id = identifiant("entretien")

if entretien_id is None:
    st.info("Choisissez d'abord l'entretien à coder dans la liste.")
    st.page_link(chemin("entretiens"), label="Ouvrir la liste des entretiens")
else:
    atelier_de_codage(entretien_id)
