"""Motifs de fin concurrents : incidence cumulée d'Aalen et Johansen.

Un partenariat arrêté par l'entreprise ne peut plus s'arrêter du fait de l'association : les motifs se font
concurrence. « 1 − Kaplan-Meier » par motif suppose le contraire et exagère chaque part ; on ne s'en sert jamais.
Calcul de statsmodels (`CumIncidenceRight`), exact avec des durées ex æquo, donc avec des mois entiers.

Référence : Klein et Moeschberger, *Survival Analysis*, 2e éd., 2003, § 4.7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.analytics.episodes import Episodes, GroupeEpisodes
from lib.analytics.survie import MINIMUM_A_RISQUE, estimer


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeFins:
    """`effectif` épisodes de même durée (mois) et de même motif de fin ; `motif` absent : encore en cours."""

    duree: float
    motif: str | None
    effectif: int = 1


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


def estimer_incidences(groupes: Iterable[GroupeFins], *, minimum_a_risque: int = MINIMUM_A_RISQUE) -> Incidences:
    """Incidence cumulée de chaque motif observé, arrêtée où moins de `minimum_a_risque` épisodes sont suivis.

    Les épisodes connus seulement par leur survie (entrée tardive) n'y ont pas leur place : à écarter avant.
    """
    lignes = [groupe for groupe in groupes if groupe.effectif]
    episodes = Episodes.depuis_groupes(
        GroupeEpisodes(duree=ligne.duree, termine=ligne.motif is not None, effectif=ligne.effectif) for ligne in lignes
    )
    fin = estimer(episodes, minimum_a_risque=minimum_a_risque).fin
    motifs = sorted({ligne.motif for ligne in lignes if ligne.motif is not None})
    return Incidences(
        effectif=episodes.effectif,
        fins={motif: sum(ligne.effectif for ligne in lignes if ligne.motif == motif) for motif in motifs},
        motifs=_incidences(lignes, motifs, fin) if motifs else {},
        fin=fin,
        minimum_a_risque=minimum_a_risque,
    )


def _incidences(lignes: list[GroupeFins], motifs: list[str], fin: float) -> dict[str, tuple[PointIncidence, ...]]:
    import numpy as np
    from statsmodels.duration.survfunc import CumIncidenceRight

    effectifs = [ligne.effectif for ligne in lignes]
    durees = np.repeat([float(ligne.duree) for ligne in lignes], effectifs)
    codes = np.repeat([motifs.index(ligne.motif) + 1 if ligne.motif else 0 for ligne in lignes], effectifs)
    # Quand tous les derniers suivis finissent ensemble, l'erreur type n'existe pas (division par zéro) ; la part, si.
    with np.errstate(divide="ignore", invalid="ignore"):
        estimation = CumIncidenceRight(durees, codes)
    return {
        motif: _points(
            estimation.times.tolist(), estimation.cinc[rang].tolist(), estimation.cinc_se[rang].tolist(), fin
        )
        for rang, motif in enumerate(motifs)
    }


def _points(
    instants: Iterable[float], parts: Iterable[float], erreurs: Iterable[float], fin: float
) -> tuple[PointIncidence, ...]:
    from math import isfinite

    return tuple(
        PointIncidence(instant=instant, part=part, erreur_type=erreur if isfinite(erreur) else None)
        for instant, part, erreur in zip(instants, parts, erreurs, strict=True)
        if instant <= fin
    )
