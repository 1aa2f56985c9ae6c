"""Durées d'engagement : les partenariats durent-ils, et le dit-on sans se tromper ?"""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.durees import preparer
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import durees as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Durées d'engagement", anchor=False)
rythme = blocs.choisir_rythme()
durees = vue(preparer, acces, rythme=rythme)
blocs.effectifs(durees, rythme)
if durees.ensemble is None:
    blocs.vide(acces.perimetre, rythme)
else:
    blocs.reperes(durees.reperes)
    blocs.bloc(durees.ensemble, "Tous terrains réunis")
if durees.terrains is not None:
    blocs.bloc(durees.terrains, "Par terrain")
blocs.methode()
