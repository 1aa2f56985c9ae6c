"""Proposer des étiquettes parce que des citations semblables les portent déjà.

Deux citations se ressemblent par leurs mots et suites de deux mots, et par leurs suites de trois à cinq lettres
(« bénévole » et « bénévolat » n'ont aucun mot en commun). Chaque côté est pondéré par sa rareté (TF-IDF) et compte
pour moitié. Rien n'est appris au-delà de ce calcul : les citations qui ont fait proposer une étiquette la justifient.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PROPOSEES = 3
CITATIONS_MONTREES = 2
VOISINES = 8
SEUIL = 0.10
"""Deux citations de la démonstration prises au hasard restent dessous 97 fois sur 100 (docs/statistiques.md)."""
CITATIONS_MINIMUM = 5
MOT = r"(?u)\b\w+\b"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationCodee:
    """Une citation et les étiquettes qu'elle porte."""

    verbatim_id: int
    citation: str
    etiquettes: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """Une étiquette proposée, et les citations semblables qui la portent, la plus proche d'abord."""

    etiquette_id: int
    ressemblance: float
    verbatims: tuple[int, ...]


class Semblables:
    """Les citations déjà codées, prêtes à être comparées à un passage."""

    def __init__(self, citations: Sequence[CitationCodee]) -> None:
        self._citations = tuple(citations)
        self._vecteurs: tuple[tuple[Any, csr_matrix], ...] = ()
        if len(self._citations) >= CITATIONS_MINIMUM:
            textes = [citation.citation for citation in self._citations]
            self._vecteurs = tuple((regle, regle.fit_transform(textes)) for regle in _regles())

    def proposer(self, passage: str, *, sauf: frozenset[int] = frozenset()) -> tuple[Proposition, ...]:
        """Trois étiquettes au plus pour un passage. sauf : verbatims à ne pas regarder (le passage lui-même)."""
        if not self._vecteurs or not passage.strip():
            return ()
        preuves: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for ressemblance, citation in self._voisines(passage, sauf):
            for etiquette_id in citation.etiquettes:
                preuves[etiquette_id].append((ressemblance, citation.verbatim_id))
        propositions = [
            Proposition(
                etiquette_id=etiquette_id,
                ressemblance=sum(ressemblance for ressemblance, _ in semblables),
                verbatims=tuple(verbatim for _, verbatim in semblables[:CITATIONS_MONTREES]),
            )
            for etiquette_id, semblables in preuves.items()
        ]
        return tuple(sorted(propositions, key=lambda p: (-p.ressemblance, p.etiquette_id))[:PROPOSEES])

    def _voisines(self, passage: str, sauf: frozenset[int]) -> list[tuple[float, CitationCodee]]:
        """Les citations les plus proches, au-dessus du seuil."""
        ressemblances = sum(
            (matrice @ regle.transform([passage]).T).toarray()[:, 0] for regle, matrice in self._vecteurs
        )
        cotees = [
            (float(ressemblance) / len(self._vecteurs), citation)
            for ressemblance, citation in zip(ressemblances, self._citations, strict=True)
            if citation.verbatim_id not in sauf
        ]
        proches = sorted(cotees, key=lambda cotee: (-cotee[0], cotee[1].verbatim_id))[:VOISINES]
        return [(ressemblance, citation) for ressemblance, citation in proches if ressemblance >= SEUIL]


def _regles() -> tuple[Any, Any]:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    commun = {"strip_accents": "unicode", "sublinear_tf": True, "dtype": np.float32}
    mots = TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=MOT, **commun)
    lettres = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **commun)
    return mots, lettres
