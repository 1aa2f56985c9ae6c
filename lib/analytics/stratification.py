"""Comparer deux terrains à composition égale.

À Marseille on a peut-être rencontré surtout des associations, ailleurs surtout des entreprises : un écart brut peut ne
venir que de là, ou s'y cacher (paradoxe de Simpson). On compare donc à l'intérieur de chaque type d'acteur, puis on
réunit ces comparaisons.

Références : Mantel et Haenszel, *JNCI* 22, 1959 ; Greenland et Robins, *Biometrics* 41, 1985 (différence de parts).
Test de statsmodels (`StratifiedTable`), avec correction de continuité comme le fait R par défaut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lib.analytics.proportions import EFFECTIF_MINIMUM


@dataclass(frozen=True, slots=True, kw_only=True)
class Strate:
    """Un type d'acteur : `evoques` sur `abordes` d'un côté, puis de l'autre (`_reference`)."""

    nom: str
    evoques: int
    abordes: int
    evoques_reference: int
    abordes_reference: int

    def __post_init__(self) -> None:
        if not (0 <= self.evoques <= self.abordes and 0 <= self.evoques_reference <= self.abordes_reference):
            raise ValueError(f"Strate impossible : {self.nom}.")

    @property
    def comparable(self) -> bool:
        """Vrai si le type d'acteur a été rencontré des deux côtés."""
        return self.abordes > 0 and self.abordes_reference > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EcartAjuste:
    """Écart brut et écart à composition égale (différences de parts), valeur p du test de Mantel-Haenszel.

    `rapport` : rapport de cotes commun (Mantel-Haenszel) ; absent s'il est infini ou indéterminé.

    `ecartees` : types d'acteurs rencontrés d'un seul côté, qu'on ne peut comparer. Valeurs absentes quand rien n'est
    comparable ; `p` absente aussi quand l'effectif est insuffisant ou que tous répondent pareil.
    """

    brut: float | None
    ajuste: float | None
    p: float | None
    comparees: tuple[str, ...]
    ecartees: tuple[str, ...]
    rapport: float | None = None


def ajuster(strates: Sequence[Strate], *, effectif_minimum: int = EFFECTIF_MINIMUM) -> EcartAjuste:
    """Réunit les comparaisons faites dans chaque strate, pondérées par n₁n₂ / (n₁ + n₂). Se garde par effectifs."""
    return _ajuster(tuple(strates), effectif_minimum)


@lru_cache(maxsize=4096)
def _ajuster(strates: tuple[Strate, ...], effectif_minimum: int) -> EcartAjuste:
    comparables = [strate for strate in strates if strate.comparable]
    return EcartAjuste(
        brut=_difference([_somme(strates)]),
        ajuste=_difference(comparables),
        p=_valeur_p(comparables, effectif_minimum) if comparables else None,
        rapport=_rapport(comparables),
        comparees=tuple(strate.nom for strate in comparables),
        ecartees=tuple(
            strate.nom for strate in strates if not strate.comparable and strate.abordes + strate.abordes_reference
        ),
    )


def _somme(strates: Sequence[Strate]) -> Strate:
    return Strate(
        nom="",
        evoques=sum(strate.evoques for strate in strates),
        abordes=sum(strate.abordes for strate in strates),
        evoques_reference=sum(strate.evoques_reference for strate in strates),
        abordes_reference=sum(strate.abordes_reference for strate in strates),
    )


def _difference(strates: Sequence[Strate]) -> float | None:
    poids = [s.abordes * s.abordes_reference / max(1, s.abordes + s.abordes_reference) for s in strates]
    if not sum(poids):
        return None
    ecarts = [s.evoques / s.abordes - s.evoques_reference / s.abordes_reference for s in strates]
    return sum(p * ecart for p, ecart in zip(poids, ecarts, strict=True)) / sum(poids)


def _rapport(strates: Sequence[Strate]) -> float | None:
    """Σ aᵢdᵢ/nᵢ ÷ Σ bᵢcᵢ/nᵢ (Mantel et Haenszel, 1959)."""
    croises = [
        (
            s.evoques * (s.abordes_reference - s.evoques_reference) / (s.abordes + s.abordes_reference),
            (s.abordes - s.evoques) * s.evoques_reference / (s.abordes + s.abordes_reference),
        )
        for s in strates
    ]
    pour, contre = sum(gauche for gauche, _ in croises), sum(droite for _, droite in croises)
    return pour / contre if contre else None


def _valeur_p(strates: Sequence[Strate], effectif_minimum: int) -> float | None:
    import numpy as np
    from statsmodels.stats.contingency_tables import StratifiedTable

    total = _somme(strates)
    if min(total.abordes, total.abordes_reference) < effectif_minimum or not any(map(_varie, strates)):
        return None
    tables = [np.array(_tableau(strate), dtype=float) for strate in strates]
    return float(StratifiedTable(tables).test_null_odds(correction=True).pvalue)


def _varie(strate: Strate) -> bool:
    """Faux quand tous les acteurs du type, des deux côtés, ont répondu pareil : la strate n'apprend rien."""
    evoques = strate.evoques + strate.evoques_reference
    return 0 < evoques < strate.abordes + strate.abordes_reference


def _tableau(strate: Strate) -> list[list[int]]:
    return [
        [strate.evoques, strate.abordes - strate.evoques],
        [strate.evoques_reference, strate.abordes_reference - strate.evoques_reference],
    ]
