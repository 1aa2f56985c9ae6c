"""Un vrai serveur sur une vraie base de démonstration, un vrai navigateur, une personne par rôle.

    def test_relire(demo: Lieu) -> None:
        with demo.visiter("diplp") as visite:            # lea, karim, ines, diplp, visite, admin, ou None : personne
            visite.aller("/citations")
            assert visite.titre_principal() == "Citations"

`demo` est partagée (lecture) ; `demo_neuve` a son serveur et sa base, à qui écrit, coupe ou redémarre.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, select

from lib.db.migrer import migrer
from lib.db.modeles import Compte, Investigation, SessionOuverte
from lib.db.moteur import ouvrir_moteur
from lib.services import demonstration
from lib.services.referentiels import charger_territoires
from lib.services.sessions import DUREE_ABSOLUE, empreinte
from lib.services.transaction import ecriture
from tests.outils.navigateur import Visite, ouvrir_navigateur, visiter
from tests.outils.serveur import Serveur, servir
from tests.parcours.atelier import Atelier, atelier_vide

TEMOIN = "associe_session"  # sans TLS : voir lib.config.Reglages.temoin
SECRET = "secret-des-parcours-de-quarante-caracteres"


@dataclass(frozen=True, kw_only=True)
class Lieu:
    """Un serveur, sa base et le navigateur qui le visite."""

    serveur: Serveur
    moteur: Engine
    navigateur: Browser

    @contextmanager
    def visiter(self, identifiant: str | None, **options: object) -> Iterator[Visite]:
        """Une visite déjà connectée sous ce compte (options : largeur, hauteur, sombre, langue, javascript)."""
        with visiter(self.navigateur, self.serveur.adresse, **options) as visite:  # type: ignore[arg-type]
            if identifiant:
                self.connecter(visite, identifiant)
            yield visite

    def connecter(self, visite: Visite, identifiant: str) -> str:
        """Pose dans le navigateur le témoin d'une session ouverte en base ; rend son jeton."""
        jeton = self.ouvrir_session(identifiant)
        hote = urlsplit(self.serveur.adresse).hostname
        visite.page.context.add_cookies([{"name": TEMOIN, "value": jeton, "domain": str(hote), "path": "/"}])
        return jeton

    def ouvrir_session(self, identifiant: str) -> str:
        """Jeton d'une session ouverte pour ce compte sur l'investigation fictive."""
        jeton, instant = secrets.token_urlsafe(16), datetime.now(UTC)
        with ecriture(self.moteur, None) as session:
            compte = session.scalars(select(Compte).where(Compte.identifiant == identifiant)).one()
            session.add(
                SessionOuverte(
                    empreinte=empreinte(jeton),
                    compte_id=compte.id,
                    investigation_id=session.scalars(select(Investigation.id)).first(),
                    ouverte_le=instant,
                    vue_le=instant,
                    expire_le=instant + DUREE_ABSOLUE,
                )
            )
        return jeton


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    """Un Chromium pour tous les parcours d'un processus."""
    with ouvrir_navigateur() as ouvert:
        yield ouvert


@pytest.fixture(scope="session")
def modele_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Base SQLite de démonstration, chargée une fois."""
    fichier = tmp_path_factory.mktemp("demo") / "demo.db"
    moteur = ouvrir_moteur(f"sqlite:///{fichier}")
    migrer(moteur)
    with ecriture(moteur, None) as session:
        charger_territoires(session)
        demonstration.charger(session)
    with moteur.connect() as connexion:
        connexion.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    moteur.dispose()
    return fichier


@contextmanager
def _installer(modele: Path, dossier: Path, navigateur: Browser) -> Iterator[Lieu]:
    url = f"sqlite:///{shutil.copy(modele, dossier / 'parcours.db')}"
    moteur = ouvrir_moteur(url)
    with servir(environnement={"ASSOCIE_BASE": url, "ASSOCIE_SECRET": SECRET}) as serveur:
        yield Lieu(serveur=serveur, moteur=moteur, navigateur=navigateur)
        journal = serveur.lire_journal()
        assert "Traceback" not in journal and "Stack (most recent call last)" not in journal
    moteur.dispose()


@pytest.fixture(scope="session")
def demo(modele_demo: Path, tmp_path_factory: pytest.TempPathFactory, navigateur: Browser) -> Iterator[Lieu]:
    """Serveur et base partagés, pour lire seulement."""
    with _installer(modele_demo, tmp_path_factory.mktemp("serveur"), navigateur) as lieu:
        yield lieu


@pytest.fixture
def demo_neuve(modele_demo: Path, tmp_path: Path, navigateur: Browser) -> Iterator[Lieu]:
    """Serveur et base à soi, pour écrire, couper, redémarrer."""
    with _installer(modele_demo, tmp_path, navigateur) as lieu:
        yield lieu


@pytest.fixture
def atelier(demo_neuve: Lieu) -> Iterator[Atelier]:
    """L'atelier de codage d'un entretien encore sans passage."""
    with atelier_vide(demo_neuve) as ouvert:
        yield ouvert
