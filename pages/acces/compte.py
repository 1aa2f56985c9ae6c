"""Mon compte : mot de passe, investigation ouverte, sessions, déconnexion."""

import streamlit as st

from lib.domain.droits import est_connecte
from lib.ui.acces import exiger_acces
from lib.ui.composants import compte

acces = exiger_acces(est_connecte)
st.title("Mon compte", anchor=False)
if st.query_params.get("fait") == "mot-de-passe":
    st.success("Votre mot de passe est changé. Les autres sessions ouvertes sous votre compte sont fermées.")
st.write("Identifiant de connexion")
st.text(acces.identifiant)
compte.se_deconnecter()

if acces.provisoire:
    st.warning("Votre mot de passe vous a été donné par une autre personne : choisissez le vôtre pour continuer.")
else:
    st.header("Investigation", anchor=False)
    compte.choisir_investigation(acces)

st.header("Mot de passe", anchor=False)
compte.choisir_mot_de_passe(acces)

st.header("Sessions ouvertes", anchor=False)
compte.montrer_sessions(acces)
