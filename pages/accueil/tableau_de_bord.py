"""Tableau de bord : où en est l'enquête, quoi faire ensuite. La première page de tout le monde."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_lire_indicateurs
from lib.services.a_faire import quoi_faire, saisies_en_cours
from lib.services.tableau_de_bord import lire_vue
from lib.services.transaction import lecture_directe
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import tableau_de_bord as blocs
from lib.ui.ressources import moteur

acces = exiger_acces(peut_lire_indicateurs)
st.title("Tableau de bord", anchor=False)
tableau = vue(lire_vue, acces)

if tableau.vide:
    blocs.investigation_vide(acces.perimetre)
else:
    blocs.chiffres_cles(tableau, acces.perimetre)

if peut_consigner(acces.perimetre):
    with lecture_directe(moteur()) as session:
        saisies = saisies_en_cours(session, acces.perimetre)
    taches = vue(quoi_faire, acces, compte_id=acces.perimetre.compte_id, au=tableau.au)
    if saisies or taches or not tableau.vide:
        blocs.a_faire(taches, saisies)

if not tableau.vide:
    blocs.couverture(tableau)
    blocs.derniers_entretiens(tableau.derniers, acces.perimetre)
