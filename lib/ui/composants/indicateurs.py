"""Le tableau des indicateurs, puis chacun en entier : définition, numérateur, dénominateur, et ce qui le porte."""

import streamlit as st

from lib.domain.formats import date_longue, typographier
from lib.services.indicateur import Indicateur, Indicateurs
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.textes import litteral

ENTETES = ("Indicateur", "Valeur", "n/N", "Intervalle à 95 %")


def ensemble(indicateurs: Indicateurs) -> None:
    """Tous les chiffres d'un coup d'œil, et comment les lire."""
    lignes = [tuple(map(litteral, (_titrer(i), i.ecrit, i.fraction, i.bornes))) for i in indicateurs.tous]
    afficher_tableau(ENTETES, lignes, legende="Indicateurs, un par ligne")
    st.caption(
        typographier(
            f"Chiffres arrêtés au {date_longue(indicateurs.au)}, parmi les acteurs rencontrés, choisis et non tirés au "
            "sort : l'intervalle dit l'ordre de grandeur du hasard. « n. d. » : la valeur ne s'estime pas. « Sans "
            "intervalle » : compte complet, ou unités qui ne sont pas des acteurs distincts. Partenariats encore "
            "en cours : la part vient de Kaplan-Meier, n est l'effectif encore suivi à cet âge."
        )
        + (f"\n\n{litteral(indicateurs.regle)}" if indicateurs.regle else "")
    )


def un_seul(indicateurs: Indicateurs) -> None:
    """Un indicateur au choix, lié à l'adresse, avec sa définition et le chemin vers ses lignes."""
    st.header("Ce que compte un indicateur", anchor=False)
    noms = [indicateur.nom for indicateur in indicateurs.tous]
    nom = st.selectbox("Indicateur", noms, key="indicateur", bind="query-params")
    choisi = indicateurs.tous[noms.index(nom)]
    st.markdown(
        "\n".join(
            (
                typographier(f"- **Définition** : {litteral(choisi.definition)}"),
                typographier(f"- **Numérateur** : {litteral(choisi.numerateur_definition)}"),
                typographier(f"- **Dénominateur** : {litteral(choisi.denominateur_definition)}"),
            )
        )
    )
    lien(choisi.source.page, choisi.source.libelle, **choisi.source.parametres)


def vide() -> None:
    """Rien n'a été recueilli."""
    st.info(typographier("Cette investigation est vide : les indicateurs naîtront avec le premier entretien réalisé."))


def _titrer(indicateur: Indicateur) -> str:
    return typographier(f"{indicateur.nom} : {indicateur.precision}") if indicateur.precision else indicateur.nom
