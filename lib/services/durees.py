"""Durées d'engagement : ce que la base sait des épisodes, puis tout ce que la page montre, prêt à afficher."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from lib.analytics.comparaison_durees import log_rank
from lib.analytics.episodes import Episodes, GroupeEpisodes
from lib.analytics.lecture import lire_courbe, lire_log_rank, lire_point
from lib.analytics.survie import Courbe, PointSurvie, a_risque, estimer, graduations, survie_aux
from lib.db import partenariats as en_sql
from lib.db.modeles import Partenariat, Terrain
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.formats import compter, duree_mois, intervalle, nombre, pourcentage, typographier
from lib.domain.vocabulaire import PlaceDuree, Rythme
from lib.graphiques import survie
from lib.graphiques.commun import Tableau
from lib.services.investigations import date_des_chiffres
from lib.services.partenariats_suivis import suivi

if TYPE_CHECKING:
    import plotly.graph_objects as go

Requete = Select[*tuple[Any, ...]]
MESUREES = (PlaceDuree.TERMINE, PlaceDuree.EN_COURS, PlaceDuree.A_VERIFIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class DureesTerrain:
    """Les épisodes d'un terrain, agrégés par la base. `places` : combien d'épisodes à chaque place."""

    terrain_id: int
    nom: str
    groupes: tuple[GroupeEpisodes, ...]
    places: Mapping[PlaceDuree, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureDurees:
    """Les épisodes du périmètre à la date d'arrêt `au`, terrain par terrain dans l'ordre d'affichage."""

    au: date
    terrains: tuple[DureesTerrain, ...]

    @property
    def places(self) -> Counter[PlaceDuree]:
        """Combien d'épisodes à chaque place, tous terrains réunis."""
        return sum((Counter(terrain.places) for terrain in self.terrains), Counter())

    @property
    def ensemble(self) -> Episodes:
        """Tous les épisodes mesurés."""
        return Episodes.depuis_groupes(groupe for terrain in self.terrains for groupe in terrain.groupes)


def lire_durees(session: Session, perimetre: Perimetre, *, rythmes: tuple[Rythme, ...] = ()) -> LectureDurees:
    """Durée (mois), issue, entrée tardive et effectif des épisodes du périmètre ; une seule lecture, agrégée en SQL.

    rythmes : restreint aux rythmes donnés ; vide, tous. Un épisode appris d'un entretien sans notice n'y est pas.
    """
    exiger(peut_lire_indicateurs, perimetre)
    au = date_des_chiffres(session, perimetre)
    groupes: dict[int, list[GroupeEpisodes]] = defaultdict(list)
    places: dict[int, Counter[PlaceDuree]] = defaultdict(Counter)
    for terrain_id, code, duree, entree, effectif in session.execute(_requete(perimetre, au, rythmes)):
        place = PlaceDuree(code)
        places[terrain_id][place] += effectif
        if duree is not None:
            groupes[terrain_id].append(
                GroupeEpisodes(duree=duree, termine=place is PlaceDuree.TERMINE, effectif=effectif, entree=entree)
            )
    terrains = tuple(
        DureesTerrain(terrain_id=id_, nom=nom, groupes=tuple(groupes[id_]), places=dict(places[id_]))
        for id_, nom in session.execute(_terrains(perimetre, sorted(places)))
    )
    return LectureDurees(au=au, terrains=terrains)


def _terrains(perimetre: Perimetre, avec_episodes: list[int]) -> Requete:
    """Terrains ouverts au compte, même sans épisode (c'est un constat) ; archivés, seulement s'ils en ont."""
    requete = (
        select(Terrain.id, Terrain.nom)
        .where(visible(Terrain, perimetre), or_(Terrain.archive_le.is_(None), Terrain.id.in_(avec_episodes)))
        .order_by(Terrain.ordre, Terrain.nom)
    )
    return requete if perimetre.terrains is None else requete.where(Terrain.id.in_(sorted(perimetre.terrains)))


def _requete(perimetre: Perimetre, au: date, rythmes: tuple[Rythme, ...]) -> Requete:
    """Une ligne par terrain, place, durée et entrée : quelques centaines, quel que soit le nombre d'épisodes."""
    place = en_sql.place(au)
    mesure = en_sql.mesurable(au)
    detail = select(
        Partenariat.terrain_id.label("terrain_id"),
        place.label("place"),
        case((mesure, en_sql.mois_ecoules(Partenariat.debut, en_sql.sortie(au)))).label("duree"),
        case((mesure, en_sql.mois_ecoules(Partenariat.debut, en_sql.entree(au)))).label("entree"),
    ).where(visible(Partenariat, perimetre), suivi())
    if rythmes:
        detail = detail.where(Partenariat.rythme.in_(rythmes))
    lignes = detail.subquery()
    cles = (lignes.c.terrain_id, lignes.c.place, lignes.c.duree, lignes.c.entree)
    return select(*cles, func.count()).group_by(*cles)


# --- Vue de la page ---------------------------------------------------------------------------------------------

AGES = (12, 24)
"""Durées (mois) dont la part est mise en avant : la convention d'un an, et celle de deux."""
GROUPES_MAXIMUM = 8
"""Au-delà, une figure ne se lit plus : les terrains les moins fournis se réunissent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repere:
    """Un chiffre mis en avant, son intervalle et ce qu'il veut dire."""

    libelle: str
    valeur: str
    precision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocDurees:
    """Une figure, son texte alternatif, ce qu'elle dit en phrases, et les mêmes chiffres en tableaux."""

    figure: "go.Figure"
    alternative: str
    phrases: tuple[str, ...]
    tableaux: tuple[Tableau, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VueDurees:
    """Tout ce que montre la page, prêt et partagé, en lecture seule.

    places : combien d'épisodes à chaque place, mesurés ou écartés. terrains : absent avec un seul terrain.
    """

    au: date
    places: Mapping[PlaceDuree, int]
    reperes: tuple[Repere, ...]
    ensemble: BlocDurees | None
    terrains: BlocDurees | None

    @property
    def mesures(self) -> int:
        """Nombre d'épisodes qui entrent dans la mesure."""
        return sum(self.places.get(place, 0) for place in MESUREES)


def preparer(session: Session, perimetre: Perimetre, *, rythme: Rythme | None = None) -> VueDurees:
    """La page des durées à la date d'arrêt, pour tous les rythmes ou un seul."""
    lues = lire_durees(session, perimetre, rythmes=(rythme,) if rythme else ())
    places = lues.places
    if not sum(places[place] for place in MESUREES):
        return VueDurees(au=lues.au, places=places, reperes=(), ensemble=None, terrains=None)
    courbe = estimer(lues.ensemble)
    return VueDurees(
        au=lues.au,
        places=places,
        reperes=_reperes(courbe),
        ensemble=_ensemble(courbe, lues.au),
        terrains=_par_terrain(lues),
    )


def _reperes(courbe: Courbe) -> tuple[Repere, ...]:
    points = survie_aux(courbe, AGES)
    return (_repere_mediane(courbe), *(_repere_point(point) for point in points))


def _repere_mediane(courbe: Courbe) -> Repere:
    mediane = courbe.mediane
    if not courbe.estimable:
        return Repere(libelle="Durée médiane", valeur="Effectif insuffisant", precision="")
    if mediane.valeur is None:
        return Repere(libelle="Durée médiane", valeur="Non atteinte", precision="Plus de la moitié durent encore")
    bornes = intervalle(mediane.bas, mediane.haut, duree_mois, borne_absente="non atteinte")
    return Repere(
        libelle="Durée médiane",
        valeur=duree_mois(mediane.valeur),
        precision=typographier(f"Intervalle à 95 % : {bornes}"),
    )


def _repere_point(point: PointSurvie) -> Repere:
    libelle = f"Encore en cours à {duree_mois(point.instant)}"
    if point.survie is None:
        suivis = compter(point.a_risque, "partenariat suivi", "partenariats suivis")
        return Repere(libelle=libelle, valeur="Effectif insuffisant", precision=typographier(f"{suivis} à cet âge"))
    bornes = intervalle(point.bas, point.haut, pourcentage)
    precision = typographier(f"Intervalle à 95 % : {bornes}") if point.bas is not None else ""
    return Repere(libelle=libelle, valeur=pourcentage(point.survie), precision=precision)


def _ensemble(courbe: Courbe, au: date) -> BlocDurees:
    courbes = {"Tous terrains": courbe}
    phrases = [lire_courbe(courbe, arret=au), *(lire_point(point) for point in survie_aux(courbe, AGES))]
    titre = typographier("Combien de temps durent les partenariats ?")
    return _bloc(courbes, titre, tuple(phrases), (_sans_groupe(survie.table(courbes)),))


def _sans_groupe(tableau: Tableau) -> Tableau:
    """Une seule courbe : son nom à chaque ligne n'apprend rien, et prend la place au téléphone."""
    return replace(tableau, entetes=tableau.entetes[1:], lignes=tuple(ligne[1:] for ligne in tableau.lignes))


def _par_terrain(lues: LectureDurees) -> BlocDurees | None:
    groupes = _regrouper(lues.terrains)
    if len(groupes) < 2:
        return None
    courbes = {nom: estimer(episodes) for nom, episodes in groupes.items()}
    phrases = [lire_courbe(courbe, lieu=f"sur le terrain {nom}", arret=lues.au) for nom, courbe in courbes.items()]
    fournis = {nom: episodes for nom, episodes in groupes.items() if episodes.effectif}
    titre = typographier("Les partenariats durent-ils plus longtemps sur un terrain que sur un autre ?")
    tableaux = (_tableau_a_risque(courbes), survie.table_medianes(courbes))
    return _bloc(courbes, titre, (*phrases, lire_log_rank(log_rank(fournis))), tableaux)


def _regrouper(terrains: tuple[DureesTerrain, ...]) -> dict[str, Episodes]:
    """Épisodes par terrain, dans l'ordre d'affichage ; les moins fournis réunis si la figure déborderait."""
    gardes = terrains
    if len(terrains) > GROUPES_MAXIMUM:
        fournis = sorted(terrains, key=lambda terrain: -sum(groupe.effectif for groupe in terrain.groupes))
        retenus = {terrain.terrain_id for terrain in fournis[: GROUPES_MAXIMUM - 1]}
        gardes = tuple(terrain for terrain in terrains if terrain.terrain_id in retenus)
    groupes = {terrain.nom: Episodes.depuis_groupes(terrain.groupes) for terrain in gardes}
    autres = [groupe for terrain in terrains if terrain not in gardes for groupe in terrain.groupes]
    return groupes | ({"Autres terrains": Episodes.depuis_groupes(autres)} if autres else {})


def _bloc(
    courbes: Mapping[str, Courbe], titre: str, phrases: tuple[str, ...], tableaux: tuple[Tableau, ...]
) -> BlocDurees:
    return BlocDurees(
        figure=survie.figure(courbes, titre=titre),
        alternative=survie.description(courbes, titre=titre),
        phrases=phrases,
        tableaux=tableaux,
    )


def _tableau_a_risque(courbes: Mapping[str, Courbe]) -> Tableau:
    """Combien de partenariats portent encore la courbe à chaque âge."""
    ages = graduations(max(courbe.fin for courbe in courbes.values()))
    return Tableau(
        legende="Partenariats encore suivis à chaque âge",
        entetes=("Groupe", *(duree_mois(age) for age in ages)),
        lignes=tuple((nom, *(nombre(n) for n in a_risque(courbe, ages))) for nom, courbe in courbes.items()),
    )
