"""Grille de codage : ce que chaque étiquette veut dire, où elle est posée, et comment la faire évoluer."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_lire_indicateurs
from lib.services.grille import compter_citations, lister_grille
from lib.ui.acces import exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants import grille as blocs

acces = exiger_acces(peut_lire_indicateurs)
st.title("Grille de codage", anchor=False)
equipe = peut_consigner(acces.perimetre)
choisie = identifiant("etiquette")
grille = vue(lister_grille, acces, archivees=equipe)
etiquette = next((e for e in grille if e.id == choisie), None)

if equipe and "nouvelle" in st.query_params:
    blocs.creer(grille, acces.perimetre)
elif equipe and etiquette and "scinder" in st.query_params:
    blocs.scinder(etiquette, grille, acces.perimetre)
elif etiquette:
    blocs.montrer_etiquette(etiquette, acces)
    if equipe:
        blocs.gerer_etiquette(etiquette, grille, acces)
else:
    if choisie:
        st.info("Cette étiquette n'existe pas, ou n'est plus dans la grille.")
    if equipe:
        blocs.bouton_vers("Ajouter une étiquette", nouvelle="1")
    blocs.montrer_arbre(grille, vue(compter_citations, acces), acces)
