"""Comptes : l'administration crée, modifie et désactive les comptes, et dit ce que chacun ouvre."""

import streamlit as st

from lib.domain.droits import peut_administrer
from lib.ui.acces import exiger_acces
from lib.ui.composants import administration_comptes as composant

acces = exiger_acces(peut_administrer)
st.title("Comptes", anchor=False)
composant.montrer_provisoire()
lus, possibles = composant.lister(acces)
composant.creer(acces, possibles)
choisi = composant.choisir(lus)
if choisi is not None:
    composant.modifier(acces, choisi, possibles)
