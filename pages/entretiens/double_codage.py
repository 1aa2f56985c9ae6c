"""Un double codage (`?double=3`, ou `?entretien=12` pour celui qui y est ouvert) : coder sa version, puis arbitrer."""

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.domain.erreurs import Introuvable
from lib.services.double_codage.lecture import double_ouvert, lire_double
from lib.ui.acces import exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.double_codage import montrer
from lib.ui.navigation import chemin

acces = exiger_acces(peut_consigner)
st.title("Double codage", anchor=False)
double_id = identifiant("double")
if double_id is None and (entretien_id := identifiant("entretien")):
    double_id = vue(double_ouvert, acces, entretien_id=entretien_id)

try:
    double = vue(lire_double, acces, double_id=double_id) if double_id else None
except Introuvable:
    double = None
if double:
    montrer(double, acces)
else:
    st.info("Choisissez d'abord un double codage.")
st.page_link(chemin("accord"), label="Tous les doubles codages")
