"""Ce que voit la personne quand un script échoue : une phrase, et un repère que le journal porte aussi."""

import streamlit as st


def afficher_incident(repere: str) -> None:
    """Montre la phrase commune à tous les défauts ; `repere` est celui du journal."""
    st.error(
        f"Cette page a rencontré un défaut de notre fait (repère {repere}). "
        "Rien de ce que vous avez enregistré n’est perdu : rechargez la page, ou signalez le repère."
    )
