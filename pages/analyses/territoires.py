"""Comparaison des terrains : ce que les entretiens montrent d'un terrain à l'autre, et ce qu'on ne peut pas dire."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.terrains import lister_terrains
from lib.services.territoires import comparer_terrains
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import territoires as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Comparaison des terrains", anchor=False)
filtres = blocs.filtres(vue(lister_terrains, acces))
terrains = vue(comparer_terrains, acces, type_acteur=filtres.type_acteur, paire=filtres.paire)
blocs.reserves(terrains)
if terrains.details:
    blocs.comparaison(terrains)
blocs.detail(terrains, filtres, acces.perimetre)
