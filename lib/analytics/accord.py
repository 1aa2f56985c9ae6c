"""Accord entre codeurs : kappa de Cohen, alpha de Krippendorff (nominal), recouvrement des passages.

Une unité est ce que tous avaient à coder (un tour de parole) ; None dit qu'une personne ne l'a pas codée. L'intervalle
rééchantillonne les unités, avec remise. Des unités identiques se comptent ensemble : un tirage coûte pareil pour vingt
tours de parole ou pour deux mille.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

Unite = Sequence[Hashable | None]
"""Les valeurs d'une unité, une par codeur."""
Calcul = Callable[[Any], Any]
"""Effectifs de chaque unité distincte (une ligne par tirage) → coefficients, « nan » là où rien ne se calcule."""
TIRAGES = 1_000
GRAINE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Accord:
    """Un coefficient, son intervalle à 95 % et le nombre d'unités sur lesquelles il porte.

    valeur : None quand rien ne varie ou que rien ne se compare. tirages : rééchantillonnages où il se calcule.
    """

    valeur: float | None
    bas: float | None
    haut: float | None
    unites: int
    tirages: int


def alpha_nominal(unites: Sequence[Unite]) -> float | None:
    """Alpha de Krippendorff, données nominales ; None si une seule valeur paraît ou si aucune unité ne se compare.

    Source : K. Krippendorff, « Computing Krippendorff's Alpha-Reliability », 2011 (matrice des coïncidences).
    """
    return mesurer_alpha(unites, tirages=0).valeur


def kappa(unites: Sequence[Unite]) -> float | None:
    """Kappa de Cohen entre deux codeurs, sur les unités que tous deux ont codées ; None si l'accord attendu est total.

    Lève ValueError si une unité n'a pas deux valeurs. Source : J. Cohen, 1960.
    """
    return mesurer_kappa(unites, tirages=0).valeur


def mesurer_alpha(unites: Sequence[Unite], *, tirages: int = TIRAGES) -> Accord:
    """L'alpha et son intervalle (percentiles 2,5 et 97,5). La graine est fixe : deux lectures donnent le même."""
    comptes = Counter(tuple(unite) for unite in _comparables(unites))
    return _mesurer(comptes, _calcul_alpha(tuple(comptes)), tirages)


def mesurer_kappa(unites: Sequence[Unite], *, tirages: int = TIRAGES) -> Accord:
    """Le kappa et son intervalle, de même. Lève ValueError si une unité n'a pas deux valeurs."""
    if any(len(unite) != 2 for unite in unites):
        raise ValueError("le kappa compare deux codeurs")
    comptes = Counter(tuple(unite) for unite in _comparables(unites))
    return _mesurer(comptes, _calcul_kappa(tuple(comptes)), tirages)


def mesurer_recouvrement(unites: Sequence[tuple[int, int]], *, tirages: int = TIRAGES) -> Accord:
    """Part commune des passages (Jaccard) : caractères marqués par les deux, sur ceux qu'au moins un a marqués.

    unites : (communs, réunis) de chaque unité ; celles que personne n'a marquées n'y comptent pas.
    """
    comptes = Counter(unite for unite in unites if unite[1])
    return _mesurer(comptes, _calcul_recouvrement(tuple(comptes)), tirages)


def _comparables(unites: Sequence[Unite]) -> list[Unite]:
    """Ce qu'une seule personne a codé ne dit rien d'un accord."""
    return [unite for unite in unites if sum(valeur is not None for valeur in unite) > 1]


def _mesurer(comptes: Counter[Any], calcul: Calcul, tirages: int) -> Accord:
    import numpy as np

    n = comptes.total()
    if not n:
        return Accord(valeur=None, bas=None, haut=None, unites=0, tirages=0)
    effectifs = np.array([list(comptes.values())], dtype=float)
    valeur = float(calcul(effectifs)[0])
    tires = calcul(np.random.default_rng(GRAINE).multinomial(n, effectifs[0] / n, size=tirages).astype(float))
    calculables = tires[~np.isnan(tires)]
    bornes = np.quantile(calculables, [0.025, 0.975]) if len(calculables) > 1 else (None, None)
    return Accord(
        valeur=None if np.isnan(valeur) else valeur,
        bas=None if bornes[0] is None else float(bornes[0]),
        haut=None if bornes[1] is None else float(bornes[1]),
        unites=n,
        tirages=len(calculables),
    )


def _calcul_alpha(distinctes: tuple[tuple[Hashable | None, ...], ...]) -> Calcul:
    import numpy as np

    rangs = _rangs(valeur for unite in distinctes for valeur in unite)
    portees = np.zeros((len(distinctes), len(rangs)))
    for ligne, unite in enumerate(distinctes):
        for valeur in unite:
            if valeur is not None:
                portees[ligne, rangs[valeur]] += 1
    m = portees.sum(axis=1)
    desaccords = (m**2 - (portees**2).sum(axis=1)) / np.maximum(m - 1, 1)

    def calculer(effectifs: Any) -> Any:
        totaux = effectifs @ portees
        n = totaux.sum(axis=1)
        attendu = n**2 - (totaux**2).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(attendu > 0, 1 - (n - 1) * (effectifs @ desaccords) / attendu, np.nan)

    return calculer


def _calcul_kappa(distinctes: tuple[tuple[Hashable | None, ...], ...]) -> Calcul:
    import numpy as np

    rangs = _rangs(valeur for unite in distinctes for valeur in unite)
    un, autre = (np.zeros((len(distinctes), len(rangs))) for _ in range(2))
    for ligne, (premier, second) in enumerate(distinctes):
        un[ligne, rangs[premier]] = autre[ligne, rangs[second]] = 1
    pareils = (un * autre).sum(axis=1)

    def calculer(effectifs: Any) -> Any:
        n = effectifs.sum(axis=1)
        observe = effectifs @ pareils / n
        attendu = ((effectifs @ un) * (effectifs @ autre)).sum(axis=1) / n**2
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(attendu < 1, (observe - attendu) / (1 - attendu), np.nan)

    return calculer


def _calcul_recouvrement(distinctes: tuple[tuple[int, int], ...]) -> Calcul:
    import numpy as np

    communs, reunis = (np.array([unite[rang] for unite in distinctes], dtype=float) for rang in (0, 1))
    return lambda effectifs: (effectifs @ communs) / (effectifs @ reunis)


def _rangs(valeurs: Any) -> dict[Hashable, int]:
    return {valeur: rang for rang, valeur in enumerate(dict.fromkeys(v for v in valeurs if v is not None))}
