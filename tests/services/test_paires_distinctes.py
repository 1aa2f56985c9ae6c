"""Deux fiches dites différentes ne se proposent plus, jusqu'à ce qu'on revienne dessus."""

import pytest
from sqlalchemy import func, select

from lib.db.base import maintenant
from lib.db.modeles import LigneJournal, Organisation
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import Role
from lib.services import paires_distinctes
from lib.services.doublons import paires_probables
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


@pytest.fixture
def voisines(un_monde: Monde) -> tuple[int, int]:
    with ecriture(un_monde.moteur, None) as session:
        fiches = [fabriques.une_organisation(session, un_monde.terrain, nom=nom).id for nom in ("Panier", "Le Panier")]
    return fiches[0], fiches[1]


def _proposees(monde: Monde) -> set[tuple[int, int]]:
    with lecture(monde.moteur) as session:
        return {(p.premiere_id, p.seconde_id) for p in paires_probables(session, monde.perimetre)}


def test_une_paire_dite_distincte_ne_se_propose_plus_puis_revient(un_monde: Monde, voisines: tuple[int, int]) -> None:
    assert _proposees(un_monde) == {voisines}
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        paire = paires_distinctes.distinguer(session, un_monde.perimetre, une_id=voisines[1], autre_id=voisines[0])
        assert (
            paires_distinctes.distinguer(session, un_monde.perimetre, une_id=voisines[0], autre_id=voisines[1]) == paire
        )
    assert _proposees(un_monde) == set()
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        (lue,) = paires_distinctes.lister_distinctes(session, un_monde.perimetre)
        assert (lue.id, lue.premiere, lue.seconde) == (paire, "Panier", "Le Panier")
        paires_distinctes.confondre(session, un_monde.perimetre, paire_id=paire)
    assert _proposees(un_monde) == {voisines}
    with lecture(un_monde.moteur) as session:
        assert paires_distinctes.lister_distinctes(session, un_monde.perimetre) == ()
        journal = select(func.count()).where(LigneJournal.objet == "paires_distinctes")
        assert session.scalar(journal) == 2
        with pytest.raises(Conflit, match="déjà de nouveau"):
            paires_distinctes.confondre(session, un_monde.perimetre, paire_id=paire)


def test_une_fiche_n_est_pas_differente_d_elle_meme_ni_d_une_fiche_d_ailleurs(
    un_monde: Monde, voisines: tuple[int, int]
) -> None:
    with ecriture(un_monde.moteur, None) as session:
        ailleurs = fabriques.une_organisation(
            session, fabriques.un_terrain(session, fabriques.une_investigation(session)), nom="Panier"
        ).id
    with lecture(un_monde.moteur) as session:
        with pytest.raises(DonneeInvalide, match="deux fiches"):
            paires_distinctes.distinguer(session, un_monde.perimetre, une_id=voisines[0], autre_id=voisines[0])
        with pytest.raises(Introuvable):
            paires_distinctes.distinguer(session, un_monde.perimetre, une_id=voisines[0], autre_id=ailleurs)


def test_seule_l_equipe_le_dit(un_monde: Monde, voisines: tuple[int, int]) -> None:
    with ecriture(un_monde.moteur, None) as session:
        compte = fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation)
        lecteur = fabriques.un_perimetre(compte, un_monde.investigation)
    with lecture(un_monde.moteur) as session:
        for refuse in (
            lambda: paires_distinctes.distinguer(session, lecteur, une_id=voisines[0], autre_id=voisines[1]),
            lambda: paires_distinctes.confondre(session, lecteur, paire_id=1),
            lambda: paires_distinctes.lister_distinctes(session, lecteur),
        ):
            with pytest.raises(AccesRefuse):
                refuse()


def test_une_fiche_archivee_sort_de_la_liste(un_monde: Monde, voisines: tuple[int, int]) -> None:
    with ecriture(un_monde.moteur, None) as session:
        paires_distinctes.distinguer(session, un_monde.perimetre, une_id=voisines[0], autre_id=voisines[1])
        session.get_one(Organisation, voisines[0]).archive_le = maintenant()
    with lecture(un_monde.moteur) as session:
        assert paires_distinctes.lister_distinctes(session, un_monde.perimetre) == ()
