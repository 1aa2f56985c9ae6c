"""Les terrains prévus où personne n'a été rencontré : aucune analyse n'en dit rien, et chacune le rappelle."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import CiblePlan, Entretien, Terrain
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.formats import nombre, typographier
from lib.services.couverture import visible_terrain
from lib.services.syntheses import compte_dans_les_chiffres


def dire_absents(session: Session, perimetre: Perimetre) -> tuple[str, ...]:
    """Une phrase par terrain prévu au plan et jamais visité. Une requête. Lève AccesRefuse."""
    exiger(peut_lire_indicateurs, perimetre)
    visite = exists().where(Entretien.terrain_id == Terrain.id, compte_dans_les_chiffres())
    prevus = func.sum(CiblePlan.prevu)
    lignes = session.execute(
        select(Terrain.nom, prevus)
        .join(CiblePlan, CiblePlan.terrain_id == Terrain.id)
        .where(visible_terrain(perimetre), Terrain.archive_le.is_(None), ~visite)
        .group_by(Terrain.id, Terrain.nom, Terrain.ordre)
        .having(prevus > 0)
        .order_by(Terrain.ordre, Terrain.id)
    )
    return tuple(dire_absent(nom, int(n)) for nom, n in lignes)


def dire_absent(terrain: str, prevus: int) -> str:
    """La phrase qui précède toute analyse où ce terrain manque."""
    return typographier(f"{terrain} : aucun entretien réalisé sur {nombre(prevus)} prévus. Ce qui suit n'en dit rien.")
