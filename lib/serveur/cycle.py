"""Durée de vie du serveur : mémoire figée au démarrage, ramassage rare, annonce au journal.

Streamlit ramasse toute la mémoire après chaque relance, verrou global tenu. Nous l'en empêchons
(`runner.postScriptGC = false`) et le faisons ici : une fois figés, les objets des bibliothèques ne se parcourent plus.
"""

import asyncio
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib import import_module

import uvicorn

from lib.serveur.erreurs import SansContenu, taire_les_messages

JOURNAL = logging.getLogger("associe.serveur")
INTERVALLE_RAMASSAGE = 300.0
Menage = Callable[[], None]
CycleDeVie = Callable[[object], AbstractAsyncContextManager[None]]


def creer_cycle_de_vie(
    *,
    adresse: Callable[[], str],
    prechargements: Sequence[str] = (),
    intervalle_ramassage: float = INTERVALLE_RAMASSAGE,
    menage: Menage = lambda: None,
) -> CycleDeVie:
    """Le gestionnaire `lifespan` du serveur.

    adresse : donne l'adresse à annoncer, une fois le port connu. prechargements : modules dont toutes les pages ont
    besoin, importés avant de figer la mémoire. intervalle_ramassage : secondes entre deux ramassages.
    menage : ce qui s'efface de la base avec le temps, appelé après chaque ramassage.
    """

    @asynccontextmanager
    async def cycle_de_vie(_: object) -> AsyncIterator[None]:
        depart = time.perf_counter()
        for module in prechargements:
            import_module(module)
        figes = figer_memoire()
        _annoncer(adresse(), figes=figes, duree=time.perf_counter() - depart)
        tache = asyncio.create_task(ramasser_periodiquement(intervalle_ramassage, menage), name="ramassage")
        try:
            yield
        finally:
            tache.cancel()
            with suppress(asyncio.CancelledError):
                await tache
            JOURNAL.info("Arrêt du serveur.")

    return cycle_de_vie


def figer_memoire() -> int:
    """Ramasse puis fige ce qui est chargé ; rend le nombre d'objets que le ramassage ne parcourra plus."""
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()


async def ramasser_periodiquement(intervalle: float, menage: Menage = lambda: None) -> None:
    """Un ramassage complet puis un ménage toutes les `intervalle` secondes, jusqu'à annulation."""
    while True:
        await asyncio.sleep(intervalle)
        depart = time.perf_counter()
        ramasses = gc.collect()
        JOURNAL.info("Mémoire : %d objets ramassés en %.0f ms.", ramasses, 1000 * (time.perf_counter() - depart))
        await asyncio.to_thread(_nettoyer, menage)


def _nettoyer(menage: Menage) -> None:
    """Un ménage manqué se dit au journal et se reprend au passage suivant."""
    try:
        menage()
    except Exception:  # noqa: BLE001 - une base absente un instant n'arrête pas le serveur
        JOURNAL.exception("Ménage manqué.")


def preparer_journal() -> None:
    """Le journal va sur la sortie d'erreur, daté, sans contenu saisi ; sans effet s'il est déjà prêt."""
    taire_les_messages()
    journal = logging.getLogger("associe")
    if journal.handlers:
        return
    sortie = logging.StreamHandler(sys.stderr)
    sortie.addFilter(SansContenu())
    sortie.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    journal.addHandler(sortie)
    journal.setLevel(logging.INFO)
    journal.propagate = False


def taire_logiciel_serveur() -> None:
    """Retire l'en-tête `Server` : Streamlit ne laisse pas régler uvicorn, qui l'ajoute après nos intergiciels."""
    uvicorn.Config.encoded_headers = property(lambda _: [], lambda _, __: None)  # type: ignore[assignment]


def _annoncer(adresse: str, *, figes: int, duree: float) -> None:
    boucle = type(asyncio.get_running_loop()).__module__
    JOURNAL.info("ASSO'CIE répond sur %s", adresse)
    JOURNAL.info("Boucle %s ; %d objets figés ; prêt en %.0f ms.", boucle, figes, 1000 * duree)
    if not boucle.startswith("uvloop"):
        JOURNAL.warning("uvloop est absent : chaque réponse attendra jusqu'à 40 ms. Installez streamlit[performance].")
