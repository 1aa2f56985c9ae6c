"""Organisations : retrouver une fiche, la corriger, réunir celles qui n'en font qu'une, revenir dessus."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.services.doublons import paires_probables
from lib.services.fusion_organisations import lister_fusions
from lib.services.paires_distinctes import lister_distinctes
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import fusions as blocs

acces = exiger_acces(peut_consigner)
st.title("Organisations", anchor=False)
blocs.retrouver(acces)
st.header("Fiches qui se ressemblent", anchor=False)
blocs.proposer(vue(paires_probables, acces))
st.header("Réunir deux autres fiches", anchor=False)
blocs.reunir(acces.perimetre)
st.header("Fiches réunies", anchor=False)
blocs.defaire(vue(lister_fusions, acces))
st.header("Fiches dites différentes", anchor=False)
blocs.rapprocher(vue(lister_distinctes, acces))
