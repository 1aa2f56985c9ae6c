"""Hypothèses : ce que l'on croit, ce qui le réfuterait, et d'abord celles que rien ne contredit encore."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_exporter
from lib.services.hypotheses import lire_hypotheses
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import hypotheses as blocs
from lib.ui.composants.saisie_hypotheses import poser

acces = exiger_acces(peut_exporter)
st.title("Hypothèses", anchor=False)
hypotheses = vue(lire_hypotheses, acces)
if hypotheses:
    blocs.ensemble(hypotheses)
    blocs.une_seule(hypotheses, acces)
else:
    blocs.vide()
if peut_consigner(acces.perimetre):
    poser(acces.perimetre, ouverte=not hypotheses)
