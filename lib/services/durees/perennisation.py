"""Pérennisation : une seule définition, son seuil et son dénominateur à l'écran ; puis cohortes et ponctuels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.durees import AnalyseDurees, analyser
from lib.analytics.proportions import wilson
from lib.db import partenariats as en_sql
from lib.db.modeles import Investigation, Partenariat
from lib.domain.axes import AxeDuree, PartDuree, UniteDuree
from lib.domain.dates_imprecises import ajouter_mois
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs, peut_lire_le_detail
from lib.domain.formats import compter, date_longue, duree_mois, intervalle, nombre, pourcentage, typographier
from lib.domain.vocabulaire import FamilleMotif, ModeRecueil, MotifFin, PlaceDuree, Rythme
from lib.graphiques.commun import Tableau
from lib.services.durees.bloc import BlocDurees, Repere
from lib.services.durees.criteres import CriteresDurees
from lib.services.durees.lecture import FiltresDurees, conditions, lire_episodes
from lib.services.durees.mesures import des_courbes, proportion, sans_marches
from lib.services.investigations import date_des_chiffres
from lib.services.memoire.comptes import Comptees, tenir_comptes
from lib.services.memoire.vues import tenue_par_les_partenariats

AGES_COHORTES = (6, 12, 24)
COHORTES_MONTREES = 12
AGES_SUIVIS = {PartDuree.SUIVIS_12: 12, PartDuree.SUIVIS_24: 24}
ACCOMPLIS = tuple(motif for motif in MotifFin if motif.famille is FamilleMotif.ACCOMPLI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Ce que veut dire « pérennisé » pour l'investigation : réglé par l'administration, journalisé."""

    seuil_mois: int
    renouvellements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Perennisation:
    """`perennes` sur `observables` ; `indetermines` : sans nouvelle avant le seuil, on ne sait pas."""

    definition: Definition
    perennes: int
    observables: int
    indetermines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VuePerennisation:
    """Le chiffre de pérennisation, ce qu'il veut dire, puis les cohortes et ce que deviennent les ponctuels."""

    au: date
    repere: Repere
    perennisation: BlocDurees
    cohortes: BlocDurees
    ponctuels: BlocDurees
    comptes: Mapping[PartDuree, int]


@tenue_par_les_partenariats
def preparer(session: Session, perimetre: Perimetre, *, criteres: CriteresDurees) -> VuePerennisation:
    """Quatre lectures, agrégées en SQL. Lève AccesRefuse."""
    exiger(peut_lire_le_detail, perimetre)
    au = criteres.au or date_des_chiffres(session, perimetre)
    mesure = mesurer(session, perimetre, au=au, filtres=criteres.filtres)
    ponctuels = session.execute(_requete_ponctuels(perimetre, au, criteres.filtres)).one()
    cohortes = lire_episodes(session, perimetre, axe=AxeDuree.COHORTE, au=au, filtres=criteres.filtres)
    return VuePerennisation(
        au=au,
        repere=_repere(mesure),
        perennisation=BlocDurees(
            phrases=_phrases(mesure, au),
            tableaux=(),
            code="durees-perennisation",
            unite=UniteDuree.MOIS,
            mesures=proportion(
                "Pérennisés", "part_perennisee", numerateur=mesure.perennes, denominateur=mesure.observables
            ),
        ),
        cohortes=_cohortes(analyser(cohortes.lignes, instants=AGES_COHORTES)),
        ponctuels=_ponctuels(*(compte or 0 for compte in ponctuels)),
        comptes={
            PartDuree.PERENNES: mesure.perennes,
            PartDuree.OBSERVABLES: mesure.observables,
            PartDuree.PONCTUELS: ponctuels[0] or 0,
            PartDuree.CONVERTIS: ponctuels[1] or 0,
        },
    )


def mesurer(
    session: Session,
    perimetre: Perimetre,
    *,
    au: date,
    filtres: FiltresDurees,
    definition: Definition | None = None,
) -> Perennisation:
    """Combien de partenariats sont pérennisés, parmi ceux que l'on a pu suivre assez longtemps. Lève AccesRefuse.

    Observable : commencé depuis au moins le seuil, et terminé ou suivi jusque-là ; un épisode connu seulement parce
    qu'il durait encore n'en est pas (il n'aurait pas été connu s'il s'était arrêté). Pérennisé : a duré au moins le
    seuil, renouvelé autant de fois que demandé, et en cours ou fini parce que l'objectif était atteint.
    definition : celle de l'investigation, si elle est déjà lue.
    """
    exiger(peut_lire_indicateurs, perimetre)
    definition = definition or _definition(session, perimetre)
    cle = ("pérennisés", definition, au, filtres)
    detail = partial(_detail, perimetre, definition, au, filtres)
    return tenir_comptes(session, perimetre, detail, cle, partial(_totaliser, definition))


def _detail(perimetre: Perimetre, definition: Definition, au: date, filtres: FiltresDurees) -> Select[*tuple[Any, ...]]:
    """Une ligne par partenariat : pérennisé, observable, indéterminé."""
    noms = ("perenne", "observable", "indetermine")
    dits = zip(noms, _colonnes(definition, au), strict=True)
    drapeaux = (case((condition, 1), else_=0).label(nom) for nom, condition in dits)
    return select(*drapeaux).where(*conditions(perimetre, filtres, au))


def _totaliser(definition: Definition, comptees: Comptees) -> Perennisation:
    lues = list(comptees)
    perennes, observables, indetermines = (sum(n for drapeaux, n in lues if drapeaux[rang]) for rang in range(3))
    return Perennisation(definition=definition, perennes=perennes, observables=observables, indetermines=indetermines)


def _definition(session: Session, perimetre: Perimetre) -> Definition:
    requete = select(Investigation.seuil_perennisation_mois, Investigation.renouvellements_perennisation)
    seuil, fois = session.execute(requete.where(Investigation.id == perimetre.investigation_id)).one()
    return Definition(seuil_mois=seuil, renouvellements=fois)


def _colonnes(definition: Definition, au: date) -> tuple[ColumnElement[bool], ...]:
    """(pérennisé, observable, indéterminé)."""
    seuil = definition.seuil_mois
    ancien = and_(
        en_sql.mesurable(au),
        Partenariat.debut <= ajouter_mois(au, -seuil),
        Partenariat.mode_recueil != ModeRecueil.VIVANTS_SEULEMENT,
    )
    a_dure = en_sql.mois_ecoules(Partenariat.debut, en_sql.sortie(au)) >= seuil
    sans_nouvelle = and_(en_sql.place(au) == PlaceDuree.A_VERIFIER.value, ~a_dure)
    tient = or_(~en_sql.est_termine(au), Partenariat.motif_fin.in_(ACCOMPLIS))
    assez = Partenariat.renouvellements >= definition.renouvellements
    return and_(ancien, a_dure, tient, assez), and_(ancien, ~sans_nouvelle), and_(ancien, sans_nouvelle)


# --- Pérennisation ----------------------------------------------------------------------------------------------


def _repere(mesure: Perennisation) -> Repere:
    if not mesure.observables:
        return Repere(libelle="Partenariats pérennisés", valeur="Effectif insuffisant", precision="")
    lue = wilson(mesure.perennes, mesure.observables)
    return Repere(
        libelle="Partenariats pérennisés",
        valeur=f"{nombre(mesure.perennes)}/{nombre(mesure.observables)}",
        precision=typographier(
            f"{pourcentage(lue.valeur)}, intervalle à 95 % : {intervalle(lue.bas, lue.haut, pourcentage)}"
        ),
    )


def _phrases(mesure: Perennisation, au: date) -> tuple[str, ...]:
    seuil = duree_mois(mesure.definition.seuil_mois)
    fois = compter(mesure.definition.renouvellements, "renouvellement")
    definition = (
        f"Pérennisé : a duré au moins {seuil}, avec au moins {fois}, et dure encore ou s'est achevé parce que "
        "l'objectif était atteint."
    )
    observables = compter(mesure.observables, "partenariat observable", "partenariats observables")
    denominateur = (
        f"Sur {observables} : commencés au moins {seuil} avant le {date_longue(au)}, et terminés ou suivis jusque-là. "
        "Ceux que l'on ne connaît que parce qu'ils duraient encore n'y sont pas."
    )
    muets = compter(mesure.indetermines, "autre est resté", "autres sont restés")
    suite = f" {muets} sans nouvelle avant {seuil} : on ne sait pas." if mesure.indetermines else ""
    return typographier(definition), typographier(denominateur + suite)


# --- Cohortes ---------------------------------------------------------------------------------------------------


def _cohortes(analyse: AnalyseDurees) -> BlocDurees:
    """Les derniers trimestres, du plus récent au plus ancien."""
    connues = [groupe for groupe in analyse.groupes if groupe.courbe.episodes.effectif]
    recentes = sorted(connues, key=lambda groupe: groupe.nom, reverse=True)
    lignes = [
        (
            groupe.nom,
            nombre(groupe.courbe.episodes.effectif),
            nombre(groupe.courbe.episodes.termines),
            *(pourcentage(point.survie) if point.survie is not None else "n. d." for point in groupe.points),
        )
        for groupe in recentes[:COHORTES_MONTREES]
    ]
    return BlocDurees(
        phrases=(
            typographier(
                "Chaque ligne suit les partenariats commencés le même trimestre. « n. d. » : moins de cinq y sont "
                "encore suivis à cet âge."
            ),
        ),
        tableaux=(
            Tableau(
                legende="Part encore en cours, par trimestre de début",
                entetes=("Début", "Suivis", "Terminés", *(duree_mois(age) for age in AGES_COHORTES)),
                lignes=tuple(lignes),
            ),
        ),
        code="durees-cohortes",
        unite=UniteDuree.MOIS,
        mesures=sans_marches(des_courbes({groupe.nom: groupe.courbe for groupe in recentes}, AGES_COHORTES)),
    )


# --- Ponctuels --------------------------------------------------------------------------------------------------


def _ponctuels(ponctuels: int, suivis: int, durables: int) -> BlocDurees:
    lue = wilson(suivis, ponctuels)
    bornes = f" (intervalle à 95 % : {intervalle(lue.bas, lue.haut, pourcentage)})" if ponctuels else ""
    compte = (
        f"{compter(ponctuels, 'partenariat ponctuel commencé', 'partenariats ponctuels commencés')}, "
        f"{compter(durables, 'récurrent ou pluriannuel', 'récurrents ou pluriannuels')}."
    )
    conversion = (
        f"{nombre(suivis)} sur {compter(ponctuels, 'ponctuel')}{bornes} : suivis, entre les mêmes "
        "organisations, d'un engagement récurrent ou pluriannuel."
    )
    return BlocDurees(
        phrases=(typographier(compte), typographier(conversion)),
        tableaux=(),
        code="durees-ponctuels",
        unite=UniteDuree.MOIS,
        mesures=proportion("Ponctuels", "part_devenue_durable", numerateur=suivis, denominateur=ponctuels),
    )


def _requete_ponctuels(perimetre: Perimetre, au: date, filtres: FiltresDurees) -> Select[*tuple[Any, ...]]:
    ponctuel, converti = Partenariat.rythme == Rythme.PONCTUEL, _converti(au)
    return select(
        func.sum(case((ponctuel, 1), else_=0)),
        func.sum(case((and_(ponctuel, converti), 1), else_=0)),
        func.sum(case((~ponctuel, 1), else_=0)),
    ).where(*conditions(perimetre, filtres, au), Partenariat.debut <= au)


def _converti(au: date) -> ColumnElement[bool]:
    """Les mêmes organisations ont ensuite un engagement récurrent ou pluriannuel."""
    suite = aliased(Partenariat)
    return (
        select(suite.id)
        .where(
            suite.entreprise_id == Partenariat.entreprise_id,
            suite.association_id == Partenariat.association_id,
            suite.rythme != Rythme.PONCTUEL,
            suite.archive_le.is_(None),
            suite.debut >= Partenariat.debut,
            suite.debut <= au,
        )
        .correlate(Partenariat)
        .exists()
    )


def _de_la_courbe(au: date, age: int | None) -> ColumnElement[bool]:
    """Les épisodes que la courbe mesure ; avec un âge en mois, ceux qu'elle suit encore juste avant."""
    duree_suivie = en_sql.mois_ecoules(Partenariat.debut, en_sql.sortie(au))
    entree = en_sql.en_mois(en_sql.jours_avant_suivi(au))
    suivi_ensuite = and_(en_sql.mesurable(au), or_(entree.is_(None), entree < duree_suivie))
    if age is None:
        return suivi_ensuite
    return and_(suivi_ensuite, duree_suivie >= age, or_(entree.is_(None), entree < age))


def condition_de_part(session: Session, perimetre: Perimetre, part: PartDuree, au: date) -> ColumnElement[bool]:
    """Les épisodes que compte un chiffre de cette partie, pour en ouvrir la liste."""
    ponctuel = and_(Partenariat.rythme == Rythme.PONCTUEL, Partenariat.debut <= au)
    if part is PartDuree.PONCTUELS:
        return ponctuel
    if part is PartDuree.CONVERTIS:
        return and_(ponctuel, _converti(au))
    if part in AGES_SUIVIS or part is PartDuree.MESURES:
        return _de_la_courbe(au, AGES_SUIVIS.get(part))
    perenne, observable, _ = _colonnes(_definition(session, perimetre), au)
    return perenne if part is PartDuree.PERENNES else observable
