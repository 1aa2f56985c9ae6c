"""La page vide servie comme l'application : mêmes réglages, même cycle de vie, aucun menu ni garde."""

import streamlit as st

from lib.serveur.cycle import creer_cycle_de_vie

app = st.App("page_vide.py", lifespan=creer_cycle_de_vie(adresse=lambda: "page vide"))
