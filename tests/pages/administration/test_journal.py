"""Lire le journal à l'écran."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert

from lib.db.modeles import Compte, LigneJournal
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "administration/journal"


@pytest.fixture
def admin(moteur: Engine) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session, Role.ADMINISTRATEUR, nom_affiche="Camille")


def _remplir(moteur: Engine, nombre: int) -> None:
    ligne = {"action": ActionJournal.EXPORT, "objet": "exports", "motif": "<b>motif</b> *étoilé*"}
    lignes = [{**ligne, "survenu_le": datetime(2026, 11, 2, 9, rang % 60, tzinfo=UTC)} for rang in range(nombre)]
    with ecriture(moteur, None) as session:
        session.execute(insert(LigneJournal), lignes)


def test_chaque_ligne_se_lit_en_francais(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    _remplir(moteur, 1)
    ecran = ouvrir(PAGE, admin)
    tableau = ecran.table[0].value
    assert list(tableau["Action"]) == ["Export", "Création"]
    assert next(iter(tableau["Motif"])) == r"\<b\>motif\<\/b\> \*étoilé\*"
    assert "Rôle : Administration" in list(tableau["Ce qui a changé"])[1].replace("\\", "")


def test_les_filtres_se_lisent_dans_l_adresse_et_se_combinent(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    _remplir(moteur, 3)
    ecran = ouvrir(PAGE, admin, journal_objet="Export")
    assert len(ecran.table[0].value) == 3
    ecran = ecran.selectbox(key="journal_action").select("Création").run()
    assert "élargissez" in ecran.info[0].value


def test_le_nom_d_une_personne_ne_va_pas_dans_l_adresse(ouvrir: Ouvrir, admin: Compte) -> None:
    ecran = ouvrir(PAGE, admin)
    ecran = ecran.selectbox(key="journal_personne").select(admin.id).run()
    assert ecran.query_params == {}


def test_les_pages_se_suivent(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    _remplir(moteur, 119)
    ecran = ouvrir(PAGE, admin)
    assert (len(ecran.table[0].value), ecran.pagination[0].proto.num_pages) == (50, 3)
    ecran = ecran.pagination[0].set_value(3).run()
    assert len(ecran.table[0].value) == 20


def test_une_periode_a_moitie_choisie_ne_casse_rien(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    _remplir(moteur, 1)
    ecran = ouvrir(PAGE, admin)
    ecran = ecran.date_input(key="journal_periode").set_value((datetime(2026, 11, 3, tzinfo=UTC).date(),)).run()
    assert not ecran.exception
    assert list(ecran.table[0].value["Action"]) == ["Création"]


@pytest.mark.parametrize("lignes", [1, 60])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte, lignes: int
) -> None:
    _remplir(moteur, lignes)
    ecran = ouvrir(PAGE, admin)
    with compter_requetes(moteur) as requetes:
        ecran.run()
    assert len(requetes) <= 8
