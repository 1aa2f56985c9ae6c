"""Intergiciel ASGI : en-têtes de sécurité, adresses fermées et réécriture de la page qui accueille l'application."""

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.serveur.csp import origine_websocket
from lib.serveur.page_hote import PageHote

Paires = list[tuple[bytes, bytes]]

FIXES: Paires = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex, nofollow"),
]
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
NE_PAS_GARDER = (b"cache-control", b"no-store")

# Mesures internes et interface pour programmes : Streamlit y répondrait à n'importe qui.
FERMEES = ("/_stcore/metrics", "/_stcore/agent")
# Le reste appartient à Streamlit et ne renvoie jamais la page d'accueil.
SANS_PAGE = ("/static/", "/media/", "/_stcore/", "/component/")
# Une page récrite ne se compresse pas en amont, ne se sert pas par morceaux et ne répond pas « inchangée ».
A_RETIRER_DE_LA_DEMANDE = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range"}
A_RETIRER_DE_LA_REPONSE = {b"content-length", b"etag", b"last-modified", b"accept-ranges"}


class Entetes:
    """Enveloppe toute réponse HTTP ; les liaisons WebSocket passent telles quelles.

    page_hote : page de Streamlit et sa réécriture. toujours_tls : le service n'est joignable qu'en HTTPS, même
    si le relais ne l'annonce pas.
    """

    def __init__(self, app: ASGIApp, *, page_hote: PageHote, toujours_tls: bool = False) -> None:
        self.app = app
        self.page_hote = page_hote
        self.toujours_tls = toujours_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        chemin = scope["path"]
        envoi = _Envoi(send, page_hote=self.page_hote, ajoutes=self._ajoutes(scope), chemin=chemin)
        if est_fermee(chemin):
            await PlainTextResponse("Introuvable", status_code=404)(scope, receive, envoi)
            return
        await self.app(_sans_cache_ni_compression(scope), receive, envoi)

    def _ajoutes(self, scope: Scope) -> Paires:
        recus = Headers(scope=scope)
        tls = self.toujours_tls or est_en_tls(scope["scheme"], recus.get("x-forwarded-proto", ""))
        liaison = origine_websocket(recus.get("host", ""), tls=tls)
        politique = self.page_hote.politique.format(liaison=liaison).encode("latin-1")
        return [*FIXES, (b"content-security-policy", politique), *([HSTS] if tls else [])]


class _Envoi:
    """Un `send` ASGI qui complète les en-têtes et remplace la page de Streamlit par la nôtre."""

    def __init__(self, send: Send, *, page_hote: PageHote, ajoutes: Paires, chemin: str) -> None:
        self.send = send
        self.page_hote = page_hote
        self.ajoutes = ajoutes
        self.chemin = chemin
        self.debut: Message | None = None
        self.corps = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._commencer(message)
        elif self.debut is not None:
            await self._poursuivre(message)
        else:
            await self.send(message)

    async def _commencer(self, message: Message) -> None:
        html = _type_de_contenu(message["headers"]).startswith(b"text/html")
        page = html and message["status"] == 200
        entetes = self._completer(message["headers"], retires=A_RETIRER_DE_LA_REPONSE if page else set())
        if html or self.chemin.startswith("/media/"):
            entetes = [paire for paire in entetes if paire[0].lower() != b"cache-control"] + [NE_PAS_GARDER]
        message = {**message, "headers": entetes}
        if page:
            self.debut = message
        else:
            await self.send(message)

    async def _poursuivre(self, message: Message) -> None:
        """Retient le corps d'une page entière, puis l'envoie : quelques kilo-octets, une seule fois par visite."""
        self.corps += message.get("body", b"")
        if message.get("more_body", False) or self.debut is None:
            return
        corps = self.page_hote.recrite if self.corps == self.page_hote.originale else self.corps
        longueur = [(b"content-length", str(len(corps)).encode())] if corps else []
        await self.send({**self.debut, "headers": self.debut["headers"] + longueur})
        await self.send({"type": "http.response.body", "body": corps})

    def _completer(self, recus: Iterable[tuple[bytes, bytes]], *, retires: set[bytes]) -> Paires:
        """Les en-têtes posés par la réponse l'emportent : une page sans script garde sa politique plus stricte."""
        gardes = [(nom, valeur) for nom, valeur in recus if nom.lower() not in retires]
        presents = {nom.lower() for nom, _ in gardes}
        return gardes + [(nom, valeur) for nom, valeur in self.ajoutes if nom not in presents]


def est_fermee(chemin: str) -> bool:
    """Vrai pour une adresse interne de Streamlit que personne n'a à lire."""
    return any(chemin.rstrip("/") == fermee or chemin.startswith(f"{fermee}/") for fermee in FERMEES)


def est_en_tls(schema: str, relaye: str) -> bool:
    """Vrai si la personne est en HTTPS : directement, ou jusqu'au premier relais (`X-Forwarded-Proto`)."""
    return schema == "https" or relaye.split(",", maxsplit=1)[0].strip().lower() == "https"


def _sans_cache_ni_compression(scope: Scope) -> Scope:
    if scope["path"].startswith(SANS_PAGE):
        return scope
    gardes = [(nom, valeur) for nom, valeur in scope["headers"] if nom.lower() not in A_RETIRER_DE_LA_DEMANDE]
    return {**scope, "headers": gardes}


def _type_de_contenu(entetes: Iterable[tuple[bytes, bytes]]) -> bytes:
    return next((valeur.lower() for nom, valeur in entetes if nom.lower() == b"content-type"), b"")
