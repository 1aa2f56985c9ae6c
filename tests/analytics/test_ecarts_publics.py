"""Un verdict publié ne laisse pas retrouver l'effectif que le tableau cache."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.confidentialite import PETIT, est_cache
from lib.analytics.ecarts_publics import IrritantPublie, publier_irritants
from lib.analytics.releves import Releves

TERRAINS = ("Nord", "Sud", "Est")


def rangee(*effectifs: tuple[int, int]) -> tuple[Releves, ...]:
    """Un relevé par terrain : (évoquent, rencontrés) ; les autres écartent l'irritant."""
    return tuple(
        Releves(terrain=terrain, spontanes=evoques, ecartes=rencontres - evoques, rencontres=rencontres)
        for terrain, (evoques, rencontres) in zip(TERRAINS, effectifs, strict=False)
    )


def publier(*effectifs: tuple[int, int]) -> IrritantPublie:
    (publie,) = publier_irritants({"Coût": rangee(*effectifs)}, par_terrain=True)
    return publie


def test_un_ecart_net_se_publie_avec_son_sens() -> None:
    publie = publier((10, 10), (0, 10))
    assert (publie.par_terrain, publie.evoques) == (("10", "0"), "10")
    assert publie.ecarts == (("Nord", "plus", "démontré"),)


def test_un_petit_effectif_se_tait_et_son_voisin_avec_lui() -> None:
    publie = publier((1, 9), (9, 10), (5, 8))
    assert publie.par_terrain[0] == PETIT and sum(map(est_cache, publie.par_terrain)) > 1
    assert publie.evoques == "15"


def test_sans_terrains_publics_seul_le_total_se_donne() -> None:
    (publie,) = publier_irritants({"Coût": rangee((3, 9), (4, 10))}, par_terrain=False)
    assert (publie.evoques, publie.abordes, publie.par_terrain, publie.ecarts) == ("7", "19", (), ())


GROUPE = st.integers(3, 10).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def suit(publie: tuple[tuple[str, str, str], ...], monde: tuple[tuple[str, str, str], ...]) -> bool:
    """Le monde donnerait-il l'énoncé publié, tel quel ou en gros ?"""
    if any(force == "démontré ou possible" for *_, force in publie):
        return [e[:2] for e in publie] == [e[:2] for e in monde]
    return publie == monde


@given(st.lists(GROUPE, min_size=2, max_size=3))
def test_chaque_petit_effectif_garde_deux_valeurs_possibles_sous_le_verdict(effectifs: list[tuple[int, int]]) -> None:
    from lib.analytics.ecarts_publics import _enoncer

    publie = publier(*effectifs)
    if not publie.ecarts:
        return
    mondes = []
    for evoques in product(*(range(n + 1) for _, n in effectifs)):
        monde = tuple((e, n) for e, (_, n) in zip(evoques, effectifs, strict=True))
        autre = publier_irritants({"Coût": rangee(*monde)}, par_terrain=True)[0]
        if (autre.par_terrain, autre.evoques) == (publie.par_terrain, publie.evoques) and suit(
            publie.ecarts, _enoncer({"Coût": rangee(*monde)}, "Coût")
        ):
            mondes.append(evoques)
    for rang, (evoques, rencontres) in enumerate(effectifs):
        if evoques in {1, 2} or rencontres - evoques in {1, 2}:
            assert len({monde[rang] for monde in mondes}) > 1
