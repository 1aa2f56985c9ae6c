"""Exporter depuis la ligne de commande : un fichier, une ligne au journal, jamais d'écrasement."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from lib.commandes import application
from lib.db.modeles import LigneJournal
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.vocabulaire import ActionJournal
from lib.echanges.tableur import relire_xlsx
from lib.services import demarrage
from lib.services.transaction import lecture
from tests.outils.enquete import PERSONNES, Enquete, preparer

Lancer = Callable[..., Result]


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, code="solidarite")


@pytest.fixture
def lancer(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Lancer:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    return lambda *mots: CliRunner().invoke(application, ["exporter", *map(str, mots)])


def exports(moteur: Engine) -> list[LigneJournal]:
    with lecture(moteur) as session:
        return list(session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)))


def test_un_classeur_pseudonymise(moteur: Engine, enquete: Enquete, lancer: Lancer, tmp_path: Path) -> None:
    fait = lancer("--investigation", "solidarite", "--sortie", tmp_path / "neuf")
    assert fait.exit_code == 0
    (fichier,) = (tmp_path / "neuf").iterdir()
    assert str(fichier) in fait.stdout and fichier.name.endswith("-solidarite-tout-pseudonymise.xlsx")
    tables = relire_xlsx(fichier.read_bytes())
    assert len(tables["Entretiens"]) == 5
    assert not [nom for nom in PERSONNES if nom in str(tables)]
    assert fichier.stat().st_mode & 0o077 == 0
    (ligne,) = exports(moteur)
    assert (ligne.compte_id, ligne.investigation_id) == (None, enquete.investigation.id)


def test_un_second_export_n_ecrase_pas_le_premier(enquete: Enquete, lancer: Lancer, tmp_path: Path) -> None:
    for _ in range(3):
        assert lancer("--investigation", "solidarite", "--sortie", tmp_path, "--format", "csv").exit_code == 0
    assert len(list(tmp_path.glob("*.zip"))) == 3


def test_l_identifie_demande_un_motif(moteur: Engine, enquete: Enquete, lancer: Lancer, tmp_path: Path) -> None:
    dossier, motif = tmp_path / "sortie", "Archivage de fin d'investigation"
    refus = lancer("--investigation", "solidarite", "--sortie", dossier, "--identifie")
    assert isinstance(refus.exception, DonneeInvalide)
    assert list(dossier.iterdir()) == [] and exports(moteur) == []
    assert lancer("--investigation", "solidarite", "--sortie", dossier, "--identifie", "--motif", motif).exit_code == 0
    (fichier,) = dossier.iterdir()
    assert PERSONNES[0] in str(relire_xlsx(fichier.read_bytes())["Personnes"])
    assert exports(moteur)[0].motif == motif


def test_une_investigation_inconnue(moteur: Engine, enquete: Enquete, lancer: Lancer, tmp_path: Path) -> None:
    refus = lancer("--investigation", "licorne", "--sortie", tmp_path)
    assert isinstance(refus.exception, Introuvable) and "licorne" in str(refus.exception)
    assert exports(moteur) == []


def test_un_dossier_impossible_ne_laisse_rien_au_journal(
    moteur: Engine, enquete: Enquete, lancer: Lancer, tmp_path: Path
) -> None:
    (tmp_path / "fichier").write_text("")
    refus = lancer("--investigation", "solidarite", "--sortie", tmp_path / "fichier")
    assert isinstance(refus.exception, DonneeInvalide)
    assert exports(moteur) == []
