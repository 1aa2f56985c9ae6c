"""Solutions existantes : ce qui met déjà en relation, ce que cela coûte à chacun, ce qui y manque."""

import streamlit as st

from lib.domain.droits import peut_consigner, peut_lire_indicateurs
from lib.services.solutions import lister_solutions
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import solutions as blocs
from lib.ui.composants.proteges import rappeler_la_regle

acces = exiger_acces(peut_lire_indicateurs)
st.title("Solutions existantes", anchor=False)
equipe = peut_consigner(acces.perimetre)
lues = vue(lister_solutions, acces, archivees=equipe)
blocs.montrer(lues, equipe=equipe)
if equipe:
    blocs.inscrire(acces.perimetre)
    blocs.corriger(lues, acces.perimetre)
rappeler_la_regle(acces.perimetre)
