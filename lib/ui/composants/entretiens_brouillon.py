"""La saisie d'un entretien entre deux passages : retrouvée en base à l'arrivée, gardée à chaque changement."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.erreurs import BaseIndisponible, Conflit
from lib.services import brouillons
from lib.services.brouillons import BrouillonLu
from lib.services.entretiens.champs import Champs, vierges
from lib.services.entretiens.correction import EntretienACorriger, lire_pour_corriger
from lib.services.interlocuteurs import InterlocuteurLu
from lib.services.organisations import OrganisationTrouvee
from lib.services.transaction import ecriture, lecture
from lib.ui.ressources import moteur

FORMULAIRE = "entretien"
EFFACES = "entretien-efface"
_CLE = "_saisie_entretien"


@dataclass(slots=True)
class SaisieEnCours:
    """Ce que la page retient d'un passage à l'autre.

    entretien : l'entretien que l'on corrige, tel qu'il a été lu ; None pour un entretien neuf.
    jeton : identifiant de la saisie, qui rend l'enregistrement unique. forme : numéro de naissance des widgets.
    origine : valeurs enregistrées à l'ouverture. depart : valeurs de naissance des widgets. champs : la saisie.
    libres : ce que les boutons choisissent (organisation, lignes ajoutées), en dehors des widgets.
    instant : dernier enregistrement du brouillon, None s'il n'est pas en base. version : celle de l'entretien lu.
    noms, communes, connues : ce que la page a déjà lu pour nommer les choix.
    """

    investigation_id: int | None
    entretien: EntretienACorriger | None
    jeton: str
    forme: int
    version: int | None
    origine: Champs
    depart: Champs
    champs: Champs
    libres: Champs
    instant: datetime | None = None
    repris_le: datetime | None = None
    efface_le: datetime | None = None
    ailleurs: bool = False
    non_garde: str = ""
    a_ecrire: bool = False
    confirmer: bool = False
    neuve: bool = True
    noms: dict[int, OrganisationTrouvee] = field(default_factory=dict)
    communes: dict[str, str] = field(default_factory=dict)
    connues: dict[int | None, tuple[InterlocuteurLu, ...]] = field(default_factory=dict)

    @property
    def cle(self) -> str:
        """Clé du brouillon en base."""
        return _cle(self.entretien.id if self.entretien else None)

    @property
    def prefixe(self) -> str:
        """Début des clés de widgets ; change quand les widgets doivent renaître."""
        return f"e{self.jeton[:8]}{self.forme}"

    def contenu(self) -> dict[str, Any]:
        """Ce qui s'écrit en base."""
        return {
            "jeton": self.jeton,
            "forme": self.forme,
            "version": self.version,
            "champs": self.champs,
            "origine": self.origine if self.entretien else None,
        }

    def renaitre(self, champs: Champs) -> None:
        """Remplace la saisie : les widgets renaissent avec ces valeurs."""
        self.forme += 1
        self.champs = self.depart = champs
        self.libres = _libres(champs)
        self.neuve = True


def ouvrir(perimetre: Perimetre, entretien_id: int | None) -> SaisieEnCours:
    """La saisie de cette page : celle du passage précédent, sinon celle gardée en base, sinon une neuve.

    Lève Introuvable si l'entretien à corriger n'existe pas ou n'est pas ouvert au compte.
    """
    connue: SaisieEnCours | None = st.session_state.get(_CLE)
    if connue and _est_a_l_ecran(connue, perimetre, entretien_id):
        return connue
    etat = _relire(perimetre, entretien_id)
    st.session_state[_CLE] = etat
    return etat


def oublier() -> None:
    """La saisie est finie : la prochaine visite en ouvrira une autre."""
    st.session_state.pop(_CLE, None)


def garder(etat: SaisieEnCours, perimetre: Perimetre, champs: Champs) -> None:
    """Écrit la saisie en base si elle a changé. Ne lève rien : l'état dit ce qui n'a pas pu être gardé."""
    if champs == etat.champs and not etat.a_ecrire:
        return
    etat.champs, etat.a_ecrire = champs, True
    if etat.ailleurs:
        return
    try:
        with ecriture(moteur(), perimetre) as session:
            etat.instant = brouillons.ecrire(
                session,
                perimetre,
                formulaire=FORMULAIRE,
                cle=etat.cle,
                contenu=etat.contenu(),
                attendu=etat.instant,
            )
        etat.non_garde, etat.a_ecrire = "", False
    except Conflit:
        etat.ailleurs = True
    except BaseIndisponible as panne:
        etat.non_garde = str(panne)


def reprendre_la_plus_recente(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Un autre onglet a écrit : la page prend sa saisie."""
    neuf = _relire(perimetre, etat.entretien.id if etat.entretien else None)
    # La même saisie porte ici les mêmes clés : sans renaître, les widgets garderaient ce qu'ils montrent.
    neuf.forme, neuf.a_ecrire = max(etat.forme, neuf.forme) + 1, True
    st.session_state[_CLE] = neuf


def garder_la_mienne(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Un autre onglet a écrit : la saisie de celui-ci la remplace, à la demande de la personne."""
    with ecriture(moteur(), perimetre) as session:
        brouillons.effacer(session, perimetre, formulaire=FORMULAIRE, cle=etat.cle)
        etat.instant = brouillons.ecrire(
            session, perimetre, formulaire=FORMULAIRE, cle=etat.cle, contenu=etat.contenu(), attendu=None
        )
    etat.ailleurs = etat.a_ecrire = False


def repartir_de_zero(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Met la saisie de côté (elle se reprend d'un geste) et rouvre le formulaire neuf ou tel qu'enregistré."""
    with ecriture(moteur(), perimetre) as session:
        for formulaire in (FORMULAIRE, EFFACES):
            brouillons.effacer(session, perimetre, formulaire=formulaire, cle=etat.cle)
        brouillons.ecrire(session, perimetre, formulaire=EFFACES, cle=etat.cle, contenu=etat.contenu(), attendu=None)
    oublier()


def reprendre_l_effacee(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Remet en cours la saisie mise de côté ; celle qui était commencée depuis prend sa place."""
    with ecriture(moteur(), perimetre) as session:
        efface = brouillons.lire(session, perimetre, formulaire=EFFACES, cle=etat.cle)
        if efface is None:
            return
        for formulaire in (FORMULAIRE, EFFACES):
            brouillons.effacer(session, perimetre, formulaire=formulaire, cle=etat.cle)
        if etat.instant is not None:
            brouillons.ecrire(
                session, perimetre, formulaire=EFFACES, cle=etat.cle, contenu=etat.contenu(), attendu=None
            )
        brouillons.ecrire(session, perimetre, formulaire=FORMULAIRE, cle=etat.cle, contenu=efface.contenu, attendu=None)
    oublier()


def _est_a_l_ecran(etat: SaisieEnCours, perimetre: Perimetre, entretien_id: int | None) -> bool:
    """Vrai si les widgets de cette saisie sont en vie : sinon, on arrive et c'est la base qui sait."""
    meme = etat.investigation_id == perimetre.investigation_id and etat.cle == _cle(entretien_id)
    return meme and (etat.neuve or f"{etat.prefixe}.notes" in st.session_state)


def _lire(session: Any, perimetre: Perimetre, entretien_id: int | None) -> EntretienACorriger | None:
    return None if entretien_id is None else lire_pour_corriger(session, perimetre, entretien_id=entretien_id)


def _relire(perimetre: Perimetre, entretien_id: int | None) -> SaisieEnCours:
    cle = _cle(entretien_id)
    with lecture(moteur()) as session:
        entretien = _lire(session, perimetre, entretien_id)
        gardes = brouillons.lire_ensemble(session, perimetre, formulaires=(FORMULAIRE, EFFACES), cle=cle)
    efface = gardes.get(EFFACES)
    brouillon = gardes.get(FORMULAIRE)
    etat = _reprendre(brouillon, entretien, perimetre) if brouillon else _commencer(entretien, perimetre)
    etat.efface_le = efface.modifie_le if efface else None
    if entretien and entretien.organisation:
        etat.noms[entretien.organisation.id] = entretien.organisation
    if entretien and entretien.commune:
        etat.communes[entretien.champs["commune_code"]] = entretien.commune
    return etat


def _cle(entretien_id: int | None) -> str:
    return "" if entretien_id is None else str(entretien_id)


def _commencer(entretien: EntretienACorriger | None, perimetre: Perimetre) -> SaisieEnCours:
    champs = (entretien.champs if entretien else vierges(perimetre.compte_id)) | {"creation": {}}
    return SaisieEnCours(
        investigation_id=perimetre.investigation_id,
        entretien=entretien,
        jeton=str(uuid4()),
        forme=0,
        version=entretien.version if entretien else None,
        origine=champs,
        depart=champs,
        champs=champs,
        libres=_libres(champs),
    )


def _reprendre(brouillon: BrouillonLu, entretien: EntretienACorriger | None, perimetre: Perimetre) -> SaisieEnCours:
    etat = _commencer(entretien, perimetre)
    contenu = brouillon.contenu
    champs = etat.champs | contenu.get("champs", {})
    etat.jeton = contenu.get("jeton") or etat.jeton
    etat.forme = contenu.get("forme") or 0
    etat.version = contenu.get("version") if entretien else None
    etat.origine = contenu.get("origine") or etat.origine
    etat.depart = etat.champs = champs
    etat.libres = _libres(champs)
    etat.instant = etat.repris_le = brouillon.modifie_le
    return etat


def _libres(champs: Champs) -> Champs:
    """Ce qui ne vit pas dans un widget : l'organisation et la commune choisies, les lignes ajoutées, leurs côtés."""
    return {
        "organisation_id": champs.get("organisation_id"),
        "commune_code": champs.get("commune_code"),
        "nouveaux": {ligne["ligne"]: {} for ligne in champs.get("nouveaux", [])},
        "partenariats": {
            ligne["ligne"]: {nom: ligne.get(nom) for nom in ("entreprise_id", "association_id")}
            for ligne in champs.get("partenariats", [])
        },
        "creation": dict(champs.get("creation") or {}),
    }
