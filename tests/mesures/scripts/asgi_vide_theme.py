"""La page vide, servie comme par `asgi_vide`, le thème gardé en plus : ce que vaut cette retouche à elle seule."""

import streamlit as st

from lib.serveur.cycle import creer_cycle_de_vie
from lib.ui.theme import garder_le_theme

garder_le_theme()
app = st.App("page_vide.py", lifespan=creer_cycle_de_vie(adresse=lambda: "page vide"))
