"""La version qu'une personne a sous les yeux : celle de l'ouverture du formulaire, pas celle du dernier passage."""

import streamlit as st

_CLE = "_version-{}"


def version_ouverte(fiche: str, enregistree: int) -> int:
    """Version lue quand le formulaire s'est ouvert. fiche : nom unique (« compte-12 »)."""
    return int(st.session_state.setdefault(_CLE.format(fiche), enregistree))


def rouvrir(fiche: str) -> None:
    """Oublie la version ouverte : le formulaire renaît avec ce qui est enregistré."""
    st.session_state.pop(_CLE.format(fiche), None)


def proposer_de_relire(fiche: str, ouverte: int, enregistree: int) -> None:
    """Quelqu'un d'autre a enregistré : la saisie reste à l'écran, et un bouton montre la version enregistrée."""
    if ouverte == enregistree:
        return
    st.warning("Cette fiche a changé depuis que vous l'avez ouverte. Votre saisie est encore dans le formulaire.")
    st.button(
        "Abandonner ma saisie et voir la fiche enregistrée", key=f"{fiche}-relire", on_click=rouvrir, args=(fiche,)
    )
