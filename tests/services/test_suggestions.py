"""Propositions d'étiquettes : justifiées par des citations du périmètre, relues au moment de les montrer."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lib.analytics.suggestions import Semblables
from lib.db.base import maintenant
from lib.db.modeles import Verbatim
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import Role
from lib.services import verbatims
from lib.services.retours import ouvrir_geste, revenir
from lib.services.suggestions import EtiquetteProposee, apprendre, bilan, proposer
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.codage import TEXTE, Monde, un_monde

AILLEURS = "Le temps manque toujours. Le temps nous manque. Un camion passe. Rien ici. Le réseau aide. Tout va bien."


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    """Un second entretien, déjà codé phrase par phrase : les deux premières sous la première étiquette."""
    monde = un_monde(moteur)
    with ecriture(moteur, None) as session:
        terrain_id = session.get_one(fabriques.Entretien, monde.entretien_id).terrain_id
        terrain = session.get_one(fabriques.Terrain, terrain_id)
        texte = fabriques.un_texte(session, fabriques.un_entretien(session, terrain, code="E-2"), AILLEURS)
        compte = session.get_one(fabriques.Compte, monde.perimetre.compte_id)
        debut = 0
        for rang, phrase in enumerate(AILLEURS.split(". ")):
            verbatim = fabriques.un_verbatim(session, texte, debut, debut + len(phrase))
            etiquette = session.get_one(fabriques.Etiquette, monde.etiquettes[0 if rang < 2 else 1])
            fabriques.un_etiquetage(session, verbatim, etiquette, compte)
            debut += len(phrase) + 2
    return monde


def _apprendre(monde: Monde) -> Semblables:
    with lecture(monde.moteur) as session:
        return apprendre(session, monde.perimetre)


def _proposer(monde: Monde, modele: Semblables, mots: str = "Le temps manque") -> tuple[EtiquetteProposee, ...]:
    debut = TEXTE.index(mots)
    place = {"texte_id": monde.texte_id, "debut": debut, "fin": debut + len(mots)}
    with lecture(monde.moteur) as session:
        return proposer(session, monde.perimetre, modele, **place)


def test_la_proposition_montre_les_citations_et_leur_entretien(monde: Monde) -> None:
    premiere, *_ = _proposer(monde, _apprendre(monde))
    assert premiere.id == monde.etiquettes[0]
    assert [(citation.citation, citation.source) for citation in premiere.citations] == [
        ("Le temps manque toujours", "E-2"),
        ("Le temps nous manque", "E-2"),
    ]


def test_une_citation_retiree_depuis_ne_se_montre_plus(monde: Monde) -> None:
    modele = _apprendre(monde)
    with ecriture(monde.moteur, None) as session:
        for verbatim in session.query(Verbatim):
            verbatim.archive_le = maintenant()
    assert _proposer(monde, modele) == ()


def test_le_passage_deja_code_ne_se_propose_pas_a_lui_meme(monde: Monde) -> None:
    monde.surligner("rien ne dure", 2)
    assert all(proposee.id != monde.etiquettes[2] for proposee in _proposer(monde, _apprendre(monde), "rien ne dure"))


def test_hors_de_ses_terrains_rien_ne_s_apprend(monde: Monde) -> None:
    borne = replace(monde.perimetre, terrains=frozenset({10**6}))
    with lecture(monde.moteur) as session:
        assert apprendre(session, borne).proposer("Le temps manque") == ()
        with pytest.raises(AccesRefuse):
            apprendre(session, replace(monde.perimetre, role=Role.RELECTEUR))


def test_le_bilan_compte_les_gestes_sous_proposition_sans_ceux_qu_on_a_annules(monde: Monde) -> None:
    cles = []
    for mots, suggestion in (("manque", True), ("on relance", False), ("rien ne dure", True), ("Et le", None)):
        debut = TEXTE.index(mots)
        place = {"texte_id": monde.texte_id, "version": 1, "debut": debut, "fin": debut + len(mots)}
        with ecriture(monde.moteur, monde.perimetre) as session:
            cles.append(ouvrir_geste(session, suggestion=suggestion))
            verbatims.surligner(session, monde.perimetre, **place, etiquette_id=monde.etiquettes[0])
    with ecriture(monde.moteur, monde.perimetre) as session:
        revenir(session, monde.perimetre, geste=cles[2])
    with lecture(monde.moteur) as session:
        part = bilan(session, monde.autre)
    assert (part.numerateur, part.denominateur) == (1, 2)
    assert part.bas is not None and part.haut is not None and part.bas < 0.5 < part.haut
