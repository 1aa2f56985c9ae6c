"""La grille au navigateur : fusionner et défaire, scinder au clavier, retrouver une étiquette parmi beaucoup."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu


@pytest.mark.navigateur
def test_fusionner_deux_etiquettes_puis_revenir_exactement_en_arriere(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        page = visite.page
        visite.aller("/grille")
        avant = page.locator("table").inner_text()
        _ouvrir(visite, page, 2)
        nom = page.get_by_role("heading", level=2).inner_text()
        _deplier(page, "La fusionner dans une autre")
        page.get_by_label("Étiquette à garder").click()
        page.get_by_role("option").nth(3).click()
        visite.faire(page.get_by_role("button", name="Fusionner", exact=True).click)
        expect(page.get_by_text(re.compile("est fusionnée dans"))).to_be_visible()
        expect(page.get_by_text(f"«\u00a0{nom}\u00a0» a été fusionnée")).to_be_visible()
        assert violations_axe(page) == []
        visite.faire(page.get_by_role("button", name="Défaire la fusion").click)
        visite.faire(page.get_by_role("button", name="Confirmer").click)
        expect(page.get_by_text(re.compile("Fusion défaite")).first).to_be_visible()
        visite.aller("/grille")
        assert page.locator("table").inner_text() == avant
        assert visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
def test_une_citation_prise_en_exemple_se_lit_dans_la_grille_et_la_palette(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        page = visite.page
        visite.aller("/citations")
        citation = page.get_by_role("article").filter(has=page.get_by_role("button", name="Prendre en exemple")).first
        bouton = citation.get_by_role("button", name="Prendre en exemple").first
        nom = re.sub(r"^.* de «\s|\s»$", "", bouton.get_attribute("aria-label") or "")
        mots = citation.locator("blockquote").inner_text().strip("«» \u00a0")[:40]
        bouton.focus()
        visite.faire(lambda: page.keyboard.press("Enter"))
        expect(page.get_by_text("Citation prise en exemple").first).to_be_visible()
        pris = page.get_by_role("button", name=re.compile(f"Retirer des exemples de .*{re.escape(nom)}"))
        expect(pris).to_be_focused()
        assert violations_axe(page) == []
        page.get_by_role("link", name="Voir à sa place").first.click()
        page.locator(".carte").first.click()
        palette = page.get_by_role("dialog")
        palette.get_by_role("combobox").fill(nom)
        lien = page.get_by_role("dialog").get_by_role("button", name=f"Retirer des exemples de {nom}")
        if not lien.count():  # une autre citation est ouverte : l'exemple se lit sous la définition
            expect(palette.locator(".definition")).to_contain_text(mots)
        visite.aller("/grille")
        expect(page.get_by_text(re.compile("Par exemple")).first).to_be_visible()
        visite.faire(page.get_by_role("link", name=re.compile(re.escape(nom))).first.click)
        expect(page.get_by_text(mots).first).to_be_visible()
        visite.faire(page.get_by_role("button", name="Retirer des exemples").click)
        expect(page.get_by_text("Aucune citation n'est encore prise")).to_be_visible()
        assert visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
def test_scinder_au_clavier_et_se_reprendre(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        page = visite.page
        visite.aller("/grille")
        _ouvrir(visite, page, 3)
        visite.faire(page.get_by_role("button", name="Scinder l'étiquette").click)
        # Un chiffre tapé dans un champ est un chiffre, jamais un raccourci.
        page.get_by_label("Nom", exact=True).press_sequentially("Délais de 10 jours")
        visite.faire(page.get_by_role("button", name="Créer et retenir").click)
        reste = page.get_by_text(re.compile(r"\d+\scitations? portent? encore l'étiquette"))
        expect(reste).to_be_visible()
        depart = _nombre(reste.inner_text())
        page.get_by_role("heading", level=2).click()
        visite.faire(lambda: page.keyboard.press("1"))
        assert _nombre(reste.inner_text()) == depart - 1
        assert violations_axe(page) == []
        visite.faire(page.get_by_role("button", name="Revenir sur le dernier geste").click)
        assert _nombre(reste.inner_text()) == depart
        assert visite.erreurs == []


@pytest.mark.navigateur
@pytest.mark.parametrize("largeur", [390, 1280])
def test_la_grille_se_cherche_et_dit_ce_qui_n_a_pas_d_etiquette(demo: Lieu, largeur: int) -> None:
    with demo.visiter("diplp", largeur=largeur) as visite:
        page = visite.page
        visite.aller("/grille")
        recherche = page.get_by_label("Chercher une étiquette")
        recherche.fill("ELOIGNEMENT")
        visite.faire(lambda: recherche.press("Enter"))
        expect(page.locator("tbody tr")).to_have_count(1)
        visite.aller("/grille")
        visite.faire(page.get_by_role("link", name="Sans étiquette").click)
        expect(page.get_by_role("heading", level=1)).to_have_text("Citations")
        assert visite.erreurs == []


def _ouvrir(visite: Visite, page: Page, rang: int) -> None:
    visite.faire(page.locator("tbody th a").nth(rang).click)
    expect(page.get_by_role("heading", level=2)).to_be_visible()


def _deplier(page: Page, nom: str) -> None:
    page.locator("summary", has_text=nom).click()
    page.wait_for_timeout(500)  # le temps que le bloc se déplie


def _nombre(texte: str) -> int:
    trouve = re.search(r"\d+", texte)
    assert trouve
    return int(trouve[0])
