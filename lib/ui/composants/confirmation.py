"""Demander confirmation avant ce qui compte, puis le faire avec des droits relus à l'instant."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Droit, Perimetre
from lib.domain.erreurs import ErreurMetier
from lib.services.transaction import ecriture
from lib.ui.acces import acces_courant
from lib.ui.messages import annoncer, signaler
from lib.ui.ressources import moteur
from lib.ui.textes import phrase
from lib.ui.versions import rouvrir


@dataclass(frozen=True, slots=True, kw_only=True)
class Geste:
    """Un geste à confirmer.

    cle : préfixe unique des boutons. bouton : ce qui l'ouvre. question : ce qui va arriver, et comment revenir dessus.
    faire : le service, appelé dans une transaction. droit : vérifié au moment de faire. fait : phrase de réussite.
    fiche : la fiche que le geste modifie (voir lib.ui.versions) ; son formulaire renaît avec la nouvelle version.
    """

    cle: str
    bouton: str
    question: str
    faire: Callable[[Session, Perimetre], object]
    droit: Droit
    fait: str
    fiche: str = ""


def bouton_a_confirmer(geste: Geste) -> None:
    """Un bouton qui ouvre une fenêtre de confirmation."""
    if st.button(geste.bouton, key=geste.cle):
        st.dialog(geste.bouton)(_confirmer)(geste)


def bouton_reversible(geste: Geste) -> None:
    """Un bouton qui fait le geste aussitôt, parce qu'un autre le défait ; la question se lit au survol."""
    st.button(
        geste.bouton, key=geste.cle, type="tertiary", help=phrase(geste.question), on_click=executer, args=(geste,)
    )


def _confirmer(geste: Geste) -> None:
    st.write(phrase(geste.question))
    with st.container(horizontal=True):
        confirme = st.button("Confirmer", key=f"{geste.cle}-oui", type="primary", on_click=executer, args=(geste,))
        renonce = st.button("Annuler", key=f"{geste.cle}-non")
    if confirme or renonce:
        st.rerun()


def executer(geste: Geste) -> None:
    """Fait le geste ; la session est relue : une personne déconnectée entre-temps ne fait rien."""
    acces = acces_courant(relire=True)
    if acces is None or acces.provisoire or not geste.droit(acces.perimetre):
        signaler("Votre session ne permet plus ce geste : rien n'a été modifié.")
        return
    try:
        with ecriture(moteur(), acces.perimetre) as session:
            geste.faire(session, acces.perimetre)
    except ErreurMetier as erreur:
        signaler(str(erreur))
    else:
        rouvrir(geste.fiche)
        annoncer(geste.fait)
