"""Une transaction : tout ou rien, et une base qui s'absente se dit en une phrase puis se retrouve seule."""

import gc
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from lib.db.migrer import migrer
from lib.db.modeles import Investigation
from lib.db.moteur import ouvrir_moteur
from lib.domain.erreurs import BaseIndisponible, DonneeInvalide
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils import postgresql

AVANT, PENDANT, APRES = "Avant la panne", "Pendant la panne", "Après la panne"


class Postgresql:
    """Un PostgreSQL à soi, que l'on peut arrêter et relancer au même endroit."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self.url = ""
        self.demarrer()

    def demarrer(self) -> None:
        self._contexte = postgresql.embarque(self._dossier)
        self.url = self._contexte.__enter__()

    def arreter(self) -> None:
        self._contexte.__exit__(None, None, None)


@pytest.fixture
def base_redemarrable() -> Iterator[Postgresql]:
    dossier = Path(tempfile.mkdtemp(prefix="pg"))
    serveur = Postgresql(dossier)
    yield serveur
    serveur.arreter()
    shutil.rmtree(dossier, ignore_errors=True)


# Le serveur meurt sous psycopg : ses connexions ne se ferment qu'au ramassage, ce dont psycopg avertit.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_postgresql_redemarre_sous_l_application_qui_se_retrouve_seule(
    base_redemarrable: Postgresql, caplog: pytest.LogCaptureFixture
) -> None:
    moteur = ouvrir_moteur(base_redemarrable.url)
    migrer(moteur)
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session, nom=AVANT)
    base_redemarrable.arreter()
    with pytest.raises(BaseIndisponible, match="gardée"), ecriture(moteur, None) as session:
        fabriques.une_investigation(session, nom=PENDANT)
    base_redemarrable.demarrer()
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session, nom=APRES)
    with lecture(moteur) as session:
        assert list(session.scalars(select(Investigation.nom).order_by(Investigation.id))) == [
            AVANT,
            APRES,
        ]
    assert PENDANT not in caplog.text
    moteur.dispose()
    del session
    gc.collect()


def test_une_requete_fausse_reste_un_defaut_de_notre_fait(moteur: Engine) -> None:
    with pytest.raises(Exception, match="n_existe_pas") as leve, lecture(moteur) as session:
        session.execute(text("SELECT n_existe_pas FROM investigations"))
    assert not isinstance(leve.value, BaseIndisponible)


def test_une_base_sqlite_occupee_se_dit_en_une_phrase(tmp_path: Path, modele_sqlite: Path) -> None:
    url = f"sqlite:///{shutil.copy(modele_sqlite, tmp_path / 'occupee.db')}"
    premier, second = ouvrir_moteur(url), ouvrir_moteur(url)
    with second.connect() as connexion:
        connexion.exec_driver_sql("PRAGMA busy_timeout=50")
    with (
        ecriture(premier, None) as tenue,
        pytest.raises(BaseIndisponible, match="réessayez"),
        ecriture(second, None) as session,
    ):
        fabriques.une_investigation(tenue)  # prend le verrou
        fabriques.une_investigation(session)
    premier.dispose()
    second.dispose()


def test_le_journal_du_serveur_ne_porte_jamais_les_mots_enregistres(
    moteur: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(DonneeInvalide), ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        entretien = fabriques.un_entretien(session, terrain)
        texte = fabriques.un_texte(session, entretien, "Un aveu que personne ne doit lire")
        fabriques.un_verbatim(session, texte, 9, 3, citation="aveu")
    assert "aveu" not in caplog.text
