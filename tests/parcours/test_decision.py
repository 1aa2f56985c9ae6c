"""De la preuve à la décision : l'enquêtrice prépare et prend la décision ; la DIPLP relit et voit ce qui a changé."""

import re

import pytest
from playwright.sync_api import Locator, expect

from lib.db.modeles import Entretien
from lib.domain.vocabulaire import AccordCitation
from lib.services.transaction import ecriture
from tests.outils.navigateur import Visite, violations_axe
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur

CITATION = "Le camion rentrait de toute façon à vide"


def test_l_enquetrice_prepare_puis_prend_la_decision(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        _verser_une_preuve(visite)
        _changer_le_statut(visite)
        _remplir_une_ligne(visite)
        _appuyer_sur_une_citation(visite)
        _decrire_une_option(visite)
        _decider(visite)
        assert visite.erreurs == [] and visite.hors_origine() == []
    with demo_neuve.visiter("diplp") as relecture:
        relecture.aller("/decision")
        page = relecture.page
        expect(page.get_by_text("Comité de fin d'investigation")).to_be_visible()
        expect(page.get_by_text("Un jour par mois, d'après [personne].")).to_be_visible()
        ligne = page.get_by_role("row").filter(has_text=CITATION)
        expect(ligne).to_contain_text("Entreprise, Marseille")
        expect(ligne.get_by_role("link", name="Citation", exact=True)).to_have_attribute(
            "href", re.compile(r"citations\?citation=\d+$")
        )
        assert page.get_by_role("link", name="Citation de").count() == 0
        assert page.get_by_text("Remplir une ligne").count() == 0
        relecture.faire(_choix(relecture, "Décision").click)
        expect(page.get_by_role("heading", name="Les chiffres du jour de la décision")).to_be_visible()
        assert violations_axe(page) == []
        assert relecture.erreurs == []


def test_la_diplp_questionne_valide_et_retrouve_ce_qui_a_change(demo_neuve: Lieu) -> None:
    adresse = "/indicateurs?indicateur=Acteurs+qui+acceptent+d%27%C3%AAtre+cit%C3%A9s"
    with demo_neuve.visiter("diplp") as visite, demo_neuve.visiter("lea") as equipe:
        visite.aller(adresse)
        expect(visite.page.get_by_text("Votre réponse est attendue sur « Partenariats pérennisés »")).to_be_visible()
        expect(visite.page.get_by_text("et le chiffre a changé depuis")).to_be_visible()
        _ecrire(visite, "Question", "@lea trois refus : lesquels ?")
        equipe.aller(adresse)
        expect(equipe.page.get_by_text("Votre réponse est attendue sur")).to_contain_text("acceptent d'être cités")
        expect(equipe.page.get_by_text("Diane Fictive (Relecture DIPLP)").last).to_be_visible()
        assert equipe.page.get_by_role("radio", name="Validé").count() == 0
        _ecrire(equipe, "À relire", "Deux institutions et une petite commune.")
        visite.aller(adresse)
        expect(visite.page.get_by_text("Deux institutions et une petite commune.")).to_be_visible()
        _ecrire(visite, "Validé", "")
        expect(visite.page.get_by_text("L'indicateur est validé")).to_be_visible()
        assert violations_axe(visite.page) == []
        _retirer_un_accord(demo_neuve)
        _figer(equipe)
        _retrouver_ce_qui_a_change(visite, adresse)
        for vue in (visite, equipe):
            assert vue.erreurs == [] and vue.hors_origine() == []


def test_la_relecture_ouvre_ce_qui_porte_un_chiffre_et_une_preuve(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        page = visite.page
        visite.aller("/hypotheses?hypothese=P4")
        page.get_by_role("combobox", name="Ouvrir une preuve").click()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Lire la citation, sous pseudonyme").click()
        expect(page.get_by_role("button", name="Voir toutes les citations")).to_be_visible()
        expect(page.get_by_text("1 citation", exact=True)).to_be_visible()
        assert "citation=" in page.url and "E-" not in page.locator("main, [data-testid=stMain]").first.inner_text()
        page.get_by_role("button", name="Voir toutes les citations").click()
        expect(page.get_by_role("button", name="Voir toutes les citations")).to_have_count(0)
        visite.aller("/indicateurs")
        page.get_by_role("link", name="Partenariats encore en cours à 12 mois").click()
        expect(page.get_by_text("« Encore suivis à 12 mois »").first).to_be_visible()
        expect(page.get_by_text("29 partenariats").first).to_be_visible()
        assert violations_axe(page) == []
        assert visite.erreurs == [] and visite.hors_origine() == []


def _choix(visite: Visite, libelle: str) -> Locator:
    """Ce que l'on clique pour cocher un choix : son étiquette."""
    return visite.page.get_by_role("radio", name=libelle, exact=True).locator("xpath=ancestor::label[1]")


# --- Gestes de l'équipe -----------------------------------------------------------------------------------------


def _verser_une_preuve(visite: Visite) -> None:
    page = visite.page
    visite.aller("/hypotheses?hypothese=S1")
    expect(page.get_by_text("Aucune preuve n'est versée.")).to_be_visible()
    page.get_by_text("Verser une preuve", exact=True).click()
    page.get_by_role("textbox", name="Mots de la citation").fill("rentrait de toute façon")
    visite.faire(lambda: page.get_by_role("textbox", name="Mots de la citation").press("Enter"))
    expect(page.get_by_label("Citation", exact=True).last).to_be_visible()
    visite.faire(page.get_by_role("button", name="Verser la preuve").click)
    expect(page.get_by_text("La preuve est versée à S1.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=CITATION)).to_contain_text("Pour, poids 1")
    expect(page.get_by_text("Aucune preuve contraire n'a été trouvée")).to_be_visible()


def _changer_le_statut(visite: Visite) -> None:
    page = visite.page
    page.get_by_role("textbox", name="Raison du changement").fill("Chez Frigolive Logistique, le camion rentre à vide.")
    visite.faire(page.get_by_role("button", name="Changer le statut").click)
    expect(page.get_by_text("Le statut de S1 est changé.")).to_be_visible()
    assert violations_axe(page) == []


def _remplir_une_ligne(visite: Visite) -> None:
    page = visite.page
    visite.aller("/decision")
    expect(page.get_by_text("7 lignes instruites sur 9")).to_be_visible()
    page.get_by_text("Remplir une ligne", exact=True).click()
    page.wait_for_timeout(500)  # le volet s'ouvre en glissant ; une liste dépliée pendant ce temps se referme
    page.get_by_label("Ligne de la grille").click()
    visite.faire(page.get_by_role("option", name=re.compile("L'intrapreneur a-t-il")).click)
    _choix(visite, "Défavorable").click()
    page.get_by_role("textbox", name="Ce qui le fonde").fill("Un jour par mois, d'après Fabrice Maugrin.")
    visite.faire(page.get_by_role("button", name="Enregistrer la ligne").click)
    expect(page.get_by_text("8 lignes instruites sur 9")).to_be_visible()
    assert violations_axe(page) == []


def _appuyer_sur_une_citation(visite: Visite) -> None:
    """L'appui se choisit sous le formulaire, dont rien ne se perd ; il se lit sous la ligne et s'ouvre à sa place."""
    page = visite.page
    page.get_by_role("textbox", name="Ce qui le fonde").fill("Pas encore enregistré.")
    page.get_by_role("textbox", name="Mots de la citation").fill("rentrait de toute façon")
    visite.faire(lambda: page.get_by_role("textbox", name="Mots de la citation").press("Enter"))
    expect(page.get_by_label("Citation", exact=True).last).to_be_visible()
    visite.faire(page.get_by_role("button", name="Ajouter cet appui").click)
    expect(page.get_by_text("L'appui est ajouté à la ligne.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Ce qui le fonde")).to_have_value("Pas encore enregistré.")
    expect(page.get_by_role("row").filter(has_text=CITATION)).to_contain_text("Citation, entreprise")
    expect(page.get_by_role("link", name="Citation de E-MRS-004")).to_have_attribute(
        "href", re.compile("codage.*verbatim=")
    )
    assert violations_axe(page) == []


def _decrire_une_option(visite: Visite) -> None:
    page = visite.page
    visite.faire(_choix(visite, "Options").click)
    page.get_by_text("Décrire une option", exact=True).click()
    page.get_by_role("textbox", name="Territoire").fill("Yonne et Jura")
    visite.faire(page.get_by_role("button", name="Enregistrer l'option").click)
    expect(page.get_by_role("cell", name="Yonne et Jura")).to_be_visible()
    assert violations_axe(page) == []


def _decider(visite: Visite) -> None:
    page = visite.page
    visite.faire(_choix(visite, "Décision").click)
    expect(page.get_by_text("1 ligne reste à instruire")).to_be_visible()
    assert violations_axe(page) == []
    _choix(visite, "Arrêt").click()
    page.get_by_role("textbox", name="Raisons").fill("Rien ne dit qu'un outil ferait durer les partenariats.")
    visite.faire(page.get_by_role("button", name="Prendre la décision").click)
    expect(page.get_by_text("Dites qui a pris la décision.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Raisons")).to_have_value(
        "Rien ne dit qu'un outil ferait durer les partenariats."
    )
    page.get_by_role("textbox", name="Qui a décidé").fill("Comité de fin d'investigation")
    visite.faire(page.get_by_role("button", name="Prendre la décision").click)
    expect(page.get_by_text("La décision est prise et figée avec les chiffres du jour.")).to_be_visible()
    expect(page.get_by_role("heading", name="Les chiffres du jour de la décision")).to_be_visible()
    assert page.get_by_role("button", name="Prendre la décision").count() == 0


# --- Gestes de la relecture -------------------------------------------------------------------------------------


def _ecrire(visite: Visite, avis: str, texte: str) -> None:
    page = visite.page
    _choix(visite, avis).click()
    page.get_by_role("textbox", name="Message").fill(texte)
    visite.faire(page.get_by_role("button", name="Écrire au fil").click)
    assert page.get_by_role("textbox", name="Message").input_value() == ""


def _retirer_un_accord(lieu: Lieu) -> None:
    with ecriture(lieu.moteur, None) as session:
        session.get_one(Entretien, 1).accord_citation = AccordCitation.NON


def _figer(equipe: Visite) -> None:
    page = equipe.page
    equipe.aller("/indicateurs?lecture=Versions+de+r%C3%A9f%C3%A9rence")
    page.get_by_role("textbox", name="Pourquoi maintenant").fill("Un accord retiré")
    equipe.faire(page.get_by_role("button", name="Figer les chiffres du jour").click)
    expect(page.get_by_text("La version de référence est figée.")).to_be_visible()
    expect(page.get_by_role("cell", name="Un accord retiré")).to_be_visible()


def _retrouver_ce_qui_a_change(visite: Visite, adresse: str) -> None:
    page = visite.page
    visite.aller(adresse)
    expect(page.get_by_text("il avait été validé sur")).to_be_visible()
    visite.faire(_choix(visite, "Versions de référence").click)
    ligne = page.get_by_role("row", name=re.compile("Acteurs qui acceptent d'être cités"))
    expect(ligne).to_contain_text("88 % (22/25)")
    expect(ligne).to_contain_text("85 % (23/27)")
    expect(ligne).to_contain_text("−3 points")
    assert page.get_by_role("button", name="Figer les chiffres du jour").count() == 0
    assert violations_axe(page) == []
