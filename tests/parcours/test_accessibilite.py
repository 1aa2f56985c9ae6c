"""Chaque page, pour chaque rôle : accessible, titrée, sans erreur, sans requête hors de l'application."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Page

from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.ui.navigation import COMPTE, ENTREES, Entree
from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu

# Pages qui portent un menu, un tableau large, des segments et une date : ce que le thème ne réglait pas.
DELICATES = ("terrains", "durees", "citations", "plan", "indicateurs")
COMPTES = {
    "lea": Role.ENQUETEUR,
    "diplp": Role.RELECTEUR,
    "visite": Role.DEMONSTRATION,
    "admin": Role.ADMINISTRATEUR,
}
# Fiches : l'adresse porte un identifiant de la démonstration.
PARAMETRES = {
    "entretien": "?entretien=1",
    "codage": "?entretien=1",
    "partenariat": "?partenariat=1",
    "double-codage": "?double=1",
}


def _ouvertes(role: Role) -> list[Entree]:
    perimetre = Perimetre(compte_id=1, role=role, investigation_id=1, fictive=True)
    return [entree for entree in (*ENTREES, COMPTE) if entree.droit(perimetre)]


CAS = [(compte, entree) for compte, role in COMPTES.items() for entree in _ouvertes(role)]


@pytest.fixture(scope="module")
def entrer(demo: Lieu) -> Iterator[Callable[..., Visite]]:
    """La visite d'un compte à une largeur, gardée d'une page à l'autre : ces tests ne font que lire."""
    with ExitStack() as pile:

        @cache
        def ouverte(compte: str, largeur: int) -> Visite:
            return pile.enter_context(demo.visiter(compte, largeur=largeur))

        def reprise(compte: str, largeur: int = 1280) -> Visite:
            visite = ouverte(compte, largeur)
            visite.oublier()
            return visite

        yield reprise


@pytest.mark.navigateur
@pytest.mark.parametrize(("compte", "entree"), CAS, ids=[f"{compte}-{entree.adresse}" for compte, entree in CAS])
def test_une_page_est_accessible_et_reste_chez_elle(entrer: Callable[..., Visite], compte: str, entree: Entree) -> None:
    visite = entrer(compte)
    visite.aller(f"/{entree.adresse}{PARAMETRES.get(entree.adresse, '')}")
    assert visite.page.locator("h1").count() == 1
    assert visite.page.title() == f"{entree.titre} – ASSO'CIE"
    assert visite.page.locator("html").get_attribute("lang") == "fr"
    assert visite.page.get_by_role("link", name="Mentions légales").count() == 1
    assert violations_axe(visite.page) == []
    assert visite.hors_origine() == []
    assert visite.erreurs == []


@pytest.mark.navigateur
@pytest.mark.parametrize(("largeur", "sombre"), [(390, True), (390, False), (1280, True)])
def test_une_page_est_accessible_au_telephone_et_en_sombre(demo: Lieu, largeur: int, sombre: bool) -> None:
    with demo.visiter("lea", largeur=largeur, hauteur=800, sombre=sombre) as visite:
        for adresse in DELICATES:
            visite.aller(f"/{adresse}")
            assert violations_axe(visite.page) == [], adresse
        if largeur == 390:
            visite.page.get_by_role("button", name="Déplier la barre latérale").click()
            visite.page.wait_for_timeout(500)
            assert violations_axe(visite.page) == []
        assert visite.erreurs == []


@pytest.mark.navigateur
@pytest.mark.parametrize("adresse", [entree.adresse for entree in _ouvertes(Role.ADMINISTRATEUR)])
def test_une_page_tient_dans_un_petit_ecran(entrer: Callable[..., Visite], adresse: str) -> None:
    visite = entrer("admin", 390)
    visite.aller(f"/{adresse}{PARAMETRES.get(adresse, '')}")
    assert _debordement(visite.page) <= 0


@pytest.mark.navigateur
def test_sans_connexion_seule_la_page_de_connexion_se_montre(demo: Lieu) -> None:
    with demo.visiter(None) as visite:  # chaque adresse sans navigateur : test_premiere_visite
        for adresse in ("", "citations", "journal"):
            visite.aller(f"/{adresse}")
            assert visite.titre_principal() == "Connexion"
        assert violations_axe(visite.page) == []
        assert visite.hors_origine() == []


def _debordement(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
