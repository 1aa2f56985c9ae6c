"""Lance un serveur en comptant, relance par relance, ses requêtes SQL, et en profilant chacune.

    python -m tests.mesures.observation DOSSIER asgi.py --server.port 8600 …

DOSSIER reçoit une ligne JSON par relance (`relances.jsonl` : rang, requêtes) et son profil (`<rang>.pstats`).
Les points d'accroche sont privés à Streamlit : ce module n'est lancé que par le banc, jamais par l'application.
"""

import asyncio
import cProfile
import itertools
import json
import pstats
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
RELEVE = "relances.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelanceObservee:
    """Les ordres SQL d'une relance, bornes de transaction exclues, et le fichier de son profil."""

    requetes: tuple[str, ...]
    profil: Path


class Observateur:
    """Enveloppe l'exécution d'un script : compte, profile, écrit. Le serveur observé n'a qu'un visiteur à la fois."""

    def __init__(self, dossier: Path, executer: Callable[..., None]) -> None:
        self._dossier = dossier
        self._executer = executer
        self._rangs = itertools.count()
        self._fil = threading.local()

    def compter(self, _connexion: Any, _curseur: Any, ordre: str, *_: Any) -> None:
        """Retient l'ordre SQL au compte de la relance en cours."""
        requetes = getattr(self._fil, "requetes", None)
        if requetes is not None and not ordre.lstrip().upper().startswith(TRANSACTION):
            requetes.append(ordre)

    def observer(self, executant: Any, demande: Any) -> None:
        """Exécute une relance sous profil, puis ajoute sa ligne au relevé."""
        self._fil.requetes = []
        profil = cProfile.Profile(time.thread_time)  # le processeur du fil, sans ses attentes
        try:
            profil.runcall(self._executer, executant, demande)
        finally:
            rang = next(self._rangs)
            profil.dump_stats(self._dossier / f"{rang}.pstats")
            with (self._dossier / RELEVE).open("a", encoding="utf-8") as releve:
                releve.write(json.dumps({"rang": rang, "requetes": self._fil.requetes}) + "\n")


def lire_releves(dossier: Path) -> list[RelanceObservee]:
    """Les relances observées, dans l'ordre ; liste vide si aucune."""
    fichier = dossier / RELEVE
    lignes = fichier.read_text(encoding="utf-8").splitlines() if fichier.exists() else []
    return [
        RelanceObservee(requetes=tuple(ligne["requetes"]), profil=dossier / f"{ligne['rang']}.pstats")
        for ligne in map(json.loads, lignes)
    ]


async def attendre_releves(dossier: Path, nombre: int) -> None:
    """Attend que ce nombre de relances soit relevé : le client apprend la fin d'une relance avant qu'elle le soit."""
    async with asyncio.timeout(30):
        while len(lire_releves(dossier)) < nombre:  # noqa: ASYNC110 - un autre processus écrit le relevé
            await asyncio.sleep(0.02)


def resumer_profils(relances: Sequence[RelanceObservee], lignes: int = 15) -> list[str]:
    """Les fonctions les plus coûteuses (temps propre, ms par relance), profils additionnés."""
    profil = pstats.Stats(*(str(relance.profil) for relance in relances))
    fonctions = sorted(profil.stats.items(), key=lambda paire: paire[1][2], reverse=True)  # type: ignore[attr-defined]
    return [
        f"{1000 * propre / len(relances):8.3f} {1000 * cumul / len(relances):8.3f} {appels // len(relances):6} "
        f"{_lieu(fichier)}:{ligne} {nom}"
        for (fichier, ligne, nom), (_, appels, propre, cumul, _) in fonctions[:lignes]
    ]


def resumer_cumuls(relances: Sequence[RelanceObservee], motif: str, lignes: int = 15) -> list[str]:
    """Les fonctions dont le fichier porte ce motif, par temps cumulé (ms par relance)."""
    profil = pstats.Stats(*(str(relance.profil) for relance in relances))
    notres = [paire for paire in profil.stats.items() if motif in paire[0][0]]  # type: ignore[attr-defined]
    return [
        f"{1000 * cumul / len(relances):8.3f} {appels // len(relances):6} {_lieu(fichier)}:{ligne} {nom}"
        for (fichier, ligne, nom), (_, appels, _, cumul, _) in sorted(notres, key=lambda p: p[1][3], reverse=True)[
            :lignes
        ]
    ]


def _lieu(fichier: str) -> str:
    """Les trois derniers morceaux d'un chemin : assez pour reconnaître un module."""
    return "/".join(Path(fichier).parts[-3:])


def main() -> None:
    """Pose l'observation, puis lance `streamlit run` avec le reste des arguments."""
    from sqlalchemy import Engine, event
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
    from streamlit.web.cli import main as lancer_streamlit

    from lib.db.directe import RequeteDirecte

    dossier, *arguments = sys.argv[1:]
    observateur = Observateur(Path(dossier), ScriptRunner._run_script)
    event.listen(Engine, "before_cursor_execute", observateur.compter)
    au_pilote = RequeteDirecte._lire_au_pilote

    def lire_au_pilote(requete: RequeteDirecte, *parametres: Any) -> Any:
        observateur.compter(None, None, "requête directe")
        return au_pilote(requete, *parametres)

    RequeteDirecte._lire_au_pilote = lire_au_pilote  # type: ignore[method-assign]

    def observer(executant: ScriptRunner, demande: object) -> None:
        observateur.observer(executant, demande)

    ScriptRunner._run_script = observer  # type: ignore[method-assign]
    sys.argv = ["streamlit", "run", *arguments]
    lancer_streamlit()


if __name__ == "__main__":
    main()
