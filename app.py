"""Script principal : configuration de la page, session, menu, exécution de la page choisie."""

import streamlit as st

from lib.ui.acces import acces_courant
from lib.ui.entete import bandeau, enseigne
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import afficher_message
from lib.ui.navigation import menu
from lib.ui.pied_de_page import pied_de_page

acces = acces_courant(relire=True)
page = st.navigation(
    menu(acces.perimetre if acces else None, provisoire=bool(acces and acces.provisoire)), position="top"
)
st.set_page_config(page_title=f"{page.title} – ASSO'CIE", page_icon="🤝", layout="wide")

enseigne()
bandeau(acces)
corps = st.container()
# Posé avant la page, affiché dessous : une page qui s'arrête (refus, fiche introuvable) garde son pied de page.
pied_de_page()
with corps, afficher_erreurs():
    afficher_message()
    page.run()
