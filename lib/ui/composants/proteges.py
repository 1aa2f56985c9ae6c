"""Ce que la visite de démonstration lit à la place d'un détail : des blocs déjà protégés, la règle écrite au bas."""

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import REGLE, sous_secret
from lib.domain.droits import Perimetre
from lib.services.partenariats_proteges import RIEN, BlocProtege
from lib.services.sessions import Acces
from lib.ui.caches import vue
from lib.ui.composants.figures import SANS_BARRE, montrer_tableau
from lib.ui.erreurs import afficher_erreurs
from lib.ui.textes import litteral

Lire = Callable[[Session, Perimetre], tuple[BlocProtege, ...]]


def montrer_proteges(acces: Acces, lire: Lire) -> None:
    """Les blocs, ou la phrase qui dit pourquoi il n'y a rien à lire."""
    with afficher_erreurs():
        blocs = vue(lire, acces)
        for bloc in blocs:
            _montrer(bloc)
        if not blocs:
            st.info(RIEN)


def rappeler_la_regle(perimetre: Perimetre) -> None:
    """La règle des petits effectifs, au bas d'une page où elle s'applique."""
    if sous_secret(perimetre):
        st.caption(litteral(REGLE))


def _montrer(bloc: BlocProtege) -> None:
    st.header(bloc.titre, anchor=False)
    st.markdown(litteral(bloc.phrase))
    if bloc.figure is not None:
        st.plotly_chart(bloc.figure, config=SANS_BARRE, alt=bloc.alternative)
    for tableau in bloc.tableaux:
        montrer_tableau(tableau)
    st.caption("\n\n".join(map(litteral, bloc.notes)))
