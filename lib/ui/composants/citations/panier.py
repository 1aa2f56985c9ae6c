"""Le panier : des citations retenues au fil des recherches, sorties ensemble d'un geste."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_exporter
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter
from lib.services import panier
from lib.services.citations import FiltresCitations, trouver_citations
from lib.services.exports import DemandeExport
from lib.services.exports_fichier import FormatExport
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import acces_courant
from lib.ui.composants import exports
from lib.ui.messages import annoncer, signaler
from lib.ui.ressources import moteur
from lib.ui.textes import phrase

CLE_LISTE = "citations-liste"


def lire(acces: Acces) -> frozenset[int]:
    """Le panier de la personne ; il change sans que les données changent, donc se relit à chaque passage."""
    if not peut_exporter(acces.perimetre):
        return frozenset()
    with lecture(moteur()) as session:
        return panier.lire_panier(session, acces.perimetre)


def montrer(acces: Acces, filtres: FiltresCitations, trouvees: int, retenues: int) -> None:
    """Combien de citations y sont, et de quoi le remplir, le sortir ou le vider ; rien pour qui n'exporte pas."""
    if not peut_exporter(acces.perimetre):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if filtres.panier_de is None:
            toutes = "cette citation" if trouvees == 1 else f"ces {compter(trouvees, 'citation')}"
            st.button(f"Retenir {toutes}", key="panier-tout", on_click=_retenir_tout, args=(filtres,))
        if retenues:
            st.markdown(f"**{compter(retenues, 'citation')}** au panier")
            format_ = st.segmented_control(
                "Format",
                [f.value for f in FormatExport],
                default=FormatExport.XLSX.value,
                required=True,
                format_func=str.upper,
                key="panier-format",
                label_visibility="collapsed",
            )
            demande = st.button("Exporter le panier", key="panier-exporter", type="primary")
            st.button("Vider le panier", key="panier-vider", on_click=_vider)
    if retenues and demande:
        _preparer(acces, FormatExport(format_))
    if retenues:
        exports.telecharger(acces)


def _preparer(acces: Acces, format_: FormatExport) -> None:
    try:
        exports.preparer(acces, DemandeExport(format=format_, tables=("citations",), panier=True))
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))


def basculer() -> None:
    """Une case de la liste a changé."""
    demande = st.session_state[CLE_LISTE].get("retenir") or {}
    if "verbatim" in demande:
        geste = panier.retenir if demande.get("garder") else panier.laisser
        _faire(lambda session, perimetre: geste(session, perimetre, verbatims=[int(demande["verbatim"])]))


def _retenir_tout(filtres: FiltresCitations) -> None:
    def retenir(session: Session, perimetre: Perimetre) -> None:
        trouvees = trouver_citations(session, perimetre, filtres=filtres)
        nouvelles = panier.retenir(session, perimetre, verbatims=trouvees)
        annoncer(f"{compter(nouvelles, 'citation')} de plus au panier.")

    _faire(retenir)


def _vider() -> None:
    _faire(panier.vider)


def _faire(geste: Callable[[Session, Perimetre], Any]) -> None:
    """Les droits se relisent à l'instant : une personne déconnectée entre-temps ne fait rien."""
    acces = acces_courant(relire=True)
    if acces is None or acces.provisoire:
        signaler("Votre session ne permet plus ce geste : rien n'a été modifié.")
        return
    try:
        with ecriture(moteur(), acces.perimetre) as session:
            geste(session, acces.perimetre)
    except ErreurMetier as erreur:
        signaler(str(erreur))
