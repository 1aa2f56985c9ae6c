"""Le mois d'une rencontre, quand le jour ne se dit pas."""

from datetime import date

import pytest

from lib.domain.citations import fin_de_mois


@pytest.mark.parametrize(
    ("jour", "fin"),
    [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2026, 11, 30), date(2026, 11, 30)),
    ],
)
def test_le_dernier_jour_du_mois(jour: date, fin: date) -> None:
    assert fin_de_mois(jour) == fin
