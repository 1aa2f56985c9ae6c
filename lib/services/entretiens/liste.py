"""La liste des entretiens : filtrée, triée et paginée par la base."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    Organisation,
    Terrain,
    Texte,
    Verbatim,
)
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites
from lib.domain.textes import plier
from lib.domain.vocabulaire import StatutEntretien, TypeActeur, Vocabulaire

Requete = Select[*tuple[Any, ...]]
PAR_PAGE = 50


class TriEntretiens(Vocabulaire):
    """Ordre de la liste. Un entretien sans date est à compléter : il vient avant les autres."""

    RECENTS = "recents", "Du plus récent au plus ancien"
    ANCIENS = "anciens", "Du plus ancien au plus récent"
    CODE = "code", "Par code"
    ORGANISATION = "organisation", "Par organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteresEntretiens:
    """Ce que l'on cherche ; None ou vide ne restreint rien. `du` et `au` sont compris."""

    terrain_id: int | None = None
    type_acteur: TypeActeur | None = None
    statut: StatutEntretien | None = None
    enqueteur_id: int | None = None
    du: date | None = None
    au: date | None = None
    recherche: str = ""
    archives: bool = False
    tri: TriEntretiens = TriEntretiens.RECENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneEntretien:
    """Un entretien dans la liste."""

    id: int
    code: str
    tenu_le: date | None
    terrain: str
    organisation: str
    type_acteur: TypeActeur
    statut: StatutEntretien
    enqueteurs: str
    citations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntretiens:
    """Une page de la liste. `page` commence à 1 et ne dépasse jamais `pages`."""

    lignes: tuple[LigneEntretien, ...]
    total: int
    page: int
    pages: int


def lister(
    session: Session, perimetre: Perimetre, *, criteres: CriteresEntretiens, page: int = 1, par_page: int = PAR_PAGE
) -> PageEntretiens:
    """Une page d'entretiens du périmètre. Lève AccesRefuse sans le droit de lire les identités."""
    exiger(peut_lire_identites, perimetre)
    conditions = _conditions(perimetre, criteres)
    total = session.scalar(_compte(conditions)) or 0
    pages = max(1, -(-total // par_page))
    page = min(max(1, page), pages)
    requete = _requete(conditions).order_by(*_ordre(criteres.tri)).limit(par_page).offset((page - 1) * par_page)
    lignes = tuple(_ligne(ligne) for ligne in session.execute(requete))
    return PageEntretiens(lignes=lignes, total=total, page=page, pages=pages)


def nommer(session: Session, perimetre: Perimetre, *, identifiants: tuple[int, ...]) -> dict[int, str]:
    """Codes des entretiens demandés, par identifiant ; ceux hors du périmètre n'y sont pas."""
    exiger(peut_lire_identites, perimetre)
    if not identifiants:
        return {}
    requete = select(Entretien.id, Entretien.code).where(visible(Entretien, perimetre), Entretien.id.in_(identifiants))
    return {ligne.id: ligne.code for ligne in session.execute(requete)}


def _compte(conditions: list[ColumnElement[bool]]) -> Select[int]:
    return select(func.count(Entretien.id)).select_from(Entretien).outerjoin(Organisation, _lien()).where(*conditions)


def _requete(conditions: list[ColumnElement[bool]]) -> Requete:
    enqueteurs = (
        select(func.aggregate_strings(Compte.nom_affiche, ", "))
        .join(EntretienEnqueteur, EntretienEnqueteur.compte_id == Compte.id)
        .where(EntretienEnqueteur.entretien_id == Entretien.id)
        .scalar_subquery()
    )
    citations = (
        select(func.count(Verbatim.id))
        .where(Verbatim.entretien_id == Entretien.id, Verbatim.archive_le.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            Entretien.id,
            Entretien.code,
            Entretien.tenu_le,
            Terrain.nom.label("terrain"),
            func.coalesce(Organisation.nom, "").label("organisation"),
            Entretien.type_acteur,
            Entretien.statut,
            func.coalesce(enqueteurs, "").label("enqueteurs"),
            citations.label("citations"),
        )
        .select_from(Entretien)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(Organisation, _lien())
        .where(*conditions)
    )


def _lien() -> ColumnElement[bool]:
    return Organisation.id == Entretien.organisation_id


def _ligne(ligne: Any) -> LigneEntretien:
    return LigneEntretien(**ligne._asdict())


def _conditions(perimetre: Perimetre, criteres: CriteresEntretiens) -> list[ColumnElement[bool]]:
    archive = Entretien.archive_le.is_not(None) if criteres.archives else Entretien.archive_le.is_(None)
    conditions = [visible(Entretien, perimetre), archive]
    egalites = (
        (Entretien.terrain_id, criteres.terrain_id),
        (Entretien.type_acteur, criteres.type_acteur),
        (Entretien.statut, criteres.statut),
    )
    conditions += [colonne == valeur for colonne, valeur in egalites if valeur is not None]
    if criteres.du:
        conditions.append(Entretien.tenu_le >= criteres.du)
    if criteres.au:
        conditions.append(Entretien.tenu_le <= criteres.au)
    if criteres.enqueteur_id is not None:
        conditions.append(_mene_par(criteres.enqueteur_id))
    conditions += [_porte(mot) for mot in plier(criteres.recherche).split()]
    return conditions


def _mene_par(compte_id: int) -> ColumnElement[bool]:
    return exists().where(EntretienEnqueteur.entretien_id == Entretien.id, EntretienEnqueteur.compte_id == compte_id)


def _porte(mot: str) -> ColumnElement[bool]:
    """Le mot est dans le code, le nom de l'organisation ou l'un des textes."""
    dans_un_texte = exists().where(
        and_(Texte.entretien_id == Entretien.id, Texte.contenu_recherche.contains(mot, autoescape=True))
    )
    return or_(
        func.replace(func.lower(Entretien.code), "-", " ").contains(mot, autoescape=True),
        Organisation.nom_recherche.contains(mot, autoescape=True),
        dans_un_texte,
    )


def _ordre(tri: TriEntretiens) -> tuple[Any, ...]:
    """L'ordre demandé, toujours départagé par l'identifiant."""
    return {
        TriEntretiens.RECENTS: (Entretien.tenu_le.desc().nulls_first(), Entretien.id.desc()),
        TriEntretiens.ANCIENS: (Entretien.tenu_le.asc().nulls_first(), Entretien.id.asc()),
        TriEntretiens.CODE: (Entretien.code.asc(), Entretien.id.asc()),
        TriEntretiens.ORGANISATION: (Organisation.nom_recherche.asc().nulls_last(), Entretien.id.desc()),
    }[tri]
