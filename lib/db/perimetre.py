"""La seule porte vers les lignes : toute lecture part du périmètre du compte. Pas de périmètre, rien."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from lib.db.base import Base
from lib.db.modeles import Entretien, EntretienInterlocuteur, Interlocuteur, Organisation, Partenariat, Terrain
from lib.domain.droits import Perimetre, peut_lire
from lib.domain.erreurs import Introuvable

M = TypeVar("M", bound=Base)


def visible(modele: Any, perimetre: Perimetre) -> ColumnElement[bool]:
    """Condition SQL qui restreint un modèle au périmètre (investigation, puis terrains permis).

    Hors de l'équipe, rien d'un terrain archivé : les chiffres publics l'oublient, la différence le rendrait.
    """
    if not peut_lire(perimetre):
        return false()
    investigation: ColumnElement[bool] = modele.investigation_id == perimetre.investigation_id
    if perimetre.terrains is None and not perimetre.sans_archives:
        return investigation
    return and_(investigation, *_dans_terrains(modele, perimetre))


def _dans_terrains(modele: Any, perimetre: Perimetre) -> list[ColumnElement[bool]]:
    if modele is Interlocuteur:
        return [_connue(perimetre)]
    if modele is Terrain:
        return [Terrain.archive_le.is_(None)] if perimetre.sans_archives else []
    if hasattr(modele, "terrain_id"):
        # Une ligne sans terrain (structure nationale, besoin sans lieu) reste commune à l'investigation.
        return [or_(and_(*_permis(modele, perimetre)), modele.terrain_id.is_(None))]
    if hasattr(modele, "entretien_id"):
        return [modele.entretien_id.in_(select(Entretien.id).where(visible(Entretien, perimetre)))]
    if hasattr(modele, "partenariat_id"):
        return [modele.partenariat_id.in_(select(Partenariat.id).where(visible(Partenariat, perimetre)))]
    return []


def _permis(modele: Any, perimetre: Perimetre) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if perimetre.terrains is not None:
        conditions.append(modele.terrain_id.in_(sorted(perimetre.terrains)))
    if perimetre.sans_archives:
        conditions.append(modele.terrain_id.not_in(terrains_archives()))
    return conditions


def terrains_archives() -> Select[int]:
    """Les numéros des terrains archivés, à écarter de ce qui se publie."""
    return select(Terrain.id).where(Terrain.archive_le.is_not(None))


def _connue(perimetre: Perimetre) -> ColumnElement[bool]:
    """Une personne se voit par son organisation ou par un entretien permis ; rattachée à rien, elle reste commune."""
    presences = select(EntretienInterlocuteur.interlocuteur_id)
    permises = presences.join(Entretien, Entretien.id == EntretienInterlocuteur.entretien_id)
    organisations = select(Organisation.id).where(visible(Organisation, perimetre))
    return or_(
        Interlocuteur.organisation_id.in_(organisations),
        Interlocuteur.id.in_(permises.where(visible(Entretien, perimetre))),
        and_(Interlocuteur.organisation_id.is_(None), Interlocuteur.id.not_in(presences)),
    )


def trouver(session: Session, modele: type[M], identifiant: int, perimetre: Perimetre) -> M:
    """L'objet demandé s'il est dans le périmètre. Lève Introuvable dans tous les autres cas."""
    condition = and_(modele.id == identifiant, visible(modele, perimetre))  # type: ignore[attr-defined]
    objet = session.scalars(select(modele).where(condition)).one_or_none()
    if objet is None:
        raise Introuvable("Cette fiche n'existe pas, ou n'est pas ouverte à votre compte.")
    return objet
