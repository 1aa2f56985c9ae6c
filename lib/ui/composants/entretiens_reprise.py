"""Dire d'où vient la saisie à l'écran, et permettre d'en changer."""

from datetime import datetime

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.formats import date_longue, heure
from lib.domain.horloge import a_paris, aujourd_hui
from lib.ui.composants import entretiens_brouillon as brouillon
from lib.ui.composants.entretiens_brouillon import SaisieEnCours


def reprise(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Ce que la personne doit savoir avant de continuer : reprise, autre onglet, saisie effacée."""
    if etat.ailleurs:
        _ailleurs(etat, perimetre)
    elif etat.repris_le:
        st.info(f"Brouillon du {moment(etat.repris_le)} repris : continuez là où vous en étiez.")
    if etat.efface_le:
        _effacee(etat, perimetre)
    if etat.instant and not etat.ailleurs:
        _repartir(etat, perimetre)


def garde_ou_non(etat: SaisieEnCours) -> None:
    """Sous le formulaire : la saisie est-elle à l'abri ?"""
    if etat.ailleurs:
        st.error(
            "Cette saisie n'est plus gardée : elle a continué ailleurs. Choisissez laquelle garder, en haut de page."
        )
    elif etat.non_garde:
        st.error(etat.non_garde)
    elif etat.instant:
        st.caption(f"Saisie gardée, dernière fois à {heure(a_paris(etat.instant))}. Vous pouvez fermer et revenir.")


def moment(instant: datetime) -> str:
    """« 23 novembre à 14 h 32 », avec l'année si ce n'est pas la nôtre."""
    local = a_paris(instant)
    jour = date_longue(local.date())
    if local.year == aujourd_hui().year:
        jour = jour.removesuffix(f"\N{NO-BREAK SPACE}{local.year}")
    return f"{jour} à {heure(local)}"


def _ailleurs(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    st.error("Cette saisie a continué dans un autre onglet ou sur un autre poste. Rien n'a été écrasé : choisissez.")
    with st.container(horizontal=True):
        st.button(
            "Reprendre la plus récente",
            key=f"{etat.prefixe}.recente",
            on_click=brouillon.reprendre_la_plus_recente,
            args=(etat, perimetre),
        )
        st.button(
            "Garder celle de cette page",
            key=f"{etat.prefixe}.mienne",
            on_click=brouillon.garder_la_mienne,
            args=(etat, perimetre),
        )


def _effacee(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Votre saisie précédente a été mise de côté.", width="content")
        st.button(
            "La reprendre",
            key=f"{etat.prefixe}.reprendre_effacee",
            on_click=brouillon.reprendre_l_effacee,
            args=(etat, perimetre),
        )


def _repartir(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    if not etat.confirmer:
        st.button(
            "Abandonner ces corrections" if etat.entretien else "Repartir de zéro",
            icon=":material/restart_alt:",
            on_click=_demander,
            args=(etat, True),
        )
        return
    st.warning("Effacer cette saisie ? Vous pourrez encore la reprendre ensuite.")
    with st.container(horizontal=True):
        st.button(
            "Oui, l'effacer",
            key=f"{etat.prefixe}.effacer",
            on_click=brouillon.repartir_de_zero,
            args=(etat, perimetre),
        )
        st.button("Non, la garder", key=f"{etat.prefixe}.conserver", on_click=_demander, args=(etat, False))


def _demander(etat: SaisieEnCours, oui: bool) -> None:
    etat.confirmer = oui
