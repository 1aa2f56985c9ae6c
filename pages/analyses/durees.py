"""Durées d'engagement : les partenariats durent-ils, et le dit-on sans se tromper ?"""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.durees.courbes import preparer
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import durees as blocs
from lib.ui.composants.absents import rappeler_les_absents

acces = exiger_acces(peut_lire_indicateurs)
st.title("Durées d'engagement", anchor=False)
rappeler_les_absents(acces)
criteres = blocs.choisir()
durees = vue(preparer, acces, criteres=criteres)
blocs.effectifs(durees, criteres)
if durees.mesures:
    blocs.montrer(blocs.choisir_partie(), durees, acces, criteres)
else:
    blocs.vide(acces.perimetre, criteres, durees)
blocs.methode()
