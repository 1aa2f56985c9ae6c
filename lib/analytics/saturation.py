"""A-t-on assez écouté ? Étiquettes nouvelles par entretien, et aide à l'arrêt de Guest, Namey et Chen (2020)."""

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

TIRAGES = 500
BASE, SUITE, SEUIL = 4, 2, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Après un entretien : étiquettes nouvelles, cumul, et cumul attendu dans un ordre au hasard (médiane, 90 %)."""

    nouvelles: int
    cumul: int
    mediane: float
    bas: float
    haut: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arret:
    """Aide à l'arrêt. base : étiquettes distinctes des premiers entretiens ; nouvelles : celles de la dernière suite.

    part : nouvelles sur base ; None si les entretiens ne suffisent pas, ou si la base est vide.
    """

    entretiens: int
    taille_base: int
    longueur_suite: int
    seuil: float
    base: int
    nouvelles: int
    part: float | None

    @property
    def atteint(self) -> bool:
        """Vrai si la dernière suite apporte au plus le seuil."""
        return self.part is not None and self.part <= self.seuil


def cumuler(entretiens: Sequence[AbstractSet[Hashable]]) -> list[int]:
    """Étiquettes distinctes entendues après chaque entretien."""
    vues: set[Hashable] = set()
    cumuls = []
    for etiquettes in entretiens:
        vues |= etiquettes
        cumuls.append(len(vues))
    return cumuls


def tracer(entretiens: Sequence[AbstractSet[Hashable]], *, tirages: int = TIRAGES) -> tuple[Point, ...]:
    """La courbe dans l'ordre donné, et la bande des mêmes entretiens pris dans `tirages` ordres au hasard.

    La graine est fixe : deux lectures donnent la même bande. Bande : percentiles 5 et 95.
    """
    cumuls = cumuler(entretiens)
    if not cumuls:
        return ()
    import numpy as np

    bas, mediane, haut = np.quantile(_cumuler_au_hasard(entretiens, tirages), [0.05, 0.5, 0.95], axis=1).tolist()
    return tuple(
        Point(nouvelles=cumul - avant, cumul=cumul, mediane=m, bas=b, haut=h)
        for cumul, avant, b, m, h in zip(cumuls, [0, *cumuls[:-1]], bas, mediane, haut, strict=True)
    )


def _cumuler_au_hasard(entretiens: Sequence[AbstractSet[Hashable]], tirages: int) -> Any:
    """Le cumul de chaque ordre tiré (colonne) après chaque entretien (ligne), soixante-quatre étiquettes à la fois."""
    import numpy as np

    ordres = _tirer(len(entretiens), tirages)
    cumuls = np.zeros(ordres.shape, dtype=np.int32)
    for portees in _par_soixante_quatre(entretiens).T:
        cumuls += np.bitwise_count(np.bitwise_or.accumulate(portees[ordres], axis=0))
    return cumuls


def _par_soixante_quatre(entretiens: Sequence[AbstractSet[Hashable]]) -> Any:
    """Les étiquettes de chaque entretien (ligne), un bit chacune."""
    import numpy as np

    rangs: dict[Hashable, int] = {}
    bits = [sum(1 << rangs.setdefault(e, len(rangs)) for e in etiquettes) for etiquettes in entretiens]
    octets = 8 * -(-len(rangs) // 64)
    lus = b"".join(suite.to_bytes(octets, "little") for suite in bits)
    return np.frombuffer(lus, dtype="<u8").reshape(len(entretiens), octets // 8)


@lru_cache(maxsize=4)
def _tirer(combien: int, tirages: int) -> Any:
    """L'entretien à chaque rang (ligne) de chaque ordre tiré (colonne) : la graine est fixe, il se garde."""
    import numpy as np

    rangs = np.tile(np.arange(combien), (tirages, 1))
    tires = np.ascontiguousarray(np.argsort(np.random.default_rng(0).permuted(rangs, axis=1), axis=1).T)
    tires.flags.writeable = False
    return tires


def aider_a_l_arret(
    entretiens: Sequence[AbstractSet[Hashable]], *, base: int = BASE, suite: int = SUITE, seuil: float = SEUIL
) -> Arret:
    """Part d'étiquettes nouvelles dans la dernière suite, rapportée à celles des premiers entretiens.

    base, suite : nombres d'entretiens. seuil : part en dessous de laquelle peu de neuf arrive. Source : G. Guest,
    E. Namey, M. Chen, « A simple method to assess and report thematic saturation », PLoS ONE 15(5), 2020.
    """
    cumuls = [0, *cumuler(entretiens)]
    assez = len(entretiens) >= base + suite
    au_depart = cumuls[min(base, len(entretiens))]
    nouvelles = cumuls[-1] - cumuls[-1 - suite] if assez else 0
    return Arret(
        entretiens=len(entretiens),
        taille_base=base,
        longueur_suite=suite,
        seuil=seuil,
        base=au_depart,
        nouvelles=nouvelles,
        part=nouvelles / au_depart if assez and au_depart else None,
    )
