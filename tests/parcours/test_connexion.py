"""Se connecter, rester connecté, se déconnecter, dans un vrai navigateur sur un vrai serveur."""

import pytest
from playwright.sync_api import Page

from lib.services.demonstration import MOT_DE_PASSE
from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import TEMOIN, Lieu


def _se_connecter(visite: Visite, identifiant: str, mot_de_passe: str = MOT_DE_PASSE) -> None:
    """Remplit le formulaire et attend l'arrivée sur la page suivante."""
    _remplir(visite.page, identifiant, mot_de_passe)
    with visite.page.expect_navigation():
        visite.page.get_by_role("button", name="Se connecter").click()
    visite.attendre_repos()


def _remplir(page: Page, identifiant: str, mot_de_passe: str) -> None:
    page.get_by_label("Identifiant", exact=True).fill(identifiant)
    page.get_by_label("Mot de passe", exact=True).fill(mot_de_passe)


def _se_deconnecter(visite: Visite) -> None:
    visite.aller("/compte")
    with visite.page.expect_navigation():
        visite.page.get_by_role("button", name="Se déconnecter").click()
    visite.attendre_repos()


def _temoin(visite: Visite) -> dict[str, object] | None:
    temoins = visite.page.context.cookies()
    return next((dict(temoin) for temoin in temoins if temoin["name"] == TEMOIN), None)


@pytest.mark.navigateur
def test_la_session_survit_au_rechargement_et_pas_a_la_deconnexion(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter(None) as visite:
        visite.aller("/compte")
        assert visite.titre_principal() == "Connexion"
        _se_connecter(visite, "lea")
        assert visite.titre_principal() == "Mon compte"
        temoin = _temoin(visite)
        assert temoin is not None and temoin["httpOnly"] is True and temoin["sameSite"] == "Lax"
        assert TEMOIN not in visite.page.evaluate("document.cookie")
        visite.page.reload()
        visite.attendre_repos()
        assert visite.titre_principal() == "Mon compte"
        _se_deconnecter(visite)
        assert visite.titre_principal() == "Connexion" and _temoin(visite) is None
        visite.page.context.add_cookies(
            [{"name": TEMOIN, "value": str(temoin["value"]), "url": demo_neuve.serveur.adresse}]
        )
        visite.aller("/compte")
        assert visite.titre_principal() == "Connexion"
        assert visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
def test_un_lien_profond_se_retrouve_apres_la_connexion(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter(None) as visite:
        visite.aller("/journal?journal_objet=D%C3%A9monstration")
        _se_connecter(visite, "admin")
        assert visite.titre_principal() == "Journal"
        assert visite.page.url.endswith("/journal?journal_objet=D%C3%A9monstration")


@pytest.mark.navigateur
def test_la_session_tient_au_redemarrage_brutal_du_serveur(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter(None) as visite:
        visite.aller("/compte")
        _se_connecter(visite, "lea")
        demo_neuve.serveur.tuer()
        demo_neuve.serveur.demarrer()
        visite.aller("/compte")
        assert visite.titre_principal() == "Mon compte"


@pytest.mark.navigateur
def test_un_mot_de_passe_faux_se_dit_et_le_clavier_suffit(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter(None) as visite:
        visite.aller("/connexion")
        champs = visite.page.locator(".st-key-connexion input")
        assert [champs.nth(rang).get_attribute("autocomplete") for rang in (0, 1)] == ["username", "current-password"]
        _remplir(visite.page, "lea", "pas le bon du tout")
        visite.page.keyboard.press("Enter")
        alerte = visite.page.get_by_role("alert").filter(has_text="Identifiant ou mot de passe incorrect.")
        alerte.wait_for()
        assert violations_axe(visite.page) == []
        visite.page.get_by_label("Mot de passe", exact=True).fill(MOT_DE_PASSE)
        with visite.page.expect_navigation():
            visite.page.keyboard.press("Enter")
        visite.attendre_repos()
        assert _temoin(visite) is not None


@pytest.mark.navigateur
def test_changer_de_mot_de_passe_ferme_les_autres_navigateurs(demo_neuve: Lieu) -> None:
    nouveau = "une tout autre phrase"
    with demo_neuve.visiter("lea") as ici, demo_neuve.visiter("lea") as ailleurs:
        ailleurs.aller("/compte")
        ici.aller("/compte")
        ici.page.get_by_label("Mot de passe actuel").fill(MOT_DE_PASSE)
        ici.page.get_by_label("Nouveau mot de passe (12").fill(nouveau)
        ici.page.get_by_label("Nouveau mot de passe, une seconde fois").fill(nouveau)
        with ici.page.expect_navigation():
            ici.page.get_by_role("button", name="Changer le mot de passe").click()
        ici.attendre_repos()
        assert ici.titre_principal() == "Mon compte"
        assert ici.page.get_by_text("Votre mot de passe est changé").count() == 1
        ailleurs.aller("/compte")
        assert ailleurs.titre_principal() == "Connexion"


@pytest.mark.navigateur
def test_une_page_fermee_au_compte_le_dit_sans_fenetre(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        visite.aller("/comptes")
        assert visite.page.get_by_text("Cette page n'est pas ouverte à votre compte.").count() == 1
        assert visite.page.get_by_role("dialog").count() == 0
        visite.page.get_by_role("link", name="Mentions légales").wait_for()
        assert visite.erreurs == []
