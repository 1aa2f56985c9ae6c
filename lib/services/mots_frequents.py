"""Un mot fréquent se cherche dans les dernières citations : elles remplissent les pages que l'on ouvre."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.indexation import frequences
from lib.db.modeles import MotsIndexes, Verbatim
from lib.domain.mots import NatureIndexee, Recherche

FREQUENT = 3_000
"""Morceaux qui portent les mots, à partir desquels ne lire que les derniers coûte moins que de les lire tous."""
MARGE = 1.5
"""Combien de fois plus loin remonter que si les mots se répartissaient également."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bornes:
    """Les dernières citations : leur premier identifiant, et le premier morceau indexé qui peut en porter une.

    frequence : combien de morceaux portent les mots, toutes citations réunies.
    """

    citation: int
    morceau: int
    frequence: int


def borner(
    session: Session, mots: Recherche, nature: NatureIndexee, investigation_id: int | None, voulues: int
) -> Bornes | None:
    """Jusqu'où remonter pour trouver sans doute assez de citations ; None si les mots sont rares."""
    dernier = select(func.max(Verbatim.id)).where(Verbatim.investigation_id == investigation_id)
    dernier_id, *combien = session.execute(select(dernier.scalar_subquery(), *frequences(mots))).one()
    if not combien or min(combien) < FREQUENT:
        return None
    citation = dernier_id - int(MARGE * voulues * dernier_id / min(combien))
    if citation <= 0:
        return None
    # Une citation corrigée s'indexe de nouveau, à la fin : le premier morceau se lit, il ne se devine pas.
    # Plus zéro : SQLite suit l'index des objets au lieu de relire les morceaux depuis le premier.
    premier = select(func.min(MotsIndexes.id + 0)).where(MotsIndexes.nature == nature, MotsIndexes.objet_id >= citation)
    return Bornes(citation=citation, morceau=session.scalar(premier) or 0, frequence=min(combien))
