"""Consigner un partenariat : entre qui et qui, sous quelle forme, depuis quand. `?suite=12` ouvre un nouvel épisode."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.ui.acces import exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.composants.partenariat_champs import lire_choix
from lib.ui.composants.partenariat_saisie import saisir

acces = exiger_acces(peut_consigner)
st.title("Consigner un partenariat", anchor=False)
saisir(identifiant("suite"), identifiant("entretien"), lire_choix(acces))
