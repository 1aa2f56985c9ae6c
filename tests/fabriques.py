"""Fabriques : des objets valides par défaut, les situations en mots-clés. Chacune ajoute et vide la session."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.base import Base, maintenant
from lib.db.modeles import (
    Compte,
    Entretien,
    Etiquetage,
    Etiquette,
    EvenementPartenariat,
    Habilitation,
    Interlocuteur,
    Investigation,
    IrritantReleve,
    Organisation,
    Partenariat,
    SessionOuverte,
    Terrain,
    Texte,
    Verbatim,
)
from lib.domain.droits import Perimetre
from lib.domain.textes import plier
from lib.domain.vocabulaire import (
    AccordCitation,
    FamilleEtiquette,
    ModeEntretien,
    ModeRecueil,
    NatureTexte,
    PrecisionDate,
    Releve,
    Role,
    Rythme,
    StatutEntretien,
    TypeActeur,
    TypeEvenement,
)
from lib.services.sessions import DUREE_ABSOLUE, empreinte

M = TypeVar("M", bound=Base)
_rang = count(1)
# Empreinte bcrypt (4 tours) de « mot-de-passe-de-test » : assez pour un test, rapide à vérifier.
MOT_DE_PASSE = "mot-de-passe-de-test"


def _ajouter(session: Session, objet: M) -> M:
    session.add(objet)
    session.flush()
    return objet


def une_investigation(session: Session, **champs: Any) -> Investigation:
    """Investigation réelle, ouverte en septembre 2026."""
    rang = next(_rang)
    valeurs = {"code": f"inv-{rang}", "nom": f"Investigation {rang}", "debut": date(2026, 9, 1)} | champs
    return _ajouter(session, Investigation(**valeurs))


def un_terrain(session: Session, investigation: Investigation, **champs: Any) -> Terrain:
    """Terrain de l'investigation."""
    rang = next(_rang)
    valeurs = {"investigation_id": investigation.id, "code": f"terrain-{rang}", "nom": f"Terrain {rang}"} | champs
    return _ajouter(session, Terrain(**valeurs))


def un_compte(session: Session, role: Role = Role.ENQUETEUR, *ouvertes: Investigation, **champs: Any) -> Compte:
    """Compte habilité sur les investigations données."""
    import bcrypt

    mot_de_passe = bcrypt.hashpw(MOT_DE_PASSE.encode(), bcrypt.gensalt(4)).decode()
    valeurs = {
        "identifiant": f"compte-{next(_rang)}",
        "nom_affiche": "Camille Test",
        "role": role,
        "mot_de_passe": mot_de_passe,
    } | champs
    compte = Compte(**valeurs)
    compte.habilitations = [Habilitation(investigation_id=investigation.id) for investigation in ouvertes]
    return _ajouter(session, compte)


def un_perimetre(compte: Compte, investigation: Investigation | None, **champs: Any) -> Perimetre:
    """Périmètre d'un compte sur une investigation."""
    valeurs = {
        "compte_id": compte.id,
        "role": compte.role,
        "investigation_id": investigation.id if investigation else None,
        "fictive": bool(investigation and investigation.fictive),
    } | champs
    return Perimetre(**valeurs)


def une_session_ouverte(
    session: Session, compte: Compte, investigation: Investigation | None = None, jeton: str = "jeton", **champs: Any
) -> SessionOuverte:
    """Session de connexion vivante pour un jeton connu."""
    instant: datetime = maintenant()
    valeurs = {
        "empreinte": empreinte(jeton),
        "compte_id": compte.id,
        "investigation_id": investigation.id if investigation else None,
        "ouverte_le": instant,
        "vue_le": instant,
        "expire_le": instant + DUREE_ABSOLUE,
    } | champs
    return _ajouter(session, SessionOuverte(**valeurs))


def une_organisation(session: Session, terrain: Terrain, **champs: Any) -> Organisation:
    """Association du terrain, par défaut."""
    nom = champs.get("nom", f"Organisation {next(_rang)}")
    valeurs = {
        "investigation_id": terrain.investigation_id,
        "terrain_id": terrain.id,
        "type_acteur": TypeActeur.ASSOCIATION,
        "nom": nom,
        "nom_recherche": plier(nom),
    } | champs
    return _ajouter(session, Organisation(**valeurs))


def un_interlocuteur(session: Session, organisation: Organisation, **champs: Any) -> Interlocuteur:
    """Personne rencontrée dans une organisation."""
    valeurs = {
        "investigation_id": organisation.investigation_id,
        "organisation_id": organisation.id,
        "nom": "Dominique Exemple",
        "fonction": "Direction",
    } | champs
    return _ajouter(session, Interlocuteur(**valeurs))


def un_entretien(session: Session, terrain: Terrain, **champs: Any) -> Entretien:
    """Entretien réalisé, notice remise, citation anonyme permise. `statut=BROUILLON` retire la notice."""
    brouillon = champs.get("statut") is StatutEntretien.BROUILLON
    valeurs = {
        "investigation_id": terrain.investigation_id,
        "terrain_id": terrain.id,
        "code": f"E-{next(_rang):04}",
        "type_acteur": TypeActeur.ASSOCIATION,
        "tenu_le": date(2026, 10, 1),
        "mode": ModeEntretien.PRESENTIEL,
        "statut": StatutEntretien.REALISE,
        "notice_remise_le": None if brouillon else date(2026, 10, 1),
        "accord_citation": AccordCitation.ANONYME,
    } | champs
    return _ajouter(session, Entretien(**valeurs))


def un_texte(session: Session, entretien: Entretien, contenu: str, **champs: Any) -> Texte:
    """Notes d'un entretien."""
    valeurs = {
        "investigation_id": entretien.investigation_id,
        "entretien_id": entretien.id,
        "nature": NatureTexte.NOTES,
        "contenu": contenu,
    } | champs
    return _ajouter(session, Texte(**valeurs))


def une_etiquette(session: Session, investigation: Investigation, **champs: Any) -> Etiquette:
    """Irritant de la grille, par défaut."""
    rang = next(_rang)
    nom = champs.get("nom", f"Étiquette {rang}")
    valeurs = {
        "investigation_id": investigation.id,
        "code": f"etiquette-{rang}",
        "famille": FamilleEtiquette.IRRITANT,
        "nom": nom,
        "nom_recherche": plier(nom),
        "ordre": rang,
    } | champs
    return _ajouter(session, Etiquette(**valeurs))


def un_verbatim(session: Session, texte: Texte, debut: int, fin: int, **champs: Any) -> Verbatim:
    """Passage d'un texte, citation comprise."""
    valeurs = {
        "investigation_id": texte.investigation_id,
        "entretien_id": texte.entretien_id,
        "texte_id": texte.id,
        "debut": debut,
        "fin": fin,
        "citation": texte.contenu[debut:fin],
    } | champs
    return _ajouter(session, Verbatim(**valeurs))


def un_etiquetage(
    session: Session, verbatim: Verbatim, etiquette: Etiquette, compte: Compte, **champs: Any
) -> Etiquetage:
    """Étiquette posée sur un verbatim."""
    valeurs = {
        "investigation_id": verbatim.investigation_id,
        "entretien_id": verbatim.entretien_id,
        "verbatim_id": verbatim.id,
        "etiquette_id": etiquette.id,
        "compte_id": compte.id,
    } | champs
    return _ajouter(session, Etiquetage(**valeurs))


def un_irritant_releve(
    session: Session, entretien: Entretien, etiquette: Etiquette, releve: Releve = Releve.SPONTANE
) -> IrritantReleve:
    """Ce qu'un entretien dit d'un irritant."""
    ligne = IrritantReleve(
        investigation_id=entretien.investigation_id,
        entretien_id=entretien.id,
        etiquette_id=etiquette.id,
        releve=releve,
    )
    return _ajouter(session, ligne)


def un_partenariat(
    session: Session, entreprise: Organisation, association: Organisation, terrain: Terrain, **champs: Any
) -> Partenariat:
    """Partenariat actif depuis janvier 2025, avec son événement de début ; `debut=None` n'en pose aucun."""
    debut = champs.get("debut", date(2025, 1, 15))
    valeurs = {
        "investigation_id": terrain.investigation_id,
        "terrain_id": terrain.id,
        "entreprise_id": entreprise.id,
        "association_id": association.id,
        "mode_recueil": ModeRecueil.RETROSPECTIF_COMPLET,
        "rythme": Rythme.RECURRENT,
        "debut": debut,
        "precision_debut": PrecisionDate.JOUR if debut else None,
        "derniere_nouvelle": debut,
        "precision_nouvelle": PrecisionDate.JOUR if debut else None,
    } | champs
    partenariat = _ajouter(session, Partenariat(**valeurs))
    if debut:
        un_evenement(session, partenariat, TypeEvenement.SIGNATURE, debut)
    return partenariat


def un_evenement(
    session: Session, partenariat: Partenariat, type_evenement: TypeEvenement, date_effet: date | None, **champs: Any
) -> EvenementPartenariat:
    """Événement d'un partenariat, au jour près."""
    valeurs = {
        "investigation_id": partenariat.investigation_id,
        "partenariat_id": partenariat.id,
        "type": type_evenement,
        "date_effet": date_effet,
        "precision": PrecisionDate.JOUR if date_effet else PrecisionDate.INCONNUE,
    } | champs
    return _ajouter(session, EvenementPartenariat(**valeurs))


def il_y_a(jours: int) -> datetime:
    """Instant passé de tant de jours."""
    return maintenant() - timedelta(days=jours)


def compter(session: Session, modele: type[M]) -> int:
    """Nombre de lignes d'un modèle."""
    return len(session.scalars(select(modele)).all())
