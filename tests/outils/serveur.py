"""Lance un vrai serveur Streamlit pour un test : port libre, attente de la réponse, arrêt par identifiant de processus.

with servir() as serveur:                      # asgi.py, à la racine
    visite.page.goto(serveur.adresse)
    serveur.tuer()                             # coupure brutale (kill -9)
    serveur.demarrer()                         # même port, même base : la personne revient
    assert "Traceback" not in serveur.lire_journal()
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
ASGI = RACINE / "asgi.py"
HOTE = "127.0.0.1"


class ServeurMuet(Exception):
    """Le serveur s'est arrêté ou n'a pas répondu à temps ; le message porte son journal."""


@dataclass(kw_only=True)
class Serveur:
    """Un serveur et son journal.

    script : fichier donné à `streamlit run`. environnement : variables ajoutées à celles du test.
    options : arguments de ligne de commande, par exemple `("--client.toolbarMode", "viewer")`.
    delai : secondes laissées au serveur pour répondre. dossier : d'où il est lancé, donc quels réglages il lit.
    """

    script: Path
    journal: Path
    environnement: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    delai: float = 60.0
    dossier: Path = RACINE
    port: int = 0
    processus: subprocess.Popen[bytes] | None = None

    @property
    def adresse(self) -> str:
        """Origine du serveur, sans barre finale."""
        return f"http://{HOTE}:{self.port}"

    @property
    def pid(self) -> int:
        """Identifiant du processus en cours. Lève ServeurMuet si le serveur est arrêté."""
        if self.processus is None:
            raise ServeurMuet("Le serveur n'est pas lancé.")
        return self.processus.pid

    def demarrer(self) -> None:
        """Lance le serveur et attend qu'il réponde ; relancé, il garde son port. Lève ServeurMuet."""
        self.port = self.port or port_libre()
        with self.journal.open("ab") as sortie:
            self.processus = subprocess.Popen(
                self._commande(), cwd=self.dossier, env=self._environnement(), stdout=sortie, stderr=subprocess.STDOUT
            )
        try:
            self._attendre()
        except ServeurMuet:
            self.arreter()
            raise

    def arreter(self) -> None:
        """Arrêt ordinaire (SIGTERM) ; le processus est tué s'il traîne."""
        if self.processus is None:
            return
        self.processus.terminate()
        try:
            self.processus.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.processus.kill()
            self.processus.wait()
        self.processus = None

    def tuer(self) -> None:
        """Coupure brutale (SIGKILL) : rien n'est fermé, comme une panne."""
        if self.processus is not None:
            self.processus.kill()
            self.processus.wait()
            self.processus = None

    def lire_journal(self) -> str:
        """Tout ce que le serveur a écrit depuis son premier lancement."""
        return self.journal.read_text(encoding="utf-8", errors="replace")

    def attendre_au_journal(self, texte: str, *, delai: float = 15.0) -> str:
        """Attend qu'un texte soit écrit au journal et rend celui-ci ; lève ServeurMuet s'il n'y vient pas."""
        fin = time.monotonic() + delai
        while texte not in (journal := self.lire_journal()):
            if time.monotonic() > fin:
                raise ServeurMuet(f"« {texte} » n'est pas venu au journal.\n{journal}")
            time.sleep(0.05)
        return journal

    def lire(self, chemin: str, *, methode: str = "GET", entetes: Mapping[str, str] | None = None) -> "Reponse":
        """Une requête HTTP directe, sans navigateur ni proxy ni redirection suivie."""
        liaison = http.client.HTTPConnection(HOTE, self.port, timeout=10)
        try:
            liaison.request(methode, chemin, headers=dict(entetes or {}))
            reponse = liaison.getresponse()
            lus = {nom.lower(): valeur for nom, valeur in reponse.getheaders()}
            return Reponse(statut=reponse.status, entetes=lus, corps=reponse.read())
        finally:
            liaison.close()

    def _commande(self) -> list[str]:
        ici = ["--server.port", str(self.port), "--server.address", HOTE]
        return [sys.executable, "-m", "streamlit", "run", str(self.script), *ici, *self.options]

    def _environnement(self) -> dict[str, str]:
        chemins = os.pathsep.join(filter(None, [str(RACINE), os.environ.get("PYTHONPATH", "")]))
        return {**os.environ, "PYTHONPATH": chemins, "PYTHONUNBUFFERED": "1", **self.environnement}

    def _attendre(self) -> None:
        fin = time.monotonic() + self.delai
        while time.monotonic() < fin:
            if self.processus is None or self.processus.poll() is not None:
                raise ServeurMuet(f"Le serveur s'est arrêté au démarrage.\n{self.lire_journal()}")
            if self._repond():
                return
            time.sleep(0.05)
        raise ServeurMuet(f"Le serveur n'a pas répondu en {self.delai} s.\n{self.lire_journal()}")

    def _repond(self) -> bool:
        try:
            return self.lire("/_stcore/health").statut == 200
        except OSError:
            return False


@dataclass(frozen=True, kw_only=True)
class Reponse:
    """Réponse HTTP lue en entier ; les noms d'en-têtes sont en minuscules."""

    statut: int
    entetes: dict[str, str]
    corps: bytes

    @property
    def texte(self) -> str:
        return self.corps.decode()


def port_libre() -> int:
    """Un port que le système vient de donner pour libre."""
    with socket.socket() as prise:
        prise.bind((HOTE, 0))
        return int(prise.getsockname()[1])


@contextmanager
def servir(
    script: Path = ASGI,
    *,
    environnement: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    delai: float = 60.0,
) -> Iterator[Serveur]:
    """Serveur lancé le temps du bloc, puis arrêté quoi qu'il arrive. Voir Serveur pour les paramètres."""
    with tempfile.TemporaryDirectory(prefix="associe-journal-") as dossier:
        serveur = Serveur(
            script=script,
            journal=Path(dossier) / "journal.txt",
            environnement=environnement or {},
            options=options,
            delai=delai,
        )
        try:
            serveur.demarrer()
            yield serveur
        finally:
            serveur.arreter()
