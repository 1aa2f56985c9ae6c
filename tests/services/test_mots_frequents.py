"""Un mot fréquent rend les mêmes citations, qu'on lise tout ou seulement les dernières."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Etiquette, Terrain, Verbatim
from lib.domain.citations import TriCitations
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role, TailleEntreprise, TypeActeur
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


# --- Ranger ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def rangeable(moteur: Engine) -> Perimetre:
    """Quarante entretiens de cinq citations, un sur trois sans organisation ; « temps » dans quinze des derniers."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        terrains = [fabriques.un_terrain(session, investigation) for _ in range(2)]
        etiquettes = [fabriques.une_etiquette(session, investigation) for _ in range(2)]
        for rang in range(40):
            _un_entretien(session, rang, terrains[rang % 2], etiquettes, compte)
        refaire(session, investigation.id)
        return fabriques.un_perimetre(compte, investigation)


def _un_entretien(session: Session, rang: int, terrain: Terrain, etiquettes: list[Etiquette], compte: Compte) -> None:
    taille = list(TailleEntreprise)[rang % 4] if rang % 5 else None
    qui = {"type_acteur": TypeActeur.ENTREPRISE, "taille": taille} if taille else {}
    organisation = fabriques.une_organisation(session, terrain, nom=f"Nom {rang % 7}", **qui)
    entretien = fabriques.un_entretien(session, terrain, organisation_id=organisation.id if rang % 3 else None)
    contenu = "".join(f"{PHRASES[rang < 20 or rang % 4 == 0]} {place}.\n" for place in range(5))
    texte = fabriques.un_texte(session, entretien, contenu)
    for place, ligne in enumerate(contenu.splitlines(keepends=True)):
        verbatim = fabriques.un_verbatim(session, texte, place * len(ligne), (place + 1) * len(ligne) - 1)
        for etiquette in etiquettes[: place % 3]:
            fabriques.un_etiquetage(session, verbatim, etiquette, compte)


def _paginer(moteur: Engine, perimetre: Perimetre, **filtres: object) -> list[PageCitations]:
    with lecture(moteur) as session:
        choix = FiltresCitations(**filtres)  # type: ignore[arg-type]
        return [lister_citations(session, perimetre, filtres=choix, page=page) for page in (1, 2)]


@pytest.mark.parametrize("decroissant", [False, True])
@pytest.mark.parametrize("tri", list(TriCitations))
def test_les_premiers_entretiens_suffisent_ou_tout_se_range(
    moteur: Engine, rangeable: Perimetre, monkeypatch: pytest.MonkeyPatch, tri: TriCitations, decroissant: bool
) -> None:
    """Sans mots, un mot présent ou absent des premiers entretiens, une expression, une exclusion, une étiquette."""
    monkeypatch.setattr(recherche_citations, "PLAFOND", 8)
    monkeypatch.setattr(recherche_citations, "PAR_PAGE", 4)
    with lecture(moteur) as session:
        premiere = session.query(Etiquette.id).order_by(Etiquette.id).limit(1).scalar()
    voulus: list[dict[str, object]] = [{"texte": texte} for texte in ("", *CHERCHEES, "rien")]
    voulus += [{"etiquettes": (premiere,)}, {"sans_etiquette": True}, {"texte": "temps", "etiquettes": (premiere,)}]
    commun = {"tri": tri, "decroissant": decroissant}
    with monkeypatch.context() as entieres:
        entieres.setattr(recherche_citations.Recherche, "approcher", lambda *_: iter(()))
        attendues = [_paginer(moteur, rangeable, **commun, **voulu) for voulu in voulus]
    monkeypatch.setattr(mots_frequents, "FREQUENT", 3)
    monkeypatch.setattr(mots_frequents, "MARGE", 0.5)
    assert [_paginer(moteur, rangeable, **commun, **voulu) for voulu in voulus] == attendues
    assert all(page.citations for page in attendues[0])


@pytest.mark.parametrize(("texte", "porteurs"), [("", False), ("rien", False), ("temps", True)])
def test_un_ordre_ne_lit_que_les_premiers_entretiens(
    moteur: Engine, rangeable: Perimetre, monkeypatch: pytest.MonkeyPatch, texte: str, porteurs: bool
) -> None:
    """Un mot que les premiers entretiens ne portent pas se cherche dans les premiers de ceux qui le portent."""
    monkeypatch.setattr(recherche_citations, "PLAFOND", 8)
    monkeypatch.setattr(recherche_citations, "PAR_PAGE", 4)
    monkeypatch.setattr(mots_frequents, "FREQUENT", 3)
    monkeypatch.setattr(mots_frequents, "MARGE", 4.0)
    filtres = FiltresCitations(texte=texte, tri=TriCitations.ENTRETIEN)
    with lecture(moteur) as session:
        recherche = recherche_citations.Recherche(perimetre=rangeable, filtres=filtres).mesurer(session)
        suffisantes = [
            bornee
            for bornee in recherche.approcher(session, 1)
            if bornee.suffit(session.execute(bornee.lister(1)).all(), 1)
        ]
    assert suffisantes and suffisantes[0].porteurs is porteurs and (suffisantes[0].entretiens or 40) < 20
