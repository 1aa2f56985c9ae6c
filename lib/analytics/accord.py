"""Accord entre codeurs : kappa de Cohen, alpha de Krippendorff (nominal), intervalle par rééchantillonnage des unités.

Une unité est ce que tous avaient à coder (un tour de parole) ; None dit qu'une personne ne l'a pas codée.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import quantiles

Unite = Sequence[Hashable | None]
"""Les valeurs d'une unité, une par codeur."""
TIRAGES = 1_000


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
    totaux: Counter[Hashable] = Counter()
    desaccord = 0.0
    for unite in _comparables(unites):
        comptes = Counter(valeur for valeur in unite if valeur is not None)
        m = comptes.total()
        totaux.update(comptes)
        desaccord += (m * m - sum(n * n for n in comptes.values())) / (m - 1)
    n = totaux.total()
    attendu = n * n - sum(compte * compte for compte in totaux.values())
    return 1 - (n - 1) * desaccord / attendu if attendu else None


def kappa(unites: Sequence[Unite]) -> float | None:
    """Kappa de Cohen entre deux codeurs, sur les unités que tous deux ont codées ; None si l'accord attendu est total.

    Lève ValueError si une unité n'a pas deux valeurs. Source : J. Cohen, 1960.
    """
    if any(len(unite) != 2 for unite in unites):
        raise ValueError("le kappa compare deux codeurs")
    paires = _comparables(unites)
    if not paires:
        return None
    n = len(paires)
    observe = sum(premier == second for premier, second in paires) / n
    premiers, seconds = (Counter(paire[rang] for paire in paires) for rang in (0, 1))
    attendu = sum(compte * seconds[valeur] for valeur, compte in premiers.items()) / n**2
    return (observe - attendu) / (1 - attendu) if attendu < 1 else None


def mesurer(
    unites: Sequence[Unite], coefficient: Callable[[Sequence[Unite]], float | None], *, tirages: int = TIRAGES
) -> Accord:
    """Le coefficient et son intervalle (percentiles 2,5 et 97,5), en retirant les unités avec remise.

    Les tirages partent toujours de la même graine : deux lectures donnent le même intervalle.
    """
    comparables = _comparables(unites)
    hasard = Random(0)  # noqa: S311 - rééchantillonnage, pas de secret
    tires = [coefficient(hasard.choices(comparables, k=len(comparables))) for _ in range(tirages if comparables else 0)]
    calculables = [valeur for valeur in tires if valeur is not None]
    bornes = quantiles(calculables, n=40, method="inclusive") if len(calculables) > 1 else None
    return Accord(
        valeur=coefficient(comparables),
        bas=bornes[0] if bornes else None,
        haut=bornes[-1] if bornes else None,
        unites=len(comparables),
        tirages=len(calculables),
    )


def _comparables(unites: Sequence[Unite]) -> list[Unite]:
    """Ce qu'une seule personne a codé ne dit rien d'un accord."""
    return [unite for unite in unites if sum(valeur is not None for valeur in unite) > 1]
