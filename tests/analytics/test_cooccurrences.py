"""Les rencontres d'étiquettes, comptées à la main puis contre une définition écrite sans astuce."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.cooccurrences import PassageEtiquete, compter_rencontres
from lib.domain.matrices import Cooccurrence
from lib.domain.passages import Passage
from lib.domain.unites import UniteDeParole

CITATION, CHEVAUCHEMENT, TOUR = Cooccurrence
UNITES = (UniteDeParole(0, 10), UniteDeParole(10, 20))


def _passage(numero: int, debut: int, fin: int, *etiquettes: int) -> PassageEtiquete:
    return PassageEtiquete(numero, Passage(debut, fin), frozenset(etiquettes))


def test_compte_a_la_main() -> None:
    """Un passage porte 1 et 2 ; un autre, qui le chevauche, porte 3 ; un troisième, du même tour, porte 4."""
    passages = [_passage(1, 0, 4, 1, 2), _passage(2, 3, 6, 3), _passage(3, 7, 9, 4), _passage(4, 12, 15, 1)]
    comptes = compter_rencontres([(passages, UNITES)])
    assert {paire: n for (nature, paire), n in comptes.items() if nature is CITATION} == {(1, 2): 1}
    assert {paire for nature, paire in comptes if nature is CHEVAUCHEMENT} == {(1, 2), (1, 3), (2, 3)}
    assert {paire for nature, paire in comptes if nature is TOUR} == set(combinations((1, 2, 3, 4), 2))
    assert set(comptes.values()) == {1}


def test_des_bornes_a_verifier_ne_chevauchent_rien() -> None:
    perdu = PassageEtiquete(1, None, frozenset({1, 2}))
    comptes = compter_rencontres([([perdu, _passage(2, 0, 5, 3)], UNITES)])
    assert set(comptes) == {(CITATION, (1, 2)), (CHEVAUCHEMENT, (1, 2))}


PASSAGES = st.lists(
    st.tuples(st.integers(0, 19), st.integers(1, 8), st.frozensets(st.integers(1, 4), min_size=1, max_size=3)),
    max_size=8,
)


@given(PASSAGES)
def test_la_meme_chose_qu_une_definition_ecrite_sans_astuce(tires: list[tuple[int, int, frozenset[int]]]) -> None:
    passages = [
        PassageEtiquete(rang, Passage(debut, min(debut + taille, 20)), etiquettes)
        for rang, (debut, taille, etiquettes) in enumerate(tires)
    ]
    attendus: Counter[tuple[Cooccurrence, tuple[int, int]]] = Counter()
    for a, b in combinations(range(1, 5), 2):
        attendus[CITATION, (a, b)] = sum({a, b} <= p.etiquettes for p in passages)
        attendus[CHEVAUCHEMENT, (a, b)] = sum(
            p.place.chevauche(q.place)
            for p in passages
            for q in passages
            if a in p.etiquettes and b in q.etiquettes and p.place and q.place
        )
        for unite in UNITES:
            dedans = [p for p in passages if p.place and p.place.chevauche(Passage(unite.debut, unite.fin))]
            attendus[TOUR, (a, b)] += all(any(e in p.etiquettes for p in dedans) for e in (a, b))
    assert compter_rencontres([(passages, UNITES)]) == +attendus
