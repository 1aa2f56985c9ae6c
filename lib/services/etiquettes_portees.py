"""Les étiquettes de quelques entretiens, lues d'un coup, une ligne par entretien."""

from collections.abc import Sequence

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Etiquetage, Verbatim


def etiquettes_portees(session: Session, entretiens: Sequence[int]) -> dict[int, set[int]]:
    """Étiquettes posées dans chacun de ces entretiens ; celui qui n'en porte aucune manque.

    Les citations archivées, rares, s'écartent sans relire les autres.
    """
    archivees = select(Verbatim.id).where(Verbatim.entretien_id.in_(entretiens), Verbatim.archive_le.is_not(None))
    portees = (
        select(Etiquetage.entretien_id, Etiquetage.etiquette_id)
        .where(Etiquetage.entretien_id.in_(entretiens), Etiquetage.retire_le.is_(None))
        .where(Etiquetage.verbatim_id.not_in(archivees))
        .distinct()
        .subquery()
    )
    requete = select(portees.c.entretien_id, func.aggregate_strings(cast(portees.c.etiquette_id, String), " "))
    lignes = session.execute(requete.group_by(portees.c.entretien_id))
    return {entretien_id: set(map(int, etiquettes.split())) for entretien_id, etiquettes in lignes}
