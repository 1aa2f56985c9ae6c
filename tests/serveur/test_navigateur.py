"""Dans un vrai navigateur : rien ne sort de l'application, la politique de contenu tient, tout est accessible."""

import re

import pytest

from tests.outils.navigateur import Visite, violations_axe
from tests.outils.serveur import Serveur
from tests.serveur.conftest import Visiter

pytestmark = pytest.mark.navigateur
PAGES_LEGALES = ("/mentions-legales", "/confidentialite", "/accessibilite", "/statistiques")


def _attendre_figures(visite: Visite) -> None:
    """Figure, tableau et composant se dessinent après le script."""
    for selecteur in (".js-plotly-plot .main-svg", '[data-testid="stDataFrame"] canvas'):
        visite.page.wait_for_selector(selecteur, timeout=20_000)
    visite.page.get_by_role("button", name="Ajouter", exact=True).wait_for()


def test_figures_tableaux_et_composants_marchent_sous_la_politique_de_contenu(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/figures")
        _attendre_figures(visite)
        visite.faire(visite.page.get_by_role("button", name="Ajouter", exact=True).click)
        assert visite.page.get_by_text("Composant : 1").is_visible()
        assert visite.erreurs == []
        assert not any("Content Security Policy" in ligne for ligne in visite.console)
        assert visite.hors_origine() == []


def test_choix_dates_et_depots_marchent_sous_la_politique_de_contenu(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/")
        page = visite.page
        page.get_by_role("combobox", name="Territoire").click()
        visite.faire(page.get_by_role("option", name="Dijon").click)
        page.get_by_role("combobox", name="Irritants").click()
        visite.faire(page.get_by_role("option", name="Temps").click)
        page.keyboard.press("Escape")
        page.get_by_test_id("stDateInputCalendarButton").first.click()
        visite.faire(page.get_by_role("button", name="mardi 20 février 2024").click)
        depot = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b"}
        visite.faire(lambda: page.locator('[data-testid="stFileUploader"] input').first.set_input_files(depot))
        assert visite.erreurs == []
        assert visite.hors_origine() == []


def test_la_politique_de_contenu_bloque_un_script_ecrit_dans_la_page(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/")
        visite.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'volee = 1'}))"
        )
        assert visite.page.evaluate("typeof volee") == "undefined"
        assert any("Content Security Policy" in erreur for erreur in visite.erreurs)


@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
@pytest.mark.parametrize("chemin", ["/", "/fenetres", "/saisie"])
def test_une_page_de_l_application_est_accessible(visiter_essai: Visiter, chemin: str, sombre: bool) -> None:
    with visiter_essai(sombre=sombre) as visite:
        visite.aller(chemin)
        assert violations_axe(visite.page) == []
        assert visite.page.title().endswith("– ASSO'CIE")


@pytest.mark.parametrize("largeur", [1280, 390])
@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
@pytest.mark.parametrize("chemin", PAGES_LEGALES)
def test_une_page_legale_est_accessible(
    visiter_essai: Visiter, essai: Serveur, chemin: str, sombre: bool, largeur: int
) -> None:
    with visiter_essai(sombre=sombre, largeur=largeur) as visite:
        visite.page.goto(essai.adresse + chemin)
        assert violations_axe(visite.page) == []
        assert visite.erreurs == [] and visite.hors_origine() == []
        assert visite.page.evaluate("document.documentElement.scrollWidth") <= largeur


@pytest.mark.parametrize("chemin", PAGES_LEGALES)
def test_une_page_legale_se_lit_sans_javascript(visiter_essai: Visiter, essai: Serveur, chemin: str) -> None:
    with visiter_essai(javascript=False) as visite:
        visite.page.goto(essai.adresse + chemin)
        assert visite.page.locator("h1").count() == 1
        assert visite.page.get_by_role("link", name="Accessibilité : non conforme").is_visible()


def test_une_page_legale_se_parcourt_au_clavier(visiter_essai: Visiter, essai: Serveur) -> None:
    with visiter_essai() as visite:
        visite.page.goto(essai.adresse + "/confidentialite")
        visite.page.keyboard.press("Tab")
        assert visite.page.evaluate("document.activeElement.textContent") == "Aller au contenu principal"
        visite.page.keyboard.press("Enter")
        assert visite.page.evaluate("document.activeElement.id") == "contenu"


def test_le_pied_de_page_de_l_application_mene_aux_pages_legales(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/")
        liens = visite.page.get_by_role("navigation", name="Liens légaux").get_by_role("link")
        assert [lien.get_attribute("href") for lien in liens.all()] == list(PAGES_LEGALES)
        liens.filter(has_text="Accessibilité : non conforme").click()
        visite.page.wait_for_url("**/accessibilite")
        assert visite.page.locator("h1").inner_text() == "Déclaration d’accessibilité"


def _fond(visite: Visite) -> str:
    return str(visite.page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"))


def test_le_theme_suit_le_systeme_puis_le_choix_de_la_personne(visiter_essai: Visiter) -> None:
    with visiter_essai(sombre=True) as visite:
        visite.aller("/")
        assert _fond(visite) == "rgb(22, 22, 22)"
        visite.page.get_by_role("button", name="Menu principal").click()
        visite.page.get_by_role("menuitemradio", name="Clair").click()
        visite.page.wait_for_function(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor == 'rgb(255, 255, 255)'"
        )
        visite.page.get_by_role("menuitemradio", name="Sombre").click()
        visite.page.wait_for_function(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor == 'rgb(22, 22, 22)'"
        )


def test_une_erreur_de_script_montre_une_phrase_et_journalise_le_lieu(visiter_essai: Visiter, essai: Serveur) -> None:
    with visiter_essai() as visite:
        visite.aller("/erreur")
        texte = visite.page.get_by_test_id("stAlert").inner_text()
        repere = re.search(r"repère ([0-9a-f]{8})", texte)
        assert repere is not None and "propos confidentiel" not in visite.page.inner_text("body")
    journal = essai.attendre_au_journal(repere[1])
    assert "in erreur" in journal and "propos confidentiel" not in journal
