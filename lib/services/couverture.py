"""Où en est le plan d'entretiens : prévu, réalisé, et le reste, par terrain et par type d'acteur."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Row, Select, String, cast, func, literal_column, null, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CroisementProtege, est_cache, proteger_croisement
from lib.analytics.couverture import CouvertureTerrain
from lib.analytics.retards import AttenteTerrain, dire_attente
from lib.db.modeles import CiblePlan, Entretien, Investigation, Terrain
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.formats import nombre, typographier
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import StatutEntretien, TypeActeur


@dataclass(frozen=True, slots=True, kw_only=True)
class CelluleCouverture:
    """Un terrain et un type d'acteur.

    `prevus` vient du plan ; `planifies` ont un rendez-vous ; `contactes` ont été sollicités et n'en ont pas encore.
    """

    terrain_id: int
    terrain: str
    type_acteur: TypeActeur
    prevus: int
    realises: int
    planifies: int
    contactes: int
    refuses: int
    echeance: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerrainCouvert:
    """Un terrain et ses cellules, dans l'ordre des types d'acteur."""

    terrain_id: int
    nom: str
    cellules: tuple[CelluleCouverture, ...]

    @property
    def prevus(self) -> int:
        """Entretiens prévus, tous types d'acteur."""
        return sum(cellule.prevus for cellule in self.cellules)

    @property
    def realises(self) -> int:
        """Entretiens réalisés, tous types d'acteur."""
        return sum(cellule.realises for cellule in self.cellules)

    @property
    def manques(self) -> tuple[CelluleCouverture, ...]:
        """Les cellules où il reste à faire, la plus courte échéance d'abord."""
        restantes = (cellule for cellule in self.cellules if cellule.realises < cellule.prevus)
        return tuple(sorted(restantes, key=lambda cellule: cellule.echeance or date.max))

    @property
    def attente(self) -> AttenteTerrain:
        """De quoi dire ce qui manque, et pour quand : la première échéance de ce qui manque."""
        return AttenteTerrain(
            terrain=self.nom,
            realises=self.realises,
            prevus=self.prevus,
            manques=tuple((c.type_acteur.libelle.lower(), c.prevus - c.realises) for c in self.manques),
            echeance=self.manques[0].echeance if self.manques else None,
        )

    @property
    def couverture(self) -> CouvertureTerrain:
        """De quoi le tracer."""
        return CouvertureTerrain(terrain=self.nom, realises=self.realises, prevus=self.prevus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadre:
    """Ce qui entoure toute comparaison. au : la date à laquelle les chiffres s'arrêtent."""

    terrains: tuple[TerrainCouvert, ...]
    debut: date
    au: date


DATES = "dates"
"""Marque, parmi les lignes lues ensemble, celle de l'investigation."""


def dire_attentes(terrains: Sequence[TerrainCouvert], *, debut: date, au: date, secret: bool = False) -> dict[str, str]:
    """Où en est chaque terrain, en une phrase. secret : sans ce qui laisserait lire un effectif de un ou deux."""
    if not secret:
        return {terrain.nom: dire_attente(terrain.attente, debut=debut, au=au) for terrain in terrains}
    publies = publier_rencontres(terrains).lignes
    return {
        terrain.nom: _dire_protege(terrain, publies.get(terrain.terrain_id, "0"), debut=debut, au=au)
        for terrain in terrains
    }


def publier_rencontres(terrains: Sequence[TerrainCouvert]) -> CroisementProtege:
    """Les entretiens réalisés, par terrain (son numéro) et par type d'acteur, et leurs totaux, protégés d'un coup."""
    return proteger_croisement({(c.terrain_id, c.type_acteur): c.realises for t in terrains for c in t.cellules})


def _dire_protege(terrain: TerrainCouvert, publie: str, *, debut: date, au: date) -> str:
    """Le manque n'est plus détaillé par type d'acteur ; un effectif caché ne se dit pas."""
    if est_cache(publie):
        return typographier(f"{terrain.nom} : entretiens réalisés, {publie} ; {nombre(terrain.prevus)} prévus.")
    reste = max(0, terrain.prevus - terrain.realises)
    manques = (("entretien", reste),) if reste else ()
    return dire_attente(replace(terrain.attente, manques=manques), debut=debut, au=au)


def lire_couverture(session: Session, perimetre: Perimetre) -> tuple[TerrainCouvert, ...]:
    """Tous les terrains ouverts au périmètre, y compris ceux où rien n'est prévu. Une requête."""
    return _ranger(session.execute(_cibles(perimetre).union_all(_comptes(perimetre))).all())


def lire_cadre(session: Session, perimetre: Perimetre) -> Cadre:
    """Les terrains et les dates, que toute comparaison montre ensemble. Une requête."""
    requete = _cibles(perimetre).union_all(_comptes(perimetre), _dates(perimetre))
    lignes = session.execute(requete).all()
    dates = next(ligne for ligne in lignes if ligne.statut == DATES)
    terrains = _ranger([ligne for ligne in lignes if ligne.statut != DATES])
    return Cadre(terrains=terrains, debut=dates.debut, au=dates.echeance or aujourd_hui())


def _ranger(lignes: Sequence[Row[Any]]) -> tuple[TerrainCouvert, ...]:
    du_plan = sorted((ligne for ligne in lignes if ligne.statut is None), key=lambda ligne: (ligne.ordre, ligne.id))
    noms = {ligne.id: ligne.nom for ligne in du_plan}
    cibles = {(ligne.id, _type_acteur(ligne)): (ligne.n or 0, ligne.echeance) for ligne in du_plan}
    comptes = Counter(
        {
            (ligne.id, TypeActeur(ligne.type_acteur), StatutEntretien(ligne.statut)): ligne.n
            for ligne in lignes
            if ligne.statut is not None
        }
    )
    return tuple(
        TerrainCouvert(terrain_id=id_, nom=nom, cellules=tuple(_cellules(id_, nom, cibles, comptes)))
        for id_, nom in noms.items()
    )


def lire_dates(session: Session, perimetre: Perimetre) -> tuple[date, date]:
    """Début de l'investigation, et date à laquelle les chiffres s'arrêtent."""
    requete = select(Investigation.debut, Investigation.date_arret).where(
        Investigation.id == perimetre.investigation_id
    )
    debut, arret = session.execute(requete).one()
    return debut, arret or aujourd_hui()


def visible_terrain(perimetre: Perimetre) -> Any:
    """Condition : le terrain est dans le périmètre (la règle commune ne regarde que les lignes d'un terrain)."""
    investigation = visible(Terrain, perimetre)
    return investigation if perimetre.terrains is None else investigation & Terrain.id.in_(sorted(perimetre.terrains))


def _cibles(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    """Une ligne par terrain et type d'acteur prévu ; sans type d'acteur là où rien ne l'est."""
    return (
        select(
            Terrain.id,
            Terrain.nom,
            Terrain.ordre,
            cast(CiblePlan.type_acteur, String).label("type_acteur"),
            CiblePlan.prevu.label("n"),
            CiblePlan.echeance,
            cast(null(), String).label("statut"),
            cast(null(), Date).label("debut"),
        )
        .join_from(Terrain, CiblePlan, CiblePlan.terrain_id == Terrain.id, isouter=True)
        .where(visible_terrain(perimetre), Terrain.archive_le.is_(None))
    )


def _comptes(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    """Un entretien réalisé a sa notice : la base le garantit, l'index suffit à compter."""
    groupes = (Entretien.terrain_id, Entretien.type_acteur, Entretien.statut)
    return (
        select(
            Entretien.terrain_id,
            cast(null(), String),
            cast(null(), Integer),
            cast(Entretien.type_acteur, String),
            func.count(),
            cast(null(), Date),
            cast(Entretien.statut, String),
            cast(null(), Date),
        )
        .where(visible(Entretien, perimetre), Entretien.archive_le.is_(None))
        .group_by(*groupes)
    )


def _dates(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    """Une seule ligne : le début de l'investigation et, sous « echeance », sa date d'arrêt."""
    vides = (cast(null(), String), cast(null(), Integer), cast(null(), String), cast(null(), Integer))
    statut = literal_column(f"'{DATES}'", String)
    return select(Investigation.id, *vides, Investigation.date_arret, statut, Investigation.debut).where(
        Investigation.id == perimetre.investigation_id
    )


def _type_acteur(ligne: Row[Any]) -> TypeActeur | None:
    return TypeActeur(ligne.type_acteur) if ligne.type_acteur else None


def _cellules(
    terrain_id: int,
    terrain: str,
    cibles: dict[tuple[int, TypeActeur | None], tuple[int, date | None]],
    comptes: Counter[tuple[int, TypeActeur, StatutEntretien]],
) -> Iterable[CelluleCouverture]:
    for type_acteur in TypeActeur:
        prevus, echeance = cibles.get((terrain_id, type_acteur), (0, None))
        n = {statut: comptes[terrain_id, type_acteur, statut] for statut in StatutEntretien}
        if prevus or any(n.values()):
            yield CelluleCouverture(
                terrain_id=terrain_id,
                terrain=terrain,
                type_acteur=type_acteur,
                prevus=prevus,
                realises=n[StatutEntretien.REALISE],
                planifies=n[StatutEntretien.PREVU],
                contactes=n[StatutEntretien.CONTACTE],
                refuses=n[StatutEntretien.REFUSE],
                echeance=echeance,
            )
