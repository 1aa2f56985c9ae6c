"""Administration des investigations : la liste, la création, la fiche."""

from datetime import date
from typing import Any

import streamlit as st

from lib.domain.droits import peut_administrer
from lib.domain.formats import date_courte, nombre
from lib.domain.horloge import aujourd_hui
from lib.services import investigations
from lib.services.investigations import InvestigationLue, SaisieInvestigation, lister_investigations
from lib.services.sessions import Acces
from lib.services.sessions import choisir_investigation as ouvrir_investigation
from lib.services.transaction import ecriture, lecture_directe
from lib.ui.adresse import identifiant, retenir
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

CLE_CHOISIE = "investigation-choisie"


def lister(acces: Acces) -> list[InvestigationLue]:
    """Le tableau des investigations."""
    with lecture_directe(moteur()) as session:
        lues = lister_investigations(session, acces.perimetre)
    if not lues:
        st.info("Aucune investigation pour l'instant : créez la première ci-dessous.")
        return lues
    afficher_tableau(
        ["Investigation", "Début", "Fin", "Entretiens", "État"],
        [
            [
                litteral(lue.saisie.nom),
                date_courte(lue.saisie.debut),
                date_courte(lue.saisie.fin) if lue.saisie.fin else "en cours",
                nombre(lue.entretiens),
                _etat(lue),
            ]
            for lue in lues
        ],
        legende="Investigations",
    )
    return lues


def creer(acces: Acces) -> None:
    """Formulaire de création ; la première créée s'ouvre aussitôt."""
    with st.expander("Créer une investigation"), st.form("investigation-creation", border=False):
        nom = st.text_input("Nom", max_chars=120)
        debut = st.date_input("Début", aujourd_hui(), format="DD/MM/YYYY")
        probleme = st.text_area("Problème étudié")
        if st.form_submit_button("Créer l'investigation", type="primary"):
            with afficher_erreurs():
                _creer(acces, SaisieInvestigation(nom=nom, debut=_jour(debut) or aujourd_hui(), probleme=probleme))


def _creer(acces: Acces, saisie: SaisieInvestigation) -> None:
    with ecriture(moteur(), acces.perimetre) as session:
        creee = investigations.creer_investigation(session, acces.perimetre, saisie=saisie)
        if acces.perimetre.investigation_id is None:
            ouvrir_investigation(session, acces.perimetre, acces.session_id, creee)
    st.session_state[CLE_CHOISIE] = creee
    annoncer("L'investigation est créée : ajoutez ses terrains, puis son plan d'entretiens.")
    st.rerun()


def choisir(lues: list[InvestigationLue], acces: Acces) -> InvestigationLue | None:
    """L'investigation à régler, portée par l'adresse ; à défaut, celle qui est ouverte."""
    noms = {lue.id: f"{lue.saisie.nom} ({_etat(lue)})" for lue in lues}
    identifiants = list(noms)
    depart = identifiant("numero") or acces.perimetre.investigation_id
    choisie = st.selectbox(
        "Investigation à régler",
        identifiants,
        index=identifiants.index(depart) if depart in noms else None,
        format_func=lambda investigation_id: noms[investigation_id],
        placeholder="Choisir une investigation",
        key=CLE_CHOISIE,
    )
    retenir("numero", choisie)
    return next((lue for lue in lues if lue.id == choisie), None)


def modifier(acces: Acces, lue: InvestigationLue) -> None:
    """La fiche d'une investigation."""
    fiche = f"investigation-{lue.id}"
    version = version_ouverte(fiche, lue.version)
    proposer_de_relire(fiche, version, lue.version)
    with st.form(f"{fiche}-{version}", border=False):
        saisie = _champs(f"{fiche}-{version}", lue.saisie)
        if st.form_submit_button("Enregistrer", type="primary"):
            with afficher_erreurs():
                _modifier(acces, lue.id, version, saisie)
    bouton_a_confirmer(_retablissement(lue) if lue.archivee else _archivage(lue))


def _champs(cle: str, saisie: SaisieInvestigation) -> SaisieInvestigation:
    nom = st.text_input("Nom", saisie.nom, max_chars=120, key=f"{cle}-nom")
    probleme = st.text_area("Problème étudié", saisie.probleme, key=f"{cle}-probleme")
    debut, fin, arret = st.columns(3)
    dates = {
        "debut": _date(debut, "Début", saisie.debut, f"{cle}-debut"),
        "fin": _date(fin, "Fin (vide : en cours)", saisie.fin, f"{cle}-fin"),
        "date_arret": _date(arret, "Date d'arrêt des chiffres (vide : aujourd'hui)", saisie.date_arret, f"{cle}-arret"),
    }
    seuil, renouvellements, notice = st.columns(3)
    mois = seuil.number_input(
        "Seuil de pérennisation (mois)", 1, 240, saisie.seuil_perennisation_mois, key=f"{cle}-seuil"
    )
    fois = renouvellements.number_input(
        "et renouvellements, au moins", 0, 20, saisie.renouvellements_perennisation, key=f"{cle}-renouvellements"
    )
    version_notice = notice.text_input("Version de la notice", saisie.notice_version, max_chars=40, key=f"{cle}-notice")
    return SaisieInvestigation(
        nom=nom,
        probleme=probleme,
        debut=dates["debut"] or saisie.debut,
        fin=dates["fin"],
        date_arret=dates["date_arret"],
        seuil_perennisation_mois=int(mois),
        renouvellements_perennisation=int(fois),
        notice_version=version_notice,
    )


def _modifier(acces: Acces, investigation_id: int, version: int, saisie: SaisieInvestigation) -> None:
    with ecriture(moteur(), acces.perimetre) as session:
        investigations.modifier_investigation(
            session, acces.perimetre, investigation_id=investigation_id, version=version, saisie=saisie
        )
    rouvrir(f"investigation-{investigation_id}")
    annoncer("L'investigation est enregistrée.")
    st.rerun()


def _archivage(lue: InvestigationLue) -> Geste:
    return Geste(
        cle=f"investigation-{lue.id}-archiver",
        bouton="Archiver l'investigation",
        question="Plus personne ne pourra l'ouvrir. Rien n'est effacé : elle se rétablit ici, telle quelle.",
        faire=lambda session, perimetre: investigations.archiver_investigation(
            session, perimetre, investigation_id=lue.id
        ),
        droit=peut_administrer,
        fiche=f"investigation-{lue.id}",
        fait="L'investigation est archivée.",
    )


def _retablissement(lue: InvestigationLue) -> Geste:
    return Geste(
        cle=f"investigation-{lue.id}-retablir",
        bouton="Rétablir l'investigation",
        question="Les comptes qui l'ouvraient pourront de nouveau l'ouvrir.",
        faire=lambda session, perimetre: investigations.retablir_investigation(
            session, perimetre, investigation_id=lue.id
        ),
        droit=peut_administrer,
        fiche=f"investigation-{lue.id}",
        fait="L'investigation est rétablie.",
    )


def _etat(lue: InvestigationLue) -> str:
    etats = ["archivée" if lue.archivee else "en service"]
    return ", ".join([*etats, "fictive"] if lue.fictive else etats)


def _date(colonne: Any, libelle: str, valeur: date | None, cle: str) -> date | None:
    return _jour(colonne.date_input(libelle, valeur, format="DD/MM/YYYY", key=cle))


def _jour(lu: object) -> date | None:
    return lu if isinstance(lu, date) else None
