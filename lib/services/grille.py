"""La grille de codage telle qu'on la lit : son arbre et ses comptes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, est_cache
from lib.db.modeles import Etiquette, ExempleEtiquette, SyntheseCitation, SyntheseEtiquette
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.formats import nombre
from lib.domain.textes import plier
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services.cases_protegees import SANS, lire_cases_protegees
from lib.services.noms_etiquettes import nom_propre

FAMILLES = list(FamilleEtiquette)


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquetteLue:
    """Une ligne de la grille, à sa place dans l'arbre.

    nom_propre : son nom, suivi de son code si une autre porte le même. niveau : 0 à la racine. chemin : noms de la
    racine jusqu'à elle. citations : verbatims que ce compte peut ouvrir ; entretiens : entretiens distincts où elle est
    posée. Les comptes sont les siens, sans ses descendantes. entretiens_ecrits : tels que ce compte peut les
    lire ; s'ils se taisent, les comptes sont à zéro.
    grille_illustree : des citations sont prises en exemple, pour elle ou pour une autre.
    """

    id: int
    parent_id: int | None
    famille: FamilleEtiquette
    nom: str
    nom_propre: str
    nom_recherche: str
    definition: str
    inclusion: str
    exclusion: str
    exemples: str
    couleur: str | None
    fusionnee_dans_id: int | None
    version: int
    citations: int
    entretiens: int
    entretiens_ecrits: str
    archivee: bool
    reservee: bool
    grille_illustree: bool
    chemin: tuple[str, ...]

    @property
    def designation(self) -> str:
        """Ce qui la désigne dans une liste de choix et dans une adresse."""
        return f"{self.nom_propre} (archivée)" if self.archivee else self.nom_propre

    @property
    def citations_ecrites(self) -> str:
        """Ses citations, tues avec ses entretiens : une ou deux citations diraient un ou deux acteurs."""
        return CACHE if est_cache(self.entretiens_ecrits) else nombre(self.citations)

    @property
    def niveau(self) -> int:
        """Profondeur dans l'arbre."""
        return len(self.chemin) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCitations:
    """Tout ce qui est cité, et la part que nulle étiquette ne porte. ecrits : tels que ce compte peut les lire."""

    citations: int = 0
    entretiens: int = 0
    sans_etiquette: int = 0
    entretiens_sans_etiquette: int = 0
    entretiens_sans_ecrits: str = "0"

    @property
    def sans_ecrites(self) -> str:
        """Les citations sans étiquette, tues avec leurs entretiens."""
        return CACHE if est_cache(self.entretiens_sans_ecrits) else nombre(self.sans_etiquette)


def compter_citations(session: Session, perimetre: Perimetre) -> TotalCitations:
    """Les totaux auxquels se rapportent les comptes de la grille, tirés des synthèses."""
    table, equipe = SyntheseCitation, peut_lire_identites(perimetre)
    mesures = {
        "citations": table.verbatims if equipe else table.citables,
        "entretiens": table.entretiens,
        "sans_etiquette": table.sans_etiquette if equipe else table.citables_sans_etiquette,
        "entretiens_sans_etiquette": table.entretiens_sans_etiquette,
    }
    sommes = [func.coalesce(func.sum(mesure), 0).label(nom) for nom, mesure in mesures.items()]
    lus = session.execute(select(*sommes).where(visible(table, perimetre))).mappings().one()
    if equipe:
        return TotalCitations(**lus, entretiens_sans_ecrits=nombre(lus["entretiens_sans_etiquette"]))
    ecrits = lire_cases_protegees(session, perimetre, ()).ensemble(SANS)
    return TotalCitations(**lus, entretiens_sans_ecrits=ecrits)


def lister_grille(session: Session, perimetre: Perimetre, *, archivees: bool = False) -> tuple[EtiquetteLue, ...]:
    """La grille dans l'ordre de l'arbre, famille par famille, avec ses comptes ; une seule requête, trois hors de
    l'équipe.

    archivees : y joindre les étiquettes archivées. Les exemples ne se lisent que dans l'équipe ; hors d'elle, un compte
    se tait là où les matrices le taisent.
    """
    comptes = _comptes(perimetre)
    requete = (
        select(
            Etiquette.id,
            Etiquette.parent_id,
            Etiquette.famille,
            Etiquette.nom,
            nom_propre().label("nom_propre"),
            Etiquette.nom_recherche,
            Etiquette.definition,
            Etiquette.inclusion,
            Etiquette.exclusion,
            Etiquette.exemples,
            Etiquette.couleur,
            Etiquette.fusionnee_dans_id,
            Etiquette.version,
            Etiquette.reservee,
            func.coalesce(comptes.c.citations, 0).label("citations"),
            func.coalesce(comptes.c.entretiens, 0).label("entretiens"),
            Etiquette.archive_le.is_not(None).label("archivee"),
            select(ExempleEtiquette.verbatim_id)
            .where(visible(ExempleEtiquette, perimetre))
            .exists()
            .label("grille_illustree"),
        )
        .outerjoin(comptes, comptes.c.etiquette_id == Etiquette.id)
        .where(visible(Etiquette, perimetre))
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    if not archivees:
        requete = requete.where(Etiquette.archive_le.is_(None))
    lues = _deplier(list(session.execute(requete).mappings()))
    if peut_lire_identites(perimetre):
        return tuple(lues)
    # Un exemple est souvent une citation : sans l'accord de la personne, il ne sort pas de l'équipe.
    cases = lire_cases_protegees(session, perimetre)
    return tuple(_proteger(replace(lue, exemples="", entretiens_ecrits=cases.ensemble(lue.id))) for lue in lues)


def _proteger(lue: EtiquetteLue) -> EtiquetteLue:
    """Un compte qui se tait ne se rend pas non plus en chiffres."""
    return replace(lue, citations=0, entretiens=0) if est_cache(lue.entretiens_ecrits) else lue


def _comptes(perimetre: Perimetre) -> Any:
    """Comptes par étiquette, tirés des synthèses et bornés aux terrains permis."""
    ouvrables = SyntheseEtiquette.verbatims if peut_lire_identites(perimetre) else SyntheseEtiquette.citables
    return (
        select(
            SyntheseEtiquette.etiquette_id,
            func.sum(ouvrables).label("citations"),
            func.sum(SyntheseEtiquette.entretiens).label("entretiens"),
        )
        .where(visible(SyntheseEtiquette, perimetre))
        .group_by(SyntheseEtiquette.etiquette_id)
        .subquery()
    )


def _deplier(lignes: list[RowMapping]) -> list[EtiquetteLue]:
    """Parcours en profondeur. Une étiquette dont le parent n'est pas montré se range à la racine."""
    presentes = {ligne["id"] for ligne in lignes}
    enfants: dict[int | None, list[RowMapping]] = defaultdict(list)
    for ligne in lignes:
        enfants[ligne["parent_id"] if ligne["parent_id"] in presentes else None].append(ligne)
    racines = sorted(enfants[None], key=lambda ligne: FAMILLES.index(ligne["famille"]))
    lues: list[EtiquetteLue] = []
    pile: list[tuple[RowMapping, tuple[str, ...]]] = [(racine, ()) for racine in reversed(racines)]
    while pile:
        ligne, ancetres = pile.pop()
        lue = EtiquetteLue(**ligne, chemin=(*ancetres, ligne["nom"]), entretiens_ecrits=nombre(ligne["entretiens"]))
        lues.append(lue)
        pile += [(enfant, lue.chemin) for enfant in reversed(enfants.get(lue.id, []))]
    return lues


def descendance(grille: tuple[EtiquetteLue, ...], etiquette_id: int) -> tuple[int, ...]:
    """L'étiquette et toutes celles rangées sous elle, dans l'ordre de l'arbre."""
    retenues = {etiquette_id}
    for etiquette in grille:  # un parent précède toujours ses enfants
        if etiquette.parent_id in retenues:
            retenues.add(etiquette.id)
    return tuple(etiquette.id for etiquette in grille if etiquette.id in retenues)


def filtrer(grille: Sequence[EtiquetteLue], mots: str, famille: FamilleEtiquette | None = None) -> list[EtiquetteLue]:
    """Les étiquettes d'une famille dont le nom, le chemin ou la définition contient ces mots, sans accents ni casse."""
    cherche = plier(mots)
    de_la_famille = [etiquette for etiquette in grille if famille in {None, etiquette.famille}]
    if not cherche:
        return de_la_famille
    return [e for e in de_la_famille if cherche in plier(" ".join((*e.chemin, e.definition)))]


def choisir(
    grille: tuple[EtiquetteLue, ...],
    *,
    etiquette_id: int | None = None,
    descendantes: bool = True,
    famille: FamilleEtiquette | None = None,
) -> tuple[int, ...] | None:
    """Les étiquettes que désignent des filtres, ou None s'ils ne restreignent rien.

    descendantes : joindre ce qui est rangé sous l'étiquette choisie.
    """
    if etiquette_id is None and famille is None:
        return None
    retenues = {etiquette.id for etiquette in grille if famille in {None, etiquette.famille}}
    if etiquette_id is not None:
        retenues &= set(descendance(grille, etiquette_id) if descendantes else (etiquette_id,))
    return tuple(sorted(retenues))
