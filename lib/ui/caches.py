"""Vues gardées : partagées entre personnes de même périmètre, jamais périmées, jamais à quelqu'un d'autre.

Pas `st.cache_resource` : il coûterait cinq fois plus à chaque passage, et garderait les vues des versions dépassées.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeVar, cast

from lib.domain.droits import Perimetre
from lib.services.sessions import Acces
from lib.services.transaction import lecture
from lib.ui.ressources import moteur

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Cle:
    """Ce qui désigne une vue. Le périmètre y est sans le compte : deux personnes de mêmes droits voient la même."""

    calcul: str
    perimetre: Perimetre
    criteres: str
    version: int


@dataclass(slots=True)
class _Place:
    """Une vue en cours de calcul ou faite. Son verrou fait attendre les suivants plutôt que de calculer deux fois."""

    expire: float
    verrou: Lock = field(default_factory=Lock)
    faite: bool = False
    valeur: Any = None


class Vues:
    """Les dernières vues servies, en mémoire, pour tout le serveur.

    maximum : nombre de vues gardées. duree : secondes au bout desquelles une vue se recalcule même sans écriture
    (un chiffre arrêté « aujourd'hui » change à minuit).
    """

    def __init__(self, maximum: int = 500, duree: float = 3600.0) -> None:
        self._maximum = maximum
        self._duree = duree
        self._verrou = Lock()
        self._places: OrderedDict[Cle, _Place] = OrderedDict()

    def lire(self, cle: Cle, calculer: Callable[[], R]) -> R:
        """La vue, calculée si elle manque ; une erreur du calcul remonte et ne laisse rien."""
        place = self._place(cle)
        if not place.faite:
            with place.verrou:
                if not place.faite:
                    place.valeur = calculer()
                    place.faite = True
        return cast("R", place.valeur)

    def vider(self) -> None:
        """Oublie tout."""
        with self._verrou:
            self._places.clear()

    def _place(self, cle: Cle) -> _Place:
        maintenant = time.monotonic()
        with self._verrou:
            place = self._places.get(cle)
            if place is None or place.expire <= maintenant:
                self._oublier_depassees(cle)
                place = self._places[cle] = _Place(maintenant + self._duree)
            self._places.move_to_end(cle)
            return place

    def _oublier_depassees(self, cle: Cle) -> None:
        """Retire les vues que l'écriture a rendues inutiles, puis les plus anciennes au-delà du maximum."""
        investigation = cle.perimetre.investigation_id
        for autre in list(self._places):
            if autre.perimetre.investigation_id == investigation and autre.version < cle.version:
                del self._places[autre]
        while len(self._places) >= self._maximum:
            self._places.popitem(last=False)


VUES = Vues()


def vue(calcul: Callable[..., R], acces: Acces, **criteres: Any) -> R:
    """Résultat de `calcul(session, perimetre, **criteres)`, calculé une fois par version des données.

    La clé porte le périmètre (sans le compte), les critères et la version des données lue avec la session :
    une écriture change la version, donc la clé. Le résultat est partagé : en lecture seule (dataclass figée,
    go.Figure ou pyarrow.Table que personne ne modifie).
    """
    commun = replace(acces.perimetre, compte_id=0)
    cle = Cle(f"{calcul.__module__}.{calcul.__qualname__}", commun, repr(sorted(criteres.items())), acces.version)

    def calculer() -> R:
        with lecture(moteur()) as session:
            return calcul(session, commun, **criteres)

    return VUES.lire(cle, calculer)
