"""Les blocs de la page du plan d'entretiens."""

import streamlit as st

from lib.domain.droits import Perimetre, peut_administrer
from lib.domain.formats import date_longue, typographier
from lib.services.suivi_plan import SuiviPlan
from lib.ui.composants.figures import montrer_tableau
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.textes import litteral


def situation(suivi: SuiviPlan) -> None:
    """Chaque terrain en une phrase, le rythme, puis le plan face à l'usage des investigations."""
    st.caption(typographier(f"Chiffres arrêtés au {date_longue(suivi.au)}. Un entretien compte s'il est réalisé."))
    _puces(suivi.phrases)
    _puces(suivi.rythme)
    st.header("Le plan et l'usage des investigations", anchor=False)
    _puces(suivi.doctrine)


def _puces(phrases: tuple[str, ...]) -> None:
    if phrases:
        st.markdown("\n".join(f"- {litteral(phrase)}" for phrase in phrases))


def tableaux(suivi: SuiviPlan) -> None:
    """Le plan, le rythme et les canaux, chacun sous son titre."""
    for titre, tableau in (
        ("Prévu et réalisé", suivi.cellules),
        ("Rythme", suivi.semaines),
        ("Canaux de recrutement", suivi.canaux),
        ("Clubs départementaux", suivi.clubs),
    ):
        if tableau.lignes:
            st.header(titre, anchor=False)
            montrer_tableau(tableau)


def suite(perimetre: Perimetre) -> None:
    """Où agir."""
    if peut_administrer(perimetre):
        lien("investigations", "Modifier le plan d'entretiens")
    lien("saisie", "Consigner un entretien")
