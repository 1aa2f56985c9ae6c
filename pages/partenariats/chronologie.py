"""Chronologie : qui s'est engagé avec qui, et pendant combien de temps."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs, peut_lire_le_detail
from lib.services.chronologie import preparer
from lib.services.partenariats_proteges import lire_debuts_proteges
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import chronologie as blocs
from lib.ui.composants.absents import rappeler_les_absents
from lib.ui.composants.proteges import montrer_proteges

acces = exiger_acces(peut_lire_indicateurs)
st.title("Chronologie des partenariats", anchor=False)
rappeler_les_absents(acces)
if not peut_lire_le_detail(acces.perimetre):
    montrer_proteges(acces, lire_debuts_proteges)
    st.stop()
criteres = blocs.choisir(acces)
lue = vue(preparer, acces, criteres=criteres)
if lue.traits:
    blocs.montrer(lue)
else:
    blocs.vide(acces.perimetre, criteres)
