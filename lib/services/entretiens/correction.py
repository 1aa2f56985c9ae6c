"""Rouvrir un entretien pour le corriger : son formulaire rempli, en deux requêtes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, literal, null, select, union_all
from sqlalchemy.orm import Session

from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    IrritantReleve,
    LigneJournal,
    Organisation,
    Terrain,
    Territoire,
    Texte,
)
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import NatureTexte, NiveauTerritoire, Releve
from lib.services.entretiens.champs import Champs, vierges
from lib.services.organisations import OrganisationTrouvee

Requete = Select[*tuple[Any, ...]]
COLONNES = (
    "terrain_id",
    "tenu_le",
    "mode",
    "duree_minutes",
    "canal",
    "commune_code",
    "organisation_id",
    "type_acteur",
    "notice_remise_le",
    "notice_moyen",
    "notice_version",
    "accord_citation",
    "accord_enregistrement",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntretienACorriger:
    """Le formulaire d'un entretien enregistré et la version à laquelle il a été lu."""

    id: int
    code: str
    version: int
    champs: Champs
    organisation: OrganisationTrouvee | None
    commune: str | None


def lire_pour_corriger(session: Session, perimetre: Perimetre, *, entretien_id: int) -> EntretienACorriger:
    """L'entretien tel que le formulaire le montre. Lève Introuvable hors du périmètre, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    lignes = session.execute(_requete(perimetre, entretien_id)).all()
    if not lignes:
        raise Introuvable("Cet entretien n'existe pas, ou n'est pas ouvert à votre compte.")
    premiere = lignes[0]
    textes = {ligne.nature: ligne.contenu for ligne in lignes if ligne.nature}
    champs = vierges(perimetre.compte_id) | {nom: _simple(getattr(premiere, nom)) for nom in COLONNES}
    champs |= _liens(session, entretien_id)
    champs["notes"] = textes.get(NatureTexte.NOTES, "")
    champs["transcription"] = textes.get(NatureTexte.TRANSCRIPTION, "")
    champs["type_acteur"] = None if premiere.organisation_id else champs["type_acteur"]
    return EntretienACorriger(
        id=entretien_id,
        code=premiere.code,
        version=premiere.version,
        champs=champs,
        organisation=_organisation(premiere),
        commune=premiere.commune,
    )


def lire_dernier_auteur(session: Session, perimetre: Perimetre, *, entretien_id: int) -> str | None:
    """Nom de la dernière personne qui a enregistré l'entretien, d'après le journal."""
    exiger(peut_consigner, perimetre)
    requete = (
        select(Compte.nom_affiche)
        .join(LigneJournal, LigneJournal.compte_id == Compte.id)
        .where(
            LigneJournal.investigation_id == perimetre.investigation_id,
            LigneJournal.objet == Entretien.__tablename__,
            LigneJournal.objet_id == str(entretien_id),
        )
        .order_by(LigneJournal.id.desc())
        .limit(1)
    )
    return session.scalar(requete)


def _requete(perimetre: Perimetre, entretien_id: int) -> Requete:
    """Une ligne par texte, chacune avec l'entretien, son organisation et sa commune."""
    commune = and_(
        Territoire.code == Entretien.commune_code,
        Territoire.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)),
    )
    return (
        select(
            Entretien.code,
            Entretien.version,
            *(getattr(Entretien, nom) for nom in COLONNES),
            Organisation.nom.label("organisation_nom"),
            Organisation.type_acteur.label("organisation_type"),
            Organisation.siren,
            Terrain.nom.label("organisation_terrain"),
            Territoire.nom.label("commune"),
            Texte.nature,
            Texte.contenu,
        )
        .select_from(Entretien)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .outerjoin(Terrain, Terrain.id == Organisation.terrain_id)
        .outerjoin(Territoire, commune)
        .outerjoin(Texte, Texte.entretien_id == Entretien.id)
        .where(visible(Entretien, perimetre), Entretien.id == entretien_id)
    )


def _liens(session: Session, entretien_id: int) -> Champs:
    """Équipe, personnes et irritants relevés, d'une seule requête."""
    equipe = select(literal("e").label("sorte"), EntretienEnqueteur.compte_id.label("cle"), null(), null())
    personnes = select(literal("p"), EntretienInterlocuteur.interlocuteur_id, null(), null())
    releves = select(literal("r"), IrritantReleve.etiquette_id, IrritantReleve.releve, IrritantReleve.intensite)
    requete: CompoundSelect[*tuple[Any, ...]] = union_all(
        releves.where(IrritantReleve.entretien_id == entretien_id),
        equipe.where(EntretienEnqueteur.entretien_id == entretien_id),
        personnes.where(EntretienInterlocuteur.entretien_id == entretien_id),
    )
    lignes = [tuple(ligne) for ligne in session.execute(requete)]
    return {
        "enqueteurs": sorted(cle for sorte, cle, *_ in lignes if sorte == "e"),
        "interlocuteurs": sorted(cle for sorte, cle, *_ in lignes if sorte == "p"),
        "releves": {
            str(cle): str(code) for sorte, cle, code, _ in lignes if sorte == "r" and code != Releve.NON_ABORDE
        },
        "intensites": {str(cle): note for sorte, cle, _, note in lignes if sorte == "r" and note is not None},
    }


def _organisation(ligne: Any) -> OrganisationTrouvee | None:
    if ligne.organisation_id is None:
        return None
    return OrganisationTrouvee(
        id=ligne.organisation_id,
        nom=ligne.organisation_nom,
        type_acteur=ligne.organisation_type,
        terrain=ligne.organisation_terrain,
        commune=None,
        siren=ligne.siren,
    )


def _simple(valeur: Any) -> Any:
    """La valeur telle qu'un brouillon la garde : une date ou un code devient du texte."""
    if hasattr(valeur, "isoformat"):
        return valeur.isoformat()
    return str(valeur) if isinstance(valeur, str) else valeur
