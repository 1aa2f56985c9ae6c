"""Motifs de fin concurrents : incidence cumulée d'Aalen et Johansen.

Un partenariat arrêté par l'entreprise ne peut plus s'arrêter du fait de l'association : les motifs se font
concurrence. « 1 − Kaplan-Meier » par motif suppose le contraire et exagère chaque part ; on ne s'en sert jamais.
Calcul de statsmodels (`CumIncidenceRight`), exact avec des durées ex æquo, donc avec des mois entiers.

Référence : Klein et Moeschberger, *Survival Analysis*, 2e éd., 2003, § 4.7.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

from lib.analytics.episodes import SANS_ENTREE, Tableaux
from lib.analytics.survie import MINIMUM_A_RISQUE, derniere_sortie


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeFins:
    """`effectif` épisodes de même durée (mois) et de même motif de fin ; `motif` absent : encore en cours."""

    duree: float
    motif: str | None
    effectif: int = 1


class Fins(Protocol):
    """Ce qui se compte : une ligne de `GroupeFins`, ou toute ligne qui dit durée, motif et effectif."""

    @property
    def duree(self) -> float: ...
    @property
    def motif(self) -> str | None: ...
    @property
    def effectif(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PointIncidence:
    """Part des partenariats finis pour ce motif à `instant` mois au plus tard ; `erreur_type` si elle existe."""

    instant: float
    part: float
    erreur_type: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidences:
    """Incidence cumulée par motif, jusqu'à `fin` mois ; à chaque instant les parts et la survie font 1."""

    effectif: int
    fins: Mapping[str, int]
    motifs: Mapping[str, tuple[PointIncidence, ...]]
    fin: float
    minimum_a_risque: int

    def a(self, motif: str, instant: float) -> float | None:
        """Part finie pour `motif` à `instant` mois ; `None` au-delà du domaine estimé."""
        point = self.point(motif, instant)
        return point.part if point else None

    def point(self, motif: str, instant: float) -> PointIncidence | None:
        """Part finie pour `motif` à `instant` mois et son erreur type ; `None` au-delà du domaine estimé."""
        if not 0 <= instant <= self.fin or self.fin == 0:
            return None
        passes = [point for point in self.motifs[motif] if point.instant <= instant]
        if not passes:
            return PointIncidence(instant=instant, part=0.0, erreur_type=None)
        return PointIncidence(instant=instant, part=passes[-1].part, erreur_type=passes[-1].erreur_type)


def estimer_incidences(groupes: Iterable[Fins], *, minimum_a_risque: int = MINIMUM_A_RISQUE) -> Incidences:
    """Incidence cumulée de chaque motif observé, arrêtée où moins de `minimum_a_risque` épisodes sont suivis.

    Les épisodes connus seulement par leur survie (entrée tardive) n'y ont pas leur place : à écarter avant.
    """
    lignes = [groupe for groupe in groupes if groupe.effectif]
    colonnes = _colonnes(lignes)
    fin = derniere_sortie(colonnes, 0.0, minimum_a_risque)
    fins = Counter[str]()
    for ligne in lignes:
        if ligne.motif is not None:
            fins[ligne.motif] += ligne.effectif
    motifs = sorted(fins)
    return Incidences(
        effectif=int(colonnes.effectifs.sum()),
        fins={motif: fins[motif] for motif in motifs},
        motifs=_incidences(lignes, colonnes, motifs, fin) if motifs else {},
        fin=fin,
        minimum_a_risque=minimum_a_risque,
    )


def _colonnes(lignes: Sequence[Fins]) -> Tableaux:
    """Les lignes en colonnes numpy. Lève `ValueError` si une durée ou un effectif est impossible."""
    import numpy as np

    durees = np.array([ligne.duree for ligne in lignes], dtype=float)
    effectifs = np.array([ligne.effectif for ligne in lignes], dtype=np.int64)
    if not np.isfinite(durees).all() or (durees < 0).any() or (effectifs < 0).any():
        raise ValueError("Une durée est finie, positive ou nulle ; un effectif est positif.")
    termines = np.array([ligne.motif is not None for ligne in lignes], dtype=float)
    return Tableaux(durees, termines, np.full(len(lignes), SANS_ENTREE), effectifs)


def _incidences(
    lignes: Sequence[Fins], colonnes: Tableaux, motifs: Sequence[str], fin: float
) -> dict[str, tuple[PointIncidence, ...]]:
    import numpy as np
    from statsmodels.duration.survfunc import CumIncidenceRight

    rangs = {motif: rang for rang, motif in enumerate(motifs, start=1)}
    durees = np.repeat(colonnes.durees, colonnes.effectifs)
    codes = np.repeat([rangs[ligne.motif] if ligne.motif else 0 for ligne in lignes], colonnes.effectifs)
    # Quand tous les derniers suivis finissent ensemble, l'erreur type n'existe pas (division par zéro) ; la part, si.
    with np.errstate(divide="ignore", invalid="ignore"):
        estimation = CumIncidenceRight(durees, codes)
    gardes = int(np.searchsorted(estimation.times, fin, side="right"))
    instants = estimation.times[:gardes].tolist()
    return {
        motif: _points(instants, estimation.cinc[rang][:gardes].tolist(), estimation.cinc_se[rang][:gardes].tolist())
        for rang, motif in enumerate(motifs)
    }


def _points(instants: Iterable[float], parts: Iterable[float], erreurs: Iterable[float]) -> tuple[PointIncidence, ...]:
    return tuple(
        PointIncidence(instant=instant, part=part, erreur_type=erreur if isfinite(erreur) else None)
        for instant, part, erreur in zip(instants, parts, erreurs, strict=True)
    )
