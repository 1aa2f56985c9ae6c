"""Les outils de parcours tiennent leurs promesses : les autres tests s'y fient."""

import pytest
from playwright.sync_api import Browser

from tests.outils.navigateur import ouvrir_navigateur, violations_axe
from tests.outils.serveur import Serveur, ServeurMuet, servir
from tests.serveur.conftest import ASGI_ESSAI, Visiter

pytestmark = pytest.mark.navigateur


def test_un_seul_navigateur_par_processus(navigateur: Browser) -> None:
    with ouvrir_navigateur() as meme:
        assert meme is navigateur
    assert navigateur.is_connected()


def test_une_requete_qui_sort_de_l_application_se_voit(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/saisie")
        visite.page.evaluate("new Image().src = 'https://ailleurs.exemple/pixel.png'")
        visite.page.wait_for_timeout(300)
        assert any("ailleurs.exemple" in trace for trace in (*visite.hors_origine(), *visite.erreurs))


def test_un_manquement_d_accessibilite_se_voit(visiter_essai: Visiter) -> None:
    with visiter_essai() as visite:
        visite.aller("/saisie")
        visite.page.evaluate("document.querySelector('[data-testid=stMain]').append(document.createElement('button'))")
        manquements = violations_axe(visite.page)
        assert len(manquements) == 1 and manquements[0].startswith("button-name")
        assert violations_axe(visite.page, tolerees={"button-name"}) == []


def test_un_geste_sans_effet_est_un_echec(visiter_essai: Visiter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.outils.navigateur.DELAI_MS", 500)
    with visiter_essai() as visite:
        visite.page.goto(visite.adresse + "/mentions-legales")
        with pytest.raises(AssertionError, match="aucune réponse"):
            visite.faire(lambda: None)


def test_un_serveur_tue_revient_a_la_meme_adresse() -> None:
    with servir(ASGI_ESSAI) as serveur:
        adresse, premier = serveur.adresse, serveur.pid
        serveur.tuer()
        with pytest.raises(OSError):
            serveur.lire("/sante")
        serveur.demarrer()
        assert (serveur.adresse, serveur.lire("/sante").statut) == (adresse, 200)
        assert serveur.pid != premier


def test_un_serveur_qui_ne_demarre_pas_montre_son_journal() -> None:
    fautif = ASGI_ESSAI.parent / "absent.py"
    with pytest.raises(ServeurMuet, match=r"absent\.py"), servir(fautif):
        raise AssertionError("le serveur n'aurait pas dû démarrer")


def test_un_texte_absent_du_journal_est_un_echec(essai: Serveur) -> None:
    with pytest.raises(ServeurMuet, match="n'est pas venu au journal"):
        essai.attendre_au_journal("jamais écrit", delai=0.2)
