"""Consigner un entretien dans un vrai navigateur : au clavier, interrompu, coupé, à deux. Rien ne se perd."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lib.db.modeles import Brouillon, Entretien, IrritantReleve, Texte
from lib.domain.vocabulaire import NatureTexte, Releve, StatutEntretien
from lib.services.transaction import lecture
from tests.outils.navigateur import Visite
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur

NOTES = "« On y passe nos soirées 😡 »\nDeuxième ligne : l'été, rien."
# Un passage de frappe toutes les cinq secondes, puis le temps d'écrire.
FRAPPE_GARDEE_MS = 8_000


def test_consigner_au_clavier_du_debut_a_la_fin(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        visite.aller("/saisie")
        page = visite.page
        _aller_au(page, "Terrain")
        _taper(visite, "Marseille", "Enter")
        _aller_au(page, "jour, Date de l'entretien")
        _taper(visite, "05102026")
        _aller_au(page, "Sur place")
        _taper(visite, "", "Space")
        _aller_au(page, "Organisation rencontrée")
        _taper(visite, "panier bigue")
        expect(page.get_by_role("button", name="Le Panier de la Bigue")).to_be_visible()
        visite.attendre_repos()
        _aller_au(page, "Le Panier de la Bigue")
        _taper(visite, "", "Enter")
        _aller_au(page, "Ajouter une personne")
        _taper(visite, "", "Enter")
        _aller_au(page, "Nom de la personne")
        _taper(visite, "Nadia Exemple", "Tab")
        _taper(visite, "Présidente")
        _aller_au(page, "jour, Notice d'information")
        _taper(visite, "01102026")
        _aller_au(page, "Par courriel")
        _taper(visite, "", "Space")
        _aller_au(page, "Ne pas citer")
        _taper(visite, "", "ArrowRight")
        _aller_au(page, "Notes")
        _taper(visite, NOTES)
        _aller_au(page, "Recherche de partenaires chronophage : non abordé")
        _taper(visite, "", "ArrowLeft")
        expect(page.get_by_label("Recherche de partenaires chronophage : intensité")).to_be_disabled()
        expect(page.get_by_text("Tout y est")).to_be_visible()
        _aller_au(page, "Enregistrer l'entretien")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Le Panier de la Bigue")
        expect(page.get_by_text("enregistré comme réalisé")).to_be_visible()
        assert visite.erreurs == [] and visite.hors_origine() == []
    entretien, textes, releves = _dernier(demo_neuve)
    assert (entretien.statut, entretien.code[:6]) == (StatutEntretien.REALISE, "E-MRS-")
    assert textes == {NatureTexte.NOTES: NOTES}
    assert releves == [Releve.ECARTE]
    assert _brouillons(demo_neuve) == 0


def test_l_intensite_se_note_quand_l_irritant_est_evoque_et_se_relit(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        page = visite.page
        visite.aller("/saisie?entretien=1")
        liste = page.get_by_label("Recherche de partenaires chronophage : intensité")
        expect(liste).to_be_visible()
        visite.faire(page.get_by_label("Recherche de partenaires chronophage : évoqué sur relance").check)
        expect(liste).to_be_enabled()
        visite.faire(lambda: liste.select_option("5"))
        visite.faire(page.get_by_role("button", name="Enregistrer l'entretien").click)
        expect(page.get_by_role("cell", name="5/5").first).to_be_visible()
        assert visite.erreurs == []


def test_recharger_au_milieu_retrouve_la_saisie(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("karim") as visite:
        _commencer(visite)
        visite.page.get_by_label("Notes").press_sequentially(NOTES)
        visite.page.wait_for_timeout(FRAPPE_GARDEE_MS)
        visite.page.reload()
        visite.attendre_repos()
        expect(visite.page.get_by_text("repris : continuez là où vous en étiez")).to_be_visible()
        expect(visite.page.get_by_label("Notes")).to_have_value(NOTES)
        expect(visite.page.get_by_text("Le Panier de la Bigue")).to_be_visible()
    with demo_neuve.visiter("karim") as ailleurs:
        ailleurs.aller("/entretiens")
        ailleurs.page.get_by_role("link", name="Nouvel entretien").click()
        expect(ailleurs.page.get_by_label("Notes")).to_have_value(NOTES)


def test_repartir_de_zero_se_confirme_et_s_annule(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("karim") as visite:
        _commencer(visite)
        page = visite.page
        _cliquer(visite, "Repartir de zéro")
        _cliquer(visite, "Non, la garder")
        expect(page.get_by_text("Le Panier de la Bigue")).to_be_visible()
        _cliquer(visite, "Repartir de zéro")
        _cliquer(visite, "Oui, l'effacer")
        expect(page.get_by_text("Le Panier de la Bigue")).not_to_be_visible()
        page.reload()
        visite.attendre_repos()
        _cliquer(visite, "La reprendre")
        expect(page.get_by_text("Le Panier de la Bigue")).to_be_visible()


def test_serveur_tue_apres_enregistrer_rien_n_est_perdu(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("ines") as visite:
        _commencer(visite)
        visite.page.get_by_label("Notes").fill(NOTES)
        _cliquer(visite, "Sur place", role="radio")
        _cliquer(visite, "Enregistrer en brouillon")
        expect(visite.page.get_by_text("enregistré en brouillon")).to_be_visible()
        demo_neuve.serveur.tuer()
        demo_neuve.serveur.demarrer()
        visite.page.reload()
        visite.attendre_repos()
        expect(visite.page.get_by_text("Deuxième ligne : l'été, rien.")).to_be_visible()
    entretien, textes, _ = _dernier(demo_neuve)
    assert (entretien.statut, textes) == (StatutEntretien.BROUILLON, {NatureTexte.NOTES: NOTES})


def test_serveur_tue_en_pleine_frappe_dix_secondes_au_plus_sont_perdues(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("ines") as visite:
        _commencer(visite)
        notes = visite.page.get_by_label("Notes")
        notes.press_sequentially("Gardé avant la coupure. ")
        visite.page.wait_for_timeout(FRAPPE_GARDEE_MS)
        notes.press_sequentially("Tapé juste avant.")
        demo_neuve.serveur.tuer()
        assert "Gardé avant la coupure." in _notes_du_brouillon(demo_neuve)
        demo_neuve.serveur.demarrer()
        visite.page.wait_for_timeout(2_000)
        visite.attendre_repos()
        expect(notes).to_have_value(re.compile("Gardé avant la coupure"))
        # La page est restée ouverte : même la frappe non transmise y est encore, et finit en base.
        expect(notes).to_have_value("Gardé avant la coupure. Tapé juste avant.")
        notes.press("Control+Enter")
        visite.attendre_repos()
        visite.page.wait_for_timeout(1_000)
        visite.page.reload()
        visite.attendre_repos()
        expect(visite.page.get_by_label("Notes")).to_have_value("Gardé avant la coupure. Tapé juste avant.")


def test_un_double_clic_n_enregistre_qu_une_fois(demo_neuve: Lieu) -> None:
    avant = _compter(demo_neuve, Entretien)
    with demo_neuve.visiter("lea") as visite:
        _commencer(visite)
        _cliquer(visite, "Sur place", role="radio")
        visite.page.get_by_role("button", name="Enregistrer en brouillon").dblclick()
        expect(visite.page.get_by_text("enregistré en brouillon")).to_be_visible()
    assert _compter(demo_neuve, Entretien) == avant + 1
    assert _brouillons(demo_neuve) == 0


def test_deux_personnes_corrigent_le_meme_entretien(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as premiere, demo_neuve.visiter("karim") as seconde:
        for visite, duree, fin in ((premiere, "41", "Vu par Léa."), (seconde, "42", "Vu par Karim.")):
            visite.aller("/saisie?entretien=1")
            visite.page.get_by_label("Durée (minutes)").fill(duree)
            visite.page.get_by_label("Notes").fill(fin)
            visite.page.get_by_label("Transcription (facultatif)").focus()
            visite.attendre_repos()
        _cliquer(premiere, "Sur papier" if not _coche(premiere.page, "Sur papier") else "Par courriel", role="radio")
        _cliquer(premiere, "Enregistrer l'entretien")
        expect(premiere.page.get_by_text("enregistré comme réalisé")).to_be_visible()
        _cliquer(seconde, "Enregistrer l'entretien")
        expect(seconde.page.get_by_text("Léa Fictive a enregistré cet entretien pendant que")).to_be_visible()
        expect(seconde.page.get_by_text("Vu par Léa.")).to_be_visible()
        durees = seconde.page.get_by_role("radiogroup", name="Durée : quelle version garder")
        durees.get_by_text("Celle qui est enregistrée").click()
        seconde.attendre_repos()
        _cliquer(seconde, "Poursuivre avec ces choix")
        expect(seconde.page.get_by_label("Notes")).to_have_value("Vu par Karim.")
        expect(seconde.page.get_by_label("Durée (minutes)")).to_have_value("41")
        _cliquer(seconde, "Enregistrer l'entretien")
        expect(seconde.page.get_by_text("enregistré comme réalisé")).to_be_visible()
        expect(seconde.page.get_by_text("Vu par Karim.")).to_be_visible()
        expect(seconde.page.get_by_text("Versions précédentes")).to_be_visible()


def _commencer(visite: Visite) -> None:
    """Ouvre le formulaire, choisit le terrain et une organisation."""
    visite.aller("/saisie")
    page = visite.page
    page.get_by_label("Terrain").click()
    page.get_by_role("option", name="Marseille").click()
    visite.attendre_repos()
    page.get_by_label("Organisation rencontrée").fill("panier bigue")
    page.get_by_role("button", name="Le Panier de la Bigue").click()
    expect(page.get_by_role("button", name="Changer d'organisation")).to_be_visible()
    visite.attendre_repos()


def _cliquer(visite: Visite, nom: str, *, role: str = "button") -> None:
    trouve = visite.page.get_by_role(role, name=nom, exact=True)  # type: ignore[arg-type]
    (trouve.locator("xpath=ancestor::label[1]") if role == "radio" else trouve).click()
    visite.page.wait_for_timeout(300)
    visite.attendre_repos()


def _coche(page: Page, nom: str) -> bool:
    return page.get_by_role("radio", name=nom, exact=True).is_checked()


def _aller_au(page: Page, nom: str) -> None:
    """Avance à la touche Tab jusqu'à l'élément de ce nom accessible : tout doit s'atteindre au clavier."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if nom in page.evaluate(NOM_DU_FOCUS):
            return
    raise AssertionError(f"« {nom} » ne s'atteint pas au clavier")


NOM_DU_FOCUS = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element) return "";
  const legende = element.labels?.length ? [...element.labels].map((l) => l.innerText).join(" ") : "";
  const texte = element.tagName === "BUTTON" ? element.innerText : "";
  return [element.getAttribute("aria-label"), legende, texte].join(" | ");
}"""


def _taper(visite: Visite, texte: str, *touches: str) -> None:
    if texte:
        visite.page.keyboard.type(texte)
    for touche in touches:
        visite.page.keyboard.press(touche)
    visite.page.wait_for_timeout(250)
    visite.attendre_repos()


def _dernier(lieu: Lieu) -> tuple[Entretien, dict[NatureTexte, str], list[Releve]]:
    with lecture(lieu.moteur) as session:
        entretien = session.scalars(select(Entretien).order_by(Entretien.id.desc())).first()
        assert entretien is not None
        textes = session.scalars(select(Texte).where(Texte.entretien_id == entretien.id)).all()
        releves = session.scalars(select(IrritantReleve.releve).where(IrritantReleve.entretien_id == entretien.id))
        return entretien, {texte.nature: texte.contenu for texte in textes}, list(releves)


def _notes_du_brouillon(lieu: Lieu) -> str:
    with lecture(lieu.moteur) as session:
        contenus = session.scalars(select(Brouillon.contenu).where(Brouillon.formulaire == "entretien")).all()
    return " ".join(contenu["champs"]["notes"] for contenu in contenus)


def _compter(lieu: Lieu, modele: type) -> int:
    with lecture(lieu.moteur) as session:
        return len(session.scalars(select(modele)).all())


def _brouillons(lieu: Lieu) -> int:
    return _compter(lieu, Brouillon)
