"""Un mot fréquent rend les mêmes citations, qu'on lise tout ou seulement les dernières."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Verbatim
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.services import mots_frequents, recherche_citations
from lib.services.citations import FiltresCitations, PageCitations, lister_citations
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques

PHRASES = ("Le temps manque", "Rien à dire")
CHERCHEES = ("temps", '"temps manque"', "temps -rien", "temps -manque")


@pytest.fixture
def perimetre(moteur: Engine) -> Perimetre:
    """Quarante citations, le mot dans une sur deux ; la toute première, corrigée, s'indexe après les autres."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        entretien = fabriques.un_entretien(session, fabriques.un_terrain(session, investigation))
        contenu = "".join(f"{PHRASES[rang % 2]} {rang}.\n" for rang in range(40))
        texte = fabriques.un_texte(session, entretien, contenu)
        debuts = [0, *(place + 1 for place, signe in enumerate(contenu[:-1]) if signe == "\n")]
        verbatims = [fabriques.un_verbatim(session, texte, debut, contenu.index("\n", debut)) for debut in debuts]
        session.flush()
        verbatims[0].citation = "Le temps manque toujours"
        session.flush()
        refaire(session, investigation.id)
        return fabriques.un_perimetre(compte, investigation)


def _chercher(moteur: Engine, perimetre: Perimetre, texte: str) -> PageCitations:
    with lecture(moteur) as session:
        return lister_citations(session, perimetre, filtres=FiltresCitations(texte=texte))


@pytest.mark.parametrize("marge", [0.1, 1.0, 1.5])
@pytest.mark.parametrize("texte", CHERCHEES)
def test_les_dernieres_suffisent_ou_tout_se_lit(
    moteur: Engine, perimetre: Perimetre, monkeypatch: pytest.MonkeyPatch, texte: str, marge: float
) -> None:
    monkeypatch.setattr(recherche_citations, "PLAFOND", 8)
    entiere = _chercher(moteur, perimetre, texte)
    monkeypatch.setattr(mots_frequents, "FREQUENT", 3)
    monkeypatch.setattr(mots_frequents, "MARGE", marge)
    assert _chercher(moteur, perimetre, texte) == entiere
    assert entiere.total == (0 if "-manque" in texte else 8)


def test_une_citation_corrigee_ne_fait_perdre_personne(moteur: Engine, perimetre: Perimetre) -> None:
    """Le premier morceau à lire est celui de la plus ancienne des dernières citations, où qu'elle soit indexée."""
    with lecture(moteur) as session:
        premiere = session.query(Verbatim).order_by(Verbatim.id).first()
    trouvees = _chercher(moteur, perimetre, "temps").citations
    assert premiere and len(trouvees) == 20 and trouvees[-1].verbatim_id == premiere.id


def test_un_mot_rare_se_lit_en_entier(moteur: Engine, perimetre: Perimetre) -> None:
    recherche = recherche_citations.Recherche(perimetre=perimetre, filtres=FiltresCitations(texte="temps"))
    with lecture(moteur) as session:
        assert recherche.parmi_les_dernieres(session).dernieres is None
