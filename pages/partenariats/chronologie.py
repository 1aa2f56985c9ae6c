"""Chronologie : qui s'est engagé avec qui, et pendant combien de temps."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.chronologie import preparer
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import chronologie as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Chronologie des partenariats", anchor=False)
criteres = blocs.choisir(acces)
lue = vue(preparer, acces, criteres=criteres)
if lue.traits:
    blocs.montrer(lue)
else:
    blocs.vide(acces.perimetre, criteres)
