"""Couverture du plan d'entretiens : ce qui était prévu, ce qui est fait, ce qui manque, terrain par terrain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CouvertureTerrain:
    """Entretiens réalisés et prévus d'un terrain. Lève `ValueError` pour un nombre négatif."""

    terrain: str
    realises: int
    prevus: int

    def __post_init__(self) -> None:
        if self.realises < 0 or self.prevus < 0:
            raise ValueError(f"Couverture impossible : {self.realises} réalisés, {self.prevus} prévus.")

    @property
    def restants(self) -> int:
        """Entretiens encore à mener ; zéro si le plan est dépassé."""
        return max(0, self.prevus - self.realises)

    @property
    def part(self) -> float | None:
        """Part du plan réalisée, au-dessus de 1 s'il est dépassé ; `None` si rien n'était prévu."""
        return self.realises / self.prevus if self.prevus else None
