"""Le bilan en ligne de commande : quatre fichiers, ceux de la page, et une phrase quand rien ne peut sortir."""

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from lib.commandes import application
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.vocabulaire import Role
from lib.services import demarrage
from lib.services.bilan.fichiers import FormatBilan, produire_bilan
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.enquete import preparer


@pytest.fixture(autouse=True)
def base(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)


def lancer(investigation: str, sortie: Path) -> Result:
    return CliRunner().invoke(application, ["bilan", "--investigation", investigation, "--sortie", str(sortie)])


def test_les_quatre_fichiers_sont_ceux_de_la_page(moteur: Engine, tmp_path: Path) -> None:
    enquete = preparer(moteur, code="solidarite")
    lancer("solidarite", tmp_path / "neuf")
    ecrits = {fichier.suffix[1:]: fichier for fichier in (tmp_path / "neuf").iterdir()}
    assert set(ecrits) == {format_.value for format_ in FormatBilan}
    assert all(fichier.stat().st_mode & 0o077 == 0 for fichier in ecrits.values())
    de_la_page = {f.format: f.octets for f in produire_bilan(moteur, enquete.perimetre(Role.RELECTEUR), auteur="diplp")}
    for format_ in (FormatBilan.FICHE, FormatBilan.RAPPORT):
        assert ecrits[format_.value].read_bytes() == de_la_page[format_]


def test_ce_qui_ne_peut_pas_sortir_se_dit(moteur: Engine, tmp_path: Path) -> None:
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session, code="vide")
    sortie = tmp_path / "sortie"
    assert isinstance(lancer("vide", sortie).exception, DonneeInvalide)
    assert isinstance(lancer("licorne", sortie).exception, Introuvable)
    assert list(sortie.iterdir()) == []
