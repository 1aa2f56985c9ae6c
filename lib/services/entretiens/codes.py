"""Code d'un entretien, attribué par terrain : E-MRS-010 suit E-MRS-009."""

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Terrain
from lib.db.verrou import attendre_son_tour
from lib.domain.textes import plier

NUMEROTE = re.compile(r"(.*?)(\d+)")
CHIFFRES = 3
# Codes plus longs que les nôtres et de même préfixe (« E-MRS-annexe ») que l'on accepte de rencontrer.
SURNUMERAIRES = 500


def attribuer(session: Session, terrain: Terrain) -> str:
    """Le prochain code libre du terrain, dans la forme de ses codes précédents.

    Les attributions d'une investigation se rangent l'une après l'autre : deux personnes qui enregistrent
    ensemble reçoivent deux codes.
    """
    attendre_son_tour(session, f"codes d'entretien {terrain.investigation_id}")
    prefixe, largeur = _forme(session, terrain)
    dernier = _dernier(session, terrain.investigation_id, prefixe)
    return f"{prefixe}{dernier + 1:0{largeur}d}"


def _forme(session: Session, terrain: Terrain) -> tuple[str, int]:
    """(ce qui précède le numéro, nombre de chiffres), d'après le dernier entretien du terrain."""
    requete = select(Entretien.code).where(Entretien.terrain_id == terrain.id).order_by(Entretien.id.desc()).limit(1)
    trouve = NUMEROTE.fullmatch(session.scalar(requete) or "")
    if trouve:
        return trouve[1], len(trouve[2])
    sigle = re.sub(r"[^a-z0-9]", "", plier(terrain.code))[:3].upper() or "ENT"
    return f"E-{sigle}-", CHIFFRES


def _dernier(session: Session, investigation_id: int, prefixe: str) -> int:
    """Le plus grand numéro déjà pris derrière ce préfixe, tous terrains confondus ; 0 si aucun."""
    requete = (
        select(Entretien.code)
        .where(Entretien.investigation_id == investigation_id, Entretien.code.startswith(prefixe, autoescape=True))
        .order_by(func.length(Entretien.code).desc(), Entretien.code.desc())
        .limit(SURNUMERAIRES)
    )
    for code in session.scalars(requete):
        suite = code.removeprefix(prefixe)
        if suite.isascii() and suite.isdigit():
            return int(suite)
    return 0
