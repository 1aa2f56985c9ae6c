"""Le récit du codage à la souris : surligner, étiqueter, retrouver la citation, revenir à sa place."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lib.db.modeles import SessionOuverte, Texte
from lib.domain.vocabulaire import NatureTexte
from lib.services.ancrage import reancrer
from lib.services.transaction import ecriture
from tests.outils.navigateur import violations_axe
from tests.parcours.atelier import COORDONNEES, ENTRETIEN, NOTES, Atelier
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur


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
    expect(atelier.page.locator(".annonce")).to_contain_text("ouvert à sa place")
    assert atelier.surlignes("vise") == ["ressaisir les « bons de livraison » 😡"]
    expect(atelier.page.locator(".repere").first).to_be_in_viewport()
    assert f"entretien={atelier.entretien_id}" in atelier.page.url and "verbatim=" in atelier.page.url


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
    assert atelier.surlignes("chevauchement") == ["semaine"]
    assert atelier.surlignes("irritant") == ["deux heures par semaine"]
    assert atelier.surlignes("besoin") == ["semaine"]
    assert atelier.reperes() == ["1", "2"]
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


def test_les_bornes_se_tirent_a_la_souris_et_la_citation_suit(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("heures par semaine")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    atelier.cartes.first.click()
    but = atelier.texte.evaluate(COORDONNEES, "deux heures")
    souris = atelier.page.mouse
    cadre = atelier.page.get_by_role("slider", name="Début du passage").bounding_box()
    assert cadre
    souris.move(cadre["x"] + cadre["width"] / 2, cadre["y"] + cadre["height"] / 2)
    souris.down()
    souris.move(but["gauche"] + 20, but["milieu"], steps=3)
    souris.move(but["gauche"] + 1, but["milieu"])
    souris.up()
    atelier.annonce("Bornes déplacées\u00a0: «\u00a0deux heures par semaine\u00a0».")
    assert atelier.passages() == [("deux heures par semaine", ["Manque de temps"])]
    atelier.page.get_by_role("button", name="Annuler").click()
    atelier.annonce("Annulé")
    assert atelier.passages() == [("heures par semaine", ["Manque de temps"])]


def test_une_proposition_montre_ses_citations_et_ne_se_pose_que_d_un_geste(atelier: Atelier) -> None:
    atelier.ecrire("On manque de temps pour chercher des partenaires, et le mardi un camion 🚚 passe.")
    atelier.ouvrir()
    atelier.glisser("manque de temps pour chercher des partenaires")
    propositions = atelier.page.get_by_role("region", name="Étiquettes proposées")
    expect(propositions).to_contain_text(re.compile(r"étiquettes? proposées?, que portent des citations semblables"))
    expect(propositions).to_contain_text("«")
    assert atelier.passages() == []
    premiere = propositions.get_by_role("button").first
    nom = premiere.inner_text()
    premiere.click()
    atelier.annonce(f"«\u00a0{nom}\u00a0» posée.")
    assert atelier.passages() == [("manque de temps pour chercher des partenaires", [nom])]
    expect(atelier.page.get_by_text(re.compile("Suggestions.*suivies 1/1"))).to_be_visible()


def test_deux_gestes_presses_s_ecrivent_tous_les_deux(atelier: Atelier) -> None:
    """Le second part quand le premier a sa réponse : ni perdu, ni confondu."""
    atelier.ouvrir()
    place = atelier.texte.bounding_box()
    for mots, recherche in (("heures par semaine", "manque de temps"), ("Le temps manque", "chronophage")):
        atelier.glisser(mots)
        atelier.choisir(recherche)
    expect(atelier.cartes).to_have_count(2)
    assert atelier.texte.bounding_box() == place, "une réponse ne déplace pas les mots sous la souris"
    assert atelier.passages() == [
        ("heures par semaine", ["Manque de temps"]),
        ("Le temps manque", ["Recherche de partenaires chronophage"]),
    ]


def test_une_session_finie_en_pleine_selection_ne_perd_rien(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("Le temps manque")
    with ecriture(atelier.lieu.moteur, None) as session:
        for ouverte in session.scalars(select(SessionOuverte)):
            session.delete(ouverte)
    atelier.page.keyboard.type("manque de temps\n")  # la palette est là, ou la session finie vient d'être dite
    expect(atelier.page.get_by_text("Connectez-vous pour ouvrir cette page.").first).to_be_visible()
    assert atelier.passages() == []
    atelier.lieu.connecter(atelier.visite, "lea")
    atelier.ouvrir()
    expect(atelier.page.locator(".message")).to_contain_text("Votre sélection a été retrouvée")
    atelier.texte.focus()
    atelier.page.keyboard.press("Enter")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    assert atelier.passages() == [("Le temps manque", ["Manque de temps"])]


def test_apres_une_correction_avec_emoji_devant_les_passages_suivent(atelier: Atelier) -> None:
    atelier.ouvrir()
    atelier.glisser("bons de livraison » 😡, c’est")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    with ecriture(atelier.lieu.moteur, None) as session:
        texte = session.scalars(select(Texte).where(Texte.entretien_id == atelier.entretien_id)).one()
        corrige = "🗒️👩‍🦰 Relu 🛒. " + NOTES
        reancrer(session, texte, texte.contenu, corrige)
        texte.contenu = corrige
    atelier.ouvrir()
    expect(atelier.cartes).to_have_count(1)
    assert atelier.surlignes("irritant") == ["bons de livraison » 😡, c’est"]
    assert atelier.passages() == [("bons de livraison » 😡, c’est", ["Manque de temps"])]


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
    atelier.page.keyboard.type("temps\n")  # la palette est là, ou la correction vient d'être dite
    atelier.annonce("Le texte a été corrigé entre-temps")
    expect(atelier.page.get_by_role("dialog")).to_have_count(0)
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
        assert visite.page.get_by_role("article").count() == 50
        assert visite.page.get_by_role("article").get_by_role("link").count() == 0
        assert violations_axe(visite.page) == []


def test_un_passage_et_sa_carte_se_repondent(atelier: Atelier) -> None:
    atelier.ouvrir()
    page = atelier.page
    for mots, etiquette in (("ressaisir", "administrative"), ("Le temps manque", "administrative")):
        atelier.glisser(mots)
        atelier.choisir(etiquette)
        atelier.annonce("posée")
    atelier.survoler("Le temps manque")
    expect(atelier.cartes.nth(1)).to_have_class(re.compile("visee"))
    assert atelier.surlignes("vise") == ["Le temps manque"]
    atelier.survoler("Personne ne répond")
    page.keyboard.press("Control+Home")
    expect(page.locator(".carte.visee")).to_have_count(0)
    for _ in range(NOTES.index("ressaisir") + 1):
        page.keyboard.press("ArrowRight")
    expect(atelier.cartes.nth(0)).to_have_class(re.compile("visee"))
    expect(page.locator(".annonce")).to_contain_text("Passage 1, Charge administrative")
    assert violations_axe(page) == []


def test_un_intervenant_mal_reconnu_se_corrige_sous_le_texte(atelier: Atelier) -> None:
    atelier.ecrire("Q : Et le temps ?\nR : Il manque.\nLieu : une salle.", nature=NatureTexte.NOTES)
    atelier.ouvrir()
    page, visite = atelier.page, atelier.visite
    page.locator("summary", has_text="Qui parle").click()
    enregistrer = page.get_by_role("button", name="Enregistrer les intervenants")
    lieu = page.get_by_role("radiogroup", name="Lieu")
    enregistrer.scroll_into_view_if_needed()  # le panneau finit de se déplier
    lieu.get_by_text("Répond", exact=True).click()
    expect(lieu.get_by_role("radio", name="Répond", exact=True)).to_be_checked()
    visite.faire(enregistrer.click)
    expect(page.get_by_text("1\u00a0intervenant corrigé")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Lieu .personne interrogée"))).to_be_visible()
    assert violations_axe(page) == []
