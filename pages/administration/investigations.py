"""Investigations : l'administration règle chaque investigation, ses terrains et son plan d'entretiens."""

import streamlit as st

from lib.domain.droits import peut_administrer
from lib.ui.acces import exiger_acces
from lib.ui.composants import administration_investigations as composant
from lib.ui.composants import administration_terrains as terrains

acces = exiger_acces(peut_administrer)
st.title("Investigations", anchor=False)
lues = composant.lister(acces)
composant.creer(acces)
choisie = composant.choisir(lues, acces) if lues else None
if choisie is None:
    st.stop()

volet = st.radio("Ce que vous réglez", ["Fiche", "Terrains", "Plan"], horizontal=True, key="volet", bind="query-params")
st.header(volet, anchor=False)
if volet == "Terrains":
    terrains.regler_terrains(acces, choisie.id)
elif volet == "Plan":
    terrains.regler_plan(acces, choisie.id)
else:
    composant.modifier(acces, choisie)
