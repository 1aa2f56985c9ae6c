"""Statut et durée d'un partenariat, en SQL : les règles de lib.domain.partenariats, sur les colonnes de synthèse.

Un test compare les deux, ligne à ligne, sur les deux bases.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, and_, case, cast, extract, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from lib.db.modeles import Partenariat
from lib.domain.partenariats import limite_sans_nouvelle
from lib.domain.vocabulaire import ModeRecueil, PlaceDuree, PrecisionDate, StatutPartenariat

P, S = Partenariat, StatutPartenariat


class ecart_jours(FunctionElement[int]):  # noqa: N801 - se lit comme une fonction SQL
    """Nombre de jours de la première date à la seconde."""

    type = Integer()
    inherit_cache = True


@compiles(ecart_jours, "sqlite")
def _ecart_sqlite(element: Any, compilateur: SQLCompiler, **options: Any) -> str:
    debut, fin = (compilateur.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({fin}) - julianday({debut}) AS INTEGER)"


@compiles(ecart_jours, "postgresql")
def _ecart_postgresql(element: Any, compilateur: SQLCompiler, **options: Any) -> str:
    debut, fin = (compilateur.process(clause, **options) for clause in element.clauses)
    return f"({fin} - {debut})"


def mois_ecoules(debut: Any, fin: Any) -> ColumnElement[int]:
    """Durée arrondie au mois le plus proche : lib.domain.dates_imprecises.mois_ecoules."""
    return en_mois(ecart_jours(debut, fin))


def en_mois(jours: Any) -> ColumnElement[Any]:
    """Des jours aux mois entiers, au plus proche (30,4375 jours par mois)."""
    mois: ColumnElement[Any] = (jours * 32 + 487) // 974
    return mois


def a_commence(au: date) -> ColumnElement[bool]:
    """Le partenariat avait commencé à cette date."""
    return and_(P.precision_debut.is_not(None), or_(P.debut.is_(None), P.debut <= au))


def est_termine(au: date) -> ColumnElement[bool]:
    """Le partenariat était terminé à cette date."""
    return and_(P.motif_fin.is_not(None), or_(P.fin.is_(None), P.fin <= au))


def sans_nouvelle(au: date) -> ColumnElement[bool]:
    """Rien ne dit qu'il vivait encore il y a douze mois."""
    return or_(P.derniere_nouvelle.is_(None), P.derniere_nouvelle < limite_sans_nouvelle(au))


def statut(au: date) -> ColumnElement[str]:
    """Statut à une date d'arrêt : lib.domain.partenariats.statut."""
    return case(
        (P.sans_suite_le <= au, S.SANS_SUITE.value),
        (~a_commence(au), case((P.en_discussion, S.EN_DISCUSSION.value), else_=S.ENVISAGE.value)),
        (est_termine(au), S.TERMINE.value),
        (sans_nouvelle(au), S.A_VERIFIER.value),
        (P.suspendu_depuis <= au, S.SUSPENDU.value),
        else_=S.ACTIF.value,
    )


def place(au: date) -> ColumnElement[str]:
    """Place dans une mesure de durée : lib.domain.partenariats.place."""
    return case(
        (~a_commence(au), PlaceDuree.NON_COMMENCE.value),
        (P.debut.is_(None), PlaceDuree.DEBUT_INCONNU.value),
        (and_(P.motif_fin.is_not(None), P.fin.is_(None)), PlaceDuree.FIN_INCONNUE.value),
        (est_termine(au), PlaceDuree.TERMINE.value),
        (sans_nouvelle(au), PlaceDuree.A_VERIFIER.value),
        else_=PlaceDuree.EN_COURS.value,
    )


def sortie(au: date) -> ColumnElement[date]:
    """Dernier jour suivi d'un épisode qui se mesure : lib.domain.partenariats.sortie."""
    return case(
        (and_(P.motif_fin.is_not(None), P.fin <= au), P.fin),
        # Une nouvelle plus vieille que le début (données reprises d'ailleurs) ne donne aucune durée.
        (sans_nouvelle(au), case((P.derniere_nouvelle < P.debut, P.debut), else_=P.derniere_nouvelle)),
        else_=literal(au, Date),
    )


def entree(au: date) -> ColumnElement[date | None]:
    """Jour où l'on a commencé à suivre un épisode connu parce qu'il durait ; NULL si on l'aurait connu terminé."""
    dernier = sortie(au)
    vu = case((P.premiere_observation < dernier, P.premiere_observation), else_=dernier)
    return case((P.mode_recueil == ModeRecueil.VIVANTS_SEULEMENT, case((vu < P.debut, P.debut), else_=vu)))


def jours_avant_suivi(au: date) -> ColumnElement[Any]:
    """Âge, en jours, auquel on a commencé à suivre un épisode connu parce qu'il durait ; NULL pour les autres."""
    return ecart_jours(P.debut, entree(au))


def selon_la_precision(jours: Any, au: date, *, signe: int) -> ColumnElement[Any]:
    """La durée la plus longue (signe 1) ou la plus courte (signe -1) que permettent des dates mal connues, en jours.

    Une date connue au mois se lit en son milieu : elle peut bouger de 15 jours ; à l'année, de 182.
    """
    marges = {PrecisionDate.MOIS: 15, PrecisionDate.ANNEE: 182}
    du_debut = case(*((P.precision_debut == nom, jour) for nom, jour in marges.items()), else_=0)
    de_la_fin = case(*((and_(est_termine(au), P.precision_fin == nom), jour) for nom, jour in marges.items()), else_=0)
    deplacee = jours + signe * (du_debut + de_la_fin)
    return case((deplacee < 0, 0), else_=deplacee)


def trimestre(jour: Any) -> ColumnElement[str]:
    """« 2024 T1 » ; NULL si le jour n'est pas connu."""
    rang = (cast(extract("month", jour), Integer) + 2) // 3
    annee = cast(cast(extract("year", jour), Integer), String)
    return annee + literal(" T") + cast(rang, String)


def mesurable(au: date) -> ColumnElement[bool]:
    """L'épisode a commencé, et l'on sait de quand à quand on l'a suivi."""
    return and_(
        P.debut <= au,
        or_(P.motif_fin.is_(None), P.fin.is_not(None)),
        or_(est_termine(au), P.derniere_nouvelle.is_not(None)),
    )
