"""Pourquoi les partenariats s'arrêtent : motifs concurrents, car une fin accomplie n'est pas un échec."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from lib.analytics.durees import analyser
from lib.analytics.incidence import Incidences
from lib.analytics.lecture import lire_incidence
from lib.domain.axes import UniteDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_le_detail
from lib.domain.formats import compter, duree, nombre, pourcentage, typographier
from lib.domain.vocabulaire import FamilleMotif
from lib.graphiques import barres
from lib.graphiques.barres import Barre
from lib.graphiques.commun import Tableau
from lib.services.durees.bloc import BlocDurees
from lib.services.durees.criteres import CriteresDurees, ages, reunir
from lib.services.durees.lecture import lire_episodes
from lib.services.durees.mesures import des_motifs
from lib.services.memoire.vues import tenue_par_les_partenariats

AGE = 24
"""Âge (mois) de la figure : celui d'une convention de deux ans ; le tableau donne les autres."""
ENCORE = "Encore en cours"


@dataclass(frozen=True, slots=True, kw_only=True)
class VueMotifs:
    """Les motifs de fin à la date d'arrêt ; `bloc` absent quand aucune fin n'est connue."""

    au: date
    bloc: BlocDurees | None
    comptes: Mapping[FamilleMotif, int] = field(default_factory=dict)


@tenue_par_les_partenariats
def preparer(session: Session, perimetre: Perimetre, *, criteres: CriteresDurees) -> VueMotifs:
    """Part finie pour chaque famille de motifs à 6, 12, 24 et 36 mois (Aalen et Johansen). Lève AccesRefuse."""
    exiger(peut_lire_le_detail, perimetre)
    lus = lire_episodes(session, perimetre, unite=criteres.unite, au=criteres.au, filtres=criteres.filtres)
    groupes = analyser(reunir(lus.lignes), instants=()).groupes
    if not groupes or not groupes[0].incidences.fins:
        return VueMotifs(au=lus.au, bloc=None)
    incidences = groupes[0].incidences
    comptes = {famille: incidences.fins[famille.value] for famille in FamilleMotif if famille.value in incidences.fins}
    return VueMotifs(au=lus.au, bloc=_bloc(incidences, lus.au, criteres), comptes=comptes)


def _bloc(incidences: Incidences, au: date, criteres: CriteresDurees) -> BlocDurees:
    (age,) = ages(criteres, [AGE])
    titre = typographier(f"Que sont devenus les partenariats à {duree(age, criteres.unite.value)} ?")
    parts = _parts(incidences, age)
    tracees = [
        Barre(libelle=nom, valeur=round(1000 * part), fond=1000, texte=pourcentage(part)) for nom, part in parts.items()
    ]
    return BlocDurees(
        phrases=_phrases(incidences, au, age, criteres.unite),
        figure=barres.figure(tracees, titre=titre, vide="Trop peu de partenariats suivis à cet âge"),
        alternative=barres.description(tracees, titre=titre),
        tableaux=(_tableau(incidences, criteres),),
        code="durees-motifs",
        mesures=des_motifs(incidences, {famille.value: famille.libelle for famille in FamilleMotif}, ages(criteres)),
    )


def _parts(incidences: Incidences, age: float) -> Mapping[str, float]:
    """Part de chaque famille, puis ce qui dure encore ; vide si trop peu sont suivis jusqu'à cet âge."""
    lues = {famille: incidences.a(famille.value, age) for famille in FamilleMotif if famille.value in incidences.motifs}
    parts = {famille.libelle: part for famille, part in lues.items() if part is not None}
    return parts | {ENCORE: 1 - sum(parts.values())} if parts else {}


def _phrases(incidences: Incidences, au: date, age: int, unite: UniteDuree) -> tuple[str, ...]:
    fins = sum(incidences.fins.values())
    effectif = compter(incidences.effectif, "partenariat suivi", "partenariats suivis")
    suivis = typographier(
        f"{compter(fins, 'fin connue', 'fins connues')} parmi {effectif} "
        f"au {au:%d/%m/%Y}, hors ceux que l'on ne connaît que parce qu'ils duraient encore."
    )
    accompli = incidences.fins.get(FamilleMotif.ACCOMPLI.value, 0)
    bilan = typographier(
        f"{nombre(accompli)} sur {nombre(fins)} ont pris fin parce que l'objectif était atteint : ce ne sont pas des "
        "échecs."
    )
    lues = (
        lire_incidence(incidences, famille.value, famille.libelle, age, unite)
        for famille in FamilleMotif
        if famille.value in incidences.motifs
    )
    return (suivis, bilan, *lues)


def _tableau(incidences: Incidences, criteres: CriteresDurees) -> Tableau:
    instants = ages(criteres)
    lignes = [
        (
            famille.libelle,
            nombre(incidences.fins[famille.value]),
            *(_dire(incidences, famille, age) for age in instants),
        )
        for famille in FamilleMotif
        if famille.value in incidences.motifs
    ]
    return Tableau(
        legende=typographier("Part des partenariats finis pour chaque motif selon l'âge (± erreur type)"),
        entetes=("Motif", "Fins", *(duree(age, criteres.unite.value) for age in instants)),
        lignes=tuple(lignes),
    )


def _dire(incidences: Incidences, famille: FamilleMotif, age: float) -> str:
    point = incidences.point(famille.value, age)
    if point is None:
        return "n. d."
    return pourcentage(point.part) + (f" ± {nombre(100 * point.erreur_type, 1)}" if point.erreur_type else "")
