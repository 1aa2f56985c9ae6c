"""Plan d'entretiens : qui reste à rencontrer, sur quel terrain, et pour quand."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.services.suivi_plan import suivre_plan
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import plan as blocs

acces = exiger_acces(peut_consigner)
st.title("Plan d'entretiens", anchor=False)
suivi = vue(suivre_plan, acces)
blocs.situation(suivi)
blocs.tableaux(suivi)
blocs.suite(acces.perimetre)
