"""Branche la page « Statistiques » sur la base : les mêmes chiffres pour tous, recalculés de temps en temps."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine

from lib.serveur.statistiques import ChiffrePublic, FournirStatistiques, StatistiquesPubliques
from lib.services.statistiques import ChiffresPublics, lire_chiffres_publics
from lib.services.transaction import lecture

FRAICHEUR_S = 300.0
"""La page est ouverte à tous : la demander mille fois ne doit pas coûter mille lectures."""


def fournisseur(
    moteur: Callable[[], Engine], *, fraicheur: float = FRAICHEUR_S, horloge: Callable[[], float] = time.monotonic
) -> FournirStatistiques:
    """Fonction à donner aux routes publiques.

    moteur : rend la réserve de connexions. fraicheur : secondes pendant lesquelles les chiffres lus resservent.
    """
    verrou = threading.Lock()
    gardes: list[tuple[float, StatistiquesPubliques | None]] = []

    def fournir() -> StatistiquesPubliques | None:
        with verrou:
            instant = horloge()
            if not gardes or instant - gardes[0][0] >= fraicheur:
                gardes[:] = [(instant, _lire(moteur()))]
            return gardes[0][1]

    return fournir


def _lire(moteur: Engine) -> StatistiquesPubliques | None:
    with lecture(moteur) as session:
        chiffres = lire_chiffres_publics(session)
    return None if chiffres is None else _traduire(chiffres)


def _traduire(publics: ChiffresPublics) -> StatistiquesPubliques:
    return StatistiquesPubliques(
        arretees_au=publics.arretes_au,
        chiffres=tuple(
            ChiffrePublic(
                intitule=chiffre.intitule,
                valeur=chiffre.valeur,
                definition=chiffre.definition,
                enquete=chiffre.enquete,
            )
            for chiffre in publics.chiffres
        ),
    )
