"""La courbe de saturation compte juste ; l'aide à l'arrêt suit la règle publiée."""

from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.saturation import aider_a_l_arret, cumuler, tracer

# Première base de quatre entretiens : 10 étiquettes ; les deux suivants en apportent une.
ENTRETIENS = [{1, 2, 3, 4}, {3, 5, 6}, {6, 7, 8}, {9, 10}, {1, 11}, {2}]


def test_la_courbe_suit_l_ordre_donne() -> None:
    points = tracer(ENTRETIENS, tirages=50)
    assert [point.nouvelles for point in points] == [4, 2, 2, 2, 1, 0]
    assert [point.cumul for point in points] == [4, 6, 8, 10, 11, 11]
    assert points == tracer(ENTRETIENS, tirages=50)


def test_l_aide_a_l_arret_montre_ses_nombres() -> None:
    arret = aider_a_l_arret(ENTRETIENS)
    assert (arret.base, arret.nouvelles, arret.part, arret.atteint) == (10, 1, 0.1, False)
    assert aider_a_l_arret([*ENTRETIENS, {1}]).atteint
    assert aider_a_l_arret(ENTRETIENS, seuil=0.1).atteint


def test_trop_peu_d_entretiens_ne_dit_rien() -> None:
    arret = aider_a_l_arret(ENTRETIENS[:5])
    assert arret.part is None and not arret.atteint and arret.base == 10
    assert aider_a_l_arret([set()] * 8).part is None
    assert tracer([]) == ()


@given(st.lists(st.sets(st.integers(0, 8)), min_size=1, max_size=8))
def test_la_bande_finit_au_meme_total_et_ne_redescend_pas(entretiens: list[set[int]]) -> None:
    points = tracer(entretiens, tirages=20)
    assert points[-1].bas == points[-1].haut == points[-1].cumul == len(set().union(*entretiens))
    assert all(point.bas <= point.mediane <= point.haut for point in points)
    assert cumuler(entretiens) == sorted(cumuler(entretiens))
