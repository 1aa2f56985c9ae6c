"""Plan d'entretiens : combien d'entretiens prévus, pour chaque terrain et chaque type d'acteur."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import CiblePlan, Terrain
from lib.domain.droits import Perimetre, exiger, peut_administrer
from lib.domain.erreurs import Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import TypeActeur
from lib.services.transaction import CONFLIT, Lecteur

PREVU_MAXIMUM = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cible:
    """Un objectif du plan. version : celle qui a été lue ; None s'il n'y en avait pas. prevu : 0 le retire."""

    prevu: int = 0
    echeance: date | None = None
    version: int | None = None


def lire_cibles(session: Lecteur, perimetre: Perimetre, *, terrain_id: int) -> dict[TypeActeur, Cible]:
    """Les objectifs d'un terrain, un par type d'acteur, à zéro quand rien n'est prévu."""
    exiger(peut_administrer, perimetre)
    colonnes = (CiblePlan.type_acteur, CiblePlan.prevu, CiblePlan.echeance, CiblePlan.version)
    lues = session.execute(select(*colonnes).where(CiblePlan.terrain_id == terrain_id))
    posees = {c.type_acteur: Cible(prevu=c.prevu, echeance=c.echeance, version=c.version) for c in lues}
    return {type_acteur: posees.get(type_acteur, Cible()) for type_acteur in TypeActeur}


def lire_prevus(session: Lecteur, perimetre: Perimetre, *, investigation_id: int) -> dict[tuple[int, TypeActeur], int]:
    """Le plan d'une investigation : (terrain, type d'acteur) → nombre prévu."""
    exiger(peut_administrer, perimetre)
    requete = select(CiblePlan.terrain_id, CiblePlan.type_acteur, CiblePlan.prevu)
    lignes = session.execute(requete.where(CiblePlan.investigation_id == investigation_id))
    return {(terrain_id, type_acteur): prevu for terrain_id, type_acteur, prevu in lignes}


def enregistrer_cibles(
    session: Session, perimetre: Perimetre, *, terrain_id: int, cibles: Mapping[TypeActeur, Cible]
) -> None:
    """Enregistre ensemble les objectifs d'un terrain. Lève DonneeInvalide, Introuvable ou Conflit."""
    exiger(peut_administrer, perimetre)
    terrain = session.get(Terrain, terrain_id)
    if terrain is None:
        raise Introuvable("Ce terrain n'existe pas.")
    posees = {c.type_acteur: c for c in session.scalars(select(CiblePlan).where(CiblePlan.terrain_id == terrain_id))}
    for type_acteur, cible in cibles.items():
        _enregistrer(session, terrain, type_acteur, posees.get(type_acteur), cible)


def _enregistrer(
    session: Session, terrain: Terrain, type_acteur: TypeActeur, posee: CiblePlan | None, voulue: Cible
) -> None:
    if not 0 <= voulue.prevu <= PREVU_MAXIMUM:
        raise DonneeInvalide("Le nombre d'entretiens prévus va de 0 à 1 000.", champ="prevu")
    if voulue.version != (posee.version if posee else None):
        raise Conflit(CONFLIT)
    if posee is not None and voulue.prevu == 0:
        session.delete(posee)
    elif posee is not None:
        posee.prevu, posee.echeance = voulue.prevu, voulue.echeance
    elif voulue.prevu:
        session.add(
            CiblePlan(
                investigation_id=terrain.investigation_id,
                terrain_id=terrain.id,
                type_acteur=type_acteur,
                prevu=voulue.prevu,
                echeance=voulue.echeance,
            )
        )
