"""Le récit du double codage : deux personnes codent sans se voir, se comparent, et l'arbitrage devient le codage."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine, func, select

from lib.db.modeles import DoubleCodage, Entretien, Investigation, Verbatim
from lib.services.syntheses import verifier
from lib.services.transaction import lecture
from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur

ENTRETIEN = "E-MRS-008"


def _vivants(moteur: Engine) -> int:
    """Passages du codage commun."""
    with lecture(moteur) as session:
        requete = select(func.count(Verbatim.id)).join(Entretien, Entretien.id == Verbatim.entretien_id)
        return session.scalar(requete.where(Entretien.code == ENTRETIEN, Verbatim.archive_le.is_(None))) or 0


def _dernier(moteur: Engine) -> tuple[int, int]:
    """(double codage, entretien) ouvert en dernier."""
    with lecture(moteur) as session:
        double = session.scalars(select(DoubleCodage).order_by(DoubleCodage.id.desc())).first()
        assert double is not None
        return double.id, double.entretien_id


def _cartes(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Passages codés").get_by_role("button")


def _choisir(page: Page, libelle: str, option: str) -> None:
    champ = page.get_by_role("combobox", name=libelle)
    champ.click()
    champ.press_sequentially(option)
    expect(page.get_by_role("option")).to_have_count(1)
    champ.press("Enter")
    expect(champ).to_have_value(re.compile(f"^{option}"))


def _confirmer(visite: Visite, bouton: str) -> None:
    visite.page.get_by_role("button", name=bouton).click()
    visite.page.get_by_role("dialog").get_by_role("button", name="Confirmer").click()
    expect(visite.page.get_by_role("dialog")).to_have_count(0)
    visite.attendre_repos()


def _ouvrir(visite: Visite) -> None:
    visite.aller("/accord")
    page = visite.page
    page.get_by_text("Confier un entretien à deux personnes").click()
    _choisir(page, "Entretien", ENTRETIEN)
    _choisir(page, "Première personne", "Léa Fictive")
    _choisir(page, "Seconde personne", "Karim Fictif")
    assert violations_axe(page) == []
    page.get_by_role("button", name="Ouvrir le double codage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Double codage")


def _coder_le_debut(page: Page) -> None:
    """Les trois premiers mots, au clavier."""
    texte = page.get_by_role("textbox", name=f"Notes de {ENTRETIEN}")
    texte.focus()
    page.keyboard.press("Control+Home")
    for _ in range(3):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("Enter")
    champ = page.get_by_role("combobox", name=re.compile("tiquette"))
    expect(champ).to_be_focused()
    champ.press_sequentially("chronophage")
    champ.press("Enter")
    expect(page.locator(".message")).to_contain_text("posée")


def test_en_aveugle_jusqu_a_l_arbitrage(demo_neuve: Lieu) -> None:
    avant = _vivants(demo_neuve.moteur)
    assert avant > 0
    with demo_neuve.visiter("lea") as lea, demo_neuve.visiter("karim") as karim:
        _ouvrir(lea)
        double_id, entretien_id = _dernier(demo_neuve.moteur)
        expect(_cartes(lea.page)).not_to_have_count(0)  # son travail d'avant est le début de sa version
        assert _vivants(demo_neuve.moteur) == 0
        assert violations_axe(lea.page) == []

        karim.aller(f"/codage?entretien={entretien_id}")
        karim.page.get_by_role("textbox", name=f"Notes de {ENTRETIEN}").wait_for()
        assert _cartes(karim.page).count() == 0 and karim.page.locator(".repere").count() == 0
        karim.aller("/accord")
        expect(karim.page.get_by_text(f"À coder de votre côté : {ENTRETIEN}".replace(" :", "\u00a0:"))).to_be_visible()
        karim.aller(f"/double-codage?double={double_id}")
        karim.page.get_by_role("textbox", name=f"Notes de {ENTRETIEN}").wait_for()
        assert _cartes(karim.page).count() == 0
        _coder_le_debut(karim.page)
        expect(_cartes(karim.page)).to_have_count(1)
        karim.page.get_by_role("button", name="Annuler").first.click()
        expect(_cartes(karim.page)).to_have_count(0)
        _coder_le_debut(karim.page)
        _confirmer(karim, "J'ai fini, rendre ma version")
        expect(karim.page.get_by_text("Léa Fictive")).not_to_have_count(0)
        assert karim.page.get_by_text("côte à côte").count() == 0

        lea.aller(f"/double-codage?double={double_id}")
        _confirmer(lea, "J'ai fini, rendre ma version")
        _arbitrer(lea)
        expect(lea.page.get_by_text("la version retenue est dans le codage commun")).to_be_visible()
        karim.aller(f"/double-codage?double={double_id}")
        expect(karim.page.get_by_text("Arbitré par")).to_be_visible()
        assert violations_axe(karim.page) == []
        for visite in (lea, karim):
            assert visite.hors_origine() == []
    assert _vivants(demo_neuve.moteur) == avant
    with lecture(demo_neuve.moteur) as session:
        assert verifier(session, session.scalars(select(Investigation.id)).one()) == []


def _arbitrer(visite: Visite) -> None:
    """Garde partout la première version ; rien quand seule l'autre a posé l'étiquette."""
    page = visite.page
    expect(page.get_by_role("heading", name="Trancher les désaccords")).to_be_visible()
    assert violations_axe(page) == []
    restants = page.get_by_text(re.compile(r"\d+.à trancher\."))
    while (reste := int(re.findall(r"(\d+).à trancher", restants.inner_text())[0])) > 0:
        premiere = page.get_by_role("button", name="Garder la version de Léa Fictive")
        (premiere if premiere.count() else page.get_by_role("button", name="Ne rien garder")).click()
        expect(page.get_by_text(re.compile(rf"(?<!\d){reste - 1}.à trancher\."))).to_be_visible()
        visite.attendre_repos()
    _confirmer(visite, "Arbitrer : verser cette version dans le codage commun")
