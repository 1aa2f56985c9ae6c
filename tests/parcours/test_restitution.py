"""Le visiteur traverse la présentation aux flèches, et n'y voit ni nom, ni effectif caché."""

import io
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import expect
from sqlalchemy import select

from lib.db.modeles import Interlocuteur, Organisation
from lib.domain.scenes import CodeScene
from lib.services.transaction import lecture
from tests.outils.navigateur import DELAI_MS, Visite, violations_axe
from tests.parcours.conftest import Lieu

SCENES = list(CodeScene)
ASSEZ_GRANDE = "([phrase, pixels]) => parseFloat(getComputedStyle(phrase).fontSize) >= pixels"
# Effectifs d'une ou deux unités de la démonstration, tels qu'ils se liraient s'ils sortaient.
PETITS = ("1 sur 9", "1/9", "1 sur 10", "1/10", "Expertise 1", "Expertise : 1")


def _noms(lieu: Lieu) -> list[str]:
    with lecture(lieu.moteur) as session:
        return [*session.scalars(select(Interlocuteur.nom)), *session.scalars(select(Organisation.nom))]


def _tout_ce_qui_se_lit(visite: Visite) -> str:
    """Le texte à l'écran et tout le document, attributs compris, dans la scène aussi (elle a sa propre racine)."""
    ecrit = visite.page.locator("main").inner_text() + visite.page.evaluate(
        """() => [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.innerHTML ?? "").join(" ")
           + document.querySelector("main").innerHTML"""
    )
    return str(ecrit).replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def _attendre_la_scene(visite: Visite, scene: CodeScene) -> None:
    expect(visite.page.get_by_role("heading", level=1)).to_have_text(scene.libelle)
    visite.attendre_repos()
    visite.page.wait_for_url(f"**/presentation?scene={scene.value}")


@pytest.mark.navigateur
def test_le_visiteur_traverse_la_presentation_aux_fleches(demo: Lieu) -> None:
    noms = _noms(demo)
    with demo.visiter("visite") as visite:
        visite.aller("/presentation")
        for rang, scene in enumerate(SCENES):
            if rang:
                visite.page.keyboard.press("ArrowRight")
                _attendre_la_scene(visite, scene)
            lu = _tout_ce_qui_se_lit(visite)
            assert f"Scène {rang + 1} sur {len(SCENES)}" in lu
            expect(visite.page.locator("figure")).to_be_visible()
            expect(visite.page.locator("table caption").first).to_be_visible()
            assert not [nom for nom in noms if nom in lu]
            assert not [petit for petit in PETITS if petit in lu]
            assert violations_axe(visite.page) == []
        visite.page.keyboard.press("ArrowRight")  # la dernière reste la dernière
        visite.page.keyboard.press("ArrowLeft")
        _attendre_la_scene(visite, SCENES[-2])
        visite.page.keyboard.press("Home")
        _attendre_la_scene(visite, SCENES[0])
        visite.page.keyboard.press("End")
        _attendre_la_scene(visite, SCENES[-1])
        assert visite.erreurs == [] and visite.hors_origine() == []


@pytest.mark.navigateur
@pytest.mark.parametrize(("largeur", "sombre"), [(390, True), (1280, True), (1920, False)])
def test_chaque_scene_tient_au_telephone_et_au_projecteur(demo: Lieu, largeur: int, sombre: bool) -> None:
    with demo.visiter("visite", largeur=largeur, hauteur=1080, sombre=sombre) as visite:
        for scene in SCENES:
            visite.aller(f"/presentation?scene={scene.value}")
            assert visite.titre_principal() == scene.libelle
            page = visite.page
            depasse = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert depasse <= 0, scene
            # la feuille de style du composant arrive juste après lui
            phrase, pixels = page.locator(".phrase").element_handle(), 30 if largeur == 1920 else 20
            page.wait_for_function(ASSEZ_GRANDE, arg=[phrase, pixels])
            if largeur > 390:  # au téléphone, le menu replié de Streamlit a ses propres manquements
                assert violations_axe(page) == [], scene


@pytest.mark.navigateur
def test_un_clic_prepare_le_bilan_qui_attend_et_se_telecharge(demo_neuve: Lieu, tmp_path: Path) -> None:
    noms = _noms(demo_neuve)
    with demo_neuve.visiter("diplp") as visite:
        visite.aller("/bilan")
        visite.page.get_by_role("button", name="Préparer le bilan").click()
        visite.aller("/presentation")  # on s'en va : le travail continue
    with demo_neuve.visiter("diplp") as visite:
        visite.aller("/bilan")
        expect(visite.page.get_by_text("est prêt. Chaque fichier")).to_be_visible(timeout=DELAI_MS)
    demo_neuve.serveur.arreter()
    demo_neuve.serveur.demarrer()  # et il attend encore
    with demo_neuve.visiter("diplp") as visite:
        visite.aller("/bilan")
        expect(visite.page.get_by_text("puis s'effacent du serveur")).to_be_visible(timeout=DELAI_MS)
        assert violations_axe(visite.page) == []
        page = tmp_path / "bilan.html"
        page.write_bytes(_telecharger(visite, "Rapport"))
        fiche = _telecharger(visite, "Fiche publique").decode()
        document = Document(io.BytesIO(_telecharger(visite, "Document à reprendre")))
        classeur = openpyxl.load_workbook(io.BytesIO(_telecharger(visite, "Chiffres")))
        assert _telecharger(visite, "Tout").startswith(b"PK")
        assert visite.erreurs == [] and visite.hors_origine() == []
    assert "## Problème" in fiche and document.tables and len(classeur.sheetnames) > len(SCENES)
    _verifier_la_page_exportee(demo_neuve, page, noms)


def _telecharger(visite: Visite, nom: str) -> bytes:
    with visite.page.expect_download(timeout=DELAI_MS) as attendu:
        visite.page.get_by_role("button", name=nom).click()
    return Path(attendu.value.path()).read_bytes()


def _verifier_la_page_exportee(lieu: Lieu, fichier: Path, noms: list[str]) -> None:
    """Ouverte seule, sans réseau : accessible, en clair et en sombre, au bureau et au téléphone."""
    for largeur, mode in ((1280, "light"), (390, "dark")):
        contexte = lieu.navigateur.new_context(
            viewport={"width": largeur, "height": 900}, color_scheme=mode, offline=True
        )
        page = contexte.new_page()
        demandes: list[str] = []
        page.on("request", lambda requete, demandes=demandes: demandes.append(requete.url))
        page.goto(fichier.as_uri())
        assert violations_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert demandes == [fichier.as_uri()]
        lu = page.locator("body").inner_text()
        assert not [nom for nom in noms if nom in lu]
        contexte.close()
