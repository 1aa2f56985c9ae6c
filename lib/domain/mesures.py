"""Une valeur derrière une figure, telle qu'elle se calcule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesure:
    """Une ligne d'export.

    groupe : celui de la figure. mesure : code de ce qui est mesuré. age : âge du partenariat, dans l'unité de la
    figure, quand la valeur en dépend. bas, haut : bornes de l'intervalle à 95 %. effectif : combien la portent.
    """

    groupe: str
    mesure: str
    valeur: float | None
    age: float | None = None
    bas: float | None = None
    haut: float | None = None
    effectif: int | None = None
