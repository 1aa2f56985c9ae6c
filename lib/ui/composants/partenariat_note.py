"""Noter ce qui vient d'arriver à un partenariat, depuis la liste : choisir la ligne, puis l'événement."""

import streamlit as st

from lib.domain.dates_imprecises import ECRITURES
from lib.domain.dates_imprecises import lire as lire_date
from lib.domain.dire_partenariat import dire_statut
from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import date_courte, typographier
from lib.domain.horloge import aujourd_hui
from lib.domain.partenariats import proposes
from lib.domain.vocabulaire import MotifFin, TypeEvenement
from lib.services import partenariats
from lib.services.partenariat_fiche import FichePartenariat, lire_fiche
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import exiger_acces
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral, phrase


def ouvrir_note(partenariat_id: int) -> None:
    """La fenêtre où noter un événement de ce partenariat."""
    _fenetre(partenariat_id)


@st.dialog("Que s'est-il passé ?", width="medium")
def _fenetre(partenariat_id: int) -> None:
    perimetre = exiger_acces(peut_consigner).perimetre
    with lecture(moteur()) as session:
        fiche = lire_fiche(session, perimetre, partenariat_id=partenariat_id)
    suite = tuple(evenement.fait for evenement in fiche.suite)
    st.markdown(f"**{litteral(fiche.entreprise)} – {litteral(fiche.association)}**")
    st.caption(litteral(dire_statut(fiche.episode, fiche.au, suite)))
    possibles = proposes(suite)
    if not possibles or fiche.archive:
        st.info("Cette histoire est close. S'il repart, consignez un nouvel épisode depuis sa fiche.")
        return
    quand = st.text_input(
        "Quand ?",
        date_courte(aujourd_hui()),
        help=typographier(f"Écrivez ce que vous savez : {ECRITURES}."),
        autocomplete="off",
        key=f"note{partenariat_id}.quand",
    )
    for type_evenement in possibles:
        _proposer(fiche, perimetre, type_evenement, quand or "")


def _proposer(fiche: FichePartenariat, perimetre: Perimetre, type_evenement: TypeEvenement, quand: str) -> None:
    """Un bouton par événement possible ; une fin demande en plus son motif."""
    motif = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        touche = st.button(type_evenement.libelle, key=f"note{fiche.id}.{type_evenement}")
        if type_evenement is TypeEvenement.FIN:
            motif = st.selectbox(
                "Motif de la fin",
                list(MotifFin),
                index=None,
                format_func=lambda m: f"{m.libelle} ({m.famille.libelle.lower()})",
                placeholder="Choisir, « Inconnu » s'il le faut",
                key=f"note{fiche.id}.motif",
                width=320,
            )
    if touche:
        try:
            _noter(fiche, perimetre, type_evenement, quand, motif)
        except ErreurMetier as erreur:
            st.error(phrase(str(erreur)))
        else:
            st.rerun()


def _noter(
    fiche: FichePartenariat, perimetre: Perimetre, type_evenement: TypeEvenement, quand: str, motif: MotifFin | None
) -> None:
    """Enregistre. Lève DonneeInvalide si la date ou l'histoire ne le permettent pas."""
    date_lue = lire_date(quand.strip() or "inconnue")
    with ecriture(moteur(), perimetre) as session:
        partenariats.ajouter_evenement(
            session,
            perimetre,
            partenariat_id=fiche.id,
            type_evenement=type_evenement,
            date_effet=date_lue.jour,
            precision=date_lue.precision,
            motif=motif,
        )
    annoncer(
        f"{fiche.entreprise} – {fiche.association} : {type_evenement.libelle.lower()} ({date_lue.ecrire()}). "
        "Cela se corrige depuis sa fiche."
    )
