"""Le récit du codage au clavier seul : se déplacer, choisir, étiqueter, créer, annoter, déplacer, défaire."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lib.db.modeles import Epingle, Etiquette
from lib.domain.vocabulaire import NatureTexte
from lib.services.transaction import ecriture, lecture
from tests.parcours.atelier import Atelier

pytestmark = pytest.mark.navigateur
TRANSCRIPTION = """Q : Et le temps, vous en manquez ?
R : Le temps manque 😡. On relance trois fois, personne ne répond.
Q : Et les moyens ?
R : Un camion 🚚 le mardi, prêté par le voisin. C’est peu.
"""


def _frapper(atelier: Atelier, *touches: str) -> None:
    for touche in touches:
        atelier.page.keyboard.press(touche)


def _choisi(atelier: Atelier, mots: str) -> None:
    """Attend l'annonce de la sélection, lue à voix haute."""
    expect(atelier.page.locator(".annonce")).to_contain_text(f"«\u00a0{mots}\u00a0»")


def _commencer(atelier: Atelier) -> None:
    atelier.ecrire(TRANSCRIPTION, nature=NatureTexte.TRANSCRIPTION)
    atelier.ouvrir()
    atelier.texte.focus()
    _frapper(atelier, "Control+Home", "Control+ArrowDown")
    expect(atelier.page.locator(".annonce")).to_contain_text("Tour de parole. Q dit")


def _epingler(atelier: Atelier, noms: Sequence[str]) -> None:
    with ecriture(atelier.lieu.moteur, None) as session:
        from lib.db.modeles import Compte

        lea = session.scalars(select(Compte).where(Compte.identifiant == "lea")).one()
        for rang, nom in enumerate(noms, start=1):
            etiquette = session.scalars(select(Etiquette).where(Etiquette.nom == nom)).one()
            session.add(
                Epingle(
                    compte_id=lea.id,
                    etiquette_id=etiquette.id,
                    investigation_id=etiquette.investigation_id,
                    rang=rang,
                )
            )


def test_une_phrase_s_etiquette_en_quatre_gestes(atelier: Atelier) -> None:
    """P prend la phrase, Entrée ouvre, quelques lettres sans accent, Entrée pose."""
    _commencer(atelier)
    _frapper(atelier, "Control+ArrowDown")
    expect(atelier.page.locator(".annonce")).to_contain_text("Tour de parole. R dit")
    _frapper(atelier, "p")
    _choisi(atelier, "Le temps manque 😡.")
    expect(atelier.page.locator(".annonce")).to_contain_text("dits par R")
    _frapper(atelier, "Enter")
    atelier.choisir("MANQUE DE TEMPS")
    atelier.annonce("«\u00a0Manque de temps\u00a0» posée.")
    assert atelier.passages() == [("Le temps manque 😡.", ["Manque de temps"])]
    expect(atelier.texte).to_be_focused()


def test_un_chiffre_pose_une_etiquette_epinglee(atelier: Atelier) -> None:
    _epingler(atelier, ["Manque de temps", "Dons inadaptés"])
    _commencer(atelier)
    _frapper(atelier, "Control+ArrowDown", "t", "2")
    atelier.annonce("«\u00a0Dons inadaptés\u00a0» posée.")
    assert atelier.passages() == [
        ("Le temps manque 😡. On relance trois fois, personne ne répond.", ["Dons inadaptés"])
    ]
    _frapper(atelier, "9")
    expect(atelier.page.locator(".annonce")).to_have_text("Aucune étiquette n’est épinglée sous le chiffre 9.")
    _frapper(atelier, "Enter", "1")
    atelier.annonce("«\u00a0Manque de temps\u00a0» posée.")


def test_avancer_etendre_et_reduire_par_mot_phrase_et_tour(atelier: Atelier) -> None:
    _commencer(atelier)
    _frapper(atelier, "m")
    _choisi(atelier, "Et")
    _frapper(atelier, "m", "m")
    _choisi(atelier, "Et le temps")
    _frapper(atelier, "Shift+M")
    _choisi(atelier, "Et le")
    _frapper(atelier, "Escape", "Control+ArrowDown", "Alt+ArrowDown")
    expect(atelier.page.locator(".annonce")).to_contain_text("Phrase. R dit «\u00a0On relance trois fois")
    _frapper(atelier, "Alt+Shift+ArrowDown")
    _choisi(atelier, "On relance trois fois, personne ne répond.")
    _frapper(atelier, "Escape", "Control+ArrowUp", "Control+Shift+ArrowDown")
    _choisi(atelier, "Le temps manque 😡. On relance trois fois, personne ne répond.")
    _frapper(atelier, "Escape", "Control+End", "Control+ArrowDown")
    expect(atelier.page.locator(".annonce")).to_have_text("Fin du texte.")


def test_creer_une_etiquette_sans_quitter_le_texte_puis_l_annuler_la_range(atelier: Atelier) -> None:
    _commencer(atelier)
    _frapper(atelier, "Control+ArrowDown", "p", "Enter")
    champ = atelier.page.get_by_role("combobox", name=re.compile("tiquette"))
    champ.press_sequentially("Relances sans fin")
    expect(atelier.page.get_by_role("option", name=re.compile("Créer l’étiquette"))).to_be_visible()
    champ.press("Enter")
    ranger = atelier.page.get_by_role("combobox", name=re.compile("Ranger"))
    ranger.press_sequentially("manque de temps")
    ranger.press("Enter")
    atelier.annonce("«\u00a0Relances sans fin\u00a0» posée.")
    assert atelier.passages() == [("Le temps manque 😡.", ["Relances sans fin"])]
    with lecture(atelier.lieu.moteur) as session:
        neuve = session.scalars(select(Etiquette).where(Etiquette.nom == "Relances sans fin")).one()
        parent = session.get_one(Etiquette, neuve.parent_id)
        assert (parent.nom, neuve.archive_le) == ("Manque de temps", None)
    _frapper(atelier, "Control+z")
    atelier.annonce("Annulé")
    assert atelier.passages() == []
    with lecture(atelier.lieu.moteur) as session:
        assert session.get_one(Etiquette, neuve.id).archive_le is not None
    _frapper(atelier, "Control+y")
    atelier.annonce("Rétabli")
    assert atelier.passages() == [("Le temps manque 😡.", ["Relances sans fin"])]


def test_deux_etiquettes_un_memo_des_bornes_et_tout_se_defait(atelier: Atelier) -> None:
    """Toute l'histoire d'un passage, sans un clic."""
    _commencer(atelier)
    _frapper(atelier, "Control+ArrowDown", "p", "Enter")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    _frapper(atelier, "Enter")
    atelier.choisir("chronophage")
    atelier.annonce("«\u00a0Recherche de partenaires chronophage\u00a0» posée.")
    _frapper(atelier, "Enter")
    memo = atelier.page.get_by_role("textbox", name="Mémo de l’équipe sur ce passage")
    memo.focus()
    memo.press_sequentially("À revoir avec Karim")
    memo.press("Control+Enter")
    atelier.annonce("Mémo enregistré.")
    expect(atelier.cartes.first).to_contain_text("Mémo\u00a0: À revoir avec Karim")
    _frapper(atelier, "Enter")
    atelier.page.get_by_role("button", name="Déplacer les bornes").press("Enter")
    expect(atelier.page.get_by_role("slider", name="Début du passage")).to_be_focused()
    _frapper(atelier, "ArrowRight", "Tab", "ArrowRight", "ArrowRight", "Enter")
    atelier.annonce("Bornes déplacées")
    attendues = ["Manque de temps", "Recherche de partenaires chronophage"]
    assert atelier.passages() == [("temps manque 😡. On relance", attendues)]
    _frapper(atelier, "Control+z", "Control+z")
    expect(atelier.cartes.first).not_to_contain_text("Mémo")
    assert atelier.passages() == [("Le temps manque 😡.", attendues)]
    _frapper(atelier, "Enter")
    atelier.page.get_by_role("button", name="Retirer l’étiquette Manque de temps").press("Enter")
    atelier.annonce("«\u00a0Manque de temps\u00a0» retirée.")
    _frapper(atelier, "Control+z")
    atelier.annonce("Annulé\u00a0: «\u00a0Manque de temps\u00a0» retirée.")
    assert atelier.passages() == [("Le temps manque 😡.", attendues)]


def test_annuler_survit_a_une_page_rechargee(atelier: Atelier) -> None:
    """Ce qui s'annule vient du journal, et non de la mémoire de l'onglet."""
    _commencer(atelier)
    _frapper(atelier, "Control+ArrowDown", "p", "Enter")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    atelier.ouvrir()
    expect(atelier.page.get_by_role("button", name="Annuler")).to_be_enabled()
    atelier.texte.focus()
    _frapper(atelier, "Control+z")
    atelier.annonce("Annulé\u00a0: «\u00a0Manque de temps\u00a0» posée.")
    assert atelier.passages() == []
    atelier.ouvrir()
    atelier.texte.focus()
    _frapper(atelier, "Control+y")
    atelier.annonce("Rétabli")
    assert len(atelier.passages()) == 1


def test_une_selection_survit_a_une_session_coupee(atelier: Atelier) -> None:
    _commencer(atelier)
    _frapper(atelier, "Control+ArrowDown", "p")
    _choisi(atelier, "Le temps manque 😡.")
    atelier.lieu.serveur.tuer()
    atelier.lieu.serveur.demarrer()
    atelier.ouvrir()
    expect(atelier.page.locator(".message")).to_contain_text("Votre sélection a été retrouvée")
    atelier.texte.focus()
    _frapper(atelier, "Enter")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    assert atelier.passages() == [("Le temps manque 😡.", ["Manque de temps"])]
    atelier.visite.erreurs.clear()  # la liaison coupée se dit en console : c'est ce que l'on voulait


def test_seules_les_reponses_portent_une_etiquette_reservee(atelier: Atelier) -> None:
    with ecriture(atelier.lieu.moteur, None) as session:
        session.scalars(select(Etiquette).where(Etiquette.nom == "Manque de temps")).one().reservee = True
    _commencer(atelier)
    _frapper(atelier, "t", "Enter")
    atelier.choisir("manque de temps")
    expect(atelier.page.locator(".annonce")).to_contain_text("Réservée aux paroles de la personne interrogée")
    assert atelier.passages() == []
    _frapper(atelier, "Escape", "Escape", "Control+ArrowDown", "t", "Enter")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    filtre = atelier.page.get_by_role("button", name=re.compile("^Q \\(mène l’entretien"))
    filtre.press("Enter")
    expect(atelier.cartes).to_have_count(0)
    assert "".join(atelier.surlignes("autres")).startswith("R : Le temps manque")
    atelier.page.get_by_role("button", name=re.compile("^R \\(personne interrogée, 2 tours")).press("Enter")
    expect(atelier.cartes).to_have_count(1)
