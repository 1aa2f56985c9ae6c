"""Passer la main à une route HTTP du serveur : la seule à pouvoir poser ou retirer le témoin de connexion."""

from html import escape

import streamlit as st


def envoyer_au_serveur(route: str, **champs: str) -> None:
    """Affiche un formulaire que le script du serveur envoie aussitôt ; le bouton reste si le script ne l'a pas fait.

    Les champs voyagent dans le corps de la demande, jamais dans l'adresse.
    """
    caches = "".join(
        f'<input type="hidden" name="{escape(nom)}" value="{escape(valeur)}">' for nom, valeur in champs.items()
    )
    st.html(
        f'<form class="envoi-immediat" method="post" action="{escape(route)}">{caches}'
        '<p>Un instant… <button type="submit">Continuer</button></p></form>'
    )
