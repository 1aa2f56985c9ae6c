"""Quelles étiquettes vont ensemble : sur la même citation, sur des passages qui se chevauchent, dans le même tour."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from lib.domain.matrices import Cooccurrence
from lib.domain.passages import Passage
from lib.domain.unites import UniteDeParole, touchees

Paire = tuple[int, int]
"""Deux étiquettes, la plus petite d'abord."""


@dataclass(frozen=True, slots=True)
class PassageEtiquete:
    """Un passage et ses étiquettes. place : None si ses bornes sont à vérifier — il ne chevauche alors rien."""

    id: int
    place: Passage | None
    etiquettes: frozenset[int]


def rencontres(
    passages: Sequence[PassageEtiquete], unites: Sequence[UniteDeParole]
) -> Iterator[tuple[Cooccurrence, Paire, tuple[int, ...]]]:
    """Chaque rencontre de deux étiquettes dans un texte : sa nature, la paire, les passages qui la font."""
    for passage in passages:
        for paire in _paires(passage.etiquettes):
            yield Cooccurrence.CITATION, paire, (passage.id,)
            yield Cooccurrence.CHEVAUCHEMENT, paire, (passage.id,)
    for un, autre in _chevauchements(passages):
        for a in un.etiquettes:
            for b in autre.etiquettes - {a}:
                yield Cooccurrence.CHEVAUCHEMENT, (min(a, b), max(a, b)), (un.id, autre.id)
    for groupe in _par_unite(passages, unites):
        for paire in _paires(frozenset().union(*(passage.etiquettes for passage in groupe))):
            yield Cooccurrence.TOUR, paire, tuple(p.id for p in groupe if not p.etiquettes.isdisjoint(paire))


def compter_rencontres(
    textes: Iterable[tuple[Sequence[PassageEtiquete], Sequence[UniteDeParole]]],
) -> Counter[tuple[Cooccurrence, Paire]]:
    """Nombre de rencontres, tous textes d'un entretien réunis."""
    return Counter((nature, paire) for texte in textes for nature, paire, _ in rencontres(*texte))


def _paires(etiquettes: Iterable[int]) -> Iterator[Paire]:
    return combinations(sorted(etiquettes), 2)


def _chevauchements(passages: Sequence[PassageEtiquete]) -> Iterator[tuple[PassageEtiquete, PassageEtiquete]]:
    """Les couples de passages différents qui partagent des mots, en un seul balayage."""
    ouverts: list[tuple[int, PassageEtiquete]] = []
    for passage, place in sorted(_places(passages), key=lambda p: (p[1], p[0].id)):
        ouverts = [(fin, ouvert) for fin, ouvert in ouverts if fin > place.debut]
        for _, ouvert in ouverts:
            yield ouvert, passage
        ouverts.append((place.fin, passage))


def _par_unite(
    passages: Sequence[PassageEtiquete], unites: Sequence[UniteDeParole]
) -> Iterable[Sequence[PassageEtiquete]]:
    groupes: dict[int, list[PassageEtiquete]] = {}
    for passage, place in _places(passages):
        for rang in touchees(unites, place):
            groupes.setdefault(rang, []).append(passage)
    return groupes.values()


def _places(passages: Sequence[PassageEtiquete]) -> Iterator[tuple[PassageEtiquete, Passage]]:
    return ((passage, passage.place) for passage in passages if passage.place is not None)
