"""Les en-têtes posés sur toute réponse, les adresses fermées et la page récrite."""

from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lib.serveur.entetes import Entetes, est_en_tls, est_fermee
from lib.serveur.page_hote import PageHote
from tests.outils.asgi import demander

ORIGINALE = b"<html lang='en'>" + b"page de Streamlit " * 60
PAGE = PageHote(originale=ORIGINALE, recrite=b"<html lang='fr'>la page", politique="connect-src 'self'{liaison}")
SES_ENTETES = {"etag": '"abc"', "last-modified": "hier", "cache-control": "public", "accept-ranges": "bytes"}


def _application(**options: bool) -> ASGIApp:
    async def page(requete: Request) -> Response:
        if requete.headers.get("if-none-match"):
            return Response(status_code=304)
        if requete.method == "HEAD":  # comme le fichier servi par Streamlit : longueur annoncée, corps vide
            return HTMLResponse(headers={**SES_ENTETES, "content-length": str(len(ORIGINALE))})
        return HTMLResponse(ORIGINALE, headers=SES_ENTETES)

    async def autre(_: Request) -> Response:
        return HTMLResponse("<p>à nous</p>", headers={"content-security-policy": "default-src 'none'"})

    async def media(_: Request) -> Response:
        return PlainTextResponse("octets", headers={"cache-control": "public, max-age=9", "etag": '"m"'})

    async def script(_: Request) -> Response:
        return PlainTextResponse("js", headers={"cache-control": "public, immutable", "etag": '"s"'})

    async def refuse(_: Request) -> Response:
        return HTMLResponse("<p>Interdit</p>", status_code=403)

    chemins = {"/": page, "/entretiens": page, "/autre": autre, "/media/a": media, "/static/js/a.js": script}
    routes = [Route(chemin, reponse, methods=["GET", "HEAD"]) for chemin, reponse in chemins.items()]
    routes += [Route("/refuse", refuse), Route("/_stcore/metrics", script), Route("/_stcore/health", script)]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Entetes, page_hote=PAGE, **options), Middleware(GZipMiddleware, minimum_size=10)],
    )


def _entetes(chemin: str, recus: Mapping[str, str] | None = None, **options: bool) -> dict[str, str]:
    return demander(_application(**options), chemin, entetes=recus).entetes


@pytest.mark.parametrize(
    "chemin", ["/", "/autre", "/media/a", "/static/js/a.js", "/refuse", "/_stcore/metrics", "/rien"]
)
def test_toute_reponse_porte_les_en_tetes_de_securite(chemin: str) -> None:
    entetes = _entetes(chemin)
    assert entetes["x-content-type-options"] == "nosniff"
    assert entetes["x-frame-options"] == "DENY"
    assert entetes["referrer-policy"] == "same-origin"
    assert entetes["cross-origin-opener-policy"] == "same-origin"
    assert entetes["cross-origin-resource-policy"] == "same-origin"
    assert entetes["x-robots-tag"] == "noindex, nofollow"
    assert "microphone=()" in entetes["permissions-policy"]
    assert entetes["content-security-policy"]


def test_la_politique_d_une_route_plus_stricte_l_emporte() -> None:
    assert _entetes("/autre")["content-security-policy"] == "default-src 'none'"


def test_la_politique_nomme_l_hote_de_la_liaison() -> None:
    assert _entetes("/")["content-security-policy"] == "connect-src 'self' ws://essai.fr"
    tls = _entetes("/", {"x-forwarded-proto": "https"})
    assert tls["content-security-policy"] == "connect-src 'self' wss://essai.fr"


def test_la_page_de_streamlit_est_remplacee_par_la_notre() -> None:
    reponse = demander(_application(), "/entretiens")
    assert reponse.corps == PAGE.recrite
    assert reponse.entetes["content-length"] == str(len(PAGE.recrite))


def test_une_page_recrite_ne_se_compresse_pas_et_ne_se_garde_pas() -> None:
    recus = {"accept-encoding": "gzip", "if-none-match": '"abc"', "range": "bytes=0-3"}
    reponse = demander(_application(), "/entretiens", entetes=recus)
    assert (reponse.statut, reponse.corps) == (200, PAGE.recrite)
    assert reponse.entetes["cache-control"] == "no-store"
    assert not {"etag", "last-modified", "content-encoding", "accept-ranges"} & reponse.entetes.keys()


def test_une_autre_page_passe_telle_quelle() -> None:
    reponse = demander(_application(), "/autre")
    assert reponse.texte == "<p>à nous</p>"
    assert reponse.entetes["cache-control"] == "no-store"


def test_une_page_d_erreur_garde_son_corps_et_sa_longueur() -> None:
    reponse = demander(_application(), "/refuse")
    assert (reponse.statut, reponse.texte, reponse.entetes["content-length"]) == (403, "<p>Interdit</p>", "15")


def test_demander_les_seuls_en_tetes_d_une_page_n_annonce_pas_la_longueur_d_origine() -> None:
    reponse = demander(_application(), "/", methode="HEAD")
    assert (reponse.statut, reponse.corps) == (200, b"")
    assert "content-length" not in reponse.entetes


def test_un_fichier_depose_ne_se_garde_pas() -> None:
    assert _entetes("/media/a")["cache-control"] == "no-store"


def test_un_script_versionne_se_garde_et_se_revalide() -> None:
    entetes = _entetes("/static/js/a.js")
    assert (entetes["cache-control"], entetes["etag"]) == ("public, immutable", '"s"')


@pytest.mark.parametrize(
    ("chemin", "fermee"),
    [
        ("/_stcore/metrics", True),
        ("/_stcore/metrics/", True),
        ("/_stcore/agent", True),
        ("/_stcore/agent/mcp", True),
        ("/_stcore/agent/openapi.json", True),
        ("/_stcore/health", False),
        ("/_stcore/agents-rencontres", False),
        ("/", False),
    ],
)
def test_les_adresses_internes_sont_fermees(chemin: str, fermee: bool) -> None:
    assert est_fermee(chemin) is fermee


def test_une_adresse_fermee_repond_introuvable() -> None:
    reponse = demander(_application(), "/_stcore/metrics")
    assert (reponse.statut, reponse.texte) == (404, "Introuvable")


@pytest.mark.parametrize(
    ("schema", "relaye", "attendu"),
    [
        ("https", "", True),
        ("http", "https", True),
        ("http", "HTTPS, http", True),
        ("http", "http, https", False),
        ("http", "", False),
    ],
)
def test_le_chiffrement_se_lit_du_premier_relais(schema: str, relaye: str, attendu: bool) -> None:
    assert est_en_tls(schema, relaye) is attendu


def test_hsts_n_est_promis_que_derriere_tls() -> None:
    assert "strict-transport-security" not in _entetes("/")
    assert _entetes("/", {"x-forwarded-proto": "https"})["strict-transport-security"].startswith("max-age=31536000")
    assert "strict-transport-security" in _entetes("/", toujours_tls=True)


def test_une_liaison_websocket_passe_sans_retouche() -> None:
    recus: list[object] = []

    async def application(scope: object, receive: object, send: object) -> None:
        recus.extend([scope, receive, send])

    intergiciel = Entetes(application, page_hote=PAGE)
    donnes = ({"type": "websocket", "path": "/_stcore/stream"}, object(), object())
    passage = intergiciel(*donnes)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):
        passage.send(None)  # type: ignore[attr-defined]
    assert recus == list(donnes)
