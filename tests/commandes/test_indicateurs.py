"""Les indicateurs en ligne de commande : en phrases, en JSON, et une phrase pour un code inconnu."""

import json

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from lib.commandes import application
from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import Role
from lib.services import demarrage
from lib.services.transaction import ecriture
from lib.services.versions_reference import figer_version
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


def test_la_tendance_sort_avec_les_chiffres(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    enquete = preparer(moteur, code="solidarite")
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        figer_version(session, perimetre)
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    rendu = CliRunner().invoke(application, ["indicateurs", "--investigation", "solidarite", "--json"])
    lus = json.loads(rendu.stdout)
    assert lus["version_reference"] == 1 and {i["tendance"] for i in lus["indicateurs"]} == {"inchangé"}


def test_un_code_inconnu_se_dit(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    rendu = CliRunner().invoke(application, ["indicateurs", "--investigation", "licorne"])
    assert isinstance(rendu.exception, Introuvable)
