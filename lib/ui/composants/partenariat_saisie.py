"""Consigner un partenariat sur un seul écran, dont la saisie se garde en continu."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import BaseIndisponible, Conflit, DonneeInvalide
from lib.domain.formats import date_courte, date_et_heure
from lib.domain.horloge import a_paris, aujourd_hui
from lib.domain.vocabulaire import MotifFin, TypeActeur, TypeEvenement
from lib.services import brouillons, entretiens, organisations, partenariats
from lib.services.organisations import OrganisationTrouvee
from lib.services.partenariat_fiche import lire_fiche
from lib.services.partenariats_lecture import meme_paire
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import exiger_acces
from lib.ui.composants.organisations import Creation, Recherche, rechercher
from lib.ui.composants.partenariat_champs import (
    INDICATION_DATE,
    ChoixEngagement,
    champs_de_l_engagement,
    lire_details,
    lire_quand,
    valeurs_des_details,
)
from lib.ui.erreurs import afficher_erreurs
from lib.ui.formulaire import Formulaire, libelles
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur

LARGEUR = 1000
FORMULAIRE = "partenariat"
_CLE = "_saisie_partenariat"
COTES = {
    "entreprise_id": ("Entreprise", TypeActeur.ENTREPRISE),
    "association_id": ("Association", TypeActeur.ASSOCIATION),
}
EN_COURS, TERMINE, DISCUSSION, CONTACT = "en_cours", "termine", "discussion", "contact"
SITUATIONS = {
    EN_COURS: "Il dure encore",
    TERMINE: "Il a pris fin",
    DISCUSSION: "On en discute",
    CONTACT: "Un premier contact seulement",
}
DETAILS_SAISIS = ("mode_recueil", "rythme", "formes", "initiateur", "solution_id", "volume", "unite", "description")
DEPARTS = {
    EN_COURS: ("Début (signature ou première action)", TypeEvenement.SIGNATURE),
    TERMINE: ("Début (signature ou première action)", TypeEvenement.SIGNATURE),
    DISCUSSION: ("Depuis quand en parle-t-on", TypeEvenement.DISCUSSION),
    CONTACT: ("Date du premier contact", TypeEvenement.PREMIER_CONTACT),
}


@dataclass(slots=True)
class SaisieEnCours:
    """Ce que la page retient d'un passage à l'autre.

    origine : d'où vient la saisie (« », « suite-12 », « entretien-7 »). champs : la saisie. depart : valeurs de
    naissance des widgets. cotes, creation : organisations choisies, et celle que l'on crée. instant : dernier
    enregistrement du brouillon, `garde` son contenu. noms : organisations choisies, déjà lues.
    """

    origine: str
    jeton: str
    champs: dict[str, Any]
    depart: dict[str, Any]
    fixes: dict[str, Any] = field(default_factory=dict)
    cotes: dict[str, int | None] = field(default_factory=dict)
    creation: dict[str, Creation] = field(default_factory=dict)
    noms: dict[int, OrganisationTrouvee] = field(default_factory=dict)
    instant: datetime | None = None
    garde: dict[str, Any] | None = None
    reprise: bool = False
    neuve: bool = True

    @property
    def formulaire(self) -> str:
        """Nom du formulaire en base : une suite et une saisie neuve ne se mélangent pas."""
        return f"{FORMULAIRE}-{self.origine.split('-')[0]}" if self.origine else FORMULAIRE

    def contenu(self) -> dict[str, Any]:
        """Ce qui s'écrit en base."""
        return {
            "jeton": self.jeton,
            "champs": self.champs,
            "cotes": dict(self.cotes),
            "creation": {cote: dict(saisie) for cote, saisie in self.creation.items()},
        }


@st.fragment
def saisir(suite_id: int | None, source_id: int | None, choix: ChoixEngagement) -> None:
    """Le formulaire entier. `suite_id` : épisode clos auquel le nouveau fait suite ; `source_id` : entretien source."""
    acces = exiger_acces(peut_consigner)
    with afficher_erreurs():
        etat = _ouvrir(acces.perimetre, suite_id, source_id, choix)
        with st.container(key="brouillon-partenariat", width=LARGEUR):
            _formulaire(etat, acces.perimetre, choix)


def _formulaire(etat: SaisieEnCours, perimetre: Perimetre, choix: ChoixEngagement) -> None:
    _dire_reprise(etat, perimetre)
    formulaire = Formulaire(etat.jeton, etat.depart)
    st.header("1. Entre qui et qui", anchor=False)
    for cote in COTES:
        _cote(formulaire, etat, perimetre, cote)
    _deja_consignes(etat, perimetre)
    st.header("2. Quel engagement", anchor=False)
    champs_de_l_engagement(formulaire, choix)
    st.header("3. Depuis quand", anchor=False)
    _quand(formulaire)
    etat.neuve = False
    _garder(etat, perimetre, formulaire.valeurs)
    st.caption("Votre saisie est gardée au fur et à mesure : vous pouvez quitter la page et revenir.")
    if st.button("Enregistrer le partenariat", key=f"{etat.jeton}.enregistrer", type="primary"):
        with afficher_erreurs():
            _enregistrer(etat, perimetre)


# --- Sections ---------------------------------------------------------------------------------------------------


def _cote(formulaire: Formulaire, etat: SaisieEnCours, perimetre: Perimetre, cote: str) -> None:
    libelle, type_acteur = COTES[cote]

    def choisir(cle: int | None) -> None:
        etat.cotes[cote] = cle

    def preparer(creation: Creation | None) -> None:
        etat.creation.pop(cote, None) if creation is None else etat.creation.update({cote: creation})

    choisie = etat.cotes.get(cote)
    if choisie and choisie not in etat.noms:
        with lecture(moteur()) as session:
            etat.noms |= organisations.designer(session, perimetre, identifiants=[choisie])
    recherche = Recherche(
        cle=formulaire.cle(cote), libelle=libelle, types=(type_acteur,), choisir=choisir, preparer=preparer
    )
    rechercher(
        recherche,
        perimetre,
        choisie=etat.noms.get(choisie) if choisie else None,
        creation=etat.creation.get(cote),
    )


def _deja_consignes(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Les épisodes déjà connus entre ces deux organisations : on ne consigne pas deux fois le même."""
    entreprise_id, association_id = (etat.cotes.get(cote) for cote in COTES)
    if not entreprise_id or not association_id:
        return
    with lecture(moteur()) as session:
        connus = meme_paire(session, perimetre, entreprise_id=entreprise_id, association_id=association_id)
    if connus and not etat.fixes.get("episode_precedent_id"):
        st.warning("Ces deux organisations ont déjà un partenariat consigné. Est-ce le même ?")
    for connu in connus:
        debut = f", {connu.debut.ecrire()}" if connu.debut else ""
        st.page_link(
            chemin("partenariat"),
            label=f"Partenariat n° {connu.id} : {connu.statut.libelle.lower()}{debut}",
            query_params={"partenariat": str(connu.id)},
        )


def _quand(formulaire: Formulaire) -> None:
    formulaire.bouton("situation", "Aujourd'hui", SITUATIONS)
    situation = formulaire.valeurs["situation"] or EN_COURS
    gauche, droite = st.columns(2)
    with gauche:
        formulaire.ligne("debut", DEPARTS[situation][0], placeholder=INDICATION_DATE, autocomplete="off")
    with droite:
        if situation == EN_COURS:
            formulaire.ligne(
                "en_cours_le",
                "Dernière fois que l'on a su qu'il durait",
                placeholder=INDICATION_DATE,
                autocomplete="off",
            )
        elif situation == TERMINE:
            formulaire.ligne("fin", "Fin", placeholder=INDICATION_DATE, autocomplete="off")
            formulaire.liste("motif_fin", "Pourquoi il a pris fin", libelles(MotifFin), placeholder="Choisir un motif")


# --- Brouillon --------------------------------------------------------------------------------------------------


def _ouvrir(perimetre: Perimetre, suite_id: int | None, source_id: int | None, choix: ChoixEngagement) -> SaisieEnCours:
    """La saisie du passage précédent, sinon celle gardée en base, sinon une neuve. Lève Introuvable."""
    origine = f"suite-{suite_id}" if suite_id else f"entretien-{source_id}" if source_id else ""
    connue: SaisieEnCours | None = st.session_state.get(_CLE)
    vivante = connue is not None and (connue.neuve or f"{connue.jeton}.debut" in st.session_state)
    if connue and vivante and connue.origine == origine:
        return connue
    etat = _commencer(perimetre, origine, suite_id, source_id, choix)
    with lecture(moteur()) as session:
        garde = brouillons.lire(session, perimetre, formulaire=etat.formulaire, cle=origine)
    if garde:
        etat.instant, etat.reprise = garde.modifie_le, True
        etat.depart = etat.champs = etat.depart | garde.contenu.get("champs", {})
        etat.cotes |= garde.contenu.get("cotes", {})
        etat.creation = dict(garde.contenu.get("creation", {}))
        etat.jeton = garde.contenu.get("jeton") or etat.jeton
    st.session_state[_CLE] = etat
    return etat


def _commencer(
    perimetre: Perimetre, origine: str, suite_id: int | None, source_id: int | None, choix: ChoixEngagement
) -> SaisieEnCours:
    depart: dict[str, Any] = {"situation": EN_COURS, "en_cours_le": date_courte(aujourd_hui())}
    if len(choix.terrains) == 1:
        depart["terrain_id"] = choix.terrains[0].id
    etat = SaisieEnCours(origine=origine, jeton=f"p{uuid4().hex[:8]}", champs={}, depart=depart)
    if suite_id:
        _faire_suite(etat, perimetre, suite_id)
    elif source_id:
        _partir_d_un_entretien(etat, perimetre, source_id)
    etat.champs = dict(etat.depart)
    return etat


def _faire_suite(etat: SaisieEnCours, perimetre: Perimetre, suite_id: int) -> None:
    with lecture(moteur()) as session:
        precedent = lire_fiche(session, perimetre, partenariat_id=suite_id)
    etat.depart |= valeurs_des_details(precedent.details, precedent.terrain_id) | {"quantite": "", "description": ""}
    etat.cotes = {"entreprise_id": precedent.entreprise_id, "association_id": precedent.association_id}
    etat.fixes = {"episode_precedent_id": suite_id}


def _partir_d_un_entretien(etat: SaisieEnCours, perimetre: Perimetre, source_id: int) -> None:
    with lecture(moteur()) as session:
        if source_id not in entretiens.nommer(session, perimetre, identifiants=(source_id,)):
            raise DonneeInvalide("L'entretien source n'existe pas, ou n'est pas ouvert à votre compte.")
    etat.depart |= {"en_cours_le": ""}
    etat.fixes = {"source_entretien_id": source_id}


def _garder(etat: SaisieEnCours, perimetre: Perimetre, valeurs: dict[str, Any]) -> None:
    """Écrit la saisie en base si elle a changé. Ne lève rien : l'écran dit ce qui n'a pas pu être gardé."""
    etat.champs = etat.champs | valeurs
    contenu = etat.contenu()
    if contenu == etat.garde:
        return
    if etat.garde is None:  # premier passage : rien n'a encore été saisi
        etat.garde = contenu
        return
    try:
        with ecriture(moteur(), perimetre) as session:
            etat.instant = brouillons.ecrire(
                session,
                perimetre,
                formulaire=etat.formulaire,
                cle=etat.origine,
                contenu=contenu,
                attendu=etat.instant,
            )
        etat.garde = contenu
    except (Conflit, BaseIndisponible) as empeche:
        st.warning(str(empeche))


def _dire_reprise(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Dit qu'une saisie a été retrouvée, et offre de repartir d'une page neuve."""
    if not etat.reprise or etat.instant is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Saisie du {date_et_heure(a_paris(etat.instant))} retrouvée : rien n'est perdu.")
        if st.button("Repartir de zéro", key=f"{etat.jeton}.effacer"):
            with ecriture(moteur(), perimetre) as session:
                brouillons.effacer(session, perimetre, formulaire=etat.formulaire, cle=etat.origine)
            st.session_state.pop(_CLE, None)
            st.rerun()


# --- Enregistrement ---------------------------------------------------------------------------------------------


def _enregistrer(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Consigne le partenariat et efface son brouillon, dans la même transaction ; lève DonneeInvalide sinon."""
    saisie = _lire(etat)
    with ecriture(moteur(), perimetre) as session:
        partenariat_id = partenariats.creer(session, perimetre, **saisie).id
        brouillons.effacer(session, perimetre, formulaire=etat.formulaire, cle=etat.origine)
    st.session_state.pop(_CLE, None)
    annoncer("Partenariat consigné.")
    st.switch_page(chemin("partenariat"), query_params={"partenariat": str(partenariat_id)})


def _lire(etat: SaisieEnCours) -> dict[str, Any]:
    """Les arguments de `partenariats.creer`. Lève DonneeInvalide s'il manque quelque chose."""
    for cote, (libelle, _) in COTES.items():
        if not etat.cotes.get(cote):
            raise DonneeInvalide(f"Choisissez l'{libelle.lower()}, ou créez-la.", champ=cote)
    champs = etat.champs
    if not champs.get("terrain_id"):
        raise DonneeInvalide("Choisissez le terrain.", champ="terrain_id")
    details = lire_details(champs)
    situation = champs.get("situation") or EN_COURS
    debut = lire_quand(champs.get("debut"))
    return {
        **{nom: getattr(details, nom) for nom in DETAILS_SAISIS},
        **etat.fixes,
        "entreprise_id": etat.cotes["entreprise_id"],
        "association_id": etat.cotes["association_id"],
        "terrain_id": champs["terrain_id"],
        "premier_evenement": DEPARTS[situation][1],
        "debut": debut.jour,
        "precision_debut": debut.precision,
        **_issue(champs, situation),
    }


def _issue(champs: dict[str, Any], situation: str) -> dict[str, Any]:
    if situation == EN_COURS:
        nouvelle = lire_quand(champs.get("en_cours_le"))
        return {"en_cours_le": nouvelle.jour, "precision_en_cours": nouvelle.precision}
    if situation != TERMINE:
        return {}
    if not champs.get("motif_fin"):
        raise DonneeInvalide("Dites pourquoi il a pris fin (« Inconnu » si l'on ne sait pas).", champ="motif_fin")
    fin = lire_quand(champs.get("fin"))
    return {"fin": fin.jour, "precision_fin": fin.precision, "motif_fin": MotifFin(champs["motif_fin"])}
