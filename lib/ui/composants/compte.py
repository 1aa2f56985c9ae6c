"""« Mon compte » : mot de passe, investigation ouverte, sessions, déconnexion."""

from datetime import UTC, datetime

import streamlit as st

from lib.domain.droits import est_connecte
from lib.domain.formats import date_et_heure
from lib.domain.horloge import a_paris
from lib.serveur.routes_session import FERMER, OUVRIR
from lib.services import sessions
from lib.services.comptes import changer_mot_de_passe
from lib.services.mots_de_passe import LONGUEUR_MINIMALE
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import exiger_acces
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.envoi import envoyer_au_serveur
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.reseau import adresse_de_la_personne
from lib.ui.ressources import moteur

# Après un changement de mot de passe, la page se recharge avec une session neuve : le message voyage dans l'adresse.
RETOUR = "/compte?fait=mot-de-passe"


def choisir_mot_de_passe(acces: Acces) -> None:
    """Formulaire de changement ; toutes les sessions se ferment, et celle-ci en reçoit une neuve."""
    zone = st.empty()
    with zone.container(), st.form("compte-mot-de-passe", border=False):
        actuel = st.text_input("Mot de passe actuel", type="password", autocomplete="current-password")
        nouveau = st.text_input(
            f"Nouveau mot de passe ({LONGUEUR_MINIMALE} caractères au moins, sans autre règle)",
            type="password",
            autocomplete="new-password",
        )
        confirmation = st.text_input("Nouveau mot de passe, une seconde fois", type="password", autocomplete="off")
        envoye = st.form_submit_button("Changer le mot de passe", type="primary")
    if not envoye:
        return
    with afficher_erreurs():
        billet = changer_mot_de_passe(
            moteur(),
            acces.perimetre,
            actuel=actuel,
            nouveau=nouveau,
            confirmation=confirmation,
            adresse=adresse_de_la_personne(),
        )
        zone.empty()
        envoyer_au_serveur(OUVRIR, billet=billet, destination=RETOUR)


def choisir_investigation(acces: Acces) -> None:
    """L'investigation que montrent les pages de cette session."""
    with lecture(moteur()) as session:
        ouvrables = sessions.investigations_ouvrables(session, acces.perimetre)
    if not ouvrables:
        st.info(
            "Aucune investigation n'est ouverte à votre compte : demandez-le à une personne qui administre l'outil."
        )
        return
    choix = list(ouvrables)
    ouverte = acces.perimetre.investigation_id
    voulue = st.selectbox(
        "Investigation ouverte",
        choix,
        index=choix.index(ouverte) if ouverte in choix else None,
        format_func=lambda identifiant: ouvrables[identifiant],
        placeholder="Choisir une investigation",
        key="compte-investigation",
    )
    if voulue is not None and voulue != ouverte:
        _ouvrir(acces, voulue, ouvrables[voulue])


def _ouvrir(acces: Acces, investigation_id: int, nom: str) -> None:
    with afficher_erreurs(), ecriture(moteur(), acces.perimetre) as session:
        sessions.choisir_investigation(session, acces.perimetre, acces.session_id, investigation_id)
    annoncer(f"« {nom} » est ouverte.")
    st.rerun()


def montrer_sessions(acces: Acces) -> None:
    """Les sessions vivantes du compte, et de quoi fermer les autres."""
    with lecture(moteur()) as session:
        vues = sessions.lister_sessions(session, acces.perimetre, datetime.now(UTC))
    afficher_tableau(
        ("Session", "Ouverte le", "Dernier geste (à cinq minutes près)"),
        [
            (
                "Celle-ci" if vue.id == acces.session_id else "Autre appareil ou navigateur",
                date_et_heure(a_paris(vue.ouverte_le)),
                date_et_heure(a_paris(vue.vue_le)),
            )
            for vue in vues
        ],
        legende="Sessions ouvertes sous votre compte",
    )
    if len(vues) > 1 and st.button("Fermer les autres sessions"):
        with afficher_erreurs(), ecriture(moteur(), acces.perimetre) as session:
            sessions.fermer_toutes(session, acces.perimetre.compte_id, datetime.now(UTC), sauf=acces.session_id)
        annoncer("Les autres sessions sont fermées.")
        st.rerun()


def se_deconnecter() -> None:
    """Ferme la session ici, puis retire le témoin du navigateur."""
    if st.button("Se déconnecter", key="se-deconnecter"):
        exiger_acces(est_connecte)
        envoyer_au_serveur(FERMER)
