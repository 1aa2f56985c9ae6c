"""Une requête directe à une application ASGI, sans réseau : ce que les intergiciels reçoivent et rendent."""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.types import ASGIApp, Message, Scope

from tests.outils.serveur import Reponse

Resultat = TypeVar("Resultat")


def demander(
    app: ASGIApp,
    chemin: str,
    *,
    methode: str = "GET",
    entetes: Mapping[str, str] | None = None,
    schema: str = "http",
    parametres: str = "",
    corps: bytes = b"",
) -> Reponse:
    """La réponse entière à une requête ; l'hôte vaut « essai.fr » sauf s'il est donné."""
    recus = {"host": "essai.fr", **(entetes or {})}
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": methode,
        "scheme": schema,
        "path": chemin,
        "raw_path": chemin.encode(),
        "root_path": "",
        "query_string": parametres.encode(),
        "headers": [(nom.lower().encode(), valeur.encode()) for nom, valeur in recus.items()],
        "client": ("127.0.0.1", 1),
        "server": ("essai.fr", 80),
    }
    messages = executer(_echanger(app, scope, corps))
    return Reponse(
        statut=messages[0]["status"],
        entetes={nom.decode(): valeur.decode("latin-1") for nom, valeur in messages[0]["headers"]},
        corps=b"".join(message.get("body", b"") for message in messages[1:]),
    )


def executer(tache: Coroutine[object, object, Resultat]) -> Resultat:
    """Exécute une coroutine dans un fil à part : le navigateur des tests garde une boucle ouverte dans le nôtre."""
    with ThreadPoolExecutor(max_workers=1) as fils:
        return fils.submit(asyncio.run, tache).result()


async def _echanger(app: ASGIApp, scope: Scope, corps: bytes) -> list[Message]:
    rendus: list[Message] = []

    async def recevoir() -> Message:
        return {"type": "http.request", "body": corps, "more_body": False}

    async def rendre(message: Message) -> None:
        rendus.append(message)

    await app(scope, recevoir, rendre)
    return rendus
