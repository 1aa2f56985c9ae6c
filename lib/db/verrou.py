"""Ranger l'une après l'autre les transactions qui portent sur la même chose."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def attendre_son_tour(session: Session, *cles: str) -> None:
    """Retient la transaction tant qu'une autre tient l'une de ces clés ; relâche à sa fin.

    Une écriture SQLite est déjà seule (BEGIN IMMEDIATE) : il n'y a rien à faire. Les clés sont prises toujours
    dans le même ordre, pour que deux transactions ne s'attendent jamais l'une l'autre.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for cle in sorted(cles):
        session.execute(select(func.pg_advisory_xact_lock(_nombre(cle))))


def _nombre(cle: str) -> int:
    return int.from_bytes(hashlib.sha256(cle.encode()).digest()[:8], "big", signed=True)
