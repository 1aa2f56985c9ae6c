"""Un partenariat dans un vrai navigateur : consigné, signé, suspendu, repris, renouvelé, terminé, corrigé, mesuré."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lib.db.modeles import EvenementPartenariat, Partenariat
from lib.domain.vocabulaire import MotifFin, TypeEvenement
from lib.services.transaction import lecture
from tests.outils.navigateur import Visite
from tests.parcours.conftest import Lieu

pytestmark = pytest.mark.navigateur

ENTREPRISE, ASSOCIATION = "Tessaline Énergies", "Les Mains du Jarret"
T = TypeEvenement


def test_de_la_premiere_discussion_a_la_fin_puis_dans_les_durees(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("lea") as visite:
        termines = _lire_durees(visite)
        _consigner(visite)
        expect(visite.page.get_by_text("En discussion : rien n'a commencé.")).to_be_visible()
        _ajouter(visite, T.SIGNATURE, "15/03/2023")
        _ajouter(visite, T.PAUSE, "01/06/2024")
        expect(visite.page.get_by_text("À vérifier : sans nouvelle depuis le 1er juin 2024")).to_be_visible()
        _ajouter(visite, T.REPRISE, "01/09/2024")
        _ajouter(visite, T.RENOUVELLEMENT, "mars 2025")
        _ajouter(visite, T.FIN, "15/03/2026", motif="Objectif atteint (objectif accompli)")
        phrase = "Terminé le 15 mars 2026, après 3 ans. Motif : objectif atteint (objectif accompli)."
        expect(visite.page.get_by_text(phrase)).to_be_visible()
        frise = visite.page.get_by_role("figure", name=re.compile("Que s.est-il passé"))
        assert "Renouvellement : mars 2025" in (frise.get_attribute("aria-label") or "").replace("\xa0", " ")
        fiche = visite.page.url
        assert _lire_durees(visite) == termines + 1
        avant = _ce_que_dit_la_page(visite)
        visite.page.goto(fiche)
        visite.attendre_repos()
        _corriger(visite, "Fin, 15 mars 2026", "15/03/2025")
        expect(visite.page.get_by_text("Terminé le 15 mars 2025, après 2 ans.")).to_be_visible()
        expect(visite.page.get_by_text("1 ligne corrigée ou annulée : rien ne s'efface")).to_be_visible()
        apres = _ce_que_dit_la_page(visite)
        for nom, ancien, nouveau in zip(("courbe", "tableau", "phrases"), avant, apres, strict=True):
            assert ancien != nouveau, nom
        assert visite.erreurs == [] and visite.hors_origine() == []
    _verifier_en_base(demo_neuve)


def test_le_chiffre_ouvre_la_liste_et_la_liste_ouvre_la_fiche(demo: Lieu) -> None:
    with demo.visiter("diplp") as visite:
        visite.aller("/durees")
        combien = _nombre(visite, "à vérifier")
        visite.page.get_by_role("button", name="Ouvrir la liste des partenariats").click()
        visite.page.get_by_text(f"À vérifier ({combien})").click()
        expect(visite.page.locator("h1")).to_have_text("Partenariats")
        visite.attendre_repos()
        expect(visite.page.get_by_text(f"{combien} partenariats. Statuts au 20 novembre 2026.")).to_be_visible()
        assert visite.page.get_by_role("row").count() == combien + 1
        visite.page.get_by_role("link", name=re.compile("^Entreprise")).first.click()
        expect(visite.page.locator("h1")).to_have_text(re.compile(r"^Entreprise\s\d+ – Association\s\d+$"))
        visite.attendre_repos()
        expect(visite.page.get_by_text("À vérifier : sans nouvelle depuis")).to_be_visible()
        expect(visite.page.get_by_role("heading", name="Mettre à jour")).to_have_count(0)
        assert visite.erreurs == []


def test_un_appel_un_geste(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("karim") as visite:
        visite.aller("/partenariats")
        titre = visite.page.get_by_role("heading", name=re.compile("à rappeler"))
        combien = int(re.findall(r"\d+", titre.inner_text())[0])
        visite.page.get_by_role("button", name=re.compile("^Toujours en cours")).first.click()
        expect(titre).to_have_text(re.compile(rf"^{combien - 1}\s"))
        expect(visite.page.get_by_text("noté « toujours en cours »")).to_be_visible()


def test_noter_depuis_la_liste_en_deux_gestes(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("karim") as visite:
        visite.aller("/partenariats?partenariats_statut=Actif")
        visite.page.get_by_role("button", name=re.compile("^Noter")).first.click()
        fenetre = visite.page.get_by_role("dialog")
        fenetre.get_by_role("button", name="Renouvellement", exact=True).click()
        expect(
            visite.page.get_by_text(re.compile(r"renouvellement \(.*Cela se corrige depuis sa fiche"))
        ).to_be_visible()
        visite.attendre_repos()
        expect(fenetre).to_have_count(0)
        visite.page.get_by_role("button", name=re.compile("^Noter")).first.click()
        fenetre.get_by_role("textbox", name="Quand ?").fill("31/02/2026")
        fenetre.get_by_role("button", name="Renouvellement", exact=True).click()
        expect(fenetre.get_by_role("alert")).to_be_visible()
        expect(fenetre.get_by_role("textbox", name="Quand ?")).to_have_value("31/02/2026")
        assert visite.erreurs == []


def test_un_trait_de_la_chronologie_ouvre_sa_fiche(demo: Lieu) -> None:
    with demo.visiter("lea") as visite:
        visite.aller("/chronologie")
        barre = visite.page.locator(".barlayer .point path").nth(3)
        barre.scroll_into_view_if_needed()
        barre.click(force=True)
        visite.attendre_repos()
        expect(visite.page.locator("h1")).to_have_text(re.compile(" – "))
        assert "partenariat=" in visite.page.url and visite.erreurs == []


def test_une_saisie_rechargee_se_retrouve(demo_neuve: Lieu) -> None:
    with demo_neuve.visiter("ines") as visite:
        visite.aller("/nouveau-partenariat")
        _choisir(visite, "Entreprise", ENTREPRISE)
        visite.page.get_by_label("Description (facultatif)").fill("Deux camions 🚚\net un hangar")
        visite.page.get_by_label("Quantité (facultatif)").fill("2 camions")
        visite.page.get_by_label("Quantité (facultatif)").press("Tab")
        visite.page.wait_for_timeout(500)
        visite.attendre_repos()
        visite.page.reload()
        visite.attendre_repos()
        expect(visite.page.get_by_text("retrouvée : rien n'est perdu")).to_be_visible()
        expect(visite.page.get_by_label("Description (facultatif)")).to_have_value("Deux camions 🚚\net un hangar")
        expect(visite.page.get_by_label("Quantité (facultatif)")).to_have_value("2 camions")
        expect(visite.page.get_by_text(f"Entreprise : {ENTREPRISE}")).to_be_visible()


# --- Gestes -----------------------------------------------------------------------------------------------------


def _consigner(visite: Visite) -> None:
    visite.aller("/nouveau-partenariat")
    page = visite.page
    _choisir(visite, "Entreprise", ENTREPRISE)
    _choisir(visite, "Association", ASSOCIATION)
    page.get_by_label("Formes d'engagement").click()
    page.get_by_role("option", name="Don en nature").click()
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    visite.attendre_repos()
    page.get_by_label("Terrain", exact=True).click()
    page.get_by_role("option", name="Marseille").click()
    visite.attendre_repos()
    for choix in ("Pluriannuel (convention)", "Nous le suivons depuis son début", "On en discute"):
        _cocher(visite, choix)
    page.get_by_label("Depuis quand en parle-t-on").fill("janvier 2023")
    _cliquer(visite, "Enregistrer le partenariat")
    expect(page.locator("h1")).to_have_text(f"{ENTREPRISE} – {ASSOCIATION}")
    expect(page.get_by_text("Partenariat consigné.")).to_be_visible()
    visite.attendre_repos()


def _choisir(visite: Visite, cote: str, nom: str) -> None:
    visite.page.get_by_label(cote, exact=True).fill(nom)
    visite.page.get_by_role("button", name=re.compile(f"^{nom} –")).click()
    expect(visite.page.get_by_text(f"{cote} : {nom}")).to_be_visible()
    visite.attendre_repos()


def _ajouter(visite: Visite, type_evenement: TypeEvenement, quand: str, motif: str = "") -> None:
    _cocher(visite, type_evenement.libelle)
    visite.page.get_by_role("textbox", name="Quand ?").fill(quand)
    if motif:
        visite.page.get_by_label("Pourquoi a-t-il pris fin ?").click()
        visite.page.get_by_role("option", name=motif).click()
        visite.attendre_repos()
    _cliquer(visite, "Enregistrer l'événement")
    expect(visite.page.get_by_text(f"Événement enregistré : {type_evenement.libelle.lower()}.")).to_be_visible()
    visite.attendre_repos()


def _corriger(visite: Visite, evenement: str, quand: str) -> None:
    _cliquer(visite, "Corriger un événement", role="radio")
    visite.page.get_by_label("Quel événement ?").click()
    visite.page.get_by_role("option", name=evenement).click()
    visite.attendre_repos()
    visite.page.get_by_role("textbox", name="Quand ?").fill(quand)
    _cliquer(visite, "Enregistrer la correction")
    expect(visite.page.get_by_text("Correction enregistrée")).to_be_visible()
    visite.attendre_repos()


def _lire_durees(visite: Visite) -> int:
    """Nombre d'épisodes terminés, lu à l'écran des durées, pour les seuls partenariats pluriannuels."""
    visite.aller("/durees?durees_rythme=Pluriannuel+(convention)")
    return _nombre(visite, "terminés?")


def _ce_que_dit_la_page(visite: Visite) -> tuple[str, str, str]:
    """La courbe (son tracé), son tableau et ses phrases, tous partenariats ensemble."""
    visite.aller("/durees")
    page = visite.page
    figure = page.get_by_role("figure", name=re.compile("Combien de temps durent")).first
    trace = "".join(chemin.get_attribute("d") or "" for chemin in figure.locator("path.js-line").all())
    return (
        trace,
        page.get_by_role("table").first.inner_text(),
        page.get_by_text(re.compile("^Parmi les")).first.locator("xpath=..").inner_text(),
    )


def _nombre(visite: Visite, quoi: str) -> int:
    """Un effectif de la première phrase de la page."""
    dits = visite.page.get_by_text("Chiffres arrêtés au").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    return int(re.findall(rf"(\d+) {quoi}", dits)[0])


def _cocher(visite: Visite, libelle: str) -> None:
    visite.page.get_by_role("radio", name=libelle, exact=True).locator("xpath=ancestor::label[1]").click()
    visite.page.wait_for_timeout(300)
    visite.attendre_repos()


def _cliquer(visite: Visite, libelle: str, *, role: str = "button") -> None:
    visite.page.get_by_role(role, name=libelle, exact=True).click()  # type: ignore[arg-type]
    visite.page.wait_for_timeout(300)
    visite.attendre_repos()


def _verifier_en_base(lieu: Lieu) -> None:
    with lecture(lieu.moteur) as session:
        neuf = session.scalars(select(Partenariat).order_by(Partenariat.id.desc())).first()
        assert neuf is not None
        types = session.scalars(
            select(EvenementPartenariat.type)
            .where(EvenementPartenariat.partenariat_id == neuf.id)
            .order_by(EvenementPartenariat.id)
        ).all()
    assert (neuf.renouvellements, neuf.motif_fin, neuf.suspendu_depuis) == (1, MotifFin.OBJECTIF_ATTEINT, None)
    assert types == [T.DISCUSSION, T.SIGNATURE, T.PAUSE, T.REPRISE, T.RENOUVELLEMENT, T.FIN, T.FIN]
