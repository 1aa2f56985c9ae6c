"""Saturation : a-t-on assez écouté ? Ce que chaque entretien apporte de neuf, et une aide à l'arrêt chiffrée."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.saturation import lire_saturation
from lib.services.terrains import lister_terrains
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import saturation as blocs
from lib.ui.composants.absents import rappeler_les_absents

acces = exiger_acces(peut_lire_indicateurs)
st.title("A-t-on assez écouté\u00a0?", anchor=False)
rappeler_les_absents(acces)
terrain_id, type_acteur = blocs.filtres(vue(lister_terrains, acces), acces.perimetre)
blocs.montrer(vue(lire_saturation, acces, terrain_id=terrain_id, type_acteur=type_acteur))
