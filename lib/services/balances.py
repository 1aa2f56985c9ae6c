"""D'où viennent les preuves de chaque hypothèse, et ce qu'elles pèsent : par terrain et par type d'acteur."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Preuve, SolutionExistante, Terrain, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import AccordCitation, SensPreuve, TypeActeur
from lib.services.syntheses import compte_dans_les_chiffres


@dataclass(frozen=True, slots=True, kw_only=True)
class CelluleBalance:
    """Les preuves venues d'un terrain et d'un type d'acteur ; ni l'un ni l'autre pour un indicateur ou une solution.

    acteurs : entretiens distincts. perdues : preuves dont la source ne se lit plus (elles pèsent encore).
    """

    terrain: str
    type_acteur: TypeActeur | None
    poids: Mapping[SensPreuve, int]
    preuves: int
    acteurs: int
    perdues: int


@dataclass(slots=True)
class _Somme:
    poids: Counter[SensPreuve]
    entretiens: set[int]
    preuves: int = 0
    perdues: int = 0


def preuves_visibles(perimetre: Perimetre) -> ColumnElement[bool]:
    """Condition SQL : la preuve vaut encore, et vient d'un terrain ouvert, ou d'aucun (indicateur, solution)."""
    vivante = and_(Preuve.investigation_id == perimetre.investigation_id, Preuve.archive_le.is_(None))
    if perimetre.terrains is None:
        return vivante
    ouverts = select(Entretien.id).where(visible(Entretien, perimetre))
    return and_(vivante, or_(Preuve.entretien_id.is_(None), Preuve.entretien_id.in_(ouverts)))


def source_perdue() -> ColumnElement[bool]:
    """Condition SQL : citation retirée ou privée d'accord, entretien sorti des chiffres, solution archivée.

    Suppose jointes, par jointure externe, les tables des entretiens, des verbatims et des solutions.
    """
    return or_(
        Verbatim.archive_le.is_not(None),
        and_(Preuve.verbatim_id.is_not(None), Entretien.accord_citation == AccordCitation.NON),
        and_(Preuve.entretien_id.is_not(None), ~compte_dans_les_chiffres()),
        SolutionExistante.archive_le.is_not(None),
    )


def lire_balances(session: Session, perimetre: Perimetre) -> dict[int, tuple[CelluleBalance, ...]]:
    """Par hypothèse, ses preuves dans l'ordre des terrains puis des types d'acteur. Une requête."""
    cles = (
        Preuve.hypothese_id,
        Terrain.ordre,
        Terrain.nom,
        Entretien.type_acteur,
        Preuve.sens,
        Preuve.entretien_id,
    )
    lignes = session.execute(
        select(
            *cles,
            func.sum(Preuve.poids).label("poids"),
            func.count().label("preuves"),
            func.sum(case((source_perdue(), 1), else_=0)).label("perdues"),
        )
        .outerjoin(Entretien, Entretien.id == Preuve.entretien_id)
        .outerjoin(Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(Verbatim, Verbatim.id == Preuve.verbatim_id)
        .outerjoin(SolutionExistante, SolutionExistante.id == Preuve.solution_id)
        .where(preuves_visibles(perimetre))
        .group_by(*cles)
        .order_by(Terrain.ordre.is_(None), Terrain.ordre, Terrain.nom, Entretien.type_acteur)
    )
    sommes: dict[int, dict[tuple[str, TypeActeur | None], _Somme]] = defaultdict(dict)
    for ligne in lignes:
        cellule = sommes[ligne.hypothese_id].setdefault(
            (ligne.nom or "", ligne.type_acteur), _Somme(poids=Counter(), entretiens=set())
        )
        cellule.poids[ligne.sens] += int(ligne.poids)
        cellule.preuves += ligne.preuves
        cellule.perdues += int(ligne.perdues)
        if ligne.entretien_id is not None:
            cellule.entretiens.add(ligne.entretien_id)
    return {hypothese_id: tuple(_cellules(cellules)) for hypothese_id, cellules in sommes.items()}


def _cellules(cellules: Mapping[tuple[str, TypeActeur | None], _Somme]) -> list[CelluleBalance]:
    return [
        CelluleBalance(
            terrain=terrain,
            type_acteur=type_acteur,
            poids=dict(somme.poids),
            preuves=somme.preuves,
            acteurs=len(somme.entretiens),
            perdues=somme.perdues,
        )
        for (terrain, type_acteur), somme in cellules.items()
    ]
