"""Le thème gardé est, à l'octet près, celui que Streamlit aurait relu dans nos réglages."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session

from lib.ui import theme

REGLAGES = tomllib.loads((Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


@pytest.fixture(autouse=True)
def nos_reglages() -> Iterator[None]:
    """Nos réglages de thème, posés un à un : les tests ne lisent pas le fichier du serveur."""
    avant = {cle: config.get_option(cle) for cle in _cles()}
    for cle, valeur in _cles().items():
        config.set_option(cle, valeur)
    theme._section.cache_clear()
    yield
    for cle, valeur in avant.items():
        config.set_option(cle, valeur)
    theme._section.cache_clear()


def _cles() -> dict[str, object]:
    simples = {cle: valeur for cle, valeur in REGLAGES["theme"].items() if not isinstance(valeur, dict)}
    cles = {f"theme.{cle}": valeur for cle, valeur in simples.items()}
    for teinte in ("light", "dark"):
        cles |= {f"theme.{teinte}.{cle}": valeur for cle, valeur in REGLAGES["theme"][teinte].items()}
    return cles


def _message() -> bytes:
    """Le thème d'une nouvelle session, rempli dans le même ordre que Streamlit."""
    message = NewSession()
    base = message.custom_theme
    places = (base, base.light, base.dark, base.sidebar, base.light.sidebar, base.dark.sidebar)
    for place, section in zip(places, SECTIONS, strict=True):
        app_session._populate_theme_msg(place, section)
    return message.SerializeToString(deterministic=True)


def test_le_theme_garde_est_celui_de_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, "_populate_theme_msg", theme.remplir_de_streamlit)
    de_streamlit = _message()
    theme.garder_le_theme()
    assert _message() == _message() == de_streamlit
    assert b"#000091" in de_streamlit


def test_une_section_sans_reglage_reste_absente(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, "_populate_theme_msg", theme.remplir_une_fois)
    message = NewSession()
    app_session._populate_theme_msg(message.custom_theme.sidebar, "theme.sidebar")
    assert not message.HasField("custom_theme")
