"""Comparer les terrains, irritant par irritant, sans rien affirmer de plus que les entretiens."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.analytics.lecture import lire_comparaison, lire_ecart, lire_ecart_ajuste
from lib.analytics.proportions import EFFECTIF_MINIMUM, Comparaison, Ecart, comparer, plus_petit_ecart
from lib.analytics.releves import Releves, comparables, dire_releves, dire_spontaneite, taire_petits
from lib.analytics.retards import dire_attente, est_en_retard
from lib.analytics.stratification import Strate, ajuster
from lib.db.modeles import Etiquette, SyntheseIrritant
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import Introuvable
from lib.domain.formats import typographier
from lib.domain.vocabulaire import FamilleEtiquette, Releve, TypeActeur
from lib.graphiques import intervalles
from lib.graphiques.commun import Tableau
from lib.services.couverture import TerrainCouvert, lire_couverture, lire_dates

if TYPE_CHECKING:
    import plotly.graph_objects as go

TRACES = 8
"""Irritants dans la figure, au plus ; le tableau les donne tous."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailIrritant:
    """Un irritant : sa définition, une phrase par terrain, une phrase par comparaison."""

    etiquette_id: int
    nom: str
    definition: str
    par_terrain: tuple[str, ...]
    ecarts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Irritant:
    """Une ligne de la grille ; deux étiquettes de même nom se distinguent par leur code."""

    id: int
    nom: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VueTerrains:
    """La comparaison prête à afficher.

    rencontres : entretiens réalisés par terrain comparé, pour ce type d'acteur. avertissements : terrains prévus et
    peu ou pas visités. details : du plus grand écart au plus petit. figure : les irritants dont au moins deux terrains
    ont l'effectif minimum ; absente s'il n'y en a pas. non_traces : combien ne sont que dans le tableau.
    """

    au: date
    rencontres: Mapping[str, int]
    famille: int
    resume: str
    avertissements: tuple[str, ...]
    details: tuple[DetailIrritant, ...]
    figure: "go.Figure | None"
    alternative: str
    tableau: Tableau
    non_traces: int


def comparer_terrains(
    session: Session,
    perimetre: Perimetre,
    *,
    type_acteur: TypeActeur | None = None,
    paire: tuple[int, int] | None = None,
) -> VueTerrains:
    """Tous les irritants de la grille, entre deux terrains ou entre tous. Cinq requêtes, sur des comptes déjà tenus.

    type_acteur : restreint aux acteurs de ce type. paire : deux terrains du périmètre ; absente, chaque terrain est
    comparé aux autres réunis. Lève Introuvable si un terrain n'est pas ouvert au compte.
    """
    exiger(peut_lire_indicateurs, perimetre)
    debut, au = lire_dates(session, perimetre)
    terrains = lire_couverture(session, perimetre)
    compares = _choisir(terrains, paire)
    rencontres = {terrain.nom: _rencontres(terrain, type_acteur) for terrain in compares}
    grille = _lire_grille(session, perimetre)
    identifiants = {terrain.nom: terrain.terrain_id for terrain in compares}
    par_type = _lire_comptes(session, perimetre, type_acteur)
    comptes = _sans_type(par_type)
    releves = {irritant.id: _relever(compares, comptes[irritant.id], rencontres) for irritant in grille}
    abordes = [irritant for irritant in grille if any(r.abordes for r in releves[irritant.id])]
    entiere = comparer(r.observer(irritant.nom) for irritant in abordes for r in releves[irritant.id])
    comparaison = taire_petits(entiere)
    tracee = replace(comparaison, lignes=comparables(comparaison)[:TRACES])
    return VueTerrains(
        au=au,
        rencontres=rencontres,
        famille=entiere.taille_famille,
        resume=" ".join([lire_comparaison(entiere), *_dire_detectables(rencontres)]),
        avertissements=tuple(_avertir(terrains, compares, debut=debut, au=au)),
        details=tuple(_detailler(entiere, abordes, releves, {} if type_acteur else par_type, identifiants)),
        figure=intervalles.figure(tracee) if tracee.lignes else None,
        alternative=intervalles.description(tracee),
        tableau=_tableau(comparaison, {irritant.nom: releves[irritant.id] for irritant in abordes}),
        non_traces=len(comparaison.lignes) - len(tracee.lignes),
    )


def lire_releves(session: Session, perimetre: Perimetre) -> dict[str, tuple[Releves, ...]]:
    """Par irritant abordé, dans l'ordre de la grille, ses relevés sur chaque terrain visité. Quatre requêtes.

    Les mêmes comptes que `comparer_terrains`. Lève AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    visites = _choisir(lire_couverture(session, perimetre), None)
    rencontres = {terrain.nom: terrain.realises for terrain in visites}
    comptes = _sans_type(_lire_comptes(session, perimetre, None))
    lus = {i.nom: tuple(_relever(visites, comptes[i.id], rencontres)) for i in _lire_grille(session, perimetre)}
    return {nom: releves for nom, releves in lus.items() if any(releve.abordes for releve in releves)}


def _choisir(terrains: Sequence[TerrainCouvert], paire: tuple[int, int] | None) -> list[TerrainCouvert]:
    """Les terrains comparés : les deux demandés, ou tous ceux qui ont été visités."""
    if paire is None:
        return [terrain for terrain in terrains if terrain.realises]
    par_id = {terrain.terrain_id: terrain for terrain in terrains}
    if not set(paire) <= par_id.keys():
        raise Introuvable("Ce terrain n'existe pas, ou n'est pas ouvert à votre compte.")
    return [par_id[id_] for id_ in dict.fromkeys(paire)]


def _rencontres(terrain: TerrainCouvert, type_acteur: TypeActeur | None) -> int:
    return sum(c.realises for c in terrain.cellules if type_acteur in {None, c.type_acteur})


def _lire_grille(session: Session, perimetre: Perimetre) -> list[_Irritant]:
    lignes = session.execute(
        select(Etiquette.id, Etiquette.code, Etiquette.nom, Etiquette.definition)
        .where(
            visible(Etiquette, perimetre),
            Etiquette.famille == FamilleEtiquette.IRRITANT,
            Etiquette.archive_le.is_(None),
        )
        .order_by(Etiquette.ordre, Etiquette.id)
    ).all()
    homonymes = Counter(ligne.nom for ligne in lignes)
    return [
        _Irritant(
            id=ligne.id,
            nom=ligne.nom if homonymes[ligne.nom] == 1 else f"{ligne.nom} ({ligne.code})",
            definition=ligne.definition,
        )
        for ligne in lignes
    ]


Comptes = dict[int, Counter[tuple[int, Releve]]]
ComptesParType = dict[int, Counter[tuple[int, TypeActeur, Releve]]]
EVOQUES = (Releve.SPONTANE, Releve.RELANCE)


def _sans_type(par_type: ComptesParType) -> Comptes:
    """Par irritant, le nombre d'entretiens de chaque terrain et de chaque relevé."""
    comptes: Comptes = defaultdict(Counter)
    for etiquette_id, siens in par_type.items():
        for (terrain_id, _, releve), entretiens in siens.items():
            comptes[etiquette_id][terrain_id, releve] += entretiens
    return comptes


def _lire_comptes(session: Session, perimetre: Perimetre, type_acteur: TypeActeur | None) -> ComptesParType:
    """Par irritant, le nombre d'entretiens de chaque terrain, de chaque type d'acteur et de chaque relevé."""
    cle = (
        SyntheseIrritant.etiquette_id,
        SyntheseIrritant.terrain_id,
        SyntheseIrritant.type_acteur,
        SyntheseIrritant.releve,
    )
    requete = select(*cle, func.sum(SyntheseIrritant.entretiens)).where(visible(SyntheseIrritant, perimetre))
    if type_acteur is not None:
        requete = requete.where(SyntheseIrritant.type_acteur == type_acteur)
    comptes: ComptesParType = defaultdict(Counter)
    for etiquette_id, terrain_id, type_lu, releve, entretiens in session.execute(requete.group_by(*cle)):
        comptes[etiquette_id][terrain_id, type_lu, releve] = int(entretiens)
    return comptes


def _relever(
    terrains: Sequence[TerrainCouvert], comptes: Counter[tuple[int, Releve]], rencontres: Mapping[str, int]
) -> list[Releves]:
    return [
        Releves(
            terrain=terrain.nom,
            spontanes=comptes[terrain.terrain_id, Releve.SPONTANE],
            relances=comptes[terrain.terrain_id, Releve.RELANCE],
            ecartes=comptes[terrain.terrain_id, Releve.ECARTE],
            rencontres=rencontres[terrain.nom],
        )
        for terrain in terrains
    ]


def _avertir(
    terrains: Sequence[TerrainCouvert], compares: Sequence[TerrainCouvert], *, debut: date, au: date
) -> Iterable[str]:
    """Un terrain prévu et peu visité pèse sur toute comparaison : cela se dit avant les chiffres."""
    for terrain in terrains:
        absent = terrain.prevus and not terrain.realises
        tardif = terrain in compares and est_en_retard(terrain.attente, debut=debut, au=au)
        if absent or tardif:
            yield dire_attente(terrain.attente, debut=debut, au=au)


def _detailler(
    comparaison: Comparaison,
    abordes: Sequence[_Irritant],
    releves: Mapping[int, Sequence[Releves]],
    par_type: ComptesParType,
    terrains: Mapping[str, int],
) -> Iterable[DetailIrritant]:
    par_nom = {irritant.nom: irritant for irritant in abordes}
    for ligne in comparaison.par_ecart():
        irritant = par_nom[ligne.irritant]
        siens = par_type.get(irritant.id, Counter())
        yield DetailIrritant(
            etiquette_id=irritant.id,
            nom=irritant.nom,
            definition=irritant.definition,
            par_terrain=tuple(dire_releves(r, ligne.parts[r.terrain]) for r in releves[irritant.id]),
            ecarts=tuple(
                " ".join([_dire_ecart(ecart, comparaison.effectif_minimum), *_a_type_egal(ecart, siens, terrains)])
                for ecart in ligne.ecarts
            ),
        )


def _a_type_egal(
    ecart: Ecart, comptes: Counter[tuple[int, TypeActeur, Releve]], terrains: Mapping[str, int]
) -> Iterable[str]:
    """L'écart à type d'acteur égal (Mantel-Haenszel), et l'alerte quand il contredit l'écart brut."""
    if ecart.p is None or not comptes:
        return
    references = [ecart.reference] if ecart.reference else [nom for nom in terrains if nom != ecart.groupe]
    cote, autre = {terrains[ecart.groupe]}, {terrains[nom] for nom in references}
    ajuste = ajuster([_strate(type_acteur, comptes, cote, autre) for type_acteur in TypeActeur])
    yield lire_ecart_ajuste(ajuste)
    if ajuste.brut is not None and ajuste.ajuste is not None and ajuste.brut * ajuste.ajuste < 0:
        yield typographier(
            "Attention : à type d'acteur égal, le sens s'inverse ; l'écart brut tient aux acteurs rencontrés."
        )


def _strate(
    type_acteur: TypeActeur, comptes: Counter[tuple[int, TypeActeur, Releve]], cote: set[int], autre: set[int]
) -> Strate:
    def compter(terrains: set[int], releves: Iterable[Releve]) -> int:
        return sum(comptes[terrain, type_acteur, releve] for terrain in terrains for releve in releves)

    abordes = (*EVOQUES, Releve.ECARTE)
    return Strate(
        nom=type_acteur.libelle,
        evoques=compter(cote, EVOQUES),
        abordes=compter(cote, abordes),
        evoques_reference=compter(autre, EVOQUES),
        abordes_reference=compter(autre, abordes),
    )


def _dire_detectables(rencontres: Mapping[str, int]) -> Iterable[str]:
    """« Avec 8 et 9 entretiens, seul un écart de 0 à 5 serait démontré » : ce que l'échantillon pouvait voir."""
    effectifs, total = list(rencontres.values()), sum(rencontres.values())
    cotes = [tuple(effectifs)] if len(effectifs) == 2 else [(n, total - n) for n in effectifs[1:] and effectifs]
    for n, m in dict.fromkeys((min(paire), max(paire)) for paire in cotes):
        plus_petit = plus_petit_ecart(n, m) if n >= EFFECTIF_MINIMUM else None
        if plus_petit is not None:
            yield typographier(
                f"Avec {n} et {m} entretiens, seul un écart de 0/{n} à {plus_petit}/{m} au moins serait démontré, "
                "avant correction."
            )


def _dire_ecart(ecart: Ecart, minimum: int) -> str:
    """La phrase du verdict ; sous l'effectif minimum, sans aucune part."""
    if ecart.p is not None:
        return lire_ecart(ecart, effectif_minimum=minimum)
    reference = ecart.reference or "autres terrains"
    raison = f"moins de {minimum} acteurs d'un côté, aucune comparaison n'est faite"
    return typographier(f"{ecart.groupe} et {reference} : {ecart.verdict.libelle.lower()}, {raison}.")


def _tableau(comparaison: Comparaison, releves: Mapping[str, Sequence[Releves]]) -> Tableau:
    """Les chiffres de la figure ; dans chaque case, la spontanéité à côté de la prévalence, et ce qui est exclu."""
    tableau = intervalles.table(comparaison)
    return replace(
        tableau,
        lignes=tuple((nom, *_completer(cases, releves[nom]), ecart) for nom, *cases, ecart in tableau.lignes),
    )


def _completer(cases: Sequence[str], releves: Sequence[Releves]) -> Iterable[str]:
    for case, r in zip(cases, releves, strict=True):
        morceaux = [case]
        if r.evoques:
            morceaux.append(f"spontanément {dire_spontaneite(r)}")
        if r.non_abordes and r.abordes:
            morceaux.append(f"non abordé {r.non_abordes}")
        yield typographier(" ; ".join(morceaux))
