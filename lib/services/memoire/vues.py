"""Des vues entières gardées tant qu'aucun partenariat, ni ce dont ils dépendent, n'a changé."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from lib.domain.axes import AxeDuree
from lib.domain.droits import Perimetre
from lib.services.memoire.fil import garder

P = ParamSpec("P")
R = TypeVar("R")
Calcul = Callable[Concatenate[Session, Perimetre, P], R]


def tenue_par_les_partenariats(calcul: Calcul[P, R]) -> Calcul[P, R]:
    """Le même calcul, refait seulement quand le journal dit qu'un partenariat a pu changer, ou au jour suivant.

    Poser une étiquette ne le refait pas. Ses critères, nommés, font sa clé ; son résultat est partagé.
    """

    @wraps(calcul)
    def lire(session: Session, perimetre: Perimetre, /, *rangs: P.args, **criteres: P.kwargs) -> R:
        calculer = partial(calcul, session, perimetre, *rangs, **criteres)
        if getattr(criteres.get("criteres"), "axe", None) is AxeDuree.EPCI:
            return calculer()  # les communes se chargent sans passer par le journal
        cle = (calcul.__module__, calcul.__qualname__, rangs, tuple(sorted(criteres.items())))
        return garder(session, perimetre, cle, calculer)

    return lire
