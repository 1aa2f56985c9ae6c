"""Les courbes : combien de temps durent les partenariats, tous ensemble puis groupe par groupe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.comparaison_durees import MINIMUM_EVENEMENTS, DureeMoyenne, LogRank, ecart_durees
from lib.analytics.durees import AnalyseDurees, LigneDuree, analyser, courbe_de_tous
from lib.analytics.episodes import Episodes
from lib.analytics.lecture import lire_courbe, lire_ecart_durees, lire_log_rank, lire_point
from lib.analytics.survie import Courbe, PointSurvie, a_risque, estimer, graduations
from lib.db.modeles import Terrain
from lib.db.perimetre import visible
from lib.domain.axes import AxeDuree, UniteDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_le_detail
from lib.domain.formats import compter, duree, guillemets, intervalle, nombre, pourcentage, typographier
from lib.domain.vocabulaire import PlaceDuree
from lib.graphiques import survie
from lib.graphiques.commun import Tableau
from lib.services.durees.bloc import BlocDurees, Repere
from lib.services.durees.criteres import AUTRES, SELON, CriteresDurees, ages, limiter
from lib.services.durees.lecture import EpisodesLus, lire_episodes
from lib.services.durees.mesures import des_courbes, des_moyennes
from lib.services.memoire.vues import tenue_par_les_partenariats

ABSENT = "n. d."
REPERES = (12, 24)
"""Durées mises en avant : la convention d'un an, et celle de deux."""
STRATIFIES = 5000
"""Au-delà, lire aussi la taille de chaque entreprise triple le prix de la page : le test se fait sans strate."""
MINIMUM_PAR_STRATE = 2
"""Tailles d'entreprise à compter dans chaque groupe pour que le test se fasse à taille égale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VueCourbes:
    """Ce que montre la première partie. `groupes` : absent avec un seul groupe ; `ensemble` : sans rien à mesurer.

    comptes : épisodes mesurés de chaque groupe, pour en ouvrir la liste.
    """

    au: date
    places: Mapping[PlaceDuree, int]
    mesures: int
    reperes: tuple[Repere, ...] = ()
    ensemble: BlocDurees | None = None
    groupes: BlocDurees | None = None
    comptes: Mapping[str, int] = field(default_factory=dict)


@tenue_par_les_partenariats
def preparer(session: Session, perimetre: Perimetre, *, criteres: CriteresDurees) -> VueCourbes:
    """Les courbes à la date d'arrêt. Quatre lectures au plus, agrégées en SQL. Lève AccesRefuse."""
    exiger(peut_lire_le_detail, perimetre)
    choix: dict[str, Any] = {"axe": criteres.axe, "unite": criteres.unite, "filtres": criteres.filtres}
    lus = lire_episodes(session, perimetre, au=criteres.au, **choix)
    if not lus.mesures:
        return VueCourbes(au=lus.au, places=lus.places, mesures=0)
    if lus.mesures <= STRATIFIES and criteres.axe is not AxeDuree.TAILLE:
        lus = lire_episodes(session, perimetre, strates=AxeDuree.TAILLE, au=lus.au, **choix)
    tous = courbe_de_tous(lus.lignes, criteres.unite)
    reperes = _points(tous, ages(criteres, REPERES))
    vides = _terrains(session, perimetre, criteres) if criteres.axe is AxeDuree.TERRAIN else ()
    return VueCourbes(
        au=lus.au,
        places=lus.places,
        mesures=lus.mesures,
        reperes=(_repere_mediane(tous), *(_repere_point(point, criteres.unite) for point in reperes)),
        ensemble=_ensemble(tous, reperes, lus.au, criteres),
        groupes=_par_groupe(lus, criteres, vides),
        comptes=_compter(lus),
    )


def _compter(lus: EpisodesLus) -> dict[str, int]:
    """Combien d'épisodes mesurés dans chaque groupe montré, hors « Autres » qui en réunit plusieurs."""
    comptes: dict[str, int] = {}
    for ligne in limiter(lus.lignes):
        comptes[ligne.groupe] = comptes.get(ligne.groupe, 0) + ligne.effectif
    comptes.pop(AUTRES, None)
    return comptes


def _terrains(session: Session, perimetre: Perimetre, criteres: CriteresDurees) -> tuple[str, ...]:
    """Les terrains ouverts au compte, même sans épisode : c'est un constat."""
    requete = select(Terrain.nom).where(visible(Terrain, perimetre), Terrain.archive_le.is_(None))
    if perimetre.terrains is not None:
        requete = requete.where(Terrain.id.in_(sorted(perimetre.terrains)))
    if criteres.filtres.terrain_id is not None:
        requete = requete.where(Terrain.id == criteres.filtres.terrain_id)
    return tuple(session.scalars(requete.order_by(Terrain.ordre, Terrain.nom)))


# --- Tous ensemble ----------------------------------------------------------------------------------------------


def _points(courbe: Courbe, ages: Sequence[float]) -> tuple[PointSurvie, ...]:
    from lib.analytics.survie import survie_aux

    return survie_aux(courbe, ages)


def _repere_mediane(courbe: Courbe) -> Repere:
    mediane = courbe.mediane
    if not courbe.estimable:
        return Repere(libelle="Durée médiane", valeur="Effectif insuffisant", precision="")
    if mediane.valeur is None:
        return Repere(libelle="Durée médiane", valeur="Non atteinte", precision="Plus de la moitié durent encore")
    bornes = intervalle(
        mediane.bas, mediane.haut, partial(duree, unite=courbe.unite.value), borne_absente="non atteinte"
    )
    return Repere(
        libelle="Durée médiane",
        valeur=duree(mediane.valeur, courbe.unite.value),
        precision=typographier(f"Intervalle à 95 % : {bornes}"),
    )


def _repere_point(point: PointSurvie, unite: UniteDuree) -> Repere:
    libelle = f"Encore en cours à {duree(point.instant, unite.value)}"
    if point.survie is None:
        suivis = compter(point.a_risque, "partenariat suivi", "partenariats suivis")
        return Repere(libelle=libelle, valeur="Effectif insuffisant", precision=typographier(f"{suivis} à cet âge"))
    bornes = intervalle(point.bas, point.haut, pourcentage)
    precision = typographier(f"Intervalle à 95 % : {bornes}") if point.bas is not None else ""
    return Repere(libelle=libelle, valeur=pourcentage(point.survie), precision=precision)


def _ensemble(courbe: Courbe, reperes: Sequence[PointSurvie], au: date, criteres: CriteresDurees) -> BlocDurees:
    courbes = {"Tous ensemble": courbe}
    phrases = [lire_courbe(courbe, arret=au), *(lire_point(point, criteres.unite) for point in reperes)]
    titre = typographier("Combien de temps durent les partenariats ?")
    bloc = _bloc(courbes, titre, tuple(phrases), (_sans_groupe(survie.table(courbes, (0, *ages(criteres)))),))
    return replace(bloc, code="durees-ensemble", mesures=des_courbes(courbes, ages(criteres)))


def _sans_groupe(tableau: Tableau) -> Tableau:
    """Une seule courbe : son nom à chaque ligne n'apprend rien, et prend la place au téléphone."""
    return replace(tableau, entetes=tableau.entetes[1:], lignes=tuple(ligne[1:] for ligne in tableau.lignes))


def _bloc(
    courbes: Mapping[str, Courbe], titre: str, phrases: tuple[str, ...], tableaux: tuple[Tableau, ...]
) -> BlocDurees:
    return BlocDurees(
        figure=survie.figure(courbes, titre=titre),
        alternative=survie.description(courbes, titre=titre),
        phrases=phrases,
        tableaux=tableaux,
    )


# --- Groupe par groupe ------------------------------------------------------------------------------------------


def _par_groupe(lus: EpisodesLus, criteres: CriteresDurees, attendus: Sequence[str]) -> BlocDurees | None:
    axe, instants = criteres.axe, ages(criteres)
    lignes = limiter(lus.lignes)
    stratifie = _se_stratifie(lignes)
    analyse = analyser(lignes if stratifie else _sans_strates(lignes), instants=instants, unite=criteres.unite)
    courbes = _avec_les_vides({groupe.nom: groupe.courbe for groupe in analyse.groupes}, attendus, criteres.unite)
    if len(courbes) < 2:
        return None
    phrases = [lire_courbe(courbe, lieu=_lieu(axe, nom), arret=lus.au) for nom, courbe in courbes.items()]
    titre = typographier(_question(axe))
    tableaux = (
        _tableau_a_risque(courbes, criteres.unite),
        survie.table_medianes(courbes),
        _tableau_points(courbes, instants, criteres.unite),
        _tableau_moyennes(analyse, criteres.unite),
    )
    comparaisons = (*_ecarts(analyse, criteres), _dire_log_rank(analyse.log_rank, stratifie=stratifie))
    bloc = _bloc(courbes, titre, (*phrases, *comparaisons), tuple(t for t in tableaux if t.lignes))
    mesures = (*des_courbes(courbes, instants), *des_moyennes(analyse))
    return replace(bloc, code=f"durees-{axe.value}", mesures=mesures)


def _avec_les_vides(courbes: dict[str, Courbe], attendus: Sequence[str], unite: UniteDuree) -> dict[str, Courbe]:
    if not attendus or AUTRES in courbes:
        return courbes
    vides = {nom: estimer(Episodes(groupes=()), unite=unite) for nom in attendus if nom not in courbes}
    rangs = {nom: rang for rang, nom in enumerate(attendus)}
    return dict(sorted((courbes | vides).items(), key=lambda paire: rangs.get(paire[0], len(rangs))))


def _lieu(axe: AxeDuree, nom: str) -> str:
    return f"sur le terrain {nom}" if axe is AxeDuree.TERRAIN else f"pour {guillemets(nom)}"


def _question(axe: AxeDuree) -> str:
    if axe is AxeDuree.TERRAIN:
        return "Les partenariats durent-ils plus longtemps sur un terrain que sur un autre ?"
    return f"Les partenariats durent-ils autant {SELON[axe]} ?"


def _sans_strates(lignes: Sequence[LigneDuree]) -> Sequence[LigneDuree]:
    return [ligne._replace(strate="") if ligne.strate else ligne for ligne in lignes]


def _se_stratifie(lignes: Sequence[LigneDuree]) -> bool:
    """À taille égale si, dans chaque groupe, au moins deux tailles connues ont assez de fins pour peser."""
    fins: dict[str, dict[str, int]] = {}
    for ligne in lignes:
        tailles = fins.setdefault(ligne.groupe, {})
        if ligne.strate and ligne.motif is not None:
            tailles[ligne.strate] = tailles.get(ligne.strate, 0) + ligne.effectif
    return bool(fins) and all(
        sum(nombre_fins >= MINIMUM_EVENEMENTS for nombre_fins in tailles.values()) >= MINIMUM_PAR_STRATE
        for tailles in fins.values()
    )


def _dire_log_rank(resultat: LogRank, *, stratifie: bool) -> str:
    debut = "À taille d'entreprise égale : " if stratifie and resultat.p is not None else ""
    phrase = lire_log_rank(resultat)
    return f"{debut}{phrase[:1].lower()}{phrase[1:]}" if debut else phrase


def _ecarts(analyse: AnalyseDurees, criteres: CriteresDurees) -> tuple[str, ...]:
    """Chaque groupe comparé au premier, sur la durée moyenne restreinte à l'horizon commun."""
    connues = [(groupe.nom, groupe.moyenne) for groupe in analyse.groupes if groupe.moyenne is not None]
    if len(connues) < 2:
        return ()
    (reference, base), *autres = connues
    axe = criteres.axe
    return tuple(
        lire_ecart_durees(
            ecart_durees(moyenne, base),
            lieu=_complement(axe, nom),
            reference=_complement(axe, reference),
            unite=criteres.unite,
        )
        for nom, moyenne in autres
        if _comparables(moyenne, base)
    )


def _comparables(gauche: DureeMoyenne, droite: DureeMoyenne) -> bool:
    return (gauche.debut, gauche.horizon) == (droite.debut, droite.horizon)


def _complement(axe: AxeDuree, nom: str) -> str:
    return f"sur le terrain {nom}" if axe is AxeDuree.TERRAIN else f"pour {guillemets(nom)}"


# --- Tableaux ---------------------------------------------------------------------------------------------------


def _tableau_a_risque(courbes: Mapping[str, Courbe], unite: UniteDuree) -> Tableau:
    """Combien de partenariats portent encore la courbe à chaque âge."""
    dates = graduations(max(courbe.fin for courbe in courbes.values()), unite=unite)
    return Tableau(
        legende="Partenariats encore suivis à chaque âge",
        entetes=("Groupe", *(duree(date_, unite.value) for date_ in dates)),
        lignes=tuple((nom, *(nombre(n) for n in a_risque(courbe, dates))) for nom, courbe in courbes.items()),
    )


def _tableau_points(courbes: Mapping[str, Courbe], instants: Sequence[int], unite: UniteDuree) -> Tableau:
    return Tableau(
        legende=typographier("Part encore en cours selon la durée, et son intervalle à 95 %"),
        entetes=("Groupe", *(duree(instant, unite.value) for instant in instants)),
        lignes=tuple((nom, *map(_dire_point, _points(courbe, instants))) for nom, courbe in courbes.items()),
    )


def _dire_point(point: PointSurvie) -> str:
    if point.survie is None:
        return ABSENT
    bornes = "" if point.bas is None else f" {intervalle(point.bas, point.haut, pourcentage)}"
    return f"{pourcentage(point.survie)}{bornes}"


def _tableau_moyennes(analyse: AnalyseDurees, unite: UniteDuree) -> Tableau:
    """Vide sans horizon où tous les groupes ont assez d'épisodes suivis."""
    horizon = analyse.horizon
    lignes = [
        (
            groupe.nom,
            f"{nombre(groupe.moyenne.valeur, 1)}",
            intervalle(groupe.moyenne.bas, groupe.moyenne.haut, lambda borne: nombre(borne, 1)),
        )
        for groupe in analyse.groupes
        if groupe.moyenne is not None
    ]
    legende = f"Durée moyenne restreinte aux {duree(horizon, unite.value)} où tous les groupes sont assez suivis"
    return Tableau(
        legende=legende, entetes=("Groupe", unite.libelle, typographier("Intervalle à 95 %")), lignes=tuple(lignes)
    )
