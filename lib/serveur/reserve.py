"""Intergiciel ASGI : les fichiers préparés et les dépôts ne sont qu'à qui a une session de connexion vivante.

Streamlit sert un export à quiconque en connaît l'adresse, et garde en mémoire ce que dépose un inconnu.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.config import reglages
from lib.domain.erreurs import ErreurMetier
from lib.services.demarrage import base
from lib.services.sessions import lire_acces
from lib.services.transaction import lecture_directe

RESERVEES = ("/media/", "/_stcore/upload_file/")


def session_vivante(jeton: str) -> bool:
    """Vrai si ce jeton ouvre une session en ce moment ; faux aussi quand la base ne répond pas."""
    try:
        with lecture_directe(base()) as connexion:
            return lire_acces(connexion, jeton, datetime.now(UTC)) is not None
    except ErreurMetier:
        return False


class Reserve:
    """Répond « introuvable » aux adresses réservées sans session. verifier : dit si un jeton vaut une session."""

    def __init__(self, app: ASGIApp, *, verifier: Callable[[str], bool] = session_vivante) -> None:
        self.app = app
        self.verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(RESERVEES) and not await self._ouverte(scope):
            await PlainTextResponse("Introuvable", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _ouverte(self, scope: Scope) -> bool:
        jeton = HTTPConnection(scope).cookies.get(reglages().temoin, "")
        return bool(jeton) and await run_in_threadpool(self.verifier, jeton)
