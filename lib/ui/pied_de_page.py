"""Le pied de page légal, sous chaque page de l'application, connexion comprise."""

import streamlit as st

from lib.serveur.gabarit import ecrire_pied_de_page

STYLE_CADRE = "margin-top:3rem;padding-top:1rem;border-top:1px solid currentColor;font-size:0.875rem"
STYLE_LISTE = "display:flex;flex-wrap:wrap;gap:0.25rem 1.5rem;margin:0;padding:0;list-style:none"
STYLE_LIEN = "display:inline-block;padding:0.25rem 0;color:inherit;text-decoration:underline"


def pied_de_page() -> None:
    """Affiche la navigation légale commune ; à appeler après la page, une fois par exécution.

    Un simple bloc : l'application vit déjà dans la zone principale, où un pied de page au sens HTML serait de trop.
    """
    liens = ecrire_pied_de_page(style_liste=STYLE_LISTE, style_lien=STYLE_LIEN)
    st.html(f'<div style="{STYLE_CADRE}">{liens}</div>')
