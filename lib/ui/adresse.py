"""Ce que l'adresse de la page porte : identifiants de fiches, validés à chaque lecture."""

import streamlit as st


def identifiant(nom: str) -> int | None:
    """Entier positif porté par l'adresse (`?entretien=12`), ou None s'il manque ou n'en est pas un."""
    valeur = st.query_params.get(nom, "")
    return int(valeur) if valeur.isascii() and valeur.isdigit() and len(valeur) < 12 else None


def retenir(nom: str, identifiant_choisi: int | None) -> None:
    """Écrit dans l'adresse l'identifiant choisi à l'écran, pour qu'elle se partage ; None le retire.

    `bind="query-params"` y écrirait le libellé choisi, qui peut être le nom d'une personne.
    """
    if identifiant_choisi is None:
        st.query_params.pop(nom, None)
    elif st.query_params.get(nom) != str(identifiant_choisi):
        st.query_params[nom] = str(identifiant_choisi)
