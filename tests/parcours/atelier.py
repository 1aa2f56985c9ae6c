"""L'atelier de codage sous les doigts d'une personne : ce que les récits du codage ont en commun."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquetage, Etiquette, Texte, Verbatim
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import NatureTexte, Role
from lib.services.entretiens.textes import poser
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests.outils.navigateur import Visite

if TYPE_CHECKING:
    from tests.parcours.conftest import Lieu

ENTRETIEN = "E-ESSAI-001"
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

    lieu: "Lieu"
    visite: Visite
    entretien_id: int

    @property
    def page(self) -> Page:
        return self.visite.page

    @property
    def texte(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile(f"(Notes|Transcription) de {ENTRETIEN}"))

    @property
    def cartes(self) -> Locator:
        return self.page.get_by_role("complementary", name="Passages codés").get_by_role("button")

    def ouvrir(self, suite: str = "") -> None:
        self.visite.aller(f"/codage?entretien={self.entretien_id}{suite}")
        self.texte.wait_for()
        self.page.wait_for_function("() => document.fonts.status === 'loaded'")

    def glisser(self, mots: str) -> None:
        """Sélectionne des mots à la souris."""
        place = self._place(mots)
        souris = self.page.mouse
        souris.move(place["gauche"] + 1, place["milieu"])
        souris.down()
        souris.move(place["droite"] - 8, place["milieu"], steps=4)
        souris.move(place["droite"], place["milieu"])
        souris.up()

    def survoler(self, mots: str) -> None:
        """Passe la souris sur des mots, sans rien presser."""
        place = self._place(mots)
        self.page.mouse.move((place["gauche"] + place["droite"]) / 2, place["milieu"], steps=3)

    def _place(self, mots: str) -> dict[str, float]:
        """Où sont ces mots, une fois la page immobile : une légende qui paraît les déplacerait sous la souris."""
        vue, place = None, self.texte.evaluate(COORDONNEES, mots)
        while vue != place:
            self.page.wait_for_timeout(120)
            vue, place = place, self.texte.evaluate(COORDONNEES, mots)
        return dict(place)

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

    def surlignes(self, couche: str) -> list[str]:
        """Les mots que colore une couche : une famille, « vise », « choisi », « chevauchement »…"""
        lus: list[str] = self.page.evaluate(
            "(couche) => [...(CSS.highlights.get(`associe-${couche}`) ?? [])].map((plage) => plage.toString())", couche
        )
        return sorted(lus)

    def reperes(self) -> list[str]:
        """Les numéros posés au-dessus des passages."""
        return self.page.locator(".repere").all_inner_texts()

    def ecrire(self, notes: str, *, nature: NatureTexte = NatureTexte.NOTES) -> None:
        """Donne un autre texte à l'entretien, encore sans passage."""
        with ecriture(self.lieu.moteur, None) as session:
            texte = session.scalars(select(Texte).where(Texte.entretien_id == self.entretien_id)).one()
            texte.contenu, texte.nature = notes, nature

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


@contextmanager
def atelier_vide(lieu: "Lieu") -> Iterator[Atelier]:
    """Des notes pleines d'emoji, sans aucun passage ; à la fin, ni erreur, ni requête au-dehors, ni compte faux."""
    with ecriture(lieu.moteur, None) as session:
        entretien = _entretien_neuf(session)
        refaire(session, entretien.investigation_id)
    with lieu.visiter("lea") as visite:
        yield Atelier(lieu, visite, entretien.id)
        assert visite.hors_origine() == []
        assert not [erreur for erreur in visite.erreurs if "404" not in erreur], visite.erreurs
    with lecture(lieu.moteur) as session:
        assert verifier(session, entretien.investigation_id) == []


def _entretien_neuf(session: Session) -> Entretien:
    """Un entretien réalisé, le plus récent de l'enquête, à côté de ceux que la démonstration cite déjà."""
    modele = session.scalars(select(Entretien).where(Entretien.code == "E-MRS-001")).one()
    repris = ("investigation_id", "terrain_id", "type_acteur", "organisation_id", "mode", "statut", "cree_par")
    repris += ("notice_remise_le", "notice_moyen", "notice_version", "accord_citation")
    champs = {nom: getattr(modele, nom) for nom in repris}
    entretien = Entretien(**champs, code=ENTRETIEN, tenu_le=session.scalar(select(func.max(Entretien.tenu_le))))
    session.add(entretien)
    session.flush()
    poser(session, Perimetre(compte_id=0, role=Role.ENQUETEUR), entretien, NatureTexte.NOTES, NOTES)
    return entretien
