"""Investigations et terrains : les créer, les modifier, les archiver, les rétablir."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Investigation, Terrain
from lib.domain.droits import Perimetre, exiger, peut_administrer
from lib.domain.erreurs import Conflit, DonneeInvalide, Introuvable
from lib.domain.horloge import aujourd_hui
from lib.domain.textes import normaliser, normaliser_ligne, plier
from lib.services.transaction import CONFLIT, Lecteur

LONGUEUR_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieInvestigation:
    """Ce qui se saisit d'une investigation. `date_arret` vide : les chiffres vont jusqu'au jour même."""

    nom: str
    debut: date
    probleme: str = ""
    fin: date | None = None
    date_arret: date | None = None
    seuil_perennisation_mois: int = 24
    renouvellements_perennisation: int = 1
    notice_version: str = "1"


CHAMPS = tuple(SaisieInvestigation.__dataclass_fields__)
COLONNES = (
    Investigation.id,
    Investigation.version,
    Investigation.fictive,
    Investigation.archive_le,
    *(getattr(Investigation, champ) for champ in CHAMPS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationLue:
    """Une investigation telle que l'administration la lit."""

    id: int
    version: int
    fictive: bool
    archivee: bool
    entretiens: int
    saisie: SaisieInvestigation


@dataclass(frozen=True, slots=True, kw_only=True)
class TerrainLu:
    """Un terrain tel que l'administration le lit."""

    id: int
    version: int
    nom: str
    description: str
    ordre: int
    archive: bool
    entretiens: int


def date_des_chiffres(session: Lecteur, perimetre: Perimetre) -> date:
    """Date d'arrêt des données de l'investigation ouverte ; le jour même si elle n'est pas figée."""
    requete = select(Investigation.date_arret).where(Investigation.id == perimetre.investigation_id)
    return session.scalar(requete) or aujourd_hui()


# --- Investigations ---------------------------------------------------------------------------------------------


def lister_investigations(session: Lecteur, perimetre: Perimetre) -> list[InvestigationLue]:
    """Toutes les investigations, archivées en dernier."""
    exiger(peut_administrer, perimetre)
    comptes = _entretiens_par(session, Entretien.investigation_id)
    lues = session.execute(select(*COLONNES).order_by(Investigation.archive_le.is_not(None), Investigation.nom))
    return [_lire_investigation(ligne, comptes.get(ligne.id, 0)) for ligne in lues]


def creer_investigation(session: Session, perimetre: Perimetre, *, saisie: SaisieInvestigation) -> int:
    """Crée une investigation réelle et rend son identifiant. Lève DonneeInvalide.

    Une investigation ne devient jamais fictive ni réelle après coup : seule la démonstration en charge une fictive.
    """
    exiger(peut_administrer, perimetre)
    champs = _champs_investigation(saisie)
    pris = session.scalars(select(Investigation.code)).all()
    investigation = Investigation(**champs, code=_code_libre(champs["nom"], pris))
    session.add(investigation)
    session.flush()
    return investigation.id


def modifier_investigation(
    session: Session, perimetre: Perimetre, *, investigation_id: int, version: int, saisie: SaisieInvestigation
) -> None:
    """Enregistre la saisie. Lève Conflit si quelqu'un d'autre a enregistré depuis la lecture, ou DonneeInvalide."""
    exiger(peut_administrer, perimetre)
    investigation = _investigation(session, investigation_id)
    if investigation.version != version:
        raise Conflit(CONFLIT)
    for champ, valeur in _champs_investigation(saisie).items():
        setattr(investigation, champ, valeur)


def archiver_investigation(session: Session, perimetre: Perimetre, *, investigation_id: int) -> None:
    """Retire l'investigation des écrans sans rien effacer."""
    exiger(peut_administrer, perimetre)
    _investigation(session, investigation_id).archive_le = maintenant()


def retablir_investigation(session: Session, perimetre: Perimetre, *, investigation_id: int) -> None:
    """Remet une investigation archivée en service."""
    exiger(peut_administrer, perimetre)
    _investigation(session, investigation_id).archive_le = None


# --- Terrains ---------------------------------------------------------------------------------------------------


def lister_terrains(session: Lecteur, perimetre: Perimetre, *, investigation_id: int) -> list[TerrainLu]:
    """Les terrains d'une investigation, archivés en dernier."""
    exiger(peut_administrer, perimetre)
    comptes = _entretiens_par(session, Entretien.terrain_id, Entretien.investigation_id == investigation_id)
    requete = select(
        Terrain.id, Terrain.version, Terrain.nom, Terrain.description, Terrain.ordre, Terrain.archive_le
    ).where(Terrain.investigation_id == investigation_id)
    lus = session.execute(requete.order_by(Terrain.archive_le.is_not(None), Terrain.ordre, Terrain.id))
    return [_lire_terrain(ligne, comptes.get(ligne.id, 0)) for ligne in lus]


def creer_terrain(
    session: Session, perimetre: Perimetre, *, investigation_id: int, nom: str, description: str = ""
) -> int:
    """Ajoute un terrain à la suite des autres et rend son identifiant. Lève DonneeInvalide."""
    exiger(peut_administrer, perimetre)
    _investigation(session, investigation_id)
    champs = _champs_terrain(session, investigation_id, nom, description)
    du_meme = select(Terrain.code).where(Terrain.investigation_id == investigation_id)
    pris = session.scalars(du_meme).all()
    terrain = Terrain(
        **champs, investigation_id=investigation_id, code=_code_libre(champs["nom"], pris), ordre=len(pris) + 1
    )
    session.add(terrain)
    session.flush()
    return terrain.id


def modifier_terrain(
    session: Session, perimetre: Perimetre, *, terrain_id: int, version: int, nom: str, description: str, ordre: int
) -> None:
    """Enregistre la saisie ; le code du terrain, déjà porté par des exports, ne change pas. Lève Conflit."""
    exiger(peut_administrer, perimetre)
    terrain = _terrain(session, terrain_id)
    if terrain.version != version:
        raise Conflit(CONFLIT)
    champs = _champs_terrain(session, terrain.investigation_id, nom, description, sauf=terrain_id)
    for champ, valeur in {**champs, "ordre": ordre}.items():
        setattr(terrain, champ, valeur)


def archiver_terrain(session: Session, perimetre: Perimetre, *, terrain_id: int) -> None:
    """Retire le terrain des choix ; ses entretiens restent."""
    exiger(peut_administrer, perimetre)
    _terrain(session, terrain_id).archive_le = maintenant()


def retablir_terrain(session: Session, perimetre: Perimetre, *, terrain_id: int) -> None:
    """Remet un terrain archivé parmi les choix."""
    exiger(peut_administrer, perimetre)
    _terrain(session, terrain_id).archive_le = None


# --- Règles -----------------------------------------------------------------------------------------------------


def investigations_par_code(session: Session) -> dict[str, int]:
    """Toutes les investigations, pour l'exploitation en ligne de commande seulement."""
    lignes = session.execute(select(Investigation.code, Investigation.id).order_by(Investigation.code))
    return {ligne.code: ligne.id for ligne in lignes}


def _investigation(session: Session, investigation_id: int) -> Investigation:
    investigation = session.get(Investigation, investigation_id)
    if investigation is None:
        raise Introuvable("Cette investigation n'existe pas.")
    return investigation


def _terrain(session: Session, terrain_id: int) -> Terrain:
    terrain = session.get(Terrain, terrain_id)
    if terrain is None:
        raise Introuvable("Ce terrain n'existe pas.")
    return terrain


def _champs_investigation(saisie: SaisieInvestigation) -> dict[str, Any]:
    _verifier_dates(saisie)
    if saisie.seuil_perennisation_mois < 1 or saisie.renouvellements_perennisation < 0:
        raise DonneeInvalide(
            "Le seuil de pérennisation compte au moins un mois, et les renouvellements ne sont pas négatifs.",
            champ="seuil_perennisation_mois",
        )
    return {
        "nom": _nom(saisie.nom, "Donnez un nom à l'investigation."),
        "probleme": normaliser(saisie.probleme, champ="probleme"),
        "debut": saisie.debut,
        "fin": saisie.fin,
        "date_arret": saisie.date_arret,
        "seuil_perennisation_mois": saisie.seuil_perennisation_mois,
        "renouvellements_perennisation": saisie.renouvellements_perennisation,
        "notice_version": normaliser_ligne(saisie.notice_version, champ="notice_version", longueur=40) or "1",
    }


def _verifier_dates(saisie: SaisieInvestigation) -> None:
    if saisie.fin and saisie.fin < saisie.debut:
        raise DonneeInvalide("La fin de l'investigation précède son début.", champ="fin")
    if saisie.date_arret and saisie.date_arret < saisie.debut:
        raise DonneeInvalide("La date d'arrêt des chiffres précède le début de l'investigation.", champ="date_arret")
    if saisie.date_arret and saisie.date_arret > aujourd_hui():
        raise DonneeInvalide("La date d'arrêt des chiffres est dans l'avenir : laissez-la vide.", champ="date_arret")


def _champs_terrain(
    session: Session, investigation_id: int, nom: str, description: str, *, sauf: int | None = None
) -> dict[str, Any]:
    propre = _nom(nom, "Donnez un nom au terrain.")
    autres = select(Terrain.id, Terrain.nom).where(Terrain.investigation_id == investigation_id)
    if any(plier(ligne.nom) == plier(propre) and ligne.id != sauf for ligne in session.execute(autres)):
        raise DonneeInvalide("Un terrain de cette investigation porte déjà ce nom.", champ="nom")
    return {"nom": propre, "description": normaliser(description, champ="description")}


def _nom(saisie: str, phrase: str) -> str:
    nom = normaliser_ligne(saisie, champ="nom", longueur=120)
    if not nom:
        raise DonneeInvalide(phrase, champ="nom")
    return nom


def _code_libre(nom: str, pris: Sequence[str]) -> str:
    """Code lisible tiré du nom ; un numéro le distingue s'il est pris."""
    racine = "-".join(plier(nom).split())[: LONGUEUR_CODE - 4].strip("-") or "sans-nom"
    rang = 2
    code = racine
    while code in pris:
        code, rang = f"{racine}-{rang}", rang + 1
    return code


def _entretiens_par(session: Lecteur, colonne: Any, *conditions: ColumnElement[bool]) -> dict[int, int]:
    requete = select(colonne, func.count()).where(Entretien.archive_le.is_(None), *conditions).group_by(colonne)
    return {int(cle): nombre for cle, nombre in session.execute(requete)}


def _lire_investigation(ligne: Any, entretiens: int) -> InvestigationLue:
    return InvestigationLue(
        id=ligne.id,
        version=ligne.version,
        fictive=ligne.fictive,
        archivee=ligne.archive_le is not None,
        entretiens=entretiens,
        saisie=SaisieInvestigation(**{champ: getattr(ligne, champ) for champ in CHAMPS}),
    )


def _lire_terrain(ligne: Any, entretiens: int) -> TerrainLu:
    return TerrainLu(
        id=ligne.id,
        version=ligne.version,
        nom=ligne.nom,
        description=ligne.description,
        ordre=ligne.ordre,
        archive=ligne.archive_le is not None,
        entretiens=entretiens,
    )
