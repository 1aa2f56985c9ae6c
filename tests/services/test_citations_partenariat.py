"""Rattacher à un partenariat les passages qui en parlent."""

import pytest
from sqlalchemy import select

from lib.db.base import maintenant
from lib.db.modeles import CitationPartenariat, Verbatim
from lib.domain.erreurs import AccesRefuse, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import Role
from lib.services import citations_partenariat as citations
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


@pytest.fixture
def passages(un_monde: Monde) -> tuple[int, int, int]:
    """(partenariat, passage de l'association, passage d'une autre organisation)."""
    with ecriture(un_monde.moteur, None) as session:
        partenariat = fabriques.un_partenariat(session, un_monde.entreprise, un_monde.association, un_monde.terrain)
        autre = fabriques.une_organisation(session, un_monde.terrain)
        verbatims = []
        for organisation in (un_monde.association, autre):
            entretien = fabriques.un_entretien(session, un_monde.terrain, organisation_id=organisation.id)
            texte = fabriques.un_texte(session, entretien, "On a commencé par un don de palettes.")
            verbatims.append(fabriques.un_verbatim(session, texte, 0, 15).id)
        return partenariat.id, *verbatims


def test_on_propose_les_passages_des_deux_organisations_et_un_rattachement_suffit(
    un_monde: Monde, passages: tuple[int, int, int]
) -> None:
    partenariat_id, le_sien, _ = passages
    with lecture(un_monde.moteur) as session:
        proposees = citations.proposer_citations(session, un_monde.perimetre, partenariat_id=partenariat_id)
    assert [p.verbatim_id for p in proposees] == [le_sien]
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        for _ in range(2):  # un double envoi n'écrit qu'une fois
            citations.citer(session, un_monde.perimetre, partenariat_id=partenariat_id, verbatim_id=le_sien)
    with lecture(un_monde.moteur) as session:
        (lue,) = citations.lire_citations(session, un_monde.perimetre, partenariat_id=partenariat_id)
        assert (lue.verbatim_id, lue.citation) == (le_sien, "On a commencé p"[:15])
        assert citations.proposer_citations(session, un_monde.perimetre, partenariat_id=partenariat_id) == ()
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        citations.retirer(session, un_monde.perimetre, lien_id=lue.lien_id)
    with lecture(un_monde.moteur) as session:
        assert citations.lire_citations(session, un_monde.perimetre, partenariat_id=partenariat_id) == ()
        assert session.scalars(select(CitationPartenariat.retiree_par)).one() == un_monde.compte.id


def test_un_passage_retire_ou_inconnu_ne_se_rattache_pas(un_monde: Monde, passages: tuple[int, int, int]) -> None:
    partenariat_id, le_sien, _ = passages
    with ecriture(un_monde.moteur, None) as session:
        session.get_one(Verbatim, le_sien).archive_le = maintenant()
    for verbatim_id, erreur in ((le_sien, DonneeInvalide), (99_999, Introuvable)):
        with ecriture(un_monde.moteur, un_monde.perimetre) as session, pytest.raises(erreur):
            citations.citer(session, un_monde.perimetre, partenariat_id=partenariat_id, verbatim_id=verbatim_id)


def test_hors_de_l_equipe_rien_ne_se_lit(un_monde: Monde, passages: tuple[int, int, int]) -> None:
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        citations.citer(session, un_monde.perimetre, partenariat_id=passages[0], verbatim_id=passages[1])
        compte = fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation)
        lecteur = fabriques.un_perimetre(compte, un_monde.investigation)
    with lecture(un_monde.moteur) as session:
        assert citations.lire_citations(session, lecteur, partenariat_id=passages[0]) == ()
        with pytest.raises(AccesRefuse):
            citations.proposer_citations(session, lecteur, partenariat_id=passages[0])
