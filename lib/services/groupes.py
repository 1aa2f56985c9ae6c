"""Compter ce que disent les entretiens, groupe par groupe : terrain, territoire officiel, ruralité ou type d'acteur.

Deux façons de compter, jamais mêlées. Un irritant se relève : on sait qui l'évoque, qui l'écarte, avec qui il n'a pas
été abordé. Un besoin, un levier, une solution ou une idée s'entend : on compte les entretiens dont un passage porte
l'étiquette, parmi ceux qui sont codés. Tout se lit sur des comptes déjà tenus (voir `syntheses`, `syntheses_lieux`).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, case, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.releves import Releves
from lib.analytics.stratification import Strate
from lib.db.modeles import (
    Entretien,
    Etiquette,
    Organisation,
    SyntheseEtiquette,
    SyntheseIrritant,
    SyntheseLieu,
    SyntheseLieuEtiquette,
    SyntheseLieuIrritant,
    SyntheseSituation,
    Terrain,
    Territoire,
)
from lib.db.perimetre import visible
from lib.domain.axes import Dimension, Ruralite
from lib.domain.dire_comparaison import IRRITANTS_PAR_TERRAIN, MotsComparaison
from lib.domain.droits import Perimetre, exiger, peut_lire_identites, peut_lire_indicateurs
from lib.domain.territoires import TYPES_EPCI
from lib.domain.vocabulaire import NiveauTerritoire, Releve, TypeActeur
from lib.services.noms_etiquettes import nom_propre
from lib.services.syntheses_lieux import commune

Requete = Select[*tuple[Any, ...]]
Mesures = Counter[str]
"""« spontanes », « relances », « ecartes », « non_abordes », « notes », « intensites » ; « portees » pour un codage."""
CHAMPS = {
    Releve.SPONTANE: "spontanes",
    Releve.RELANCE: "relances",
    Releve.ECARTE: "ecartes",
    Releve.NON_ABORDE: "non_abordes",
}
SANS_COMMUNE = ""
"""Là où se comptent les entretiens dont on ignore le département."""
MESURES = (*CHAMPS.values(), "notes", "intensites")
ADDITIONNEES = ("spontanes", "relances", "ecartes", "notes", "intensites")
EVOQUES = (Releve.SPONTANE, Releve.RELANCE)


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
        siens = self.comptes.get(etiquette_id, {})
        types = (type_acteur,) if type_acteur else tuple(TypeActeur)
        if self.mots.codage:
            lues: Sequence[Mapping[str, int]] = [self._portees(siens.get((groupe, t), {}), groupe, t) for t in types]
        else:
            lues = [siens[groupe, t] for t in types if (groupe, t) in siens]
        return Releves(
            terrain=groupe,
            codage=self.mots.codage,
            rencontres=self.effectif(groupe, type_acteur),
            **{nom: sum([mesures.get(nom, 0) for mesures in lues]) for nom in ADDITIONNEES},
        )

    def strates(self, etiquette_id: int, groupe: str, autres: Collection[str]) -> list[Strate]:
        """Un groupe face à d'autres réunis, à l'intérieur de chaque type d'acteur."""
        return [self._strate(etiquette_id, t, groupe, autres) for t in TypeActeur]

    def _strate(self, etiquette_id: int, type_acteur: TypeActeur, groupe: str, autres: Collection[str]) -> Strate:
        evoques, abordes = self._compter(etiquette_id, groupe, type_acteur)
        ailleurs = [self._compter(etiquette_id, autre, type_acteur) for autre in autres]
        return Strate(
            nom=type_acteur.libelle,
            evoques=evoques,
            abordes=abordes,
            evoques_reference=sum(n for n, _ in ailleurs),
            abordes_reference=sum(n for _, n in ailleurs),
        )

    def _compter(self, etiquette_id: int, groupe: str, type_acteur: TypeActeur) -> tuple[int, int]:
        """(ceux qui l'évoquent, ceux avec qui c'est abordé) : appelé pour chaque groupe face à tous les autres."""
        mesures: Mapping[str, int] = self.comptes.get(etiquette_id, {}).get((groupe, type_acteur), {})
        if self.mots.codage:
            return mesures.get("portees", 0), self.codes.get((groupe, type_acteur), 0)
        evoques = mesures.get("spontanes", 0) + mesures.get("relances", 0)
        return evoques, evoques + mesures.get("ecartes", 0)

    def _portees(self, mesures: Mapping[str, int], groupe: str, type_acteur: TypeActeur) -> Mapping[str, int]:
        """Un codage, dans les mots d'un relevé : ceux qui la portent, ceux qui, codés, ne la portent pas."""
        portees = mesures.get("portees", 0)
        return {"relances": portees, "ecartes": self.codes.get((groupe, type_acteur), 0) - portees}


def lire_groupes(session: Session, perimetre: Perimetre, mots: MotsComparaison = IRRITANTS_PAR_TERRAIN) -> GroupesLus:
    """Tous les comptes d'une famille selon une dimension. Trois requêtes ; l'appelant a vérifié le droit de lire."""
    rencontres = _lire_rencontres(session, perimetre, mots.dimension)
    return GroupesLus(
        mots=mots,
        rencontres=rencontres.par_groupe,
        hors_groupes=rencontres.hors_groupes,
        etiquettes=tuple(_lire_etiquettes(session, perimetre, mots)),
        comptes=_lire_portees(session, perimetre, mots) if mots.codage else _lire_releves(session, perimetre, mots),
        codes=rencontres.codes if mots.codage else {},
    )


def lister_noms(session: Session, perimetre: Perimetre, dimension: Dimension) -> tuple[str, ...]:
    """Les groupes où quelqu'un a été rencontré. Une requête ; l'appelant a vérifié le droit de lire."""
    return tuple(_lire_rencontres(session, perimetre, dimension).par_groupe)


def compter_par_terrain(session: Session, perimetre: Perimetre) -> dict[int, Counter[str]]:
    """Entretiens réalisés par terrain, dans chaque département. Une requête ; l'appelant a vérifié le droit de lire."""
    requete = select(SyntheseLieu.terrain_id, Ailleurs.nom, func.sum(SyntheseLieu.entretiens)).select_from(SyntheseLieu)
    situee = _situer(requete, Dimension.DEPARTEMENT, SyntheseLieu).where(visible(SyntheseLieu, perimetre))
    comptes: dict[int, Counter[str]] = defaultdict(Counter)
    for terrain_id, nom, n in session.execute(situee.group_by(SyntheseLieu.terrain_id, Ailleurs.nom)):
        comptes[terrain_id][nom or SANS_COMMUNE] += int(n)
    return comptes


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


@dataclass(slots=True, kw_only=True)
class _Rencontres:
    """Ce qui se compte de chaque groupe et type d'acteur avant toute étiquette."""

    par_groupe: dict[str, dict[TypeActeur, int]] = field(default_factory=lambda: defaultdict(dict))
    codes: Counter[tuple[str, TypeActeur]] = field(default_factory=Counter)
    hors_groupes: int = 0


def _lire_rencontres(session: Session, perimetre: Perimetre, dimension: Dimension) -> _Rencontres:
    """Entretiens réalisés par groupe et type d'acteur, et ceux qui sont codés ; à part, ceux d'aucun groupe."""
    modele: Any = SyntheseLieu if dimension.est_un_lieu else SyntheseSituation
    groupe, ordre = _groupe(dimension, modele)
    requete = select(groupe, modele.type_acteur, func.sum(modele.entretiens), func.sum(modele.etiquetes))
    lignes = session.execute(
        _situer(requete.select_from(modele), dimension, modele)
        .where(visible(modele, perimetre))
        .group_by(ordre, groupe, modele.type_acteur)
        .order_by(ordre, groupe)
    )
    lues = _Rencontres()
    for brut, type_acteur, n, codes in lignes:
        if brut is None:
            lues.hors_groupes += int(n)
        elif n:
            nom = _nommer(dimension, brut)
            lues.par_groupe[nom][type_acteur] = lues.par_groupe[nom].get(type_acteur, 0) + int(n)
            lues.codes[nom, type_acteur] += int(codes)
    return lues


def _lire_releves(
    session: Session, perimetre: Perimetre, mots: MotsComparaison
) -> dict[int, dict[tuple[str, TypeActeur], Mesures]]:
    """Une ligne par étiquette, groupe et type d'acteur : chaque relevé y est une colonne."""
    modele: Any = SyntheseLieuIrritant if mots.dimension.est_un_lieu else SyntheseIrritant
    requete = _tenus(perimetre, mots, modele, [*_en_colonnes(modele)])
    comptes: dict[int, dict[tuple[str, TypeActeur], Mesures]] = defaultdict(dict)
    for etiquette_id, brut, type_acteur, *sommes in session.execute(requete):
        if brut is None:
            continue
        siens, cle = comptes[etiquette_id], (_nommer(mots.dimension, brut), type_acteur)
        mesures = Counter(dict(zip(MESURES, map(int, sommes), strict=True)))
        siens[cle] = siens[cle] + mesures if cle in siens else mesures
    return comptes


def _en_colonnes(modele: Any) -> Iterable[Any]:
    """Entretiens de chaque relevé ; notes et intensités de ceux qui l'évoquent seulement."""
    # Constantes écrites dans le SQL : aucune n'est d'un utilisateur, et les deux bases les reconnaissent identiques.
    for releve in CHAMPS:
        yield func.sum(case((modele.releve == literal_column(f"'{releve.value}'"), modele.entretiens), else_=0))
    evoques = modele.releve.in_([literal_column(f"'{releve.value}'") for releve in EVOQUES])
    for nom in ("notes", "intensites"):
        yield func.sum(case((evoques, getattr(modele, nom)), else_=0))


def _lire_portees(
    session: Session, perimetre: Perimetre, mots: MotsComparaison
) -> dict[int, dict[tuple[str, TypeActeur], Mesures]]:
    """Un entretien compte une fois par étiquette, quel que soit le nombre de passages qui la portent."""
    modele: Any = SyntheseLieuEtiquette if mots.dimension.est_un_lieu else SyntheseEtiquette
    requete = _tenus(perimetre, mots, modele, [func.sum(modele.entretiens)])
    comptes: dict[int, dict[tuple[str, TypeActeur], Mesures]] = defaultdict(lambda: defaultdict(Counter))
    for etiquette_id, brut, type_acteur, n in session.execute(requete):
        if brut is not None:
            comptes[etiquette_id][_nommer(mots.dimension, brut), type_acteur]["portees"] += int(n)
    return comptes


def _tenus(perimetre: Perimetre, mots: MotsComparaison, modele: Any, sommes: list[Any]) -> Requete:
    """Les comptes tenus d'une famille d'étiquettes, par groupe et type d'acteur."""
    groupe, _ = _groupe(mots.dimension, modele)
    cles = (modele.etiquette_id, groupe, modele.type_acteur)
    requete = select(*cles, *sommes).select_from(modele).join(Etiquette, Etiquette.id == modele.etiquette_id)
    situee = _situer(requete, mots.dimension, modele)
    return situee.where(visible(modele, perimetre), *_comparees(mots)).group_by(*cles)


# --- Groupes ----------------------------------------------------------------------------------------------------

Commune, Epci, Ailleurs = aliased(Territoire), aliased(Territoire), aliased(Territoire)


def _groupe(dimension: Dimension, modele: Any = Entretien) -> tuple[Any, Any]:
    """(ce qui fait le groupe, ce qui les ordonne), parmi des entretiens ou des comptes tenus."""
    if dimension is Dimension.TERRAIN:
        return Terrain.nom, Terrain.ordre
    # Constantes écrites dans le SQL : PostgreSQL ne reconnaît pas une expression groupée dont les paramètres diffèrent.
    rural: Any = literal_column(f"'{Ruralite.RURAL.value}'")
    urbain: Any = literal_column(f"'{Ruralite.URBAIN.value}'")
    selon_epci = case((Epci.type_epci == literal_column("'CC'"), rural), else_=urbain)
    nom: Any = {
        Dimension.TYPE_ACTEUR: modele.type_acteur,
        Dimension.COMMUNE: _nom_de_commune(),
        Dimension.INTERCOMMUNALITE: Epci.nom,
        Dimension.EPCI: Epci.type_epci,
        Dimension.RURALITE: case((Epci.type_epci.is_not(None), selon_epci)),
        Dimension.DEPARTEMENT: Ailleurs.nom,
        Dimension.REGION: Ailleurs.nom,
    }[dimension]
    return nom, nom


def _nom_de_commune() -> Any:
    """« Saint-Denis (93) » : deux départements peuvent avoir la leur ; un arrondissement est dans sa commune."""
    return Ailleurs.nom.concat(literal_column("' ('")).concat(Ailleurs.departement_code).concat(literal_column("')'"))


def dimensions_ouvertes(perimetre: Perimetre) -> tuple[Dimension, ...]:
    """Ce selon quoi ce compte compare : une commune et un type d'acteur désigneraient, hors de l'équipe."""
    return tuple(d for d in Dimension if d is not Dimension.COMMUNE or peut_lire_identites(perimetre))


def entretiens_du_groupe(dimension: Dimension, nom: str) -> Select[int]:
    """Les entretiens du groupe affiché sous ce nom ; plusieurs codes peuvent porter le même nom (« Métropole »)."""
    groupe, _ = _groupe(dimension)
    noms: dict[Dimension, dict[str, str]] = {
        Dimension.EPCI: dict(TYPES_EPCI),
        Dimension.RURALITE: {membre.value: membre.libelle for membre in Ruralite},
        Dimension.TYPE_ACTEUR: {membre.value: membre.libelle for membre in TypeActeur},
    }
    bruts = [brut for brut, libelle in noms.get(dimension, {}).items() if libelle == nom] or [nom]
    return _situer(select(Entretien.id), dimension).where(groupe.in_(bruts)).correlate(None)


def _nommer(dimension: Dimension, brut: str) -> str:
    if dimension is Dimension.TYPE_ACTEUR:
        return TypeActeur(brut).libelle
    if dimension is Dimension.RURALITE:
        return Ruralite(brut).libelle
    return TYPES_EPCI.get(brut, brut) if dimension is Dimension.EPCI else brut


def _situer(requete: Requete, dimension: Dimension, modele: Any = Entretien) -> Requete:
    """La requête, jointe au terrain, ou à la commune et au territoire qui la contient."""
    if dimension is Dimension.TERRAIN:
        return requete.join(Terrain, and_(Terrain.id == modele.terrain_id, Terrain.archive_le.is_(None)))
    if dimension is Dimension.TYPE_ACTEUR:
        return requete
    if modele is not Entretien:
        return _contenir(requete, dimension, modele.commune_code)
    avec = requete.outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
    return _contenir(avec, dimension, commune())


def _contenir(requete: Requete, dimension: Dimension, code: Any) -> Requete:
    situee = requete.outerjoin(
        Commune,
        and_(Commune.code == code, Commune.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT))),
    )
    if dimension in {Dimension.EPCI, Dimension.INTERCOMMUNALITE, Dimension.RURALITE}:
        return situee.outerjoin(Epci, and_(Epci.code == Commune.epci_code, Epci.niveau == NiveauTerritoire.EPCI))
    if dimension is Dimension.COMMUNE:
        parente = func.coalesce(Commune.commune_parente_code, Commune.code)
        dedans = and_(Ailleurs.code == parente, Ailleurs.niveau == NiveauTerritoire.COMMUNE)
    elif dimension is Dimension.DEPARTEMENT:
        dedans = and_(Ailleurs.code == Commune.departement_code, Ailleurs.niveau == NiveauTerritoire.DEPARTEMENT)
    else:
        dedans = and_(Ailleurs.code == Commune.region_code, Ailleurs.niveau == NiveauTerritoire.REGION)
    return situee.outerjoin(Ailleurs, dedans)
