"""Client du protocole de Streamlit : ce que fait un navigateur, sans l'écran.

    async with Visiteur(serveur.adresse, Demande(adresse="entretiens", temoins={reglages().temoin: jeton})) as visiteur:
        relance = await visiteur.relancer()
        assert relance.page == empreinte_de_page("entretiens") and not relance.defauts

Poignée de main : le jeton XSRF vient de `/_stcore/health` ; les sous-protocoles portent, dans l'ordre, « streamlit »,
ce jeton et l'identifiant de session à reprendre. Une relance va du message `rerun_script` à `script_finished`.
"""

import asyncio
import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

BOUCLE_LOCALE = {"127.0.0.1", "localhost", "::1"}
DELAI_S = 60.0
XSRF = "_streamlit_xsrf"
REUSSITES = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


class HorsBoucleLocale(Exception):
    """Le client de charge ne vise que cette machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """Ce qu'une personne ouvre.

    adresse : celle de la page au menu, vide pour un script sans menu. parametres : ce qui suit « ? » dans l'adresse.
    temoins : témoins (cookies) du navigateur.
    """

    adresse: str = ""
    parametres: str = ""
    temoins: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Relance:
    """Ce qu'une relance a produit.

    duree : secondes, du message envoyé au script fini. page : empreinte de la page servie (voir empreinte_de_page).
    defauts : exceptions, erreurs affichées, page introuvable ; vide quand tout va bien.
    """

    duree: float = 0.0
    octets: int = 0
    messages: int = 0
    page: str = ""
    titres: list[str] = field(default_factory=list)
    defauts: list[str] = field(default_factory=list)


class Visiteur:
    """Une personne et sa liaison : elle ouvre une page, puis la relance autant de fois qu'on veut."""

    def __init__(self, origine: str, demande: Demande, *, delai: float = DELAI_S) -> None:
        if urlsplit(origine).hostname not in BOUCLE_LOCALE:
            raise HorsBoucleLocale(f"Le client de charge refuse {origine} : il ne vise que cette machine.")
        self._origine = origine
        self._demande = demande
        self._delai = delai
        self._liaison: ClientConnection | None = None
        self._page = calc_hash(demande.adresse) if demande.adresse else ""
        self._connus: set[str] = set()
        self.session = ""
        self.premiere = Relance()

    async def __aenter__(self) -> Self:
        await self.ouvrir()
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.fermer()

    async def ouvrir(self) -> Relance:
        """Poignée de main, puis premier affichage. Un visiteur déjà venu reprend sa session."""
        temoins = {**await asyncio.to_thread(_saluer, self._origine), **self._demande.temoins}
        protocoles = ["streamlit", temoins.get(XSRF, "sans-jeton"), *([self.session] if self.session else [])]
        self._liaison = await connect(
            self._origine.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol(nom) for nom in protocoles],
            additional_headers={"Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in temoins.items())},
            origin=self._origine,  # type: ignore[arg-type]
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=self._delai,
            proxy=None,
        )
        self.premiere = await self.relancer()
        return self.premiere

    async def relancer(self) -> Relance:
        """Une relance de la page ouverte. Lève TimeoutError si le script ne finit pas dans le délai."""
        if self._liaison is None:
            raise ConnectionError("Ouvrez la page avant de la relancer.")
        relance = Relance()
        depart = time.perf_counter()
        async with asyncio.timeout(self._delai):
            await self._liaison.send(self._demander())
            while not self._lire(await self._liaison.recv(decode=False), relance):
                pass
        relance.duree = time.perf_counter() - depart
        return relance

    async def fermer(self) -> None:
        """Raccroche, comme un onglet que l'on ferme."""
        if self._liaison is not None:
            await self._liaison.close()
            self._liaison = None

    def _demander(self) -> bytes:
        message = BackMsg()
        demande = message.rerun_script
        demande.query_string = self._demande.parametres
        demande.page_script_hash = self._page
        demande.cached_message_hashes.extend(self._connus)
        demande.context_info.timezone = "Europe/Paris"
        demande.context_info.locale = "fr-FR"
        demande.context_info.url = f"{self._origine}/{self._demande.adresse}"
        return message.SerializeToString()

    def _lire(self, recu: bytes, relance: Relance) -> bool:
        """Range un message reçu ; vrai quand le script est fini."""
        message = ForwardMsg.FromString(recu)
        relance.octets += len(recu)
        relance.messages += 1
        if message.metadata.cacheable:
            self._connus.add(message.hash)
        match message.WhichOneof("type"):
            case "new_session":
                self.session = message.new_session.initialize.session_id or self.session
                relance.page = self._page = message.new_session.page_script_hash
            case "navigation":
                relance.page = self._page = message.navigation.page_script_hash
            case "page_not_found":
                relance.defauts.append("page introuvable")
            case "delta":
                _relever(message.delta, relance)
            case "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    relance.defauts.append("le script ne se compile pas")
                    return True
                return message.script_finished in REUSSITES
        return False


def empreinte_de_page(adresse: str) -> str:
    """Ce par quoi Streamlit désigne une page du menu."""
    return calc_hash(adresse)


def _relever(delta: Delta, relance: Relance) -> None:
    """Titres et défauts que la relance affiche."""
    if delta.WhichOneof("type") != "new_element":
        return
    element = delta.new_element
    match element.WhichOneof("type"):
        case "exception":
            relance.defauts.append(element.exception.message)
        case "alert" if element.alert.format == Alert.ERROR:
            relance.defauts.append(element.alert.body)
        case "heading" if element.heading.tag == "h1":
            relance.titres.append(element.heading.body)


def _saluer(origine: str) -> dict[str, str]:
    """Les témoins que le serveur pose avant la liaison, jeton XSRF compris."""
    lieu = urlsplit(origine)
    liaison = http.client.HTTPConnection(lieu.hostname or "", lieu.port, timeout=DELAI_S)
    try:
        liaison.request("GET", "/_stcore/health")
        reponse = liaison.getresponse()
        reponse.read()
        poses = SimpleCookie("; ".join(reponse.msg.get_all("Set-Cookie") or []))
    finally:
        liaison.close()
    return {nom: temoin.value for nom, temoin in poses.items()}
