"""Ouvrir et fermer la session : les deux seules routes qui posent et retirent le témoin de connexion."""

from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lib.config import reglages
from lib.domain.adresses import ACCUEIL, chemin_interne
from lib.domain.erreurs import DonneeInvalide, ErreurMetier
from lib.serveur.csp import POLITIQUE_SANS_SCRIPT
from lib.serveur.gabarit import ecrire_page
from lib.services import sessions
from lib.services.demarrage import base
from lib.services.transaction import ecriture

OUVRIR = "/session/ouvrir"
FERMER = "/session/fermer"
# Un billet et une adresse interne tiennent très au large.
CORPS_MAXIMUM = 8_192
CHAMPS_MAXIMUM = 5
ORIGINE_REFUSEE = "Cette demande ne vient pas de l'application : rouvrez-la, puis recommencez."


class CorpsTropGrand(Exception):
    """Le corps de la demande dépasse ce qu'un formulaire de connexion contient."""


async def ouvrir(requete: Request) -> Response:
    """Échange le billet du formulaire contre une session, pose le témoin et va à la page demandée."""
    if not vient_d_ici(requete):
        return _refus(ORIGINE_REFUSEE, 403)
    try:
        champs = await _champs(requete)
        jeton = await run_in_threadpool(_echanger, champs.get("billet", ""), requete.cookies.get(reglages().temoin))
    except CorpsTropGrand:
        return _refus("Cette demande est trop longue.", 413)
    except ErreurMetier as erreur:
        return _refus(str(erreur), 400)
    reponse = _aller(chemin_interne(champs.get("destination", ACCUEIL)))
    _poser_temoin(reponse, jeton)
    return reponse


async def fermer(requete: Request) -> Response:
    """Révoque la session, puis retire le témoin : le rejouer ne reconnecte pas."""
    if not vient_d_ici(requete):
        return _refus(ORIGINE_REFUSEE, 403)
    jeton = requete.cookies.get(reglages().temoin, "")
    try:
        await run_in_threadpool(_revoquer, jeton)
    except ErreurMetier as erreur:
        return _refus(str(erreur), 503)
    reponse = _aller(ACCUEIL)
    reponse.delete_cookie(reglages().temoin, path="/", secure=reglages().derriere_tls, httponly=True, samesite="lax")
    return reponse


ROUTES = [Route(OUVRIR, ouvrir, methods=["POST"]), Route(FERMER, fermer, methods=["POST"])]


def vient_d_ici(requete: Request) -> bool:
    """Vrai si le formulaire vient de l'application elle-même : une autre page ne peut pas écrire cet en-tête."""
    if requete.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origine = urlsplit(requete.headers.get("origin", ""))
    schemas = {"https"} if reglages().derriere_tls else {"http", "https"}
    return origine.scheme in schemas and origine.netloc == requete.headers.get("host", "")


async def _champs(requete: Request) -> dict[str, str]:
    corps = b""
    async for morceau in requete.stream():
        corps += morceau
        if len(corps) > CORPS_MAXIMUM:
            raise CorpsTropGrand
    try:
        lus = parse_qs(corps.decode("ascii", errors="replace"), max_num_fields=CHAMPS_MAXIMUM)
    except ValueError:
        raise DonneeInvalide("Cette demande ne vient pas du formulaire de connexion.") from None
    return {nom: valeurs[0] for nom, valeurs in lus.items()}


def _echanger(billet: str, precedent: str | None) -> str:
    """Ouvre la session du billet ; celle que le navigateur portait déjà se ferme."""
    instant = datetime.now(UTC)
    with ecriture(base(), None) as session:
        jeton = sessions.echanger_billet(session, billet, instant)
        if precedent:
            sessions.fermer(session, precedent, instant)
    return jeton


def _revoquer(jeton: str) -> None:
    with ecriture(base(), None) as session:
        sessions.fermer(session, jeton, datetime.now(UTC))


def _poser_temoin(reponse: Response, jeton: str) -> None:
    reponse.set_cookie(
        reglages().temoin,
        jeton,
        max_age=int(sessions.DUREE_ABSOLUE.total_seconds()),
        path="/",
        secure=reglages().derriere_tls,
        httponly=True,
        samesite="lax",
    )


def _aller(chemin: str) -> Response:
    return RedirectResponse(chemin, status_code=303, headers={"cache-control": "no-store"})


def _refus(phrase: str, statut: int) -> Response:
    contenu = f'<p class="encadre">{escape(phrase)}</p><p><a href="{ACCUEIL}">Revenir à la connexion</a></p>'
    page = ecrire_page("Connexion", contenu, chemin=OUVRIR)
    entetes = {"content-security-policy": POLITIQUE_SANS_SCRIPT, "cache-control": "no-store"}
    return HTMLResponse(page, status_code=statut, headers=entetes)
