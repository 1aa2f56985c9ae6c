"""Retrouver un passage dans un texte corrigé : par ce qui l'entoure, jamais par une ressemblance.

Les positions sont des points de code Unicode, comme les indices de `str`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# En deçà, une suite de mots se retrouve par hasard dans un passage récrit : mieux vaut demander à une personne.
APPUI = 20
# Au-delà, comparer mot à mot prendrait des secondes : le passage récrit se relit à l'œil.
COMPARAISONS = 2_000_000
MOTS = re.compile(r"\w+|\W")


@dataclass(frozen=True, slots=True)
class Bloc:
    """Une suite de caractères présente dans les deux textes. `sur` : assez longue, ou tenue par un bord."""

    ancien: int
    nouveau: int
    longueur: int
    sur: bool = True


class Correspondance:
    """Où sont passés les morceaux d'un ancien texte dans le nouveau."""

    def __init__(self, ancien: str, nouveau: str) -> None:
        self._ancien, self._nouveau = ancien, nouveau
        self._blocs = list(_blocs(ancien, nouveau))
        self._debuts = [bloc.ancien for bloc in self._blocs]

    def suivre(self, debut: int, fin: int) -> tuple[int, int] | None:
        """Nouvelles bornes d'un passage resté entier, ou None s'il a été touché ou si le doute est permis."""
        bloc = self._bloc(debut)
        if bloc and bloc.sur and fin <= bloc.ancien + bloc.longueur:
            decalage = bloc.nouveau - bloc.ancien
            return debut + decalage, fin + decalage
        return self._deplace(self._ancien[debut:fin])

    def approcher(self, debut: int, fin: int) -> tuple[int, int]:
        """Bornes, dans le nouveau texte, de ce qui a pris la place d'un passage ; jamais vides."""
        depart = self._apres(debut)
        return depart, max(self._avant(fin), depart + 1)

    def _deplace(self, citation: str) -> tuple[int, int] | None:
        """Une phrase entière coupée puis collée ailleurs : suivie si elle est unique dans les deux textes."""
        if len(citation) < APPUI or self._ancien.count(citation) != 1 or self._nouveau.count(citation) != 1:
            return None
        debut = self._nouveau.index(citation)
        return debut, debut + len(citation)

    def _bloc(self, position: int) -> Bloc | None:
        """Le bloc qui contient le caractère à cette position."""
        rang = bisect_right(self._debuts, position) - 1
        if rang < 0:
            return None
        bloc = self._blocs[rang]
        return bloc if position < bloc.ancien + bloc.longueur else None

    def _apres(self, position: int) -> int:
        """Position correspondante, ou la fin de ce qui précède."""
        rang = bisect_right(self._debuts, position) - 1
        if rang < 0:
            return 0
        bloc = self._blocs[rang]
        return bloc.nouveau + min(position - bloc.ancien, bloc.longueur)

    def _avant(self, position: int) -> int:
        """Position correspondante, ou le début de ce qui suit."""
        rang = bisect_right(self._debuts, position - 1) - 1
        if rang >= 0:
            bloc = self._blocs[rang]
            if position <= bloc.ancien + bloc.longueur:
                return bloc.nouveau + position - bloc.ancien
        return self._blocs[rang + 1].nouveau if rang + 1 < len(self._blocs) else len(self._nouveau)


def _blocs(ancien: str, nouveau: str) -> Iterator[Bloc]:
    """Blocs communs, dans l'ordre : début partagé, milieu comparé par lignes puis par mots, fin partagée."""
    tete = _commun(ancien, nouveau)
    reste = min(len(ancien), len(nouveau)) - tete
    queue = min(reste, _commun(ancien[::-1], nouveau[::-1]))
    if tete:
        yield Bloc(0, 0, tete)
    milieux = ancien[tete : len(ancien) - queue], nouveau[tete : len(nouveau) - queue]
    for debut_ancien, debut_nouveau, longueur in _reunir(_par_lignes(*milieux)):
        yield Bloc(tete + debut_ancien, tete + debut_nouveau, longueur, sur=longueur >= APPUI)
    if queue:
        yield Bloc(len(ancien) - queue, len(nouveau) - queue, queue)


def _commun(premier: str, second: str) -> int:
    """Longueur du plus long début partagé, par dichotomie (la comparaison de tranches est native)."""
    bas, haut = 0, min(len(premier), len(second))
    while bas < haut:
        milieu = (bas + haut + 1) // 2
        if premier[bas:milieu] == second[bas:milieu]:
            bas = milieu
        else:
            haut = milieu - 1
    return bas


Triplet = tuple[int, int, int]


def _par_lignes(ancien: str, nouveau: str) -> Iterator[Triplet]:
    for depart_ancien, depart_nouveau, reste_ancien, reste_nouveau in _comparer(
        ancien.splitlines(keepends=True), nouveau.splitlines(keepends=True)
    ):
        if reste_ancien == reste_nouveau:
            yield depart_ancien, depart_nouveau, len(reste_ancien)
            continue
        for mots_ancien, mots_nouveau, pris_ancien, pris_nouveau in _par_mots(reste_ancien, reste_nouveau):
            if pris_ancien == pris_nouveau:
                yield depart_ancien + mots_ancien, depart_nouveau + mots_nouveau, len(pris_ancien)


def _par_mots(ancien: str, nouveau: str) -> Iterator[tuple[int, int, str, str]]:
    mots_ancien, mots_nouveau = MOTS.findall(ancien), MOTS.findall(nouveau)
    if len(mots_ancien) * len(mots_nouveau) <= COMPARAISONS:
        yield from _comparer(mots_ancien, mots_nouveau)


def _comparer(ancien: Sequence[str], nouveau: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Tranches en vis-à-vis : (position ancienne, position nouvelle, texte ancien, texte nouveau)."""
    place_ancien = place_nouveau = 0
    for _, i, j, k, m in SequenceMatcher(None, ancien, nouveau).get_opcodes():
        pris_ancien, pris_nouveau = "".join(ancien[i:j]), "".join(nouveau[k:m])
        yield place_ancien, place_nouveau, pris_ancien, pris_nouveau
        place_ancien += len(pris_ancien)
        place_nouveau += len(pris_nouveau)


def _reunir(triplets: Iterator[Triplet]) -> Iterator[Triplet]:
    """Met bout à bout les blocs qui se touchent dans les deux textes."""
    tenu: Triplet | None = None
    for triplet in triplets:
        if tenu and (tenu[0] + tenu[2], tenu[1] + tenu[2]) == triplet[:2]:
            tenu = (tenu[0], tenu[1], tenu[2] + triplet[2])
            continue
        if tenu:
            yield tenu
        tenu = triplet
    if tenu:
        yield tenu
