"""Le visiteur traverse la présentation aux flèches, et n'y voit ni nom, ni effectif caché."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lib.db.modeles import Interlocuteur, Organisation
from lib.domain.scenes import CodeScene
from lib.services.transaction import lecture
from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu

SCENES = list(CodeScene)
# Effectifs d'une ou deux unités de la démonstration, tels qu'ils se liraient s'ils sortaient.
PETITS = ("1 sur 9", "1/9", "1 sur 10", "1/10", "76", "Expertise 1", "Expertise : 1")


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
            phrase = page.locator(".phrase")
            taille = float(phrase.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
            assert taille >= (30 if largeur == 1920 else 20), scene
            if largeur > 390:  # au téléphone, le menu replié de Streamlit a ses propres manquements
                assert violations_axe(page) == [], scene
