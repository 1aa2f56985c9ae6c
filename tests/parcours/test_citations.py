"""Retrouver des citations au navigateur : chercher, trier la grille, sortir son panier, revenir à la source."""

import pytest
from playwright.sync_api import Page, expect

from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu


@pytest.mark.navigateur
def test_chercher_en_francais_trier_la_grille_et_ouvrir_a_sa_place(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        page = visite.page
        visite.aller("/citations")
        _chercher(visite, page, "CONVENTION -recu")
        trouvees = page.get_by_role("article")
        assert trouvees.count() > 0
        assert all("onvention" in texte for texte in trouvees.all_inner_texts())
        visite.faire(page.get_by_text("Grille", exact=True).click)
        titre = page.get_by_role("columnheader", name="Terrain")
        visite.faire(titre.get_by_role("button").click)
        expect(titre).to_have_attribute("aria-sort", "ascending")
        croissant = _colonne(page, "Terrain")
        assert croissant == sorted(croissant)
        visite.faire(titre.get_by_role("button").click)
        expect(titre).to_have_attribute("aria-sort", "descending")
        assert _colonne(page, "Terrain") == sorted(croissant, reverse=True)
        assert violations_axe(page) == []
        page.get_by_role("link", name="Voir à sa place").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Coder un entretien")
        assert "verbatim=" in page.url and visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
def test_retenir_au_clavier_puis_sortir_son_panier(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("diplp") as visite:
        page = visite.page
        visite.aller("/citations")
        for rang in (0, 2):
            case = page.get_by_role("checkbox", name="Retenir au panier").nth(rang)
            case.focus()
            visite.faire(lambda: page.keyboard.press("Space"))
        expect(page.get_by_text("2\u00a0citations au panier")).to_be_visible()
        assert violations_axe(page) == []
        visite.faire(page.get_by_role("button", name="Exporter le panier").click)
        with page.expect_download() as attendu:
            page.get_by_role("button", name="Télécharger le fichier").click()
        assert "panier-pseudonymise.xlsx" in attendu.value.suggested_filename
        visite.faire(page.get_by_text("Mon panier seulement").click)
        expect(page.get_by_role("article")).to_have_count(2)
        visite.aller("/citations")
        expect(page.get_by_text("2\u00a0citations au panier")).to_be_visible()
        visite.faire(page.get_by_role("button", name="Vider le panier").click)
        expect(page.get_by_role("checkbox", name="Retenir au panier").first).not_to_be_checked()
        assert visite.erreurs == []


@pytest.mark.navigateur
def test_la_grille_tient_sur_un_telephone(demo: Lieu) -> None:
    with demo.visiter("lea", largeur=390, sombre=True) as visite:
        visite.aller("/citations?citations_vue=Grille&citations_plus=true")
        expect(visite.page.locator("tbody tr").first).to_be_visible()
        debord = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert visite.page.evaluate(debord) <= 0
        assert visite.erreurs == []


def _chercher(visite: Visite, page: Page, mots: str) -> None:
    champ = page.get_by_label("Mots", exact=True)
    champ.fill(mots)
    visite.faire(lambda: champ.press("Enter"))


def _colonne(page: Page, titre: str) -> list[str]:
    return page.locator(f'tbody td[data-entete="{titre}"]').all_inner_texts()
