"""Les serveurs que le banc compare, et ce qu'ils consomment. Chacun n'est arrêté que par celui qui l'a lancé."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tests.outils.serveur import ASGI, Serveur

SCRIPTS = Path(__file__).resolve().parent / "scripts"
SECRET = "secret-du-banc-de-mesure-quarante-octets"
MEBIOCTET = 2**20


@dataclass(kw_only=True)
class ServeurObserve(Serveur):
    """Un serveur qui compte les requêtes SQL de chaque relance et la profile : ses durées ne valent rien.

    releves : dossier où vont le compte (`relances.jsonl`) et un profil par page.
    """

    releves: Path = field(default=Path())

    def _commande(self) -> list[str]:
        lanceur, _, _, _, *suite = super()._commande()  # après « -m streamlit run »
        return [lanceur, "-m", "tests.mesures.observation", str(self.releves), *suite]


@contextmanager
def servir_vide_regle(*, theme_garde: bool = False) -> Iterator[Serveur]:
    """Page vide sur notre serveur : nos réglages (lus à la racine du dépôt), uvloop, notre cycle de vie.

    theme_garde : avec la retouche de lib.ui.theme, que le plancher n'a pas.
    """
    with _servir(Serveur, script=SCRIPTS / ("asgi_vide_theme.py" if theme_garde else "asgi_vide.py")) as serveur:
        yield serveur


@contextmanager
def servir_vide_par_defaut() -> Iterator[Serveur]:
    """Page vide sur un Streamlit sans réglage : dossier et foyer vides, seuls le port et l'adresse sont donnés."""
    with TemporaryDirectory(prefix="associe-foyer-") as foyer:
        options = ("--server.headless", "true")
        environnement = {"HOME": foyer}
        with _servir(
            Serveur, script=SCRIPTS / "page_vide.py", dossier=Path(foyer), environnement=environnement, options=options
        ) as serveur:
            yield serveur


@contextmanager
def servir_application(base: str) -> Iterator[Serveur]:
    """L'application entière (asgi.py) sur une base."""
    with _servir(Serveur, script=ASGI, environnement=_environnement(base)) as serveur:
        yield serveur


@contextmanager
def observer_application(base: str, releves: Path) -> Iterator[Serveur]:
    """L'application sous observation : requêtes SQL comptées, relances profilées, résultats dans `releves`."""
    with _servir(ServeurObserve, script=ASGI, environnement=_environnement(base), releves=releves) as serveur:
        yield serveur


@contextmanager
def _servir(classe: type[Serveur], **champs: Any) -> Iterator[Serveur]:
    with TemporaryDirectory(prefix="associe-journal-") as dossier:
        serveur = classe(journal=Path(dossier) / "journal.txt", **champs)
        try:
            serveur.demarrer()
            yield serveur
        finally:
            serveur.arreter()


def _environnement(base: str) -> dict[str, str]:
    return {"ASSOCIE_BASE": base, "ASSOCIE_SECRET": SECRET, "ASSOCIE_MODE": "developpement"}


def temps_processeur(pid: int) -> float:
    """Secondes de processeur consommées par un processus depuis son lancement, fils terminés compris.

    Sous Linux, l'horloge du processus compte en nanosecondes ; ailleurs, psutil en centièmes de seconde.
    """
    if sys.platform == "linux":
        return time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED du processus : clock_getcpuclockid(3)
    temps = psutil.Process(pid).cpu_times()
    return float(temps.user + temps.system)


def memoire(pid: int) -> float:
    """Mémoire résidente d'un processus, en mébioctets."""
    return float(psutil.Process(pid).memory_info().rss) / MEBIOCTET


def charge_de_la_machine() -> float:
    """Charge moyenne d'une minute rapportée au nombre de cœurs : au-delà de 1, ne lire que les rapports."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)
