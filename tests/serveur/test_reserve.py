"""Un export ou un dépôt demande une session vivante ; le reste ne demande rien."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from lib.config import reglages
from lib.serveur.reserve import Reserve
from tests.outils.asgi import demander

VIVANT = "jeton-vivant"


def _application() -> ASGIApp:
    async def servir(_: Request) -> PlainTextResponse:
        return PlainTextResponse("octets")

    route = Route("/{chemin:path}", servir, methods=["GET", "PUT", "DELETE"])
    garde = Middleware(Reserve, verifier=lambda jeton: jeton == VIVANT)
    return Starlette(routes=[route], middleware=[garde])


@pytest.mark.parametrize("methode", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("chemin", ["/media/abc.xlsx", "/_stcore/upload_file/session/fichier"])
@pytest.mark.parametrize("temoin", ["", "jeton-revoque"])
def test_sans_session_vivante_rien_ne_sort_ni_n_entre(chemin: str, methode: str, temoin: str) -> None:
    entetes = {"cookie": f"{reglages().temoin}={temoin}"} if temoin else {}
    reponse = demander(_application(), chemin, methode=methode, entetes=entetes)
    assert (reponse.statut, reponse.texte) == (404, "Introuvable")


@pytest.mark.parametrize("chemin", ["/media/abc.xlsx", "/_stcore/upload_file/session/fichier"])
def test_avec_une_session_le_fichier_est_servi(chemin: str) -> None:
    reponse = demander(_application(), chemin, entetes={"cookie": f"{reglages().temoin}={VIVANT}"})
    assert (reponse.statut, reponse.texte) == (200, "octets")


@pytest.mark.parametrize("chemin", ["/", "/static/js/a.js", "/_stcore/health", "/mediatheque"])
def test_les_autres_adresses_ne_demandent_rien(chemin: str) -> None:
    assert demander(_application(), chemin).statut == 200
