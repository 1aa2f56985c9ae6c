"""Consigner un entretien, ou corriger celui que donne l'adresse (`?entretien=12`)."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.ui.acces import exiger_acces
from lib.ui.composants.entretiens_saisie import a_la_main, demande, saisir

acces = exiger_acces(peut_consigner)
entretien_id = demande()
st.title("Consigner un entretien" if entretien_id is None else "Corriger un entretien", anchor=False)
saisir(entretien_id, a_la_main(acces))
