"""La fiche d'un partenariat (`?partenariat=12`) : son histoire, ce qu'on en sait, et de quoi la mettre à jour."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_lire_identites, peut_lire_le_detail
from lib.ui.acces import exiger_acces
from lib.ui.composants import partenariat_fiche as blocs
from lib.ui.composants.partenariat_citations import citations
from lib.ui.composants.partenariat_gestes import gestes

acces = exiger_acces(peut_lire_le_detail)
fiche = blocs.ouvrir(acces)
if fiche is None:
    st.stop()
blocs.entete(fiche)
blocs.histoire(fiche)
if peut_consigner(acces.perimetre):
    gestes(fiche.fiche, acces)
blocs.details(fiche.fiche)
if peut_lire_identites(acces.perimetre):
    citations(fiche, acces)
