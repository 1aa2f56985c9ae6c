"""Charger la démonstration et tenir les synthèses, depuis la ligne de commande."""

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from lib.commandes import application
from lib.services import demarrage

LANCEUR = CliRunner()


@pytest.fixture
def lancer(moteur: Engine, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # noqa: ANN201
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    return lambda *mots: LANCEUR.invoke(application, mots)


def test_la_demonstration_se_charge_une_seule_fois(lancer, moteur: Engine) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert lancer("demo").exit_code == 0
    second = lancer("demo")
    assert second.exit_code != 0
    assert "n'est pas vide" in str(second.exception)


def test_un_ecart_de_synthese_se_voit_puis_se_refait(lancer, moteur: Engine) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    lancer("demo")
    assert lancer("syntheses", "verifier").exit_code == 0
    with moteur.begin() as connexion:
        connexion.execute(text("UPDATE syntheses_etiquettes SET verbatims = verbatims + 1"))
    faux = lancer("syntheses", "verifier")
    assert faux.exit_code == 1
    assert "écart" in faux.stdout
    assert lancer("syntheses", "refaire").exit_code == 0
    assert lancer("syntheses", "verifier").exit_code == 0
