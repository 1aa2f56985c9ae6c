"""Compter ce que disent les entretiens, groupe par groupe : terrain, territoire officiel, ruralité ou type d'acteur.

Deux façons de compter, jamais mêlées. Un irritant se relève : on sait qui l'évoque, qui l'écarte, avec qui il n'a pas
été abordé. Un besoin, un levier, une solution ou une idée s'entend : on compte les entretiens dont un passage porte
l'étiquette, parmi ceux qui sont codés. Tout est compté par la base ; par terrain, sur des comptes déjà tenus.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.releves import Releves
from lib.analytics.stratification import Strate
from lib.db.modeles import (
    Entretien,
    Etiquetage,
    Etiquette,
    IrritantReleve,
    Organisation,
    SyntheseEtiquette,
    SyntheseIrritant,
    Terrain,
    Territoire,
    Verbatim,
)
from lib.db.perimetre import visible
from lib.domain.axes import Dimension, Ruralite
from lib.domain.dire_comparaison import IRRITANTS_PAR_TERRAIN, MotsComparaison
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.territoires import TYPES_EPCI
from lib.domain.vocabulaire import NiveauTerritoire, Releve, StatutEntretien, TypeActeur
from lib.services.noms_etiquettes import nom_propre
from lib.services.syntheses import compte_dans_les_chiffres

Requete = Select[*tuple[Any, ...]]
Mesures = Counter[str]
"""« spontanes », « relances », « ecartes », « non_abordes », « notes », « intensites » ; « portees » pour un codage."""
CHAMPS = {
    Releve.SPONTANE: "spontanes",
    Releve.RELANCE: "relances",
    Releve.ECARTE: "ecartes",
    Releve.NON_ABORDE: "non_abordes",
}
EVOQUES = {Releve.SPONTANE, Releve.RELANCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquetteComparee:
    """Une ligne de la comparaison ; deux étiquettes de même nom se distinguent par leur code."""

    id: int
    nom: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupesLus:
    """Les comptes d'une famille d'étiquettes, par groupe et par type d'acteur.

    rencontres : entretiens réalisés de chaque groupe. hors_groupes : ceux dont on ignore la commune. codes : entretiens
    codés de chaque groupe et type d'acteur, le dénominateur d'un codage.
    """

    mots: MotsComparaison
    rencontres: Mapping[str, Mapping[TypeActeur, int]]
    hors_groupes: int
    etiquettes: tuple[EtiquetteComparee, ...]
    comptes: Mapping[int, Mapping[tuple[str, TypeActeur], Mesures]]
    codes: Mapping[tuple[str, TypeActeur], int]

    def effectif(self, groupe: str, type_acteur: TypeActeur | None = None) -> int:
        """Entretiens réalisés dans ce groupe, pour ce type d'acteur ou pour tous."""
        return sum(n for t, n in self.rencontres.get(groupe, {}).items() if type_acteur in {None, t})

    def relever(self, etiquette_id: int, groupe: str, type_acteur: TypeActeur | None = None) -> Releves:
        """Ce que ce groupe dit de cette étiquette."""
        types = [type_acteur] if type_acteur else list(TypeActeur)
        mesures: Mesures = sum((self._mesures(etiquette_id, groupe, t) for t in types), Counter())
        return Releves(
            terrain=groupe,
            codage=self.mots.codage,
            rencontres=self.effectif(groupe, type_acteur),
            **{nom: mesures[nom] for nom in ("spontanes", "relances", "ecartes", "notes", "intensites")},
        )

    def strates(self, etiquette_id: int, groupe: str, autres: Collection[str]) -> list[Strate]:
        """Un groupe face à d'autres réunis, à l'intérieur de chaque type d'acteur."""
        return [self._strate(etiquette_id, t, groupe, autres) for t in TypeActeur]

    def _strate(self, etiquette_id: int, type_acteur: TypeActeur, groupe: str, autres: Collection[str]) -> Strate:
        ici = self.relever(etiquette_id, groupe, type_acteur)
        ailleurs = [self.relever(etiquette_id, autre, type_acteur) for autre in autres]
        return Strate(
            nom=type_acteur.libelle,
            evoques=ici.evoques,
            abordes=ici.abordes,
            evoques_reference=sum(r.evoques for r in ailleurs),
            abordes_reference=sum(r.abordes for r in ailleurs),
        )

    def _mesures(self, etiquette_id: int, groupe: str, type_acteur: TypeActeur) -> Mesures:
        mesures = self.comptes.get(etiquette_id, {}).get((groupe, type_acteur), Counter())
        if not self.mots.codage:
            return mesures
        portees = mesures["portees"]
        return Counter(relances=portees, ecartes=self.codes.get((groupe, type_acteur), 0) - portees)


def lire_groupes(session: Session, perimetre: Perimetre, mots: MotsComparaison = IRRITANTS_PAR_TERRAIN) -> GroupesLus:
    """Tous les comptes d'une famille selon une dimension. Trois requêtes, une de plus pour un codage.

    L'appelant a vérifié le droit de lire.
    """
    rencontres, hors = _lire_rencontres(session, perimetre, mots.dimension)
    return GroupesLus(
        mots=mots,
        rencontres=rencontres,
        hors_groupes=hors,
        etiquettes=tuple(_lire_etiquettes(session, perimetre, mots)),
        comptes=_lire_portees(session, perimetre, mots) if mots.codage else _lire_releves(session, perimetre, mots),
        codes=_lire_codes(session, perimetre, mots.dimension) if mots.codage else {},
    )


def lire_releves(session: Session, perimetre: Perimetre) -> dict[str, tuple[Releves, ...]]:
    """Par irritant abordé, dans l'ordre de la grille, ses relevés sur chaque terrain visité.

    Les mêmes comptes que la comparaison des terrains. Lève AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    lus = lire_groupes(session, perimetre)
    visites = [nom for nom in lus.rencontres if lus.effectif(nom)]
    releves = {e.nom: tuple(lus.relever(e.id, visite) for visite in visites) for e in lus.etiquettes}
    return {nom: siens for nom, siens in releves.items() if any(releve.abordes for releve in siens)}


def _lire_etiquettes(session: Session, perimetre: Perimetre, mots: MotsComparaison) -> Iterable[EtiquetteComparee]:
    lignes = session.execute(
        select(Etiquette.id, nom_propre().label("nom"), Etiquette.definition)
        .where(visible(Etiquette, perimetre), *_comparees(mots))
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    for ligne in lignes:
        yield EtiquetteComparee(id=ligne.id, nom=ligne.nom, definition=ligne.definition)


def _comparees(mots: MotsComparaison) -> tuple[Any, ...]:
    return Etiquette.famille == mots.famille, Etiquette.archive_le.is_(None)


# --- Comptes ----------------------------------------------------------------------------------------------------


def _lire_rencontres(
    session: Session, perimetre: Perimetre, dimension: Dimension
) -> tuple[dict[str, dict[TypeActeur, int]], int]:
    """Entretiens réalisés par groupe et type d'acteur ; à part, ceux qui n'entrent dans aucun groupe."""
    groupe, ordre = _groupe(dimension)
    requete = select(groupe, Entretien.type_acteur, func.count()).select_from(Entretien)
    lignes = session.execute(
        _situer(requete, dimension)
        .where(visible(Entretien, perimetre), *_realises(dimension))
        .group_by(ordre, groupe, Entretien.type_acteur)
        .order_by(ordre, groupe)
    )
    lus: dict[str, dict[TypeActeur, int]] = defaultdict(lambda: defaultdict(int))
    hors = 0
    for brut, type_acteur, n in lignes:
        if brut is None:
            hors += n
        else:
            lus[_nommer(dimension, brut)][type_acteur] += n
    return {nom: dict(types) for nom, types in lus.items()}, hors


def _realises(dimension: Dimension) -> tuple[Any, ...]:
    """Un entretien réalisé a sa notice, la base le garantit : par terrain, l'index suffit à compter."""
    if dimension.est_un_lieu:
        return (compte_dans_les_chiffres(),)
    return Entretien.statut == StatutEntretien.REALISE, Entretien.archive_le.is_(None)


def _lire_releves(
    session: Session, perimetre: Perimetre, mots: MotsComparaison
) -> dict[int, dict[tuple[str, TypeActeur], Mesures]]:
    par_terrain = mots.dimension is Dimension.TERRAIN
    requete = _releves_tenus(perimetre, mots) if par_terrain else _releves_comptes(perimetre, mots)
    comptes: dict[int, dict[tuple[str, TypeActeur], Mesures]] = defaultdict(lambda: defaultdict(Counter))
    for etiquette_id, brut, type_acteur, releve, n, notes, intensites in session.execute(requete):
        if brut is None:
            continue
        mesures = comptes[etiquette_id][_nommer(mots.dimension, brut), type_acteur]
        mesures[CHAMPS[releve]] += int(n)
        if releve in EVOQUES:
            mesures.update(notes=int(notes), intensites=int(intensites))
    return comptes


def _releves_tenus(perimetre: Perimetre, mots: MotsComparaison) -> Requete:
    synthese = SyntheseIrritant
    return (
        select(
            synthese.etiquette_id,
            Terrain.nom,
            synthese.type_acteur,
            synthese.releve,
            synthese.entretiens,
            synthese.notes,
            synthese.intensites,
        )
        .join(Terrain, Terrain.id == synthese.terrain_id)
        .join(Etiquette, Etiquette.id == synthese.etiquette_id)
        .where(visible(synthese, perimetre), *_comparees(mots))
    )


def _releves_comptes(perimetre: Perimetre, mots: MotsComparaison) -> Requete:
    groupe, _ = _groupe(mots.dimension)
    cles = (IrritantReleve.etiquette_id, groupe, Entretien.type_acteur, IrritantReleve.releve)
    intensite = IrritantReleve.intensite
    requete = (
        select(*cles, func.count(), func.count(intensite), func.coalesce(func.sum(intensite), 0))
        .select_from(IrritantReleve)
        .join(Entretien, Entretien.id == IrritantReleve.entretien_id)
        .join(Etiquette, Etiquette.id == IrritantReleve.etiquette_id)
    )
    return (
        _situer(requete, mots.dimension)
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres(), *_comparees(mots))
        .group_by(*cles)
    )


def _lire_portees(
    session: Session, perimetre: Perimetre, mots: MotsComparaison
) -> dict[int, dict[tuple[str, TypeActeur], Mesures]]:
    par_terrain = mots.dimension is Dimension.TERRAIN
    requete = _portees_tenues(perimetre, mots) if par_terrain else _portees_comptees(perimetre, mots)
    comptes: dict[int, dict[tuple[str, TypeActeur], Mesures]] = defaultdict(lambda: defaultdict(Counter))
    for etiquette_id, brut, type_acteur, n in session.execute(requete):
        if brut is not None:
            comptes[etiquette_id][_nommer(mots.dimension, brut), type_acteur]["portees"] += int(n)
    return comptes


def _portees_tenues(perimetre: Perimetre, mots: MotsComparaison) -> Requete:
    synthese = SyntheseEtiquette
    return (
        select(synthese.etiquette_id, Terrain.nom, synthese.type_acteur, synthese.entretiens)
        .join(Terrain, Terrain.id == synthese.terrain_id)
        .join(Etiquette, Etiquette.id == synthese.etiquette_id)
        .where(visible(synthese, perimetre), *_comparees(mots))
    )


def _portees_comptees(perimetre: Perimetre, mots: MotsComparaison) -> Requete:
    """Un entretien compte une fois par étiquette, quel que soit le nombre de passages qui la portent."""
    posees = (
        select(Etiquetage.etiquette_id, Etiquetage.entretien_id)
        .join(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .join(Verbatim, Verbatim.id == Etiquetage.verbatim_id)
        .where(visible(Etiquette, perimetre), *_comparees(mots))
        .where(Etiquetage.retire_le.is_(None), Verbatim.archive_le.is_(None))
        .distinct()
        .subquery()
    )
    groupe, _ = _groupe(mots.dimension)
    cles = (posees.c.etiquette_id, groupe, Entretien.type_acteur)
    requete = select(*cles, func.count()).select_from(posees).join(Entretien, Entretien.id == posees.c.entretien_id)
    return (
        _situer(requete, mots.dimension)
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres())
        .group_by(*cles)
    )


def _lire_codes(session: Session, perimetre: Perimetre, dimension: Dimension) -> dict[tuple[str, TypeActeur], int]:
    """Entretiens réalisés dont un passage au moins porte une étiquette."""
    posee = exists().where(
        Etiquetage.entretien_id == Entretien.id,
        Etiquetage.retire_le.is_(None),
        Verbatim.id == Etiquetage.verbatim_id,
        Verbatim.archive_le.is_(None),
    )
    groupe, _ = _groupe(dimension)
    requete = select(groupe, Entretien.type_acteur, func.count()).select_from(Entretien)
    lignes = session.execute(
        _situer(requete, dimension)
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres(), posee)
        .group_by(groupe, Entretien.type_acteur)
    )
    codes: Counter[tuple[str, TypeActeur]] = Counter()
    for brut, type_acteur, n in lignes:
        if brut is not None:
            codes[_nommer(dimension, brut), type_acteur] += n
    return codes


# --- Groupes ----------------------------------------------------------------------------------------------------

Commune, Epci, Ailleurs = aliased(Territoire), aliased(Territoire), aliased(Territoire)


def _groupe(dimension: Dimension) -> tuple[Any, Any]:
    """(ce qui fait le groupe, ce qui les ordonne)."""
    if dimension is Dimension.TERRAIN:
        return Terrain.nom, Terrain.ordre
    # Constantes écrites dans le SQL : PostgreSQL ne reconnaît pas une expression groupée dont les paramètres diffèrent.
    rural: Any = literal_column(f"'{Ruralite.RURAL.value}'")
    urbain: Any = literal_column(f"'{Ruralite.URBAIN.value}'")
    selon_epci = case((Epci.type_epci == literal_column("'CC'"), rural), else_=urbain)
    nom: Any = {
        Dimension.TYPE_ACTEUR: Entretien.type_acteur,
        Dimension.INTERCOMMUNALITE: Epci.nom,
        Dimension.EPCI: Epci.type_epci,
        Dimension.RURALITE: case((Epci.type_epci.is_not(None), selon_epci)),
        Dimension.DEPARTEMENT: Ailleurs.nom,
        Dimension.REGION: Ailleurs.nom,
    }[dimension]
    return nom, nom


def _nommer(dimension: Dimension, brut: str) -> str:
    if dimension is Dimension.TYPE_ACTEUR:
        return TypeActeur(brut).libelle
    if dimension is Dimension.RURALITE:
        return Ruralite(brut).libelle
    return TYPES_EPCI.get(brut, brut) if dimension is Dimension.EPCI else brut


def _situer(requete: Requete, dimension: Dimension) -> Requete:
    """La commune de l'entretien, à défaut celle de l'organisation, puis le territoire qui la contient."""
    if dimension is Dimension.TERRAIN:
        return requete.join(Terrain, and_(Terrain.id == Entretien.terrain_id, Terrain.archive_le.is_(None)))
    if dimension is Dimension.TYPE_ACTEUR:
        return requete
    code = func.coalesce(Entretien.commune_code, Organisation.commune_code)
    commune = and_(
        Commune.code == code, Commune.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT))
    )
    situee = requete.outerjoin(Organisation, Organisation.id == Entretien.organisation_id).outerjoin(Commune, commune)
    if dimension in {Dimension.EPCI, Dimension.INTERCOMMUNALITE, Dimension.RURALITE}:
        return situee.outerjoin(Epci, and_(Epci.code == Commune.epci_code, Epci.niveau == NiveauTerritoire.EPCI))
    if dimension is Dimension.DEPARTEMENT:
        dedans = and_(Ailleurs.code == Commune.departement_code, Ailleurs.niveau == NiveauTerritoire.DEPARTEMENT)
    else:
        dedans = and_(Ailleurs.code == Commune.region_code, Ailleurs.niveau == NiveauTerritoire.REGION)
    return situee.outerjoin(Ailleurs, dedans)
