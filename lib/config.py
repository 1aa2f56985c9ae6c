"""Réglages de l'application, lus une seule fois dans l'environnement : personne d'autre ne lit os.environ."""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
FICHIER_SECRET = RACINE / "data" / "secret.cle"


class ReglageInvalide(Exception):
    """Un réglage empêche de servir ; le message est une phrase pour l'exploitant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reglages:
    """Ce que l'exploitant choisit.

    base : URL SQLAlchemy (`sqlite:///…` ou `postgresql+psycopg://…`).
    production : vrai quand ASSOCIE_MODE vaut « production ».
    secret : clé d'au moins 32 octets (signature, empreintes) ; engendrée une fois hors production.
    derriere_tls : le témoin de session porte `Secure`.
    relais : nombre de relais HTTP de confiance devant le serveur ; l'adresse de la personne est celle que le
        plus lointain d'entre eux a vue (`X-Forwarded-For`), jamais ce que la personne a écrit elle-même.
    """

    base: str
    production: bool
    secret: str
    derriere_tls: bool
    contact: str
    relais: int = 0

    @property
    def temoin(self) -> str:
        """Nom du témoin de session ; `__Host-` interdit au navigateur de l'accepter d'un sous-domaine."""
        return "__Host-associe_session" if self.derriere_tls else "associe_session"


@cache
def reglages() -> Reglages:
    """Lit l'environnement une fois. Lève ReglageInvalide avec une phrase claire."""
    mode = os.environ.get("ASSOCIE_MODE", "developpement")
    if mode not in {"developpement", "production"}:
        raise ReglageInvalide(f"ASSOCIE_MODE vaut « {mode} » : écrivez « developpement » ou « production ».")
    production = mode == "production"
    return Reglages(
        base=_base(),
        production=production,
        secret=_secret(exige=production),
        derriere_tls=os.environ.get("ASSOCIE_TLS", "1" if production else "0") == "1",
        contact=os.environ.get("ASSOCIE_CONTACT", "contact@associe.example"),
        relais=_relais(),
    )


def _relais() -> int:
    nombre = os.environ.get("ASSOCIE_RELAIS", "0")
    if nombre.isascii() and nombre.isdigit() and int(nombre) < 10:
        return int(nombre)
    raise ReglageInvalide("ASSOCIE_RELAIS compte les relais HTTP placés devant le serveur : écrivez 0, 1 ou 2.")


def _base() -> str:
    url = os.environ.get("ASSOCIE_BASE") or f"sqlite:///{RACINE / 'data' / 'associe.db'}"
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise ReglageInvalide("ASSOCIE_BASE doit commencer par « sqlite:/// » ou « postgresql+psycopg:// ».")


def _secret(*, exige: bool) -> str:
    secret = os.environ.get("ASSOCIE_SECRET", "")
    if len(secret.encode()) >= 32:
        return secret
    if secret or exige:
        raise ReglageInvalide("ASSOCIE_SECRET doit être donné et compter au moins 32 octets.")
    return _secret_local()


def _secret_local() -> str:
    """Un secret propre à la machine, hors dépôt : rien de partagé, rien à demander au premier lancement."""
    if not FICHIER_SECRET.exists():
        FICHIER_SECRET.parent.mkdir(exist_ok=True)
        FICHIER_SECRET.touch(mode=0o600)
        FICHIER_SECRET.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return FICHIER_SECRET.read_text(encoding="utf-8").strip()
