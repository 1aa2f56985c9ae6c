"""Terrains d'une investigation, tels qu'un compte peut s'en servir."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Terrain
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import enumeration, guillemets
from lib.domain.textes import plier
from lib.echanges.lignes_csv import dire_fautes


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


class LigneSituee(Protocol):
    """Une ligne d'un fichier importé : son numéro, et le terrain qu'elle nomme."""

    @property
    def numero(self) -> int: ...
    @property
    def terrain(self) -> str: ...


def terrains_du_fichier(session: Session, perimetre: Perimetre, lignes: Sequence[LigneSituee]) -> dict[str, int]:
    """Identifiant de chaque terrain, par son nom ou son code repliés. Lève DonneeInvalide s'il en manque un seul."""
    ouverts = lister_terrains(session, perimetre)
    connus = {plier(nom): terrain.id for terrain in ouverts for nom in (terrain.code, terrain.nom)}
    fautes = [
        f"Ligne {ligne.numero} : terrain inconnu, {guillemets(ligne.terrain)}."
        for ligne in lignes
        if plier(ligne.terrain) not in connus
    ]
    if fautes:
        choix = enumeration(guillemets(terrain.nom) for terrain in ouverts) or "aucun pour l'instant"
        raise DonneeInvalide(f"{dire_fautes(fautes)}\nTerrains de cette investigation : {choix}.")
    return connus


def exiger_terrain(session: Session, perimetre: Perimetre, terrain_id: int) -> Terrain:
    """Le terrain, si le compte peut y écrire. Lève Introuvable ou DonneeInvalide (`terrain_id`)."""
    terrain = trouver(session, Terrain, terrain_id, perimetre)
    if perimetre.terrains is not None and terrain_id not in perimetre.terrains:
        raise DonneeInvalide("Ce terrain n'est pas ouvert à votre compte : choisissez-en un autre.", champ="terrain_id")
    return terrain
