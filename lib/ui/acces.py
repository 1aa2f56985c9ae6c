"""La garde : chaque page commence par elle. La session est relue en base à chaque passage."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.config import reglages
from lib.domain.droits import Droit, est_connecte, peut_lire
from lib.services.sessions import Acces, doit_se_signaler, lire_acces_du_passage, toucher
from lib.services.transaction import ecriture
from lib.ui.ressources import moteur

_CLE = "_acces"


def lire_jeton() -> str:
    """Jeton de session porté par le témoin HttpOnly du navigateur ; chaîne vide sans lui."""
    return st.context.cookies.get(reglages().temoin, "")


def acces_courant(*, relire: bool = False) -> Acces | None:
    """L'accès du passage en cours, ou None si personne n'est connecté.

    relire : interroge la base même si ce passage l'a déjà fait.
    """
    connu: tuple[object, Acces | None] | None = st.session_state.get(_CLE)
    passage = _passage()
    if not relire and connu and passage is not None and connu[0] is passage:
        return connu[1]
    acces = _lire(lire_jeton())
    if connu and _compte(connu[1]) != _compte(acces):
        # Un onglet repris par quelqu'un d'autre sur le même poste n'y retrouve aucune saisie de la première.
        st.session_state.clear()
    st.session_state[_CLE] = (passage, acces)
    return acces


def _passage() -> object | None:
    """Un objet propre au passage en cours : Streamlit en refait un à chaque relance, celle d'un fragment comprise."""
    contexte = get_script_run_ctx(suppress_warning=True)
    return contexte.cursors if contexte else None


def _lire(jeton: str) -> Acces | None:
    if not jeton:
        return None
    instant = datetime.now(UTC)
    acces = lire_acces_du_passage(moteur(), jeton, instant)
    if acces and doit_se_signaler(acces, instant):
        with ecriture(moteur(), None) as session:
            toucher(session, acces.session_id, instant)
    return acces


def relecture() -> Callable[[], Acces | None]:
    """De quoi relire plus tard l'accès de cette personne, hors de tout passage (un téléchargement, par exemple)."""
    jeton = lire_jeton()
    return lambda: _lire(jeton)


def _compte(acces: Acces | None) -> int | None:
    return acces.perimetre.compte_id if acces else None


def exiger_acces(droit: Droit = peut_lire) -> Acces:
    """Première ligne de chaque page et de chaque fragment : rend l'accès, ou n'affiche rien d'autre qu'une phrase."""
    acces = acces_courant()
    if acces is None:
        _refuser("Connectez-vous pour ouvrir cette page.")
    if acces.provisoire and droit is not est_connecte:
        _refuser("Votre mot de passe est provisoire : choisissez le vôtre dans « Mon compte » pour continuer.")
    if not droit(acces.perimetre):
        _refuser("Cette page n'est pas ouverte à votre compte.")
    return acces


def _refuser(phrase: str) -> NoReturn:
    """La phrase sous un titre de page ; un fragment relancé seul est déjà sous le titre de la sienne."""
    contexte = get_script_run_ctx(suppress_warning=True)
    if contexte is None or not contexte.fragment_ids_this_run:
        st.title("Page fermée", anchor=False)
    st.error(phrase)
    st.stop()
