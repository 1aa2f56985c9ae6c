"""Les matrices dans un navigateur : une case ouvre ses citations, une citation ouvre sa place, au clavier aussi."""

import re

import pytest
from playwright.sync_api import expect

from tests.outils.navigateur import violations_axe
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur


def test_une_case_ouvre_ses_citations_puis_leur_place(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        visite.aller("/matrices")
        page = visite.page
        case = page.get_by_role("link", name=re.compile("^7 .*Recherche de partenaires chronophage, Marseille"))
        expect(case).to_have_attribute("href", re.compile(r"/matrices\?.*case=e"))
        case.focus()
        case.press("Enter")
        expect(page.get_by_role("heading", level=2)).to_contain_text("Recherche de partenaires chronophage")
        assert "case=" in page.url
        citation = page.get_by_role("row").nth(1).get_by_role("link")
        expect(citation).to_be_visible()
        assert violations_axe(page) == []
        page.get_by_role("button", name="Revenir à la matrice").click()
        expect(case).to_be_visible()
        case.click()
        expect(page.get_by_role("button", name="Revenir à la matrice")).to_be_visible()
        expect(citation).to_have_count(1)
        citation.click()
        expect(page.locator(".carte.visee")).to_be_visible()
        assert re.search(r"/codage\?entretien=\d+&verbatim=\d+", page.url)
        assert visite.hors_origine() == []


TITRES = {"Étiquettes ensemble": "Étiquettes", "Étiquettes et entretiens": "Entretien"}


@pytest.mark.parametrize(("regardee", "titre"), TITRES.items())
def test_chaque_matrice_se_lit_sans_manquement_et_tient_a_l_etroit(demo: Lieu, regardee: str, titre: str) -> None:
    with demo.visiter("lea") as visite:
        visite.aller("/matrices")
        visite.page.get_by_text(regardee, exact=True).click()
        expect(visite.page.get_by_role("columnheader", name=titre, exact=True)).to_be_visible()
        visite.attendre_repos()
        assert violations_axe(visite.page) == []
        visite.page.set_viewport_size({"width": 390, "height": 844})
        assert visite.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("regardee", ["Étiquettes ensemble", "Étiquettes et entretiens"])
def test_au_telephone_une_carte_large_defile_sans_s_ecraser(demo: Lieu, regardee: str) -> None:
    with demo.visiter("lea", largeur=390) as visite:
        visite.aller(f"/matrices?matrices_vue={regardee}")
        cadre = visite.page.locator(".st-key-carte-large")
        expect(cadre).to_have_attribute("tabindex", "0")
        figure = cadre.locator(".main-svg").first
        expect(figure).to_be_visible()
        assert (figure.bounding_box() or {"width": 0})["width"] > 700
        assert visite.page.evaluate("() => document.documentElement.scrollWidth") <= 390
        assert violations_axe(visite.page) == []
