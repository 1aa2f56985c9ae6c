"""L'adresse qui ralentit les essais : celle que voit le relais de confiance, pas celle que la personne écrit."""

import pytest

from lib.ui.reseau import adresse_retenue


@pytest.mark.parametrize(
    ("directe", "relayees", "relais", "attendue"),
    [
        ("192.0.2.1", [""], 0, "192.0.2.1"),
        (None, [""], 0, "locale"),
        # Sans relais déclaré, l'en-tête vient de n'importe qui : il ne compte pas.
        ("192.0.2.1", ["203.0.113.9"], 0, "192.0.2.1"),
        (None, ["203.0.113.9"], 1, "203.0.113.9"),
        # La personne a écrit le premier ; le relais a ajouté le second.
        ("10.0.0.1", ["1.2.3.4", " 203.0.113.9"], 1, "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.9", "10.0.0.2"], 2, "203.0.113.9"),
        # Moins de relais que déclarés : la liaison directe.
        ("10.0.0.1", ["1.2.3.4"], 2, "10.0.0.1"),
        # Un réseau IPv6 entier appartient à la même personne.
        ("2001:db8:1:2:3::4", [""], 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", [""], 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [""], 0, "192.0.2.1"),
        ("pas une adresse", [""], 0, "pas une adresse"),
    ],
)
def test_l_adresse_retenue(directe: str | None, relayees: list[str], relais: int, attendue: str) -> None:
    assert adresse_retenue(directe, relayees, relais) == attendue
