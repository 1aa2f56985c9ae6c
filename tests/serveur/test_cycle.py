"""Durée de vie : mémoire figée, ramassage périodique, arrêt propre."""

import asyncio
import gc
import inspect
import sys

import pytest
from streamlit import config
from streamlit.runtime.scriptrunner import script_runner

from lib.serveur import cycle
from lib.serveur.cycle import creer_cycle_de_vie, figer_memoire, ramasser_periodiquement
from tests.outils.asgi import executer


@pytest.fixture(autouse=True)
def _degeler() -> object:
    yield
    gc.unfreeze()


def test_l_option_qui_nous_rend_le_ramassage_existe_encore() -> None:
    assert "runner.postScriptGC" in config._config_options_template
    assert '"runner.postScriptGC"' in inspect.getsource(script_runner)


def test_figer_met_les_objets_presents_hors_du_ramassage() -> None:
    avant = gc.get_freeze_count()
    assert figer_memoire() > avant
    assert gc.get_freeze_count() > 1_000


def test_le_ramassage_revient_a_chaque_intervalle(monkeypatch: pytest.MonkeyPatch) -> None:
    passages: list[int] = []

    async def attendre() -> None:
        trois = asyncio.Event()

        def ramasser() -> int:
            passages.append(1)
            if len(passages) == 3:
                trois.set()
            return 7

        monkeypatch.setattr(cycle.gc, "collect", ramasser)
        tache = asyncio.create_task(ramasser_periodiquement(0.01))
        await trois.wait()
        tache.cancel()
        with pytest.raises(asyncio.CancelledError):
            await tache

    executer(asyncio.wait_for(attendre(), 5))


def test_le_menage_suit_chaque_ramassage_et_un_echec_ne_l_arrete_pas(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages: list[int] = []
    monkeypatch.setattr(cycle.gc, "collect", lambda: 0)  # une mémoire pleine se ramasse en plusieurs secondes

    async def attendre() -> None:
        deux = asyncio.Event()
        boucle = asyncio.get_running_loop()

        def menage() -> None:
            passages.append(1)
            if len(passages) == 1:
                raise OSError("base absente")
            boucle.call_soon_threadsafe(deux.set)

        tache = asyncio.create_task(ramasser_periodiquement(0.01, menage))
        await deux.wait()
        tache.cancel()
        with pytest.raises(asyncio.CancelledError):
            await tache

    executer(asyncio.wait_for(attendre(), 5))
    assert "Ménage manqué." in caplog.text


def test_le_cycle_precharge_puis_fige_puis_s_arrete_sans_tache_oubliee() -> None:
    sys.modules.pop("colorsys", None)
    vie = creer_cycle_de_vie(adresse=lambda: "http://ici", prechargements=["colorsys"], intervalle_ramassage=60)

    async def vivre() -> set[str]:
        async with vie(None):
            assert "colorsys" in sys.modules
            en_cours = {tache.get_name() for tache in asyncio.all_tasks()}
        assert "ramassage" in en_cours
        return {tache.get_name() for tache in asyncio.all_tasks()}

    assert "ramassage" not in executer(vivre())
