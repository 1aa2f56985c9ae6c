"""Après un changement de page, clavier et lecteur d'écran repartent du titre, sans voler la main à personne."""

import pytest

from tests.outils.navigateur import Visite
from tests.serveur.conftest import Visiter

pytestmark = pytest.mark.navigateur
SUR_LE_TITRE = "titre => document.activeElement.tagName === 'H1' && document.activeElement.innerText.trim() === titre"


def _focus(visite: Visite) -> str:
    return str(visite.page.evaluate("document.activeElement.tagName"))


def test_le_focus_va_sur_le_titre_de_la_page_ouverte(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/")
        for lien, titre in (("Figures", "Figures"), ("Saisie", "Saisie"), ("Widgets", "Widgets")):
            visite.page.get_by_role("link", name=lien).click()
            visite.page.wait_for_function(SUR_LE_TITRE, arg=titre)


def test_au_clavier_aussi(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/")
        visite.page.get_by_role("link", name="Saisie").focus()
        visite.page.keyboard.press("Enter")
        visite.page.wait_for_function(SUR_LE_TITRE, arg="Saisie")
        visite.page.keyboard.press("Tab")
        assert _focus(visite) != "BODY"


def test_la_premiere_ouverture_laisse_le_focus_au_navigateur(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/saisie")
        visite.page.wait_for_timeout(2_000)
        assert _focus(visite) == "BODY"


def test_une_relance_sans_changement_de_page_ne_deplace_pas_le_focus(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/saisie")
        champ = visite.page.get_by_role("textbox", name="Objet")
        champ.fill("un mot")
        visite.faire(lambda: champ.press("Enter"))
        assert visite.page.evaluate("document.activeElement.ariaLabel") == "Objet"


def test_qui_a_repris_la_main_la_garde(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/")
        visite.page.get_by_role("link", name="Saisie").click()
        visite.page.wait_for_url("**/saisie")
        visite.page.get_by_role("textbox", name="Notes").click()
        visite.page.keyboard.type("déjà")
        visite.page.wait_for_timeout(2_000)
        assert visite.page.evaluate("document.activeElement.ariaLabel") == "Notes"
