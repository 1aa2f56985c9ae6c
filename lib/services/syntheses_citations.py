"""Ce que la base recompte citation par citation pour les synthèses ; voir `syntheses`."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, literal_column, select

from lib.db.modeles import Entretien, Etiquetage, SyntheseNue, Verbatim
from lib.domain.vocabulaire import AccordCitation

Requete = Select[*tuple[Any, ...]]


def compter_citations(ou: ColumnElement[bool]) -> Requete:
    """Citations et entretiens cités, dont ce qui n'a pas d'étiquette."""
    groupes = (Entretien.terrain_id, Entretien.type_acteur, Entretien.investigation_id)
    portee = _portee()
    citable = Entretien.accord_citation != AccordCitation.NON
    return (
        select(
            *groupes,
            func.count(Verbatim.id),
            func.count(case((citable, Verbatim.id))),
            func.count(distinct(Entretien.id)),
            func.count(case((~portee, Verbatim.id))),
            func.count(case((and_(citable, ~portee), Verbatim.id))),
            func.count(distinct(case((~portee, Entretien.id)))),
        )
        .join_from(Entretien, Verbatim, Verbatim.entretien_id == Entretien.id)
        .where(ou, Verbatim.archive_le.is_(None))
        .group_by(*groupes)
    )


def compter_nues(ou: ColumnElement[bool]) -> Requete:
    """Une ligne par citation que rien n'étiquette."""
    return (
        select(Verbatim.id, Entretien.id, Entretien.investigation_id, literal_column("1"))
        .join_from(Entretien, Verbatim, Verbatim.entretien_id == Entretien.id)
        .where(ou, Verbatim.archive_le.is_(None), ~_portee())
    )


def _portee() -> ColumnElement[bool]:
    return exists().where(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None))


def citations_nues(investigation_id: int | None) -> Select[int]:
    """Les citations que rien n'étiquette, telles que tenues à l'écriture ; à joindre à ce qui se voit."""
    nues = select(SyntheseNue.verbatim_id)
    return nues.where(SyntheseNue.investigation_id == investigation_id, SyntheseNue.citations > 0)
