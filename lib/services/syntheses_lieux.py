"""Ce que la base recompte commune par commune pour les synthèses des lieux ; voir `syntheses`."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, distinct, exists, func, literal_column, select

from lib.db.modeles import Entretien, Etiquetage, IrritantReleve, Organisation, Verbatim

Requete = Select[*tuple[Any, ...]]
SITUE = ("commune_code", "terrain_id", "type_acteur", "investigation_id")


def commune() -> ColumnElement[Any]:
    """Celle de l'entretien, à défaut celle de l'organisation ; vide si on l'ignore."""
    # Constante écrite dans le SQL : PostgreSQL ne reconnaît pas une expression groupée dont les paramètres diffèrent.
    inconnue: ColumnElement[str] = literal_column("''", String)
    return func.coalesce(Entretien.commune_code, Organisation.commune_code, inconnue)


def _situation() -> tuple[Any, ...]:
    return commune(), Entretien.terrain_id, Entretien.type_acteur, Entretien.investigation_id


def _porte() -> ColumnElement[bool]:
    posee = exists().where(
        Etiquetage.entretien_id == Entretien.id,
        Etiquetage.retire_le.is_(None),
        Verbatim.id == Etiquetage.verbatim_id,
        Verbatim.archive_le.is_(None),
    )
    return posee.correlate(Entretien)


def compter_lieux(ou: ColumnElement[bool]) -> Requete:
    """Entretiens, et ceux qui portent une étiquette."""
    return (
        select(*_situation(), func.count(Entretien.id), func.count(case((_porte(), Entretien.id))))
        .select_from(Entretien)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(ou)
        .group_by(*_situation())
    )


def compter_irritants(ou: ColumnElement[bool]) -> Requete:
    """Entretiens par irritant et relevé, notes et somme des intensités."""
    groupes = (IrritantReleve.etiquette_id, *_situation(), IrritantReleve.releve)
    intensite = IrritantReleve.intensite
    return (
        select(
            *groupes,
            func.count(distinct(Entretien.id)),
            func.count(intensite),
            func.coalesce(func.sum(intensite), 0),
        )
        .join_from(Entretien, IrritantReleve, IrritantReleve.entretien_id == Entretien.id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(ou)
        .group_by(*groupes)
    )


def compter_etiquettes(ou: ColumnElement[bool]) -> Requete:
    """Entretiens par étiquette portée : un entretien compte une fois, quel que soit le nombre de passages."""
    groupes = (Etiquetage.etiquette_id, *_situation())
    return (
        select(*groupes, func.count(distinct(Entretien.id)))
        .join_from(Entretien, Verbatim, and_(Verbatim.entretien_id == Entretien.id, Verbatim.archive_le.is_(None)))
        .join(Etiquetage, Etiquetage.verbatim_id == Verbatim.id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(ou, Etiquetage.retire_le.is_(None))
        .group_by(*groupes)
    )
