"""Écart à composition égale : les admissions de Berkeley (Bickel et al., *Science* 187, 1975), paradoxe de Simpson."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.stratification import Strate, ajuster

BERKELEY = [
    Strate(nom=nom, evoques=h, abordes=h + h_non, evoques_reference=f, abordes_reference=f + f_non)
    for nom, h, h_non, f, f_non in (
        ("A", 512, 313, 89, 19),
        ("B", 353, 207, 17, 8),
        ("C", 120, 205, 202, 391),
        ("D", 138, 279, 131, 244),
        ("E", 53, 138, 94, 299),
        ("F", 22, 351, 24, 317),
    )
]


def test_berkeley_valeur_p_publiee() -> None:
    """R, mantelhaen.test(UCBAdmissions) : X² = 1,4269, p = 0,2323."""
    assert ajuster(BERKELEY).p == pytest.approx(0.2323, abs=5e-5)


def test_berkeley_l_ecart_brut_disparait_a_departement_egal() -> None:
    ecart = ajuster(BERKELEY)
    assert ecart.brut == pytest.approx(1198 / 2691 - 557 / 1835)
    assert ecart.brut == pytest.approx(0.1416, abs=1e-4)
    assert ecart.ajuste is not None
    assert ecart.ajuste < 0


def test_difference_ajustee_a_la_main() -> None:
    """Deux strates : +50 points (poids 10 × 10 / 20 = 5) et +10 points (poids 20 × 5 / 25 = 4)."""
    ecart = ajuster(
        [
            Strate(nom="Associations", evoques=8, abordes=10, evoques_reference=3, abordes_reference=10),
            Strate(nom="Entreprises", evoques=6, abordes=20, evoques_reference=1, abordes_reference=5),
        ]
    )
    assert ecart.ajuste == pytest.approx((5 * 0.5 + 4 * 0.1) / 9)
    assert ecart.comparees == ("Associations", "Entreprises")


def test_un_type_rencontre_d_un_seul_cote_est_ecarte_et_nomme() -> None:
    ecart = ajuster(
        [
            Strate(nom="Associations", evoques=8, abordes=10, evoques_reference=3, abordes_reference=10),
            Strate(nom="Experts", evoques=4, abordes=4, evoques_reference=0, abordes_reference=0),
            Strate(nom="Institutions", evoques=0, abordes=0, evoques_reference=0, abordes_reference=0),
        ]
    )
    assert (ecart.comparees, ecart.ecartees) == (("Associations",), ("Experts",))
    assert ecart.ajuste == pytest.approx(0.5)
    assert ecart.brut == pytest.approx(12 / 14 - 3 / 10)


@pytest.mark.parametrize(
    "strates", [[], [Strate(nom="a", evoques=1, abordes=2, evoques_reference=0, abordes_reference=0)]]
)
def test_rien_de_comparable(strates: list[Strate]) -> None:
    ecart = ajuster(strates)
    assert (ecart.ajuste, ecart.p, ecart.comparees) == (None, None, ())


def test_effectif_insuffisant_pas_de_test() -> None:
    ecart = ajuster([Strate(nom="a", evoques=5, abordes=7, evoques_reference=1, abordes_reference=30)])
    assert ecart.p is None
    assert ecart.ajuste is not None


def test_reponses_unanimes_pas_de_test() -> None:
    assert ajuster([Strate(nom="a", evoques=9, abordes=9, evoques_reference=12, abordes_reference=12)]).p is None


def test_une_strate_impossible_est_refusee() -> None:
    with pytest.raises(ValueError, match="Strate impossible"):
        Strate(nom="a", evoques=3, abordes=2, evoques_reference=0, abordes_reference=1)


@st.composite
def strates(draw: st.DrawFn) -> Strate:
    abordes, reference = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    return Strate(
        nom="s",
        evoques=draw(st.integers(0, abordes)),
        abordes=abordes,
        evoques_reference=draw(st.integers(0, reference)),
        abordes_reference=reference,
    )


@given(st.lists(strates(), max_size=5))
def test_l_ecart_ajuste_reste_entre_les_ecarts_des_strates(liste: list[Strate]) -> None:
    ecart = ajuster(liste)
    ecarts = [s.evoques / s.abordes - s.evoques_reference / s.abordes_reference for s in liste if s.comparable]
    assert (ecart.ajuste is None) == (not ecarts)
    if ecart.ajuste is not None:
        assert min(ecarts) - 1e-12 <= ecart.ajuste <= max(ecarts) + 1e-12
    assert ecart.p is None or 0 <= ecart.p <= 1
