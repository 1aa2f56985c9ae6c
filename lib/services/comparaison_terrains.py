"""La comparaison des terrains pour un script : chaque part, chaque test, chaque verdict, et son objet JSON."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, distinct, func, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.lecture import lire_comparaison, lire_ecart
from lib.analytics.proportions import Comparaison, Ecart, Observation, Part, boschloo, comparer, fisher
from lib.analytics.stratification import EcartAjuste, Strate, ajuster
from lib.db.modeles import Entretien, Etiquette, IrritantReleve, Organisation, Terrain, Territoire
from lib.db.perimetre import visible
from lib.domain.axes import Dimension
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import FamilleEtiquette, NiveauTerritoire, Releve
from lib.services.syntheses import compte_dans_les_chiffres

Requete = Select[*tuple[Any, ...]]
INCONNUE = "Commune inconnue"
AUTRES = "autres"
EVOQUES = (Releve.SPONTANE, Releve.RELANCE)
Fractions = dict[str, dict[str, Counter[str]]]
"""Par groupe puis par type d'acteur : « evoques » et « abordes »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparaisonGroupes:
    """Les irritants comparés entre groupes. `effectifs` : entretiens réalisés par groupe ; `fractions` : par strate."""

    effectifs: Mapping[str, int]
    fractions: Mapping[str, Fractions]
    comparaison: Comparaison


def comparer_groupes(session: Session, perimetre: Perimetre, dimension: Dimension) -> ComparaisonGroupes:
    """Compare tous les irritants abordés entre les groupes d'une dimension. Deux lectures, agrégées en SQL.

    Lève DonneeInvalide s'il n'y a aucun entretien réalisé, AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    effectifs = {groupe or INCONNUE: n for groupe, n in session.execute(_effectifs(perimetre, dimension))}
    if not effectifs:
        raise DonneeInvalide("Aucun entretien réalisé dans cette investigation : il n'y a rien à comparer.")
    fractions = _lire_fractions(session, perimetre, dimension)
    observations = [
        _observer(irritant, groupe, groupes.get(groupe, {}))
        for irritant, groupes in fractions.items()
        for groupe in effectifs
    ]
    return ComparaisonGroupes(effectifs=effectifs, fractions=fractions, comparaison=comparer(observations))


def _lire_fractions(session: Session, perimetre: Perimetre, dimension: Dimension) -> dict[str, Fractions]:
    lues: dict[str, Fractions] = defaultdict(lambda: defaultdict(lambda: defaultdict(Counter)))
    for irritant, groupe, type_acteur, releve, n in session.execute(_comptes(perimetre, dimension)):
        comptes = lues[irritant][groupe or INCONNUE][type_acteur]
        comptes["abordes"] += n if releve is not Releve.NON_ABORDE else 0
        comptes["evoques"] += n if releve in EVOQUES else 0
    return lues


def _observer(irritant: str, groupe: str, strates: Mapping[str, Counter[str]]) -> Observation:
    return Observation(
        irritant=irritant, groupe=groupe, evoques=_total(strates, "evoques"), abordes=_total(strates, "abordes")
    )


def _total(strates: Mapping[str, Counter[str]], quoi: str) -> int:
    return sum(comptes[quoi] for comptes in strates.values())


# --- Requêtes ---------------------------------------------------------------------------------------------------

Commune, Epci, Ailleurs = aliased(Territoire), aliased(Territoire), aliased(Territoire)


def _effectifs(perimetre: Perimetre, dimension: Dimension) -> Requete:
    groupe, ordre = _groupe(dimension)
    requete = _joindre(select(groupe, func.count(distinct(Entretien.id))).select_from(Entretien), dimension)
    return (
        requete.where(visible(Entretien, perimetre), compte_dans_les_chiffres()).group_by(ordre, groupe).order_by(ordre)
    )


def _comptes(perimetre: Perimetre, dimension: Dimension) -> Requete:
    groupe, _ = _groupe(dimension)
    cles = (Etiquette.ordre, Etiquette.id, Etiquette.nom, groupe, Entretien.type_acteur, IrritantReleve.releve)
    requete = (
        select(Etiquette.nom, groupe, Entretien.type_acteur, IrritantReleve.releve, func.count(distinct(Entretien.id)))
        .select_from(IrritantReleve)
        .join(Entretien, Entretien.id == IrritantReleve.entretien_id)
        .join(Etiquette, Etiquette.id == IrritantReleve.etiquette_id)
    )
    return (
        _joindre(requete, dimension)
        .where(
            visible(Entretien, perimetre),
            compte_dans_les_chiffres(),
            Etiquette.famille == FamilleEtiquette.IRRITANT,
            Etiquette.archive_le.is_(None),
        )
        .group_by(*cles)
        .order_by(Etiquette.ordre, Etiquette.id)
    )


def _groupe(dimension: Dimension) -> tuple[Any, Any]:
    """(nom du groupe, ce qui les ordonne)."""
    if dimension is Dimension.TERRAIN:
        return Terrain.nom, Terrain.ordre
    nom: Any = {
        Dimension.TYPE_ACTEUR: Entretien.type_acteur,
        Dimension.EPCI: Epci.type_epci,
        Dimension.DEPARTEMENT: Ailleurs.nom,
        Dimension.REGION: Ailleurs.nom,
    }[dimension]
    return nom, nom


def _joindre(requete: Requete, dimension: Dimension) -> Requete:
    """La commune de l'entretien, à défaut celle de l'organisation, puis le territoire qui la contient."""
    if dimension is Dimension.TERRAIN:
        return requete.join(Terrain, Terrain.id == Entretien.terrain_id)
    if dimension is Dimension.TYPE_ACTEUR:
        return requete
    code = func.coalesce(Entretien.commune_code, Organisation.commune_code)
    commune = and_(
        Commune.code == code, Commune.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT))
    )
    situee = requete.outerjoin(Organisation, Organisation.id == Entretien.organisation_id).outerjoin(Commune, commune)
    if dimension is Dimension.EPCI:
        return situee.outerjoin(Epci, and_(Epci.code == Commune.epci_code, Epci.niveau == NiveauTerritoire.EPCI))
    if dimension is Dimension.DEPARTEMENT:
        dedans = and_(Ailleurs.code == Commune.departement_code, Ailleurs.niveau == NiveauTerritoire.DEPARTEMENT)
    else:
        dedans = and_(Ailleurs.code == Commune.region_code, Ailleurs.niveau == NiveauTerritoire.REGION)
    return situee.outerjoin(Ailleurs, dedans)


def dire(lue: ComparaisonGroupes) -> str:
    """Le résumé, puis une phrase par écart, du plus grand au plus petit."""
    phrases = [lire_ecart(ecart) for ligne in lue.comparaison.par_ecart() for ecart in ligne.ecarts]
    noms = [ligne.irritant for ligne in lue.comparaison.par_ecart() for _ in ligne.ecarts]
    return "\n".join(
        [lire_comparaison(lue.comparaison), *(f"{nom} – {phrase}" for nom, phrase in zip(noms, phrases, strict=True))]
    )


# --- JSON -------------------------------------------------------------------------------------------------------


def decrire(lue: ComparaisonGroupes) -> dict[str, Any]:
    """L'objet JSON d'une comparaison ; son schéma est dans docs/statistiques.md."""
    return {
        "famille": lue.comparaison.taille_famille,
        "groupes": [{"nom": nom, "n": n} for nom, n in lue.effectifs.items()],
        "irritants": [
            {
                "nom": ligne.irritant,
                "par_groupe": [_part(groupe, ligne.parts[groupe]) for groupe in lue.effectifs],
                "comparaisons": [_ecart(ecart, lue.fractions[ligne.irritant]) for ecart in ligne.ecarts],
            }
            for ligne in lue.comparaison.lignes
        ],
    }


def _part(groupe: str, part: Part) -> dict[str, Any]:
    return {
        "groupe": groupe,
        "n": part.numerateur,
        "N": part.denominateur,
        "p": part.valeur,
        "bas": part.bas,
        "haut": part.haut,
    }


def _ecart(ecart: Ecart, fractions: Fractions) -> dict[str, Any]:
    gauche, droite = ecart.part, ecart.part_reference
    effectifs = (gauche.numerateur, gauche.denominateur, droite.numerateur, droite.denominateur)
    mesurable = bool(gauche.denominateur and droite.denominateur)
    ajuste = _ajuster(ecart, fractions)
    return {
        "a": ecart.groupe,
        "b": ecart.reference or AUTRES,
        "difference": ecart.difference,
        "bas": ecart.bas,
        "haut": ecart.haut,
        "fisher_p": fisher(*effectifs) if mesurable else None,
        "boschloo_p": boschloo(*effectifs) if mesurable else None,
        "q": ecart.q,
        "verdict": ecart.verdict.libelle.lower(),
        "mh_rapport": ajuste.rapport,
        "mh_p": ajuste.p,
    }


def _ajuster(ecart: Ecart, fractions: Fractions) -> EcartAjuste:
    """À type d'acteur égal ; la référence est l'autre groupe, ou tous les autres réunis."""
    ici = fractions.get(ecart.groupe, {})
    ailleurs = [
        strates for groupe, strates in fractions.items() if groupe != ecart.groupe and ecart.reference in (None, groupe)
    ]
    types = sorted({nom for strates in (ici, *ailleurs) for nom in strates})
    return ajuster([_strate(nom, ici, ailleurs) for nom in types], effectif_minimum=1)


def _strate(nom: str, ici: Mapping[str, Counter[str]], ailleurs: Iterable[Mapping[str, Counter[str]]]) -> Strate:
    propres = ici.get(nom, Counter())
    autres: Counter[str] = sum((strates.get(nom, Counter()) for strates in ailleurs), Counter())
    return Strate(
        nom=nom,
        evoques=propres["evoques"],
        abordes=propres["abordes"],
        evoques_reference=autres["evoques"],
        abordes_reference=autres["abordes"],
    )
