"""Combien de temps cela dure, et pourquoi cela s'arrête : les estimations des pages de durées, les effectifs protégés.

Une courbe de survie descend d'une marche à chaque fin : elle montrerait des partenariats un par un. On n'en donne que
la médiane et quelques âges, jamais deux âges entre lesquels une ou deux fins seulement se sont produites.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, ages_publiables, est_cache, proteger, publier, publier_part
from lib.analytics.durees import DureesGroupe, analyser
from lib.analytics.proportions import wilson
from lib.analytics.survie import Courbe, PointSurvie, survie_aux
from lib.domain.droits import Perimetre
from lib.domain.formats import ABSENT, compter, duree_mois, intervalle, nombre, pourcentage, typographier
from lib.domain.scenes import BarreScene, CodeScene, FigureScene, Scene
from lib.domain.vocabulaire import FamilleMotif
from lib.services.durees.criteres import AGES, reunir
from lib.services.durees.lecture import FiltresDurees, lire_episodes
from lib.services.durees.perennisation import Perennisation, mesurer
from lib.services.memoire.vues import tenue_par_les_partenariats
from lib.services.restitution.commun import barre, exiger_entiere, regle_si_cache, situer, tableau
from lib.services.statistiques import compter_statuts

RIEN = typographier("Aucun partenariat commencé n'est encore consigné : il n'y a pas de durée à mesurer.")
METHODE = typographier(
    "Kaplan-Meier : un partenariat en cours compte jusqu'à sa dernière nouvelle, jamais comme terminé. À vérifier : "
    "sans nouvelle depuis plus de douze mois. Une valeur qui montrerait des partenariats un par un ne se donne pas."
)
MOTIFS = typographier(
    "Une fin « objectif accompli » n'est pas un échec. Les fins non mesurées n'ont pas de date connue, ou ne sont "
    "connues que parce que le partenariat durait encore."
)
SANS_INTERVALLE = "sans intervalle"
NON_MESURE = typographier("Fin non mesurée")
TERMINES, PAS_COMMENCES = "Terminés", "Pas commencés"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartenariatsPublies:
    """Les partenariats, comptés.

    statuts : ceux des statistiques publiques, `ecrits` comme elles les écrivent. mesures : sur la courbe.
    """

    statuts: Mapping[str, int]
    ecrits: Mapping[str, str]
    mesures: int
    groupe: DureesGroupe | None

    @property
    def commences(self) -> int:
        return sum(self.statuts.values()) - self.statuts[PAS_COMMENCES]

    @property
    def tait(self) -> bool:
        return any(map(est_cache, self.ecrits.values()))

    @property
    def mesures_ecrites(self) -> tuple[str, str]:
        """Ceux dont la durée se mesure, et les autres ; rien n'en est dit si l'un des statuts se tait."""
        if self.tait:
            return CACHE, CACHE
        mesures, ecartes = proteger([self.mesures, self.commences - self.mesures]).cases
        return mesures, ecartes


def lire_durees(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Quatre requêtes."""
    lus = lire_publies(session, perimetre, au)
    perennisation = mesurer(session, perimetre, au=au, filtres=FiltresDurees())
    points = points_publiables(lus.groupe.courbe) if lus.groupe else ()
    lignes = [*_effectifs(lus), *_estimations(lus, points), _ligne_perenne(perennisation)]
    return Scene(
        code=CodeScene.DUREES,
        phrase=_dire_durees(lus, points),
        figure=FigureScene(
            titre=typographier(f"Quelle part des {_commences(lus)} est encore en cours ?"),
            barres=tuple(map(_barre_point, points)),
        )
        if points
        else None,
        tableaux=tableau(
            "Partenariats suivis, et combien de temps ils durent",
            ("Mesure", "Valeur", typographier("Intervalle à 95 %")),
            lignes,
        )
        if any(lus.statuts.values())
        else (),
        notes=(situer(au), METHODE, _definir(perennisation), *regle_si_cache(valeur for _, valeur, _ in lignes)),
    )


def lire_fins(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Les fins connues, par famille de motifs. Deux requêtes."""
    lus = lire_publies(session, perimetre, au)
    familles = {} if lus.tait or not lus.groupe else _compter_fins(lus.groupe, lus.statuts[TERMINES])
    ecrits = dict(zip(familles, proteger(list(familles.values())).cases, strict=True))
    return Scene(
        code=CodeScene.FINS,
        phrase=_dire_fins(lus, familles, ecrits),
        figure=FigureScene(
            titre=typographier("Pourquoi les partenariats s'arrêtent-ils ?"),
            barres=tuple(barre(nom, ecrits[nom], n, lus.statuts[TERMINES]) for nom, n in familles.items()),
        )
        if familles
        else None,
        tableaux=tableau("Partenariats terminés, par motif de fin", ("Motif", "Fins"), ecrits.items()),
        notes=(situer(au), MOTIFS, *regle_si_cache(ecrits.values())),
    )


@tenue_par_les_partenariats
def lire_publies(session: Session, perimetre: Perimetre, au: date) -> PartenariatsPublies:
    """Ce que les scènes des durées partagent. Deux requêtes. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    episodes = lire_episodes(session, perimetre, au=au)
    statuts = compter_statuts(session, perimetre.investigation_id or 0, au)
    return PartenariatsPublies(
        statuts=statuts,
        ecrits=dict(zip(statuts, proteger(list(statuts.values())).cases, strict=True)),
        mesures=episodes.mesures,
        groupe=analyser(reunir(episodes.lignes), instants=AGES).groupes[0] if episodes.mesures else None,
    )


# --- Durées -----------------------------------------------------------------------------------------------------


def _commences(lus: PartenariatsPublies) -> str:
    effectif = "" if lus.tait else f"{nombre(lus.commences)} "
    return f"{effectif}partenariats commencés"


def points_publiables(courbe: Courbe) -> tuple[PointSurvie, ...]:
    """La courbe aux âges où elle se lit sans montrer une ou deux fins."""
    lus = {int(point.instant): point for point in survie_aux(courbe, AGES) if point.survie is not None}
    gardes = ages_publiables(((marche.instant, marche.evenements) for marche in courbe.marches), list(lus))
    return tuple(lus[age] for age in gardes)


def _effectifs(lus: PartenariatsPublies) -> Iterator[tuple[str, str, str]]:
    yield "Partenariats suivis", publier(sum(lus.statuts.values())), SANS_INTERVALLE
    for statut, ecrit in lus.ecrits.items():
        yield f"Dont {statut.lower()}", ecrit, SANS_INTERVALLE
    if not lus.tait:
        mesures, ecartes = lus.mesures_ecrites
        yield "Commencés, et dont la durée se mesure", mesures, SANS_INTERVALLE
        yield typographier("Commencés, mais à date inconnue"), ecartes, SANS_INTERVALLE


def _estimations(lus: PartenariatsPublies, points: Sequence[PointSurvie]) -> Iterator[tuple[str, str, str]]:
    mediane = lus.groupe.courbe.mediane if lus.groupe and lus.groupe.courbe.estimable else None
    if mediane:
        ecrite = duree_mois(mediane.valeur) if mediane.valeur is not None else "non atteinte"
        yield "Durée médiane", ecrite, intervalle(mediane.bas, mediane.haut, duree_mois, borne_absente="non atteinte")
    for point in points:
        bornes = intervalle(point.bas, point.haut, pourcentage) if point.bas is not None else SANS_INTERVALLE
        yield f"Encore en cours à {duree_mois(point.instant)}", pourcentage(point.survie), bornes


def _ligne_perenne(mesure: Perennisation) -> tuple[str, str, str]:
    autres = mesure.observables - mesure.perennes
    ecrit, sur = publier_part(mesure.perennes, autres, exclus=0)
    if est_cache(ecrit) or est_cache(sur):
        return "Pérennisés", ecrit, ABSENT
    part = wilson(mesure.perennes, mesure.observables)
    return "Pérennisés", f"{ecrit} sur {sur}", intervalle(part.bas, part.haut, pourcentage)


def _definir(mesure: Perennisation) -> str:
    seuil, fois = mesure.definition.seuil_mois, compter(mesure.definition.renouvellements, "renouvellement")
    return typographier(
        f"Pérennisé : a duré {duree_mois(seuil)} au moins, avec {fois} au moins, et dure encore ou s'est achevé "
        "accompli ; sur ceux que l'on a pu suivre jusque-là."
    )


def _barre_point(point: PointSurvie) -> BarreScene:
    return BarreScene(
        libelle=f"À {duree_mois(point.instant)}",
        texte=pourcentage(point.survie),
        longueur=None if point.survie is None else round(point.survie, 2),  # plus précise, elle rendrait des effectifs
        fond=1.0,
    )


def _dire_durees(lus: PartenariatsPublies, points: Sequence[PointSurvie]) -> str:
    if not lus.groupe:
        return RIEN
    mediane = lus.groupe.courbe.mediane
    if not lus.groupe.courbe.estimable:
        return typographier("Trop peu de partenariats sont suivis pour estimer combien de temps ils durent.")
    if mediane.valeur is None:
        debut = "Plus de la moitié des partenariats durent encore : la durée médiane n'est pas atteinte."
    else:
        debut = f"La moitié des partenariats s'arrêtent dans les {duree_mois(mediane.valeur)}."
    tard = next((point for point in reversed(points) if point.instant >= 24), None)
    suite = f" À {duree_mois(tard.instant)}, {pourcentage(tard.survie)} sont encore en cours." if tard else ""
    return typographier(debut + suite)


# --- Fins -------------------------------------------------------------------------------------------------------


def _compter_fins(groupe: DureesGroupe, termines: int) -> dict[str, int]:
    """Par famille de motifs, plus le reste : ensemble, les partenariats terminés que publient les statistiques."""
    fins = groupe.incidences.fins
    comptees = {famille.libelle: fins[famille.value] for famille in FamilleMotif if fins.get(famille.value)}
    reste = termines - sum(comptees.values())
    return comptees | ({NON_MESURE: reste} if comptees and reste else {})


def _dire_fins(lus: PartenariatsPublies, familles: Mapping[str, int], ecrits: Mapping[str, str]) -> str:
    if not lus.statuts[TERMINES]:
        return typographier("Aucune fin n'est encore connue.")
    if not familles:
        return typographier("Trop peu de fins sont connues pour en publier les motifs.")
    accompli = ecrits.get(FamilleMotif.ACCOMPLI.libelle, nombre(0))
    termines = compter(lus.statuts[TERMINES], "partenariat terminé", "partenariats terminés")
    if est_cache(accompli):
        return typographier(f"{termines} : le nombre de ceux dont l'objectif était atteint est masqué.")
    return typographier(f"Sur {termines}, {accompli} se sont achevés parce que l'objectif était atteint.")
