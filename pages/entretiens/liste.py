"""Retrouver un entretien, reprendre une saisie, en consigner un autre."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.ui.acces import exiger_acces
from lib.ui.composants.entretiens_liste import filtrer, lire_saisies, montrer_liste, montrer_saisies
from lib.ui.navigation import chemin

acces = exiger_acces(peut_consigner)
st.title("Entretiens", anchor=False)
st.page_link(chemin("saisie"), label="Consigner un entretien", icon=":material/add:")
montrer_saisies(lire_saisies(acces.perimetre))
montrer_liste(acces, filtrer(acces))
