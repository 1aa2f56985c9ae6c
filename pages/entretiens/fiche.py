"""Tout ce qui est su d'un entretien (`?entretien=12`) : le relire, le corriger, le coder, l'archiver."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.ui.acces import exiger_acces
from lib.ui.composants.entretiens_fiche import introuvable, lire, montrer, titre

acces = exiger_acces(peut_consigner)
fiche = lire(acces)
st.title(titre(fiche), anchor=False)
if fiche is None:
    introuvable()
else:
    montrer(fiche, acces)
