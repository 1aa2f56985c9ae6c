"""Les indicateurs en ligne de commande : en phrases, en JSON, et une phrase pour un code inconnu."""

import json

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from lib.commandes import application
from lib.domain.erreurs import Introuvable
from lib.services import demarrage
from tests.outils.enquete import preparer


def test_les_indicateurs_sortent_en_json_et_en_phrases(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    preparer(moteur, code="solidarite")
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    mots = ["indicateurs", "--investigation", "solidarite"]
    lus = json.loads(CliRunner().invoke(application, [*mots, "--json"]).stdout)
    assert lus["au"] == "2026-11-20"
    assert {"code": "plan", "numerateur": 4, "denominateur": 9}.items() <= lus["indicateurs"][0].items()
    phrases = CliRunner().invoke(application, mots).stdout.splitlines()
    assert len(phrases) == len(lus["indicateurs"]) and "4/9" in phrases[0]


def test_un_code_inconnu_se_dit(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    rendu = CliRunner().invoke(application, ["indicateurs", "--investigation", "licorne"])
    assert isinstance(rendu.exception, Introuvable)
