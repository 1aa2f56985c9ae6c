"""Les valeurs derrière chaque figure des durées, sans arrondi : ce que l'export écrit, ligne à ligne."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lib.analytics.comparaison_durees import LogRank
from lib.analytics.durees import AnalyseDurees
from lib.analytics.incidence import Incidences
from lib.analytics.survie import Courbe, survie_aux
from lib.domain.mesures import Mesure

AGE_MARCHE = "courbe"
SENSIBILITE = "durees-sensibilite"
"""La figure dont les groupes s'emboîtent : les mêmes épisodes, moins quelques-uns."""


def des_courbes(courbes: Mapping[str, Courbe], ages: Sequence[float]) -> tuple[Mesure, ...]:
    """Effectifs, médiane, part encore en cours aux âges demandés, puis toutes les marches tracées, par groupe."""
    return tuple(mesure for nom, courbe in courbes.items() for mesure in _de_la_courbe(nom, courbe, ages))


def _de_la_courbe(nom: str, courbe: Courbe, ages: Sequence[float]) -> Iterator[Mesure]:
    effectif, termines = courbe.episodes.effectif, courbe.episodes.termines
    yield Mesure(groupe=nom, mesure="effectif", valeur=effectif, effectif=effectif)
    yield Mesure(groupe=nom, mesure="termines", valeur=termines, effectif=effectif)
    if not courbe.estimable:
        return
    mediane = courbe.mediane
    yield Mesure(
        groupe=nom, mesure="mediane", valeur=mediane.valeur, bas=mediane.bas, haut=mediane.haut, effectif=effectif
    )
    for point in survie_aux(courbe, ages):
        yield Mesure(
            groupe=nom,
            mesure="part_en_cours",
            age=point.instant,
            valeur=point.survie,
            bas=point.bas,
            haut=point.haut,
            effectif=point.a_risque,
        )
    for marche in courbe.marches:
        yield Mesure(
            groupe=nom,
            mesure=AGE_MARCHE,
            age=marche.instant,
            valeur=marche.survie,
            bas=marche.bas,
            haut=marche.haut,
            effectif=marche.a_risque,
        )


def des_moyennes(analyse: AnalyseDurees) -> tuple[Mesure, ...]:
    """La durée moyenne restreinte de chaque groupe, à l'horizon commun, et l'issue du log-rank."""
    moyennes = (
        Mesure(
            groupe=groupe.nom,
            mesure="duree_moyenne_restreinte",
            age=analyse.horizon,
            valeur=groupe.moyenne.valeur,
            bas=groupe.moyenne.bas,
            haut=groupe.moyenne.haut,
            effectif=groupe.courbe.episodes.effectif,
        )
        for groupe in analyse.groupes
        if groupe.moyenne is not None
    )
    return (*moyennes, *_du_log_rank(analyse.log_rank))


def _du_log_rank(resultat: LogRank) -> Iterator[Mesure]:
    if resultat.p is not None:
        yield Mesure(groupe="", mesure="log_rank_chi2", valeur=resultat.chi2)
        yield Mesure(groupe="", mesure="log_rank_p", valeur=resultat.p)


def des_motifs(incidences: Incidences, libelles: Mapping[str, str], ages: Sequence[float]) -> tuple[Mesure, ...]:
    """Part finie pour chaque famille de motifs, à chaque âge ; son erreur type est une ligne à part."""
    return tuple(_d_un_motif(incidences, libelles, ages))


def _d_un_motif(incidences: Incidences, libelles: Mapping[str, str], ages: Sequence[float]) -> Iterator[Mesure]:
    for motif in incidences.motifs:
        nom = libelles.get(motif, motif)
        yield Mesure(groupe=nom, mesure="fins", valeur=incidences.fins[motif], effectif=incidences.effectif)
        for age in ages:
            point = incidences.point(motif, age)
            part, erreur = (point.part, point.erreur_type) if point else (None, None)
            yield Mesure(groupe=nom, mesure="incidence", age=age, valeur=part, effectif=incidences.effectif)
            yield Mesure(groupe=nom, mesure="incidence_erreur_type", age=age, valeur=erreur)


def proportion(nom: str, mesure: str, *, numerateur: int, denominateur: int) -> tuple[Mesure, ...]:
    """Un n/N et son intervalle de Wilson."""
    from lib.analytics.proportions import wilson

    lue = wilson(numerateur, denominateur) if denominateur else None
    return (
        Mesure(groupe=nom, mesure="numerateur", valeur=numerateur, effectif=denominateur),
        Mesure(
            groupe=nom,
            mesure=mesure,
            valeur=lue.valeur if lue else None,
            bas=lue.bas if lue else None,
            haut=lue.haut if lue else None,
            effectif=denominateur,
        ),
    )


def sans_marches(mesures: Iterable[Mesure]) -> tuple[Mesure, ...]:
    """Les seuls résumés, quand aucune courbe n'est tracée."""
    return tuple(mesure for mesure in mesures if mesure.mesure != AGE_MARCHE)
