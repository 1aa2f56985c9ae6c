"""Les durées d'un ensemble d'épisodes, groupe par groupe : une seule analyse pour la page, l'export et la commande.

Les temps sont dans l'unité des lignes reçues (mois ou jours) ; rien ici ne la suppose, elle ne sert qu'à se lire.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lib.analytics.comparaison_durees import DureeMoyenne, LogRank, duree_moyenne, horizon_commun, log_rank_stratifie
from lib.analytics.episodes import Episodes
from lib.analytics.incidence import Incidences, estimer_incidences
from lib.analytics.survie import MINIMUM_A_RISQUE, Courbe, PointSurvie, TypeIntervalle, estimer, survie_aux
from lib.domain.axes import UniteDuree


class LigneDuree(NamedTuple):
    """`effectif` épisodes identiques. `motif` : ce qui les a terminés ; absent, ils duraient encore à `duree`."""

    groupe: str
    duree: float
    motif: str | None
    effectif: int = 1
    entree: float | None = None
    strate: str = ""


def _episodes(lignes: Iterable[LigneDuree]) -> Episodes:
    """Les mêmes épisodes, tels que la courbe de survie les reçoit."""
    return Episodes.depuis_groupes((duree, motif is not None, n, entree) for _, duree, motif, n, entree, _ in lignes)


def courbe_de_tous(lignes: Iterable[LigneDuree], unite: UniteDuree = UniteDuree.MOIS) -> Courbe:
    """La courbe de tous les épisodes ensemble, celle que donnerait `analyser` d'un seul groupe."""
    return estimer(_episodes(lignes), minimum_au_depart=MINIMUM_A_RISQUE, unite=unite)


@dataclass(frozen=True, slots=True, kw_only=True)
class DureesGroupe:
    """Ce que l'on sait d'un groupe : sa courbe, ses points demandés, sa durée moyenne restreinte, ses motifs de fin.

    `moyenne` est absente si l'horizon sort de ce qui a été observé.
    """

    nom: str
    courbe: Courbe
    points: tuple[PointSurvie, ...]
    moyenne: DureeMoyenne | None
    incidences: Incidences


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseDurees:
    """Tous les groupes, l'horizon commun de leurs durées moyennes, et leur comparaison."""

    groupes: tuple[DureesGroupe, ...]
    horizon: float | None
    log_rank: LogRank

    @property
    def sans_suivi(self) -> int:
        """Épisodes écartés : connus seulement pour avoir survécu, jamais revus."""
        return sum(groupe.courbe.episodes.sans_suivi for groupe in self.groupes)


def analyser(
    lignes: Iterable[LigneDuree],
    *,
    instants: Sequence[float],
    horizon: float | None = None,
    minimum_a_risque: int = MINIMUM_A_RISQUE,
    minimum_evenements: int = 10,
    type_intervalle: TypeIntervalle = "log-log",
    unite: UniteDuree = UniteDuree.MOIS,
) -> AnalyseDurees:
    """Analyse chaque groupe dans l'ordre où il paraît, puis les compare.

    instants : âges où lire la survie et les motifs. horizon : celui des durées moyennes ; à défaut, le plus long où
    tous les groupes ont assez d'épisodes suivis. minimum_evenements : fins par groupe en deçà desquelles on ne teste
    pas ; le test est stratifié si les lignes ont des strates.
    """
    par_groupe: dict[str, list[LigneDuree]] = defaultdict(list)
    for ligne in lignes:
        par_groupe[ligne.groupe].append(ligne)
    estimes = {
        nom: _estimer(tuple(siens), minimum_a_risque, type_intervalle, unite) for nom, siens in par_groupe.items()
    }
    courbes = {nom: courbe for nom, (courbe, _) in estimes.items()}
    episodes = {nom: courbe.episodes for nom, courbe in courbes.items()}
    vise = horizon if horizon is not None else _horizon(episodes, courbes, minimum_a_risque)
    groupes = tuple(
        DureesGroupe(
            nom=nom,
            courbe=courbe,
            points=survie_aux(courbe, instants),
            moyenne=_moyenne(courbe, vise),
            incidences=incidences,
        )
        for nom, (courbe, incidences) in estimes.items()
    )
    return AnalyseDurees(
        groupes=groupes,
        horizon=vise,
        log_rank=log_rank_stratifie(_par_strate(par_groupe, episodes), minimum_evenements),
    )


@lru_cache(maxsize=64)
def _estimer(
    lignes: tuple[LigneDuree, ...], minimum_a_risque: int, type_intervalle: TypeIntervalle, unite: UniteDuree
) -> tuple[Courbe, Incidences]:
    """Un groupe, estimé une fois : un événement n'en change qu'un, les autres se relisent tels quels."""
    courbe = estimer(
        _episodes(lignes),
        minimum_a_risque=minimum_a_risque,
        minimum_au_depart=MINIMUM_A_RISQUE,
        type_intervalle=type_intervalle,
        unite=unite,
    )
    return courbe, _motifs(lignes, minimum_a_risque)


def _horizon(episodes: Mapping[str, Episodes], courbes: Mapping[str, Courbe], minimum_a_risque: int) -> float | None:
    """L'horizon commun se juge toujours sur cinq épisodes suivis, même si les courbes vont plus loin."""
    prudentes = courbes.values() if minimum_a_risque == MINIMUM_A_RISQUE else map(estimer, episodes.values())
    return horizon_commun(prudentes)


def _moyenne(courbe: Courbe, horizon: float | None) -> DureeMoyenne | None:
    if horizon is None or not courbe.debut < horizon <= courbe.fin:
        return None
    return duree_moyenne(courbe, horizon)


def _motifs(lignes: Sequence[LigneDuree], minimum_a_risque: int) -> Incidences:
    """Les épisodes à entrée tardive n'y sont pas : leurs fins précoces manquent, motif par motif."""
    fins = (ligne for ligne in lignes if ligne.entree is None)
    return estimer_incidences(fins, minimum_a_risque=minimum_a_risque)


def _par_strate(
    par_groupe: Mapping[str, Sequence[LigneDuree]], episodes: Mapping[str, Episodes]
) -> dict[str, dict[str, Episodes]]:
    """Les épisodes de chaque groupe, strate par strate ; sans strate, ceux du groupe, déjà réunis."""
    if not any(ligne.strate for lignes in par_groupe.values() for ligne in lignes):
        return {nom: {"": siens} for nom, siens in episodes.items()}
    groupes: dict[str, dict[str, Episodes]] = {}
    for nom, lignes in par_groupe.items():
        strates: dict[str, list[LigneDuree]] = defaultdict(list)
        for ligne in lignes:
            strates[ligne.strate].append(ligne)
        groupes[nom] = {strate: _episodes(siens) for strate, siens in strates.items()}
    return groupes
