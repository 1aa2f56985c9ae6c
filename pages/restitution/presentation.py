"""Présentation : ce que l'investigation a trouvé, en sept scènes, pour les parties prenantes ; anonyme."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs
from lib.services.restitution.lecture import lire_scene
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import restitution as blocs

acces = exiger_acces(peut_lire_indicateurs)
code = blocs.choisir()
st.title(code.libelle, anchor=False)
scene = vue(lire_scene, acces, code=code)
if scene is None:
    blocs.vide()
else:
    blocs.montrer(scene)
