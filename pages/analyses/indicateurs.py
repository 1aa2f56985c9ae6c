"""Indicateurs : tous les chiffres sur une page, chacun défini, relu, comparé à la dernière version figée."""

import streamlit as st

from lib.domain.droits import peut_lire_indicateurs, peut_relire
from lib.services.indicateurs import lire_indicateurs
from lib.services.relecture import lire_relecture
from lib.services.versions_reference import lire_derniere
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import indicateurs as blocs
from lib.ui.composants import relecture as relectures
from lib.ui.composants import versions_reference as versions
from lib.ui.composants.absents import avertir

acces = exiger_acces(peut_lire_indicateurs)
st.title("Indicateurs", anchor=False)
if blocs.choisir_partie() is blocs.PartieIndicateurs.VERSIONS:
    versions.montrer(acces)
elif (indicateurs := vue(lire_indicateurs, acces)).vide:
    blocs.vide()
else:
    avertir(indicateurs.absents)
    derniere, relue = vue(lire_derniere, acces), peut_relire(acces.perimetre)
    relecture = vue(lire_relecture, acces, indicateur=blocs.indicateur_choisi(), pour=acces.perimetre.compte_id)
    blocs.attendus(relecture)
    blocs.ensemble(indicateurs, derniere, relecture if relue else None, acces.perimetre)
    choisi = blocs.un_seul(indicateurs, derniere, acces.perimetre)
    if relue:
        relectures.fil(choisi, relecture, acces)
