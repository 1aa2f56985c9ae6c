"""Une frappe en cours n'est jamais perdue plus de quelques secondes, et personne ne s'en aperçoit."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.outils.navigateur import Visite
from tests.serveur.conftest import Visiter

pytestmark = pytest.mark.navigateur
# L'intervalle est de cinq secondes ; le reste est laissé à une machine chargée.
DELAI = 15.0


def _attendre(recu: Path, attendu: str) -> None:
    fin = time.monotonic() + DELAI
    while attendu not in recu.read_text(encoding="utf-8"):
        assert time.monotonic() < fin, f"« {attendu} » n'est pas arrivé : {recu.read_text(encoding='utf-8')[-300:]}"
        time.sleep(0.1)


def _transmis(recu: Path, debut: str) -> list[str]:
    """Les envois qui commencent ainsi ; le fichier entier peut finir de recevoir ceux du test d'avant."""
    return [ligne for ligne in recu.read_text(encoding="utf-8").splitlines() if ligne.startswith(debut)]


def _curseur(page: Page) -> tuple[str, int]:
    nom, rang = page.evaluate("[document.activeElement.ariaLabel, document.activeElement.selectionStart]")
    return str(nom), int(rang)


@pytest.fixture
def saisie(visiter_essai: Visiter, recu: Path) -> Visite:
    recu.write_text("", encoding="utf-8")
    with visiter_essai() as visite:
        visite.aller("/saisie")
        yield visite


def test_une_zone_de_texte_est_transmise_sans_perdre_ni_curseur_ni_caractere(saisie: Visite, recu: Path) -> None:
    zone = saisie.page.get_by_role("textbox", name="Notes")
    zone.click()
    saisie.page.keyboard.type("le début et la fin")
    for _ in range(len(" et la fin")):
        saisie.page.keyboard.press("ArrowLeft")
    saisie.page.keyboard.type(", le milieu")
    avant = _curseur(saisie.page)
    _attendre(recu, "notes=le début, le milieu et la fin\n")
    saisie.page.get_by_text("Reçu : le début, le milieu et la fin").wait_for()
    assert _curseur(saisie.page) == avant == ("Notes", len("le début, le milieu"))
    assert zone.input_value() == "le début, le milieu et la fin"


def test_une_longue_frappe_sans_pause_arrive_en_route_et_reste_entiere(saisie: Visite, recu: Path) -> None:
    zone = saisie.page.get_by_role("textbox", name="Notes")
    zone.click()
    phrase = "Nous cherchons un partenaire qui reste plus d'une journée. « 🤝 »\n" * 3
    saisie.page.keyboard.type(phrase, delay=60)
    assert zone.input_value() == phrase
    assert recu.read_text(encoding="utf-8").startswith("notes=Nous cherchons")


def test_un_champ_d_une_ligne_est_transmis(saisie: Visite, recu: Path) -> None:
    saisie.page.get_by_role("textbox", name="Objet").click()
    saisie.page.keyboard.type("prêt de locaux")
    _attendre(recu, "objet=prêt de locaux\n")
    assert _curseur(saisie.page)[0] == "Objet"


def test_un_champ_hors_brouillon_attend_que_la_personne_valide(saisie: Visite, recu: Path) -> None:
    saisie.page.get_by_role("textbox", name="Hors brouillon").click()
    saisie.page.keyboard.type("pas encore")
    saisie.page.wait_for_timeout(6_000)
    assert not _transmis(recu, "dehors=")


@pytest.mark.parametrize("tour", range(3))
def test_recharger_en_pleine_frappe_ne_perd_rien(saisie: Visite, recu: Path, tour: int) -> None:
    saisie.page.get_by_role("textbox", name="Notes").click()
    saisie.page.keyboard.type(f"dernier mot {tour}")
    saisie.page.reload()
    _attendre(recu, f"notes=dernier mot {tour}\n")


def test_quitter_la_page_en_pleine_frappe_ne_perd_rien(saisie: Visite, recu: Path) -> None:
    saisie.page.get_by_role("textbox", name="Notes").click()
    saisie.page.keyboard.type("je pars")
    saisie.page.goto(f"{saisie.adresse}/mentions-legales")
    _attendre(recu, "notes=je pars\n")


def test_masquer_l_onglet_transmet_aussitot(saisie: Visite, recu: Path) -> None:
    saisie.page.get_by_role("textbox", name="Notes").click()
    saisie.page.keyboard.type("onglet masqué")
    saisie.page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    _attendre(recu, "notes=onglet masqué\n")


def test_une_composition_en_cours_n_est_pas_interrompue(saisie: Visite, recu: Path) -> None:
    saisie.page.get_by_role("textbox", name="Notes").click()
    saisie.page.keyboard.type("e")
    saisie.page.evaluate(
        "document.activeElement.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}))"
    )
    saisie.page.wait_for_timeout(6_000)
    assert not _transmis(recu, "notes=e")
    saisie.page.evaluate(
        "document.activeElement.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))"
    )
    _attendre(recu, "notes=e\n")
