"""Ce qui manque à un terrain se dit avec les mots justes, et le retard se juge au temps écoulé."""

from dataclasses import replace
from datetime import date

import pytest

from lib.analytics.retards import AttenteTerrain, dire_attente, est_en_retard, part_du_temps

DEBUT = date(2026, 9, 1)
MARSEILLE = AttenteTerrain(
    terrain="Marseille",
    realises=3,
    prevus=12,
    manques=(("association", 7), ("entreprise", 1), ("institution", 1)),
    echeance=date(2026, 12, 10),
)


def dire(attente: AttenteTerrain, au: date) -> str:
    return dire_attente(attente, debut=DEBUT, au=au).replace("\xa0", " ").replace("\u202f", " ")


def test_en_retard_le_dit_avec_ce_qui_manque_et_l_echeance() -> None:
    assert dire(MARSEILLE, date(2026, 10, 21)) == (
        "Marseille est en retard : 3 entretiens réalisés sur 12 prévus, quand 50 % du temps est écoulé. "
        "Il manque 7 associations, 1 entreprise et 1 institution, à rencontrer d'ici le 10 décembre 2026."
    )


def test_a_dix_points_pres_on_n_est_pas_en_retard() -> None:
    au = date(2026, 10, 6)
    assert part_du_temps(MARSEILLE, debut=DEBUT, au=au) == pytest.approx(0.35)
    assert not est_en_retard(MARSEILLE, debut=DEBUT, au=au)
    assert est_en_retard(MARSEILLE, debut=DEBUT, au=date(2026, 10, 7))
    assert dire(MARSEILLE, au).startswith("Marseille : 3 entretiens réalisés sur 12 prévus. Il manque")


def test_echeance_passee() -> None:
    assert dire(replace(MARSEILLE, realises=0), date(2026, 12, 11)) == (
        "Marseille est en retard : aucun entretien réalisé sur 12 prévus. "
        "L'échéance du 10 décembre 2026 est passée ; il manque 7 associations, 1 entreprise et 1 institution."
    )


def test_le_jour_de_l_echeance_n_est_pas_passe() -> None:
    assert "est passée" not in dire(MARSEILLE, date(2026, 12, 10))


def test_sans_echeance_jamais_en_retard() -> None:
    sans = replace(MARSEILLE, echeance=None)
    assert not est_en_retard(sans, debut=DEBUT, au=date(2030, 1, 1))
    assert dire(sans, date(2026, 10, 1)).endswith("sans échéance fixée.")


def test_une_echeance_avant_le_debut_ne_divise_pas_par_zero() -> None:
    assert part_du_temps(replace(MARSEILLE, echeance=DEBUT), debut=DEBUT, au=DEBUT) is None


def test_plan_couvert_ou_absent() -> None:
    couvert = replace(MARSEILLE, realises=12, manques=())
    assert dire(couvert, date(2027, 1, 1)) == "Marseille : plan couvert, 12 entretiens réalisés sur 12 prévus."
    assert "rien n'était prévu" in dire(replace(couvert, prevus=0), DEBUT)


def test_un_type_depasse_ne_cache_pas_celui_qui_manque() -> None:
    attente = replace(MARSEILLE, realises=14, manques=(("entreprise", 2),))
    assert "Il manque 2 entreprises" in dire(attente, date(2026, 10, 1))
