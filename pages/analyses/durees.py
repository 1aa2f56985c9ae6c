"""Durées d'engagement : les partenariats durent-ils, et le dit-on sans se tromper ?"""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs, peut_lire_le_detail
from lib.services.durees.courbes import preparer
from lib.services.partenariats_proteges import lire_durees_protegees
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import durees as blocs
from lib.ui.composants.absents import rappeler_les_absents
from lib.ui.composants.proteges import montrer_proteges

acces = exiger_acces(peut_lire_indicateurs)
st.title("Durées d'engagement", anchor=False)
rappeler_les_absents(acces)
if not peut_lire_le_detail(acces.perimetre):
    montrer_proteges(acces, lire_durees_protegees)
    st.stop()
criteres = blocs.choisir()
durees = vue(preparer, acces, criteres=criteres)
blocs.effectifs(durees, criteres)
if durees.mesures:
    blocs.montrer(blocs.choisir_partie(), durees, acces, criteres)
else:
    blocs.vide(acces.perimetre, criteres, durees)
blocs.methode()
