"""Connexion : la seule page ouverte à tout le monde."""

import streamlit as st

from lib.ui.acces import acces_courant
from lib.ui.connexion import se_connecter
from lib.ui.navigation import chemin

st.title("Connexion", anchor=False)
if acces_courant() is not None:
    st.info("Vous êtes déjà connecté.")
    st.page_link(chemin("compte"), label="Voir mon compte ou me déconnecter")
    st.stop()

st.write(
    "ASSO'CIE garde les entretiens d'une investigation sur les liens entre entreprises et associations. "
    "L'outil est réservé aux personnes qui y participent."
)
st.header("Vous avez un compte", anchor=False)
se_connecter()
st.caption("Mot de passe oublié : une personne qui administre l'outil vous en donnera un nouveau, provisoire.")
