"""Le journal se lit en français, se filtre et se pagine en SQL, pour l'administration seule."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, insert

from lib.db.base import Base
from lib.db.journalisation import HORS_JOURNAL
from lib.db.modeles import Compte, Investigation, LigneJournal
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.libelles_journal import CHAMPS, OBJETS
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services import journal
from lib.services.journal import CriteresJournal, PageJournal
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ADMINISTRATION = Perimetre(compte_id=0, role=Role.ADMINISTRATEUR)


def _lire(moteur: Engine, page: int = 1, **criteres: object) -> PageJournal:
    with lecture(moteur) as session:
        cherche = CriteresJournal(**criteres)  # type: ignore[arg-type]
        return journal.lire_journal(session, ADMINISTRATION, criteres=cherche, page=page)


def test_une_modification_se_lit_avant_puis_apres(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, nom="Avant")
        compte = fabriques.un_compte(session, Role.ADMINISTRATEUR, nom_affiche="Camille Admin")
    perimetre = fabriques.un_perimetre(compte, investigation)
    with ecriture(moteur, perimetre, motif="faute de frappe") as session:
        relue = session.get_one(Investigation, investigation.id)
        relue.nom, relue.fin = "Après", date(2026, 12, 1)
    ligne = _lire(moteur).lignes[0]
    assert ligne.objet == f"Investigation n° {investigation.id}"
    assert (ligne.qui, ligne.motif, ligne.action) == ("Camille Admin", "faute de frappe", ActionJournal.MODIFICATION)
    assert set(ligne.changements) == {"Nom : «\xa0Avant\xa0» → «\xa0Après\xa0»", "Fin : vide → 1er\xa0décembre\xa02026"}


def test_les_codes_se_lisent_en_mots_et_les_secrets_restent_masques(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        compte = fabriques.un_compte(session, Role.ENQUETEUR, nom_affiche="Nom Secret")
    with ecriture(moteur, None) as session:
        relu = session.get_one(Compte, compte.id)
        relu.role, relu.actif = Role.RELECTEUR, False
    creation, modification = reversed(_lire(moteur, objet="comptes").lignes)
    assert set(modification.changements) == {"Rôle : Équipe d'enquête → Relecture DIPLP", "Actif : oui → non"}
    assert "Nom Secret" not in str(creation.changements)
    assert "Nom affiché : «\xa0•••\xa0»" in creation.changements
    assert creation.qui == "Exploitation"


def test_un_long_texte_est_coupe(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session, nom="mot " * 100)
    changements = _lire(moteur).lignes[0].changements
    assert max(map(len, changements)) < 200


def _remplir(moteur: Engine, nombre: int) -> None:
    lignes = [
        {
            "survenu_le": datetime(2026, 11, 1 + rang % 20, 12, tzinfo=UTC),
            "action": ActionJournal.EXPORT if rang % 2 else ActionJournal.CREATION,
            "objet": "exports" if rang % 2 else "terrains",
            "motif": "",
        }
        for rang in range(nombre)
    ]
    with ecriture(moteur, None) as session:
        session.execute(insert(LigneJournal), lignes)


def test_les_filtres_se_combinent(moteur: Engine) -> None:
    _remplir(moteur, 40)
    assert _lire(moteur).total == 40
    assert _lire(moteur, objet="exports").total == 20
    assert _lire(moteur, action=ActionJournal.EXPORT, depuis=date(2026, 11, 20)).total == 2
    assert _lire(moteur, depuis=date(2026, 11, 2), jusqu_a=date(2026, 11, 2)).total == 2
    assert _lire(moteur, jusqu_a=date(2026, 10, 31)).total == 0
    assert _lire(moteur, compte_id=12).lignes == ()


def test_les_jours_sont_ceux_de_paris(moteur: Engine) -> None:
    tard = {"survenu_le": datetime(2026, 11, 1, 23, 30, tzinfo=UTC), "action": ActionJournal.EXPORT, "objet": "exports"}
    with ecriture(moteur, None) as session:
        session.execute(insert(LigneJournal), [tard])
    assert _lire(moteur, depuis=date(2026, 11, 2)).total == 1
    assert _lire(moteur, jusqu_a=date(2026, 11, 1)).total == 0
    assert _lire(moteur).lignes[0].quand.hour == 0


def test_les_pages_se_suivent_sans_trou_du_plus_recent_au_plus_ancien(moteur: Engine) -> None:
    _remplir(moteur, 120)
    pages = [_lire(moteur, page=page) for page in (1, 2, 3)]
    assert [page.pages for page in pages] == [3, 3, 3]
    rangs = [ligne.id for page in pages for ligne in page.lignes]
    assert len(rangs) == 120
    assert rangs == sorted(rangs, reverse=True)


def test_au_dela_de_cinq_mille_lignes_on_cesse_de_compter(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LIGNES_MAXIMUM", 100)
    _remplir(moteur, 130)
    page = _lire(moteur)
    assert (page.total, page.pages, page.borne) == (100, 2, True)


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.DEMONSTRATION])
def test_seule_l_administration_lit_le_journal(moteur: Engine, role: Role) -> None:
    qui = Perimetre(compte_id=0, role=role, investigation_id=1)
    with lecture(moteur) as session, pytest.raises(AccesRefuse):
        journal.lire_journal(session, qui, criteres=CriteresJournal())


def test_chaque_table_journalisee_a_son_nom_francais() -> None:
    hors = {modele.__tablename__ for modele in HORS_JOURNAL}
    assert {table.name for table in Base.metadata.sorted_tables} - hors - set(OBJETS) == set()


def test_aucun_libelle_de_colonne_n_est_orphelin() -> None:
    colonnes = {colonne.key for table in Base.metadata.sorted_tables for colonne in table.columns}
    assert set(CHAMPS) - colonnes == {"echelle"}
