"""Unités de parole : ce que l'on compare et ce qui rapproche deux passages — un tour de parole, ou un paragraphe."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lib.domain.passages import Passage, tours_de_parole
from lib.domain.textes import plier
from lib.domain.vocabulaire import NatureTexte

_PARAGRAPHE = re.compile(r"[^\n]+")
ENQUETE = frozenset({"q", "enquetrice", "enqueteur", "question", "intervieweur", "intervieweuse"})
"""Noms, repliés, de qui pose les questions."""


@dataclass(frozen=True, slots=True)
class UniteDeParole:
    """Un tour de parole, ou un paragraphe si personne n'est nommé (`locuteur` absent).

    menee : l'équipe a dit que cette personne mène l'entretien, ou y répond ; None, seul son nom le laisse croire.
    """

    debut: int
    fin: int
    locuteur: str | None = None
    menee: bool | None = None

    @property
    def question(self) -> bool:
        """Vrai si c'est la personne qui enquête qui parle."""
        if self.menee is not None:
            return self.menee
        return self.locuteur is not None and plier(self.locuteur) in ENQUETE


@lru_cache(maxsize=4)  # un geste de codage relit le même texte avant et après
def unites_de_parole(
    texte: str, nature: NatureTexte, reconnus: frozenset[str] = frozenset(), ecartes: frozenset[str] = frozenset()
) -> tuple[UniteDeParole, ...]:
    """Le texte découpé dans l'ordre, sans les morceaux blancs ; deux unités ne se chevauchent jamais.

    reconnus, ecartes : voir `tours_de_parole`.
    """
    tours = tours_de_parole(texte, nature, reconnus, ecartes)
    if not tours:
        paragraphes = (UniteDeParole(trouve.start(), trouve.end()) for trouve in _PARAGRAPHE.finditer(texte))
        return tuple(unite for unite in paragraphes if texte[unite.debut : unite.fin].strip())
    bornes = [*(tour.debut for tour in tours), len(texte)]
    avant = [UniteDeParole(0, tours[0].debut)] if texte[: tours[0].debut].strip() else []
    suite = [UniteDeParole(tour.debut, bornes[rang + 1], tour.locuteur) for rang, tour in enumerate(tours)]
    return (*avant, *suite)


def touchees(unites: Sequence[UniteDeParole], passage: Passage) -> range:
    """Rangs des unités dont le passage partage au moins un caractère."""
    premiere = bisect_right(unites, passage.debut, key=lambda unite: unite.fin)
    return range(premiere, bisect_left(unites, passage.fin, key=lambda unite: unite.debut))
