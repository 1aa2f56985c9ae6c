"""En tête de chaque page : le nom de l'application, qui est connecté, sur quelle investigation, fictive ou non."""

from base64 import b64encode
from html import escape
from pathlib import Path

import streamlit as st

from lib.services.sessions import Acces

STYLE = "display:flex;flex-wrap:wrap;align-items:center;gap:0.25rem 0.75rem;margin:0;font-size:0.875rem"
# L'image portée par son adresse : donnée en fichier, Streamlit la relirait à chaque passage.
_IMAGE = (Path(__file__).parent / "statique" / "associe.svg").read_bytes()
ENSEIGNE = f"data:image/svg+xml;base64,{b64encode(_IMAGE).decode()}"
STYLE_FICTIF = "padding:0 0.5rem;border:1px solid currentColor;font-weight:700"


def enseigne() -> None:
    """Le nom de l'application à gauche du menu ; l'image suit le thème clair ou sombre du poste."""
    st.logo(ENSEIGNE, size="large")


def bandeau(acces: Acces | None) -> None:
    """Une ligne de rappel ; rien sans connexion."""
    if acces is not None:
        st.html(f'<p style="{STYLE}">{_contenu(acces)}</p>')


def _contenu(acces: Acces) -> str:
    # Le compte de visite porte le nom de son rôle : une fois suffit.
    qui = dict.fromkeys(
        (acces.nom, acces.perimetre.role.libelle, acces.investigation or "aucune investigation ouverte")
    )
    rappel = " – ".join(qui)
    fictif = f'<span style="{STYLE_FICTIF}">Données fictives</span>' if acces.perimetre.fictive else ""
    return f"<span>{escape(rappel)}</span>{fictif}"
