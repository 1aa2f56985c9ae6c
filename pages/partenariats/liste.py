"""Retrouver un partenariat, rappeler ceux dont on est sans nouvelle, en consigner un autre."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_lire_indicateurs, peut_lire_le_detail
from lib.services.partenariats_proteges import lire_comptes_proteges
from lib.ui.acces import exiger_acces
from lib.ui.composants.partenariats_liste import filtrer, montrer_liste, rappels
from lib.ui.composants.proteges import montrer_proteges
from lib.ui.navigation import chemin

acces = exiger_acces(peut_lire_indicateurs)
st.title("Partenariats", anchor=False)
if not peut_lire_le_detail(acces.perimetre):
    montrer_proteges(acces, lire_comptes_proteges)
    st.stop()
if peut_consigner(acces.perimetre):
    st.page_link(chemin("nouveau-partenariat"), label="Consigner un partenariat", icon=":material/add:")
rappels(acces)
st.header("Tous les partenariats", anchor=False)
montrer_liste(acces, filtrer(acces))
