"""Épisodes de partenariat, tels que l'analyse de durée les reçoit : groupés, validés, sans identité.

Un épisode est un temps d'observation en mois : il s'est terminé (`termine=True`), ou il durait encore la dernière
fois qu'on l'a su (censure à droite). `entree` est l'âge, en mois, qu'avait déjà le partenariat quand on a appris
son existence *parce qu'il était vivant* (troncature à gauche) ; `None` quand on l'aurait connu même terminé.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Self

if TYPE_CHECKING:
    import numpy as np

SANS_ENTREE = -1.0
"""Entrée d'un épisode suivi depuis son début : avant toute durée, y compris une durée nulle."""


class GroupeEpisodes(NamedTuple):
    """`effectif` épisodes de même durée (mois), de même issue et de même entrée : une ligne de `GROUP BY`."""

    duree: float
    termine: bool
    effectif: int = 1
    entree: float | None = None


class Tableaux(NamedTuple):
    """Les groupes en colonnes numpy ; `entrees` vaut `SANS_ENTREE` où il n'y en a pas."""

    durees: "np.ndarray"
    termines: "np.ndarray"
    entrees: "np.ndarray"
    effectifs: "np.ndarray"


@dataclass(frozen=True, kw_only=True)
class Episodes:
    """Épisodes regroupés et triés ; deux jeux égaux par leur contenu sont égaux.

    `sans_suivi` compte les épisodes écartés parce que leur entrée est aussi leur sortie : connus seulement par
    leur survie et jamais revus, ils n'apprennent rien sur la durée. Ils se disent, ils ne se calculent pas.
    """

    groupes: tuple[GroupeEpisodes, ...]
    sans_suivi: int = 0

    @classmethod
    def depuis_groupes(cls, groupes: Iterable[tuple[float, bool, int, float | None]]) -> Self:
        """Regroupe des effectifs agrégés : des `GroupeEpisodes`, ou leurs valeurs dans le même ordre.

        Lève `ValueError` si une durée, une entrée ou un effectif est impossible.
        """
        compte: Counter[tuple[float, bool, float]] = Counter()
        sans_suivi = 0
        for duree, termine, effectif, entree in groupes:
            if not 0 <= duree < math.inf or effectif < 0 or not (entree is None or 0 <= entree <= duree):
                _refuser(duree, effectif, entree)
            if entree is not None and entree == duree:
                sans_suivi += effectif
                continue
            compte[float(duree), bool(termine), SANS_ENTREE if entree is None else float(entree)] += effectif
        return cls(groupes=tuple(_groupe(cle, n) for cle, n in sorted(compte.items()) if n), sans_suivi=sans_suivi)

    @classmethod
    def depuis_durees(
        cls,
        durees: Sequence[float],
        termines: Sequence[bool],
        entrees: Sequence[float | None] | None = None,
    ) -> Self:
        """Une valeur par épisode, en mois. Lève `ValueError` si les suites n'ont pas la même longueur."""
        connues = [None] * len(durees) if entrees is None else entrees
        return cls.depuis_groupes(
            GroupeEpisodes(duree=duree, termine=termine, entree=entree)
            for duree, termine, entree in zip(durees, termines, connues, strict=True)
        )

    @property
    def effectif(self) -> int:
        """Nombre d'épisodes analysés."""
        return sum(groupe.effectif for groupe in self.groupes)

    @property
    def termines(self) -> int:
        """Nombre d'épisodes dont on a vu la fin."""
        return sum(groupe.effectif for groupe in self.groupes if groupe.termine)

    @property
    def en_cours(self) -> int:
        """Nombre d'épisodes encore en cours à la dernière nouvelle."""
        return self.effectif - self.termines

    @property
    def tronques(self) -> bool:
        """Vrai si au moins un épisode a une entrée tardive."""
        return any(groupe.entree is not None for groupe in self.groupes)

    def tableaux(self) -> Tableaux:
        """Les groupes en tableaux numpy, un élément par groupe ; partagés, en lecture seule."""
        return self._colonnes

    @cached_property
    def _colonnes(self) -> Tableaux:
        import numpy as np

        lignes = [(g.duree, g.termine, SANS_ENTREE if g.entree is None else g.entree, g.effectif) for g in self.groupes]
        colonnes = np.array(lignes, dtype=float).reshape(-1, 4)
        return Tableaux(colonnes[:, 0], colonnes[:, 1], colonnes[:, 2], colonnes[:, 3].astype(np.int64))


def _cumul(valeurs: "np.ndarray", effectifs: "np.ndarray", seuils: "np.ndarray", *, inclus: bool) -> "np.ndarray":
    """Effectif dont la valeur est inférieure (ou égale, si `inclus`) à chaque seuil."""
    import numpy as np

    ordre = np.argsort(valeurs)
    cumules = np.concatenate(([0], np.cumsum(effectifs[ordre])))
    atteints: np.ndarray = cumules[np.searchsorted(valeurs[ordre], seuils, side="right" if inclus else "left")]
    return atteints


def suivis_avant(colonnes: Tableaux, instants: "np.ndarray") -> "np.ndarray":
    """À risque juste avant chaque instant : entrés, pas encore sortis (un événement à l'instant en fait partie)."""
    entres = _cumul(colonnes.entrees, colonnes.effectifs, instants, inclus=False)
    sortis = _cumul(colonnes.durees, colonnes.effectifs, instants, inclus=False)
    suivis: np.ndarray = entres - sortis
    return suivis


def suivis_apres(colonnes: Tableaux, instants: "np.ndarray") -> "np.ndarray":
    """À risque juste après chaque instant ; à la signature, on compte aussi ceux qui finissent le jour même."""
    import numpy as np

    entres = _cumul(colonnes.entrees, colonnes.effectifs, instants, inclus=True)
    sortis = _cumul(colonnes.durees, colonnes.effectifs, instants, inclus=True)
    suivis: np.ndarray = entres - np.where(instants > 0, sortis, 0)
    return suivis


def _groupe(cle: tuple[float, bool, float], effectif: int) -> GroupeEpisodes:
    duree, termine, entree = cle
    return GroupeEpisodes(duree, termine, effectif, None if entree == SANS_ENTREE else entree)


def _refuser(duree: float, effectif: int, entree: float | None) -> NoReturn:
    if not 0 <= duree < math.inf:
        raise ValueError(f"Durée impossible : {duree} mois. Une durée est finie, positive ou nulle.")
    if effectif < 0:
        raise ValueError(f"Effectif impossible : {effectif}.")
    raise ValueError(f"Entrée impossible : {entree} mois pour une durée de {duree} mois.")
