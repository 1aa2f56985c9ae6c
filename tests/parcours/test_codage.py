"""Le récit du codage : surligner, étiqueter, retrouver la citation, revenir à sa place — à la souris, au clavier."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lib.db.modeles import Entretien, Etiquetage, Etiquette, Texte, Verbatim
from lib.domain.vocabulaire import NatureTexte
from lib.services.ancrage import reancrer
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur

ENTRETIEN = "E-MRS-001"
NOTES = """Contexte 👩‍🦰
Épicerie solidaire 🛒 ouverte en 2017, trente bénévoles.

Ce qui coince 😡
On perd deux heures par semaine à ressaisir les « bons de livraison » 😡, c’est pénible. Le temps manque.
Personne ne répond jamais au standard.
"""
COORDONNEES = """(zone, mots) => {
    const marcheur = document.createTreeWalker(zone, NodeFilter.SHOW_TEXT);
    for (let noeud = marcheur.nextNode(); noeud; noeud = marcheur.nextNode()) {
        const debut = noeud.data.indexOf(mots);
        if (debut < 0) continue;
        const plage = document.createRange();
        plage.setStart(noeud, debut);
        plage.setEnd(noeud, debut + mots.length);
        const defilant = document.querySelector('[data-testid="stMain"]');
        defilant.scrollBy(0, plage.getBoundingClientRect().top - 350);
        const cadre = plage.getBoundingClientRect();
        return { gauche: cadre.left, droite: cadre.right, milieu: (cadre.top + cadre.bottom) / 2 };
    }
}"""


@dataclass
class Atelier:
    """La page de codage d'un entretien, sous les doigts d'une personne."""

    lieu: Lieu
    visite: Visite
    entretien_id: int

    @property
    def page(self) -> Page:
        return self.visite.page

    @property
    def texte(self) -> Locator:
        return self.page.get_by_role("textbox", name=f"Notes de {ENTRETIEN}")

    @property
    def cartes(self) -> Locator:
        return self.page.get_by_role("complementary", name="Passages codés").get_by_role("button")

    def ouvrir(self, suite: str = "") -> None:
        self.visite.aller(f"/codage?entretien={self.entretien_id}{suite}")
        self.texte.wait_for()
        self.page.wait_for_function("() => document.fonts.status === 'loaded'")

    def glisser(self, mots: str) -> None:
        """Sélectionne des mots à la souris."""
        place = self.texte.evaluate(COORDONNEES, mots)
        souris = self.page.mouse
        souris.move(place["gauche"] + 1, place["milieu"])
        souris.down()
        souris.move(place["droite"] - 8, place["milieu"], steps=4)
        souris.move(place["droite"], place["milieu"])
        souris.up()

    def choisir(self, recherche: str) -> None:
        """Cherche une étiquette dans la palette ouverte et la pose."""
        champ = self.page.get_by_role("combobox", name=re.compile("tiquette"))
        expect(champ).to_be_focused()
        champ.press_sequentially(recherche)
        champ.press("Enter")

    def annonce(self, message: str) -> None:
        """Attend la réponse, écrite et lue à voix haute."""
        expect(self.page.locator(".message")).to_contain_text(message)
        expect(self.page.locator(".annonce")).to_contain_text(message)

    def passages(self) -> list[tuple[str, list[str]]]:
        """(citation, étiquettes) en base, dans l'ordre du texte."""
        with lecture(self.lieu.moteur) as session:
            vivants = select(Verbatim).where(Verbatim.entretien_id == self.entretien_id, Verbatim.archive_le.is_(None))
            return [(v.citation, self._noms(session, v)) for v in session.scalars(vivants.order_by(Verbatim.debut))]

    def _noms(self, session: Any, verbatim: Verbatim) -> list[str]:
        portees = (
            select(Etiquette.nom)
            .join(Etiquetage, Etiquetage.etiquette_id == Etiquette.id)
            .where(Etiquetage.verbatim_id == verbatim.id, Etiquetage.retire_le.is_(None))
        )
        return sorted(session.scalars(portees))


@pytest.fixture
def atelier(demo_neuve: Lieu) -> Iterator[Atelier]:
    """Des notes pleines d'emoji, sans aucun passage."""
    with ecriture(demo_neuve.moteur, None) as session:
        entretien = session.scalars(select(Entretien).where(Entretien.code == ENTRETIEN)).one()
        for verbatim in session.scalars(select(Verbatim).where(Verbatim.entretien_id == entretien.id)):
            for pose in session.scalars(select(Etiquetage).where(Etiquetage.verbatim_id == verbatim.id)):
                session.delete(pose)
            session.flush()
            session.delete(verbatim)
        session.flush()
        for texte in session.scalars(select(Texte).where(Texte.entretien_id == entretien.id)):
            if texte.nature is NatureTexte.NOTES:
                texte.contenu = NOTES
            else:
                session.delete(texte)
        refaire(session, entretien.investigation_id)
    with demo_neuve.visiter("lea") as visite:
        yield Atelier(demo_neuve, visite, entretien.id)
        assert visite.hors_origine() == []
        assert [erreur for erreur in visite.erreurs if "404" not in erreur] == []
    with lecture(demo_neuve.moteur) as session:
        assert verifier(session, entretien.investigation_id) == []


def test_a_la_souris_puis_dans_les_citations_puis_retour_a_sa_place(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("ressaisir les « bons de livraison » 😡")
    atelier.choisir("administrative")
    atelier.annonce("«\u00a0Charge administrative et juridique\u00a0» posée.")
    assert atelier.passages() == [("ressaisir les « bons de livraison » 😡", ["Charge administrative et juridique"])]
    atelier.visite.aller("/citations?citations_etiquette=Charge+administrative+et+juridique")
    citation = atelier.page.get_by_role("article").first
    expect(citation).to_contain_text("ressaisir les “bons de livraison” 😡")
    citation.get_by_role("link", name=f"Voir à sa place dans l’entretien {ENTRETIEN}").click()
    atelier.texte.wait_for()
    expect(atelier.page.locator("mark.vise")).to_have_text("ressaisir les « bons de livraison » 😡")
    expect(atelier.page.locator("mark.vise")).to_be_in_viewport()
    assert f"entretien={atelier.entretien_id}" in atelier.page.url and "verbatim=" in atelier.page.url


def test_tout_au_clavier(atelier: Atelier) -> None:
    """Aucun clic : aller au texte, sélectionner par mots, étiqueter, ajouter, retirer, défaire, refaire."""
    atelier.ouvrir()
    clavier = atelier.page.keyboard
    atelier.texte.focus()
    clavier.press("Control+Home")
    for touche in ("ArrowDown", "Home"):
        clavier.press(touche)
    for _ in range(2):
        clavier.press("Control+Shift+ArrowRight")
    expect(atelier.page.locator(".annonce")).to_have_text("2\u00a0mots sélectionnés. Entrée pour étiqueter.")
    clavier.press("Enter")
    atelier.choisir("temps")
    atelier.annonce("«\u00a0Manque de temps\u00a0» posée.")
    assert atelier.passages() == [("Épicerie solidaire", ["Manque de temps"])]

    expect(atelier.texte).to_be_focused()
    clavier.press("Enter")
    atelier.choisir("chronophage")
    atelier.annonce("«\u00a0Recherche de partenaires chronophage\u00a0» posée.")
    clavier.press("Enter")
    atelier.page.get_by_role("button", name="Retirer l’étiquette Manque de temps").press("Enter")
    atelier.annonce("«\u00a0Manque de temps\u00a0» retirée.")
    assert atelier.passages() == [("Épicerie solidaire", ["Recherche de partenaires chronophage"])]

    clavier.press("Control+z")
    atelier.annonce("Annulé\u00a0: «\u00a0Manque de temps\u00a0» retirée.")
    assert len(atelier.passages()[0][1]) == 2
    clavier.press("Control+y")
    atelier.annonce("Geste refait.")
    assert len(atelier.passages()[0][1]) == 1


def test_echap_rend_la_main_sans_rien_ecrire(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("Le temps manque")
    expect(atelier.page.get_by_role("dialog")).to_be_visible()
    atelier.page.keyboard.press("Escape")
    expect(atelier.page.get_by_role("dialog")).to_have_count(0)
    expect(atelier.texte).to_be_focused()
    atelier.page.keyboard.type("zzz")
    expect(atelier.texte).to_have_text(re.compile(re.escape("Le temps manque.")))
    assert "zzz" not in atelier.texte.inner_text()
    assert atelier.passages() == []


def test_deux_passages_qui_se_chevauchent_se_distinguent_sans_la_couleur(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("deux heures par semaine")
    atelier.choisir("temps")
    atelier.annonce("posée")
    atelier.ouvrir()
    atelier.texte.focus()
    atelier.texte.evaluate("(zone) => zone.scrollIntoView()")
    atelier.glisser("semaine")
    atelier.choisir("confiance")
    atelier.annonce("Un interlocuteur de confiance")
    expect(atelier.page.locator("mark.plusieurs")).to_have_text("semaine")
    numeros = atelier.page.locator("mark[data-numeros]").evaluate_all(
        "(marques) => marques.map((m) => m.dataset.numeros)"
    )
    assert numeros == ["1", "2"]
    expect(atelier.cartes.nth(0)).to_contain_text("Manque de temps")
    expect(atelier.cartes.nth(1)).to_contain_text("Un interlocuteur de confiance")


def test_une_carte_ouvre_son_passage_et_le_retire_puis_annuler_le_rend(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("Personne ne répond")
    atelier.choisir("adresser")
    atelier.annonce("posée")
    atelier.cartes.first.focus()
    atelier.page.keyboard.press("Enter")
    expect(atelier.page.get_by_role("dialog", name="Passage 1")).to_be_visible()
    atelier.page.get_by_role("button", name="Retirer le surlignage").click()
    atelier.annonce("Surlignage retiré.")
    expect(atelier.cartes).to_have_count(0)
    atelier.page.get_by_role("button", name="Annuler").click()
    expect(atelier.cartes).to_have_count(1)
    assert atelier.passages() == [("Personne ne répond", ["Ne pas savoir à qui s'adresser"])]


def test_apres_une_correction_on_replace_ce_qui_s_est_perdu(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("Personne ne répond")
    atelier.choisir("adresser")
    atelier.annonce("posée")
    with ecriture(atelier.lieu.moteur, None) as session:
        texte = session.scalars(select(Texte).where(Texte.entretien_id == atelier.entretien_id)).one()
        corrige = "🗒️ Relu. " + NOTES.replace("Personne ne répond", "Nul ne répond")
        reancrer(session, texte, texte.contenu, corrige)
        texte.contenu = corrige
    atelier.ouvrir()
    perdus = atelier.page.get_by_role("region", name="Citations à replacer")
    expect(perdus).to_contain_text("Personne ne répond")
    perdus.get_by_role("button", name="C’est ce passage").click()
    atelier.annonce("Citation replacée dans le texte.")
    expect(perdus).to_be_hidden()
    assert atelier.passages()[0][0].startswith("Nul")


def test_un_texte_corrige_par_quelqu_un_d_autre_se_dit_et_rien_ne_s_ecrit(atelier: Atelier) -> None:
    atelier.ouvrir()
    with ecriture(atelier.lieu.moteur, None) as session:
        session.scalars(select(Texte).where(Texte.entretien_id == atelier.entretien_id)).one().contenu = "Autre."
    atelier.glisser("Le temps manque")
    atelier.choisir("temps")
    atelier.annonce("Le texte a été corrigé entre-temps")
    assert atelier.passages() == []


@pytest.mark.parametrize("sombre", [False, True])
def test_l_atelier_est_accessible_palette_ouverte(atelier: Atelier, sombre: bool) -> None:
    atelier.page.emulate_media(color_scheme="dark" if sombre else "light")
    atelier.ouvrir()
    atelier.glisser("Le temps manque")
    atelier.choisir("temps")
    atelier.annonce("posée")
    atelier.cartes.first.click()
    expect(atelier.page.get_by_role("dialog")).to_be_visible()
    assert violations_axe(atelier.page) == []


def test_au_telephone_la_marge_passe_dessous_et_rien_ne_deborde(demo: Lieu) -> None:
    with demo.visiter("lea", largeur=390, hauteur=800) as visite:
        visite.aller("/codage?entretien=1")
        visite.page.locator(".carte").first.wait_for()
        texte, marge = (visite.page.locator(nom).bounding_box() for nom in (".texte", ".marge"))
        assert texte and marge and marge["y"] > texte["y"] + texte["height"] - 1
        assert visite.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_un_lecteur_lit_les_citations_sans_chemin_vers_les_textes(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        visite.aller("/citations")
        visite.page.get_by_role("article").first.wait_for()
        assert visite.page.get_by_role("article").count() == 25
        assert visite.page.get_by_role("article").get_by_role("link").count() == 0
        assert violations_axe(visite.page) == []
