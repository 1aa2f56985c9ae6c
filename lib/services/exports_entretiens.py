"""Tables exportées autour de l'entretien : entretiens, textes, personnes."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    Interlocuteur,
    Organisation,
    Terrain,
    Texte,
)
from lib.db.perimetre import visible
from lib.domain.pseudonymes import designer_organisation
from lib.domain.vocabulaire import AccordCitation, StatutPersonne
from lib.echanges.tableur import Valeur
from lib.services.exports_colonnes import Colonne, Contexte, Niveau, Requete, TableExportee, acteur, brute, jour, libre
from lib.services.syntheses import compte_dans_les_chiffres

SEPARATEUR = " ; "
RESERVE = "[non exporté : la personne n'a pas donné son accord pour être citée]"


def exportable(contexte: Contexte) -> ColumnElement[bool]:
    """Condition : entretien du périmètre, réalisé, notice remise, non archivé."""
    return and_(visible(Entretien, contexte.perimetre), compte_dans_les_chiffres())


def citable(contexte: Contexte) -> ColumnElement[bool]:
    """Condition : hors de l'équipe, seuls sortent les passages dont la citation est permise."""
    return true() if contexte.niveau > Niveau.LECTURE else Entretien.accord_citation != AccordCitation.NON


def parole(entete: str, attribut: str, niveau: Niveau = Niveau.LECTURE) -> Colonne:
    """Les mots d'une personne : sans son accord, ils ne sortent que d'un export identifié et motivé."""
    ordinaire = libre(entete, attribut, niveau).lire

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        reserve = ligne.accord_citation is AccordCitation.NON and not contexte.identifie
        return RESERVE if reserve else ordinaire(ligne, contexte)

    def lier(contexte: Contexte) -> Colonne:
        liee = libre(entete, attribut, niveau).dans(contexte)
        if contexte.identifie:
            return liee
        non, lire_liee = AccordCitation.NON, liee.lire
        return replace(liee, lire=lambda ligne, c: RESERVE if ligne.accord_citation is non else lire_liee(ligne, c))

    return Colonne(entete, lire, niveau, lier=lier)


def designation(entete: str, prefixe: str = "organisation") -> Colonne:
    """Le nom d'emprunt d'une organisation ; vide s'il n'y en a pas."""

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        identifiant = getattr(ligne, f"{prefixe}_id")
        if identifiant is None:
            return None
        tue = identifiant in contexte.tus.organisations
        return designer_organisation(None if tue else getattr(ligne, f"{prefixe}_type"), identifiant)

    return Colonne(entete, lire)


# --- Entretiens et textes ---------------------------------------------------------------------------------------

SITUATION = (
    Entretien.code,
    Terrain.nom.label("terrain"),
    Entretien.type_acteur,
    Entretien.tenu_le,
    Entretien.organisation_id.label("rencontree_id"),
)


def _entretiens(contexte: Contexte) -> Requete:
    return (
        select(
            *SITUATION,
            Entretien.mode,
            Entretien.canal,
            Entretien.duree_minutes,
            Entretien.commune_code,
            Entretien.notice_remise_le,
            Entretien.notice_version,
            Entretien.notice_moyen,
            Entretien.accord_participation,
            Entretien.accord_enregistrement,
            Entretien.accord_citation,
            Entretien.modifie_le,
            Organisation.id.label("organisation_id"),
            Organisation.type_acteur.label("organisation_type"),
            Organisation.nom.label("organisation_nom"),
        )
        .join_from(Entretien, Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(exportable(contexte))
        .order_by(Entretien.tenu_le, Entretien.id)
    )


ENTRETIENS = TableExportee(
    code="entretiens",
    nom="Entretiens",
    aide="Un entretien réalisé par ligne, notice remise. Les autres n'en sortent pas.",
    requete=_entretiens,
    colonnes=(
        brute("Entretien", "code"),
        brute("Terrain", "terrain"),
        acteur(),
        designation("Organisation"),
        brute("Nom de l'organisation", "organisation_nom", Niveau.IDENTIFIE),
        jour("Date", "tenu_le"),
        brute("Mode", "mode"),
        brute("Trouvé par", "canal"),
        brute("Durée en minutes", "duree_minutes"),
        brute("Commune (code INSEE)", "commune_code", Niveau.IDENTIFIE),
        jour("Notice remise le", "notice_remise_le"),
        brute("Version de la notice", "notice_version"),
        brute("Moyen de la notice", "notice_moyen"),
        brute("Accord de participation", "accord_participation"),
        brute("Accord d'enregistrement", "accord_enregistrement"),
        brute("Accord de citation", "accord_citation"),
        brute("Modifié le", "modifie_le", Niveau.EQUIPE),
    ),
)


def _textes(contexte: Contexte) -> Requete:
    return (
        select(*SITUATION, Entretien.accord_citation, Texte.entretien_id, Texte.nature, Texte.contenu)
        .join_from(Texte, Entretien, Entretien.id == Texte.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .where(exportable(contexte))
        .order_by(Texte.entretien_id, Texte.id)
    )


TEXTES = TableExportee(
    code="textes",
    nom="Textes",
    aide="Notes et transcriptions entières, réservées à l'équipe.",
    niveau=Niveau.EQUIPE,
    requete=_textes,
    colonnes=(
        brute("Entretien", "code"),
        brute("Nature", "nature"),
        parole("Texte", "contenu", Niveau.EQUIPE),
    ),
)

# --- Personnes : données identifiées seulement ------------------------------------------------------------------


def _personnes(contexte: Contexte) -> Requete:
    return (
        select(
            Interlocuteur.id,
            Interlocuteur.nom,
            Interlocuteur.fonction,
            Interlocuteur.courriel,
            Interlocuteur.telephone,
            Interlocuteur.source_contact,
            Organisation.nom.label("organisation_nom"),
        )
        .join_from(Interlocuteur, Organisation, Organisation.id == Interlocuteur.organisation_id, isouter=True)
        .where(
            visible(Interlocuteur, contexte.perimetre),
            or_(Interlocuteur.organisation_id.is_(None), visible(Organisation, contexte.perimetre)),
            Interlocuteur.archive_le.is_(None),
            Interlocuteur.statut == StatutPersonne.ACTIF,
        )
        .order_by(Interlocuteur.id)
    )


PERSONNES = TableExportee(
    code="personnes",
    nom="Personnes",
    aide="Personnes rencontrées et coordonnées, hors limitation ou opposition.",
    niveau=Niveau.IDENTIFIE,
    requete=_personnes,
    colonnes=(
        brute("Personne n°", "id"),
        brute("Nom", "nom"),
        brute("Fonction", "fonction"),
        brute("Courriel", "courriel"),
        brute("Téléphone", "telephone"),
        brute("Organisation", "organisation_nom"),
        brute("Source du contact", "source_contact"),
    ),
)


def _presences(contexte: Contexte) -> Requete:
    return (
        select(Entretien.code, Interlocuteur.id, Interlocuteur.nom)
        .join_from(EntretienInterlocuteur, Entretien, Entretien.id == EntretienInterlocuteur.entretien_id)
        .join(Interlocuteur, Interlocuteur.id == EntretienInterlocuteur.interlocuteur_id)
        .where(
            exportable(contexte),
            Interlocuteur.archive_le.is_(None),
            Interlocuteur.statut == StatutPersonne.ACTIF,
        )
        .order_by(Entretien.id, Interlocuteur.id)
    )


PRESENCES = TableExportee(
    code="presences",
    nom="Présences",
    aide="Qui a été rencontré à quel entretien.",
    niveau=Niveau.IDENTIFIE,
    requete=_presences,
    colonnes=(brute("Entretien", "code"), brute("Personne n°", "id"), brute("Nom", "nom")),
)


def _enqueteurs(contexte: Contexte) -> Requete:
    return (
        select(Entretien.code, Compte.id, Compte.nom_affiche)
        .join_from(EntretienEnqueteur, Entretien, Entretien.id == EntretienEnqueteur.entretien_id)
        .join(Compte, Compte.id == EntretienEnqueteur.compte_id)
        .where(exportable(contexte))
        .order_by(Entretien.id, Compte.id)
    )


ENQUETEURS = TableExportee(
    code="enqueteurs",
    nom="Enquêteurs",
    aide="Qui a mené quel entretien.",
    niveau=Niveau.IDENTIFIE,
    requete=_enqueteurs,
    colonnes=(brute("Entretien", "code"), brute("Compte n°", "id"), brute("Nom", "nom_affiche")),
)
