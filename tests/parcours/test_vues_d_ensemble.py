"""Du tableau de bord aux citations : voir ce qui manque, comparer deux terrains, ouvrir les preuves, partager."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as DelaiDepasse

from tests.outils.navigateur import violations_axe
from tests.parcours.conftest import Lieu

IRRITANT = "Éloignement et mobilité"


@pytest.mark.navigateur
def test_le_tableau_de_bord_mene_la_ou_agir(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        visite.aller("/tableau-de-bord")
        expect(visite.page.get_by_text("Marseille est en retard")).to_be_visible()
        visite.page.get_by_role("link", name="Rappeler").click()
        expect(visite.page.get_by_role("heading", level=1)).to_have_text("Partenariats")
        visite.attendre_repos()
        assert "partenariats_statut" in visite.page.url
        visite.aller("/tableau-de-bord")
        visite.page.get_by_role("link", name="E-NAT-008").click()
        expect(visite.page.get_by_role("heading", level=1)).to_contain_text("E-NAT-008")
        assert visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
def test_comparer_deux_terrains_ouvrir_les_citations_partager_l_ecran(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        page = visite.page
        visite.aller("/terrains?terrains_compares=Marseille&terrains_compares=Bourgogne-Franche-Comt%C3%A9")
        expect(page.get_by_text("Marseille est en retard")).to_be_visible()
        choisir_irritant(page)
        verdict = page.get_by_text("Parmi les acteurs rencontrés : Marseille 1/9")
        expect(verdict).to_contain_text("Écart démontré")
        visite.attendre_repos()
        adresse, ecran = page.url.removeprefix(visite.adresse), page.locator("main").inner_text()
        page.get_by_role("link", name="Seulement Bourgogne-Franche-Comté").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Citations")
        visite.attendre_repos()
        citations = page.get_by_role("article")
        expect(citations.first).to_contain_text("– Bourgogne-Franche-Comté –")
        assert citations.filter(has_text="– Marseille –").count() == 0
        assert visite.erreurs == []
    with demo.visiter("karim") as collegue:
        collegue.aller(adresse)
        expect(collegue.page.get_by_text("Parmi les acteurs rencontrés : Marseille 1/9")).to_be_visible()
        assert _sans_qui_lit(collegue.page.locator("main").inner_text()) == _sans_qui_lit(ecran)


def choisir_irritant(page: Page) -> None:
    """La figure, chargée après coup, déplace la page et peut refermer la liste : on la rouvre."""
    option = page.get_by_role("option", name=IRRITANT)
    for _ in range(10):
        page.get_by_label("Irritant", exact=True).click()
        with suppress(DelaiDepasse):
            option.click(timeout=2000)
            return
        page.keyboard.press("Escape")
    pytest.fail("La liste des irritants ne s'ouvre pas.")


def _sans_qui_lit(ecran: str) -> str:
    """L'écran sans la ligne qui rappelle qui est connecté."""
    return "\n".join(ligne for ligne in ecran.splitlines() if "Équipe d'enquête" not in ligne)


@pytest.mark.navigateur
def test_la_carte_se_lit_avec_son_tableau_et_son_credit(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        page = visite.page
        visite.aller("/terrains")
        visite.faire(page.get_by_role("radio", name="Carte").click)
        expect(page.get_by_text("rencontrés dans 11 départements")).to_be_visible()
        expect(page.get_by_text("prévu et jamais visité, Saône-et-Loire")).to_be_visible()
        expect(page.get_by_role("table")).to_contain_text("Bouches-du-Rhône")
        expect(page.get_by_text("Victor Cazanave")).to_be_visible()
        assert page.locator(".js-plotly-plot").count() == 1
        assert violations_axe(page) == []
        adresse = page.url.removeprefix(visite.adresse)
        assert "terrains_partie=Carte" in adresse
        assert visite.erreurs == [] and visite.hors_origine() == []
    with demo.visiter("lea", largeur=390, sombre=True) as collegue:
        collegue.aller(adresse)
        expect(collegue.page.get_by_text("rencontrés dans 11 départements")).to_be_visible()
        assert collegue.erreurs == []


@pytest.mark.navigateur
def test_toucher_un_point_ouvre_ses_citations(demo: Lieu) -> None:
    """Le point de la comparaison, puis le département de la carte ; au clavier, les liens et le menu y mènent aussi."""
    with demo.visiter("lea") as visite:
        page = visite.page
        visite.aller("/terrains")
        _ouvrir_les_citations(page, page.locator(".scatterlayer .trace .points path").first)
        visite.attendre_repos()
        assert "citations_terrain=" in page.url and "citations_etiquette=" in page.url
        expect(page.get_by_role("article").first).to_be_visible()
        visite.aller("/terrains?terrains_partie=Carte")
        nombres = page.locator(".scatterlayer .trace").last.locator(".textpoint text")
        _ouvrir_les_citations(page, nombres.filter(has_text=re.compile(r"^[1-9]\d*$")).first)
        visite.attendre_repos()
        assert "citations_dimension=D" in page.url and "citations_lieu=" in page.url
        assert visite.erreurs == []


def _ouvrir_les_citations(page: Page, cible: Locator) -> None:
    """La figure, chargée après coup, se déplace sous la souris : on la retouche."""
    for _ in range(6):
        _toucher(page, cible)
        with suppress(AssertionError):
            expect(page.get_by_role("heading", level=1)).to_have_text("Citations", timeout=5000)
            return
    pytest.fail("Toucher la figure n'ouvre pas les citations.")


def _toucher(page: Page, cible: Locator) -> None:
    """Le centre du point : la souris passe dessus, comme une main, avant de cliquer."""
    expect(cible).to_be_visible(timeout=30_000)
    cible.scroll_into_view_if_needed()
    boite = cible.bounding_box()
    assert boite is not None
    x, y = boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.up()


@pytest.mark.navigateur
def test_la_ruralite_se_choisit_au_clavier_et_dit_son_approximation(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        page = visite.page
        visite.aller("/terrains")
        choix = page.get_by_role("combobox", name="Selon", exact=False)
        choix.focus()
        page.keyboard.type("Rural")
        visite.faire(lambda: page.keyboard.press("Enter"))
        expect(page.get_by_text("La grille communale de densité de l'Insee n'est pas livrée")).to_be_visible()
        expect(page.get_by_role("columnheader", name="Plutôt rural")).to_be_visible()
        assert "terrains_dimension=Ruralit" in page.url
        assert violations_axe(page) == []
        page.get_by_role("link", name="Comparer les durées d'engagement").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Durées d'engagement")
        visite.attendre_repos()
        assert "durees_groupe=Type" in page.url
        assert visite.erreurs == []


@pytest.mark.navigateur
def test_la_visite_ne_lit_aucun_petit_effectif(demo: Lieu) -> None:
    with demo.visiter("visite") as visite:
        visite.aller("/terrains?terrains_dimension=D%C3%A9partement&terrains_acteur=Entreprise")
        tableau = visite.page.get_by_role("table")
        expect(tableau).to_contain_text("Tous réunis")
        expect(visite.page.get_by_text("Une ou deux unités s'écrivent").first).to_be_visible()
        assert "1/10" not in visite.page.locator("main").inner_text()
        visite.faire(visite.page.get_by_role("radio", name="Carte").click)
        cases = visite.page.get_by_role("table").get_by_role("row").all_inner_texts()
        assert not [case for case in cases if {"1", "2"} & set(case.split()[2:])]
        assert visite.erreurs == []


@pytest.mark.navigateur
def test_les_statistiques_publiques_se_lisent_sans_connexion(demo: Lieu) -> None:
    with demo.visiter(None, javascript=False) as visite:
        visite.page.goto(visite.adresse + "/statistiques")
        tableau = visite.page.locator("table")
        expect(tableau).to_contain_text("27 sur 32 prévus")
        expect(visite.page.get_by_text("données fictives").first).to_be_visible()


@pytest.mark.navigateur
def test_un_nom_de_la_chronologie_ouvre_sa_fiche(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        visite.aller("/chronologie")
        visite.page.locator("svg a").first.click()
        visite.page.wait_for_url("**/partenariat?partenariat=*")
        visite.attendre_repos()
        assert visite.page.get_by_role("heading", name="Histoire").count() == 1
        assert visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
def test_chaque_partie_des_durees_est_accessible(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        visite.aller("/durees")
        for partie in ("Motifs de fin", "Pérennisation et cohortes", "La conclusion tient-elle"):
            visite.faire(visite.page.get_by_role("radio", name=partie).click)
            assert violations_axe(visite.page) == []
        assert visite.erreurs == []
