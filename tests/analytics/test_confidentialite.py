"""Un lecteur qui connaît la règle, le total et les cases visibles ne retrouve aucune case de une ou deux unités."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.confidentialite import CACHE, PETIT, RangeeProtegee, proteger, publier


@pytest.mark.parametrize(
    ("effectifs", "cases", "total"),
    [
        ((4, 6, 9), ("4", "6", "9"), "19"),
        ((0, 5, 0), ("0", "5", "0"), "5"),
        ((1, 6, 9), (PETIT, CACHE, "9"), "16"),
        ((2, 6, 9), (PETIT, CACHE, "9"), "17"),
        ((1, 2, 9), (PETIT, PETIT, "9"), "12"),
        ((1, 1, 9), (PETIT, PETIT, CACHE), "11"),
        ((1, 3, 9), (PETIT, CACHE, CACHE), "13"),
        ((1, 3, 0), (CACHE, CACHE, CACHE), "4"),
        ((1, 1, 0), (CACHE, CACHE, CACHE), PETIT),
        ((), (), "0"),
        ((2,), (CACHE,), PETIT),
        ((0, 0), ("0", "0"), "0"),
    ],
)
def test_exemples_comptes_a_la_main(effectifs: tuple[int, ...], cases: tuple[str, ...], total: str) -> None:
    assert proteger(effectifs) == RangeeProtegee(cases=cases, total=total)


@pytest.mark.parametrize(("effectif", "texte"), [(0, "0"), (1, PETIT), (2, PETIT), (3, "3"), (1200, "1\u202f200")])
def test_un_effectif_seul(effectif: int, texte: str) -> None:
    assert publier(effectif) == texte


@pytest.mark.parametrize("negatif", [(-1,), (4, -2)])
def test_un_effectif_negatif_se_refuse(negatif: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="négatif"):
        proteger(negatif)
    with pytest.raises(ValueError, match="négatif"):
        publier(min(negatif))


def test_masque_se_dit() -> None:
    assert not proteger((4, 0)).masque
    assert proteger((1, 6)).masque


@given(st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_aucune_petite_case_ne_se_retrouve(effectifs: list[int]) -> None:
    possibles = attaquer(proteger(effectifs))
    assert tuple(effectifs) in possibles
    for rang, effectif in enumerate(effectifs):
        if effectif in {1, 2}:
            assert len({possible[rang] for possible in possibles}) > 1


@given(st.lists(st.integers(0, 40), max_size=8))
def test_zero_reste_zero_et_rien_de_visible_ne_ment(effectifs: list[int]) -> None:
    rangee = proteger(effectifs)
    for effectif, case in zip(effectifs, rangee.cases, strict=True):
        assert case in {str(effectif), PETIT, CACHE}
        assert (case == PETIT) <= (effectif in {1, 2})


def attaquer(rangee: RangeeProtegee) -> set[tuple[int, ...]]:
    """Toutes les rangées compatibles avec ce qui est publié, règle connue."""
    tout_cache = set(rangee.cases) == {CACHE}
    permis = [_permis(case, tout_cache=tout_cache) for case in rangee.cases]
    totaux = {1, 2} if rangee.total == PETIT else {int(rangee.total)}
    return {possible for possible in product(*permis) if sum(possible) in totaux}


def _permis(case: str, *, tout_cache: bool) -> range | tuple[int, ...]:
    if case == PETIT:
        return (1, 2)
    if case == CACHE:
        return range(0 if tout_cache else 3, 30)
    return (int(case),)
