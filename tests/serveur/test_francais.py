"""Ce que Streamlit écrit de lui-même se lit en français, même dans un navigateur anglais ; le reste est intact."""

import re

import pytest

from lib.serveur.traduction import lire_dictionnaire
from tests.outils.navigateur import Visite
from tests.serveur.conftest import Visiter

pytestmark = pytest.mark.navigateur

# Tout ce qui se lit à l'écran ou s'entend, sauf le contenu des scripts.
TOUT_LIRE = """() => {
  const lus = new Set();
  const visite = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (visite.nextNode()) {
    const noeud = visite.currentNode;
    if (noeud.nodeType === Node.TEXT_NODE) {
      if (!noeud.parentElement.closest("script, style, noscript, [data-testid=stText], [data-testid=stIconMaterial]"))
        lus.add(noeud.nodeValue.trim());
    } else for (const nom of ["aria-label", "title", "placeholder", "aria-valuetext"]) {
      if (noeud.hasAttribute(nom)) lus.add(noeud.getAttribute(nom).trim());
    }
  }
  return [...lus];
}"""
MOTS_ANGLAIS = re.compile(
    r"\b(the|choose|select|selected|clear|press|enter|open|close|search|day|month|year|hour|remove|upload|drag|file|"
    r"required|field|fullscreen|show|hide|download|connect\w*|running|stop|page not|options available|help for|"
    r"january|february|march|monday|tuesday|increment|decrement|empty|next|previous)\b",
    re.IGNORECASE,
)
# Écrits par le script d'essai.
DU_SCRIPT = {"Choose options : ce texte vient d'une personne."}


def _restes(visite: Visite) -> list[str]:
    lus = [lu for lu in visite.page.evaluate(TOUT_LIRE) if lu not in DU_SCRIPT]
    return [lu for lu in lus if MOTS_ANGLAIS.search(lu)]


@pytest.mark.parametrize(
    ("chemin", "langue"),
    [
        ("/", "en-US"),
        ("/", "fr-FR"),
        ("/", "de-DE"),
        ("/figures", "en-US"),
        ("/fenetres", "en-US"),
        ("/saisie", "en-US"),
    ],
)
def test_aucun_mot_anglais_ne_reste_a_l_ecran(visiter_essai: Visiter, chemin: str, langue: str) -> None:
    with visiter_essai(langue=langue) as visite:
        visite.aller(chemin)
        visite.page.wait_for_timeout(500)
        assert _restes(visite) == []


def test_ce_qu_une_personne_a_ecrit_n_est_jamais_traduit(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.aller("/")
        assert visite.page.get_by_text("Choose options : ce texte vient d'une personne.").is_visible()
        assert visite.page.get_by_test_id("stText").inner_text() == "Select all"


def test_une_liste_s_ouvre_en_francais(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.aller("/")
        visite.page.get_by_role("combobox", name="Irritants").click()
        visite.page.get_by_role("option", name="Tout sélectionner").wait_for()
        assert _restes(visite) == []
        visite.page.keyboard.type("zzz")
        visite.page.get_by_text("Aucun résultat").wait_for()


def test_le_calendrier_est_francais_et_commence_le_lundi(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.aller("/")
        visite.page.get_by_test_id("stDateInputCalendarButton").first.click()
        calendrier = visite.page.get_by_test_id("stDateInputCalendar")
        calendrier.get_by_role("button", name="mercredi 14 février 2024 sélectionné").wait_for()
        assert calendrier.get_by_role("grid", name="Choisir une date, février 2024").is_visible()
        assert calendrier.locator("th").first.inner_text() == "L"
        assert _restes(visite) == []


def test_une_saisie_hors_limites_est_refusee_en_francais(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.aller("/")
        champ = visite.page.get_by_role("spinbutton", name="Effectif")
        champ.fill("99")
        champ.press("Enter")
        visite.page.get_by_text("Nombre hors limites : saisissez une valeur entre 0 et 10.").first.wait_for()
        nom = visite.page.get_by_role("textbox", name="Nom")
        nom.fill("a")
        assert visite.page.get_by_text("Entrée pour valider").is_visible()
        nom.fill("")
        nom.press("Enter")
        visite.page.get_by_text("Ce champ est obligatoire.").first.wait_for()
        assert _restes(visite) == []


def test_un_fichier_trop_lourd_est_refuse_en_francais(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.aller("/")
        lourd = {"name": "gros.txt", "mimeType": "text/plain", "buffer": b"x" * 6_000_000}
        visite.page.locator('[data-testid="stFileUploader"] input').nth(1).set_input_files(lourd)
        visite.page.get_by_text("Le fichier doit peser 5 Mo au plus.").wait_for()


def test_fenetre_notification_et_attente_sont_en_francais(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.aller("/fenetres")
        visite.faire(visite.page.get_by_role("button", name="Ouvrir").click)
        visite.page.get_by_role("dialog").get_by_role("button", name="Fermer").first.wait_for()
        visite.page.keyboard.press("Escape")
        visite.faire(visite.page.get_by_role("button", name="Prévenir").click)
        visite.page.get_by_test_id("stToast").get_by_role("button", name="Fermer").wait_for()
        visite.page.get_by_role("button", name="Patienter").click()
        visite.page.get_by_role("img", name="Calcul en cours…").wait_for()
        assert _restes(visite) == []
        visite.attendre_repos()


def test_une_adresse_inconnue_se_dit_en_francais(visiter_essai: Visiter) -> None:
    with visiter_essai(langue="en-US") as visite:
        visite.page.goto(visite.adresse + "/nulle-part")
        visite.page.get_by_text("Page introuvable").wait_for()
        assert visite.page.get_by_text("Cette page n’existe pas, ou plus. Voici l’accueil.").is_visible()


def test_le_dictionnaire_ne_traduit_rien_vers_l_anglais() -> None:
    dictionnaire = lire_dictionnaire()
    tous = {**dictionnaire.exactes, **dictionnaire.motifs, **dictionnaire.composees}
    assert [fr for fr in tous.values() if MOTS_ANGLAIS.search(fr)] == []
