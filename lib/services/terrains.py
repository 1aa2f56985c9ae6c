"""Terrains d'une investigation, tels qu'un compte peut s'en servir."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Terrain
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide


@dataclass(frozen=True, slots=True, kw_only=True)
class TerrainLu:
    """Un terrain à choisir dans un formulaire ou un filtre."""

    id: int
    code: str
    nom: str


def lister_terrains(session: Session, perimetre: Perimetre) -> tuple[TerrainLu, ...]:
    """Terrains ouverts au compte, dans leur ordre d'affichage, sans les archivés."""
    requete = (
        select(Terrain.id, Terrain.code, Terrain.nom)
        .where(visible(Terrain, perimetre), Terrain.archive_le.is_(None))
        .order_by(Terrain.ordre, Terrain.nom)
    )
    if perimetre.terrains is not None:
        requete = requete.where(Terrain.id.in_(sorted(perimetre.terrains)))
    return tuple(TerrainLu(id=ligne.id, code=ligne.code, nom=ligne.nom) for ligne in session.execute(requete))


def exiger_terrain(session: Session, perimetre: Perimetre, terrain_id: int) -> Terrain:
    """Le terrain, si le compte peut y écrire. Lève Introuvable ou DonneeInvalide (`terrain_id`)."""
    terrain = trouver(session, Terrain, terrain_id, perimetre)
    if perimetre.terrains is not None and terrain_id not in perimetre.terrains:
        raise DonneeInvalide("Ce terrain n'est pas ouvert à votre compte : choisissez-en un autre.", champ="terrain_id")
    return terrain
