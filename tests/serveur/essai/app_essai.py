"""Script d'essai : chaque page montre ce qu'un test du serveur regarde."""

import datetime as dt
import os
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from lib.ui.pied_de_page import pied_de_page

RECU = Path(os.environ.get("ESSAI_RECU", "/dev/null"))


def widgets() -> None:
    st.title("Widgets")
    st.header("Choix")
    st.selectbox("Territoire", ["Marseille", "Dijon", "Besançon"], index=None)
    st.multiselect("Irritants", ["Temps", "Coût", "Confiance"], help="Plusieurs réponses possibles")
    st.selectbox("Remplie", ["Une", "Deux"])
    st.multiselect("Remplis", ["Une", "Deux", "Trois"], default=["Une"], max_selections=2)
    st.text_input("Nom", required=True)
    st.text_input("Mot de passe", type="password")
    st.text_input("Filtre", type="search", value="x")
    st.number_input("Effectif", min_value=0, max_value=10)
    st.date_input("Jour", value=dt.date(2024, 2, 14), format="DD/MM/YYYY")
    st.date_input("Jour vide", value=None, format="DD/MM/YYYY")
    st.date_input("Période", value=(dt.date(2024, 2, 1), dt.date(2024, 3, 1)), format="DD/MM/YYYY")
    st.time_input("Heure", value=dt.time(9, 30))
    st.datetime_input("Moment", value=dt.datetime(2024, 2, 14, 9, 30, tzinfo=dt.UTC), format="DD/MM/YYYY")
    st.file_uploader("Fichier", type=["csv"])
    st.file_uploader("Fichiers", accept_multiple_files=True)
    st.radio("Réponse", ["Oui", "Non"])
    st.slider("Mois", 0, 24, 6)
    st.checkbox("Accord")
    st.pills("Formes", ["Don", "Prêt"])
    st.feedback("stars")
    with st.form("formulaire"):
        st.text_input("Dans un formulaire")
        st.text_area("Zone dans un formulaire")
        st.form_submit_button("Envoyer")
    st.markdown("Choose options : ce texte vient d'une personne.")
    st.text("Select all")


def figures() -> None:
    st.title("Figures")
    figure = go.Figure(go.Bar(x=["a", "b"], y=[1, 2]))
    st.plotly_chart(figure, alt="Deux barres")
    st.dataframe(pd.DataFrame({"ville": ["Lyon", "Dijon"], "total": [1234.5, 2]}), alt="Deux villes")
    st.data_editor(pd.DataFrame({"ville": ["Lyon"], "total": [1]}), num_rows="dynamic")
    st.table(pd.DataFrame({"ville": ["Lyon"]}))
    with st.expander("Détail"):
        st.write("Contenu")
    st.tabs(["Un", "Deux"])
    st.json({"a": [1, 2]})
    st.code("x = 1")
    compteur = st.components.v2.component(
        "essai_compteur",
        html="<button>Ajouter</button>",
        js="export default ({parentElement, setStateValue}) => {"
        "let n = 0; parentElement.querySelector('button').onclick = () => setStateValue('n', ++n)}",
    )
    rendu = compteur(key="compteur", on_n_change=lambda: None)
    st.write(f"Composant : {rendu.n or 0}")


@st.dialog("Confirmer")
def confirmer() -> None:
    st.write("Supprimer ?")
    st.button("Oui")


def fenetres() -> None:
    st.title("Fenêtres")
    if st.button("Ouvrir"):
        confirmer()
    if st.button("Prévenir"):
        st.toast("Enregistré " * 40)
    if st.button("Patienter"):
        import time

        time.sleep(3)


def recevoir(nom: str) -> None:
    with RECU.open("a", encoding="utf-8") as fichier:
        fichier.write(f"{nom}={st.session_state[nom]}\n")


@st.fragment
def brouillon() -> None:
    with st.container(key="brouillon_essai"):
        st.text_area("Notes", key="notes", on_change=recevoir, args=("notes",), height=200)
        st.text_input("Objet", key="objet", on_change=recevoir, args=("objet",))
        st.caption(f"Reçu : {st.session_state.notes}")


def saisie() -> None:
    st.title("Saisie")
    brouillon()
    st.text_area("Hors brouillon", key="dehors", on_change=recevoir, args=("dehors",))


def erreur() -> None:
    st.title("Erreur")
    raise ValueError("propos confidentiel")


pages = [
    st.Page(fonction, title=fonction.__name__.capitalize(), url_path=fonction.__name__, default=fonction is widgets)
    for fonction in (widgets, figures, fenetres, saisie, erreur)
]
page = st.navigation(pages, position="top")
st.set_page_config(page_title=f"{page.title} – ASSO'CIE", page_icon="🤝", menu_items={"About": "ASSO'CIE"})
page.run()
pied_de_page()
