"""Corriger une organisation ou une personne depuis une fiche, dans une fenêtre."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.services import interlocuteurs, organisations
from lib.services.interlocuteurs import InterlocuteurLu, SaisieInterlocuteur
from lib.services.organisations import FicheOrganisation
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import exiger_acces
from lib.ui.composants.organisations import champs_organisation, lire_champs
from lib.ui.formulaire import Formulaire
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral, phrase

_OUVERTE = "_organisation_ouverte"
CODES = ("taille", "rattachement", "type_juridique", "niveau_reseau", "type_acteur")


def bouton_corriger_organisation(organisation_id: int) -> None:
    """Un bouton qui ouvre la correction d'une organisation."""
    if st.button("Corriger l'organisation", key=f"corriger-organisation-{organisation_id}"):
        st.session_state.pop(_OUVERTE, None)
        _fenetre_organisation(organisation_id)


def bouton_corriger_personne(personne: InterlocuteurLu) -> None:
    """Un bouton qui ouvre la correction d'une personne."""
    libelle = f"Corriger {litteral(personne.nom)}"
    if st.button(libelle, key=f"corriger-personne-{personne.id}", type="tertiary", icon=":material/edit:"):
        _fenetre_personne(personne)


@st.dialog("Corriger l'organisation", width="large")
def _fenetre_organisation(organisation_id: int) -> None:
    formulaire_organisation(exiger_acces(peut_consigner).perimetre, organisation_id)


@st.dialog("Corriger la personne")
def _fenetre_personne(personne: InterlocuteurLu) -> None:
    formulaire_personne(exiger_acces(peut_consigner).perimetre, personne)


def formulaire_organisation(perimetre: Perimetre, organisation_id: int) -> None:
    """Les champs de l'organisation, et de quoi enregistrer. La version est celle de l'ouverture."""
    fiche = _fiche_ouverte(perimetre, organisation_id)
    formulaire = Formulaire(f"organisation{fiche.id}v{fiche.version}", _depart(fiche))
    champs_organisation(formulaire)

    def corriger(session: Any) -> None:
        saisie = replace(fiche.saisie, **lire_champs(formulaire.valeurs))
        organisations.corriger(session, perimetre, saisie, organisation_id=organisation_id, version=fiche.version)

    _bouton_enregistrer(perimetre, corriger, fait="Organisation corrigée.", cle=formulaire.cle("enregistrer"))


def formulaire_personne(perimetre: Perimetre, personne: InterlocuteurLu) -> None:
    """Les champs d'une personne, et de quoi enregistrer."""
    formulaire = Formulaire(f"personne{personne.id}v{personne.version}", asdict(personne))
    saisie = SaisieInterlocuteur(
        nom=formulaire.ligne("nom", "Nom de la personne", autocomplete="off"),
        fonction=formulaire.ligne("fonction", "Fonction", autocomplete="off"),
        courriel=formulaire.ligne("courriel", "Courriel (facultatif)", autocomplete="off"),
        telephone=formulaire.ligne("telephone", "Téléphone (facultatif)", autocomplete="off"),
    )

    def corriger(session: Any) -> None:
        interlocuteurs.corriger(session, perimetre, saisie, interlocuteur_id=personne.id, version=personne.version)

    _bouton_enregistrer(perimetre, corriger, fait="Personne corrigée.", cle=formulaire.cle("enregistrer"))


def _bouton_enregistrer(perimetre: Perimetre, corriger: Callable[[Any], None], *, fait: str, cle: str) -> None:
    if not st.button("Enregistrer", key=cle, type="primary"):
        return
    try:
        with ecriture(moteur(), perimetre) as session:
            corriger(session)
    except ErreurMetier as refus:
        st.error(phrase(str(refus)))
        return
    st.session_state.pop(_OUVERTE, None)
    annoncer(fait)
    st.rerun()


def _fiche_ouverte(perimetre: Perimetre, organisation_id: int) -> FicheOrganisation:
    """L'organisation telle qu'elle était à l'ouverture de la fenêtre : un changement survenu depuis fera conflit."""
    ouverte: FicheOrganisation | None = st.session_state.get(_OUVERTE)
    if ouverte is None or ouverte.id != organisation_id:
        with lecture(moteur()) as session:
            ouverte = organisations.lire(session, perimetre, organisation_id=organisation_id)
        st.session_state[_OUVERTE] = ouverte
    return ouverte


def _depart(fiche: FicheOrganisation) -> dict[str, Any]:
    champs = asdict(fiche.saisie)
    codes = {nom: champs[nom].value if champs[nom] else None for nom in CODES}
    return champs | codes | {"numero": fiche.saisie.siret or fiche.saisie.siren}
