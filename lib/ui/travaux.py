"""Travaux longs, menés hors de tout passage : la personne peut changer de page, fermer l'onglet, et revenir.

En mémoire du serveur : un redémarrage les oublie. Ce qui doit y survivre s'écrit en base par le travail lui-même (voir
`lib.services.bilan.preparations`). Jamais d'appel à Streamlit ici.
"""

import logging
import secrets
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from lib.domain.erreurs import ErreurMetier
from lib.services.exports_fichier import Suivre

journal_technique = logging.getLogger("associe.travaux")


@dataclass(slots=True)
class Travail:
    """Où en est un travail. `resultat` : quand il a réussi ; `refus` : la phrase à dire quand il a échoué."""

    debut: float = field(default_factory=time.monotonic)
    etape: str = ""
    part: float = 0.0
    fini: bool = False
    resultat: Any = None
    refus: str = ""


class Travaux:
    """Un travail au plus par clé. maximum : travaux retenus. duree : secondes où un résultat attend qu'on le prenne."""

    def __init__(self, *, maximum: int = 50, duree: float = 24 * 3600.0, fils: int = 2) -> None:
        self._maximum = maximum
        self._duree = duree
        self._verrou = Lock()
        self._travaux: dict[Hashable, Travail] = {}
        self._fils = ThreadPoolExecutor(max_workers=fils, thread_name_prefix="travail")

    def lancer(self, cle: Hashable, mener: Callable[[Suivre], Any]) -> Travail:
        """Commence le travail ; s'il est déjà en cours, rend celui-là."""
        with self._verrou:
            connu = self._travaux.get(cle)
            if connu and not connu.fini:
                return connu
            self._faire_place()
            travail = self._travaux[cle] = Travail()
        self._fils.submit(_mener, travail, mener)
        return travail

    def lire(self, cle: Hashable) -> Travail | None:
        """Le travail de cette clé, fini ou non ; None s'il n'y en a pas, ou s'il a trop attendu."""
        with self._verrou:
            travail = self._travaux.get(cle)
            if travail and travail.fini and time.monotonic() - travail.debut > self._duree:
                del self._travaux[cle]
                return None
            return travail

    def oublier(self) -> None:
        """Oublie tout ce qui est fini."""
        with self._verrou:
            self._travaux = {cle: travail for cle, travail in self._travaux.items() if not travail.fini}

    def _faire_place(self) -> None:
        """Oublie les plus anciens travaux finis au-delà du maximum."""
        finis = [cle for cle, travail in self._travaux.items() if travail.fini]
        for cle in finis[: max(0, len(self._travaux) - self._maximum + 1)]:
            del self._travaux[cle]


def _mener(travail: Travail, mener: Callable[[Suivre], Any]) -> None:
    def avancer(table: str, faites: int, total: int) -> None:
        travail.etape, travail.part = table, faites / total if total else 0.0

    try:
        travail.resultat = mener(avancer)
    except ErreurMetier as erreur:
        travail.refus = str(erreur)
    except Exception:  # noqa: BLE001 - dernier rempart du fil : tracé au journal, dit en une phrase
        repere = secrets.token_hex(4)
        journal_technique.exception("travail interrompu, repère %s", repere)
        travail.refus = f"La préparation s'est interrompue par un défaut de notre fait (repère {repere}). Relancez-la."
    finally:
        travail.fini = True


TRAVAUX = Travaux()
