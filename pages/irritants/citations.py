"""Citations : retrouver ce qui s'est dit d'un irritant, d'un entretien à l'autre, et revenir à sa place."""

import streamlit as st

from lib.domain.droits import peut_lire_identites, peut_lire_indicateurs
from lib.domain.formats import typographier
from lib.ui.acces import exiger_acces
from lib.ui.composants.citations import afficher_citations, choisir_filtres
from lib.ui.composants.proteges import rappeler_la_regle
from lib.ui.textes import litteral

acces = exiger_acces(peut_lire_indicateurs)
st.title("Citations", anchor=False)
if not peut_lire_identites(acces.perimetre):
    st.caption(
        typographier(
            "Citations des personnes qui ont accepté d'être citées. Les organisations et les personnes connues de "
            "l'enquête portent un nom d'emprunt."
        )
    )
choix = choisir_filtres(acces)
if choix.etiquette and choix.etiquette.definition:
    st.caption(litteral(choix.etiquette.definition))
afficher_citations(acces, choix)
rappeler_la_regle(acces.perimetre)
