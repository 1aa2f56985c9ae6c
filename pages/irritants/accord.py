"""Accord entre codeurs : deux personnes codent-elles de même ? Les coefficients, et les doubles codages en cours."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_lire_indicateurs
from lib.services.double_codage.accords import lire_accords
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import accord as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Accord entre codeurs", anchor=False)
blocs.mesures(vue(lire_accords, acces))
if peut_consigner(acces.perimetre):
    blocs.suivi(acces)
