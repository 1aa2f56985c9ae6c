"""Tout sortir, pour de vrai : le fichier téléchargé par le navigateur se relit et c'est celui du journal."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lib.db.modeles import Interlocuteur, LigneJournal
from lib.domain.vocabulaire import ActionJournal
from lib.echanges.tableur import relire_csv, relire_xlsx
from lib.services.transaction import lecture
from tests.outils.navigateur import DELAI_MS, Visite, violations_axe
from tests.parcours.conftest import Lieu


def preparer(visite: Visite) -> None:
    visite.page.get_by_role("button", name="Préparer le fichier").click()


def telecharger(visite: Visite) -> tuple[str, bytes]:
    """Nom et contenu du fichier que le navigateur reçoit."""
    bouton = visite.page.get_by_role("button", name="Télécharger le fichier")
    with visite.page.expect_download(timeout=DELAI_MS) as attendu:
        bouton.click()
    return attendu.value.suggested_filename, Path(attendu.value.path()).read_bytes()


def journalise(lieu: Lieu, contenu: bytes) -> LigneJournal:
    """La ligne du journal qui porte l'empreinte de ce fichier, exactement."""
    empreinte = hashlib.sha256(contenu).hexdigest()
    with lecture(lieu.moteur) as session:
        exports = session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)).all()
    (ligne,) = [export for export in exports if (export.apres or {}).get("sha256") == empreinte]
    return ligne


def personnes(lieu: Lieu) -> list[str]:
    with lecture(lieu.moteur) as session:
        return list(session.scalars(select(Interlocuteur.nom)))


def en_clair(contenu: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return "".join(archive.read(nom).decode("utf-8", errors="replace") for nom in archive.namelist())


@pytest.mark.navigateur
def test_l_equipe_sort_tout_sous_pseudonyme(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        visite.aller("/exports")
        preparer(visite)
        nom, contenu = telecharger(visite)
        assert visite.erreurs == [] and visite.hors_origine() == []
    assert nom.endswith("-tout-pseudonymise.xlsx")
    ligne = journalise(demo, contenu)
    assert ligne.objet_id == nom[:60] and ligne.apres is not None
    tables = relire_xlsx(contenu)
    assert len(tables["Entretiens"]) == 1 + 27
    assert {table: len(lignes) - 1 for table, lignes in tables.items() if table == "Citations"} == {
        "Citations": ligne.apres["tables"]["citations"]
    }
    noms = [partie for nom in personnes(demo) for partie in (nom, nom.split()[-1])]
    assert noms and not [nom for nom in noms if nom in en_clair(contenu)]


@pytest.mark.navigateur
def test_l_administration_sort_les_personnes_avec_un_motif(demo: Lieu) -> None:
    with demo.visiter("admin") as visite:
        page = visite.page
        visite.aller("/exports")
        page.get_by_text("Identifié", exact=True).click()
        motif = page.get_by_label("Pourquoi ces données doivent-elles sortir identifiées ?")
        expect(motif).to_be_visible()
        page.get_by_text("Texte pour Excel français (.csv)").click()
        page.get_by_label("Tables (aucune : toutes)").fill("Personnes")
        page.get_by_role("option", name="Personnes").click()
        page.keyboard.press("Escape")
        motif.fill("trop peu")
        preparer(visite)
        expect(page.get_by_text("Dites pourquoi ces données sortent identifiées")).to_be_visible()
        expect(motif).to_have_value("trop peu")
        motif.fill("Demande d'accès reçue le 3 novembre")
        preparer(visite)
        nom, contenu = telecharger(visite)
        visite.aller("/journal")  # l'empreinte du fichier y va à la ligne
        assert violations_axe(page) == []
        assert visite.erreurs == []
    assert nom.endswith("-personnes-identifie.csv")
    assert journalise(demo, contenu).motif == "Demande d'accès reçue le 3 novembre"
    entetes, *lignes = relire_csv(contenu)
    assert sorted(ligne[entetes.index("Nom")] for ligne in lignes) == sorted(personnes(demo))


@pytest.mark.navigateur
def test_la_relecture_ne_sort_que_le_citable(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        visite.aller("/exports")
        assert visite.page.get_by_text("Identifié", exact=True).count() == 0
        preparer(visite)
        _, contenu = telecharger(visite)
    tables = relire_xlsx(contenu)
    assert "Textes" not in tables and "Personnes" not in tables
    accord = tables["Citations"][0].index("Accord de citation")
    assert {ligne[accord] for ligne in tables["Citations"][1:]} <= {"Citer sans nommer", "Citer en nommant"}
