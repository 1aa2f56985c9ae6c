"""Couverture du plan d'entretiens."""

import pytest

from lib.analytics.couverture import CouvertureTerrain


@pytest.mark.parametrize(
    ("realises", "prevus", "restants", "part"), [(4, 10, 6, 0.4), (12, 10, 0, 1.2), (0, 3, 3, 0.0), (2, 0, 0, None)]
)
def test_restants_et_part(realises: int, prevus: int, restants: int, part: float | None) -> None:
    couverture = CouvertureTerrain(terrain="Marseille", realises=realises, prevus=prevus)
    assert (couverture.restants, couverture.part) == (restants, part)


@pytest.mark.parametrize(("realises", "prevus"), [(-1, 3), (1, -3)])
def test_un_nombre_negatif_est_refuse(realises: int, prevus: int) -> None:
    with pytest.raises(ValueError, match="Couverture impossible"):
        CouvertureTerrain(terrain="Marseille", realises=realises, prevus=prevus)
