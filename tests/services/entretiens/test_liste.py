"""La liste : filtrée et paginée par la base, à coût constant."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lib.db.base import maintenant
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.textes import plier
from lib.domain.vocabulaire import Role, StatutEntretien, TypeActeur
from lib.services.entretiens import CriteresEntretiens, PageEntretiens, TriEntretiens, lister, nommer
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.requetes import compter_requetes
from tests.services.entretiens.monde import Monde


@pytest.fixture
def garni(un_monde: Monde) -> Monde:
    """Quatre entretiens : deux à Marseille, un ailleurs, un archivé ; un brouillon sans date."""
    with ecriture(un_monde.moteur, None) as session:
        ailleurs = fabriques.un_terrain(session, un_monde.investigation, nom="Bourgogne")
        e1 = fabriques.un_entretien(
            session,
            un_monde.terrain,
            code="E-MRS-001",
            tenu_le=date(2026, 10, 1),
            organisation_id=un_monde.association.id,
        )
        fabriques.un_entretien(
            session,
            un_monde.terrain,
            code="E-MRS-002",
            tenu_le=None,
            statut=StatutEntretien.BROUILLON,
        )
        e3 = fabriques.un_entretien(
            session,
            ailleurs,
            code="E-BFC-001",
            tenu_le=date(2026, 11, 3),
            type_acteur=TypeActeur.ENTREPRISE,
            organisation_id=un_monde.entreprise.id,
        )
        fabriques.un_entretien(session, ailleurs, code="E-BFC-002", archive_le=maintenant())
        texte = "Les dossiers de mécénat « pèsent » 100 % du temps"
        fabriques.un_texte(session, e3, texte, contenu_recherche=plier(texte))
        notes = fabriques.un_texte(session, e1, "Un passage codé")
        fabriques.un_verbatim(session, notes, 0, 10)
        fabriques.un_verbatim(session, notes, 3, 10, archive_le=maintenant())
    _mener(un_monde, e1.id, un_monde.compte.id, un_monde.collegue.id)
    return un_monde


@pytest.mark.parametrize(
    ("criteres", "attendus"),
    [
        ({}, ["E-MRS-002", "E-BFC-001", "E-MRS-001"]),
        ({"tri": TriEntretiens.ANCIENS}, ["E-MRS-002", "E-MRS-001", "E-BFC-001"]),
        ({"tri": TriEntretiens.CODE}, ["E-BFC-001", "E-MRS-001", "E-MRS-002"]),
        ({"tri": TriEntretiens.ORGANISATION}, ["E-BFC-001", "E-MRS-001", "E-MRS-002"]),
        ({"type_acteur": TypeActeur.ENTREPRISE}, ["E-BFC-001"]),
        ({"statut": StatutEntretien.BROUILLON}, ["E-MRS-002"]),
        ({"du": date(2026, 10, 2)}, ["E-BFC-001"]),
        ({"au": date(2026, 10, 1)}, ["E-MRS-001"]),
        ({"recherche": "EPICERIE calanques"}, ["E-MRS-001"]),
        ({"recherche": "Mécénat dossiers"}, ["E-BFC-001"]),
        ({"recherche": "100 %"}, ["E-BFC-001"]),
        ({"recherche": "bfc-001"}, ["E-BFC-001"]),
        ({"recherche": "introuvable"}, []),
        ({"recherche": "%"}, ["E-BFC-001"]),
        ({"archives": True}, ["E-BFC-002"]),
    ],
)
def test_les_criteres_se_combinent(garni: Monde, criteres: dict[str, Any], attendus: list[str]) -> None:
    assert [ligne.code for ligne in _lister(garni, CriteresEntretiens(**criteres)).lignes] == attendus


def test_le_terrain_et_l_enqueteur_filtrent(garni: Monde) -> None:
    assert _lister(garni, CriteresEntretiens(terrain_id=garni.terrain.id)).total == 2
    assert _lister(garni, CriteresEntretiens(enqueteur_id=garni.collegue.id)).total == 1


def test_une_ligne_dit_l_essentiel(garni: Monde) -> None:
    ligne = _lister(garni, CriteresEntretiens(recherche="calanques")).lignes[0]
    assert (ligne.terrain, ligne.organisation, ligne.citations) == ("Marseille", "L'Épicerie des Calanques", 1)
    assert sorted(ligne.enqueteurs.split(", ")) == ["Karim Test", "Léa Test"]


def test_la_page_demandee_ne_sort_jamais_de_la_liste(garni: Monde) -> None:
    with lecture(garni.moteur) as session:
        pages = {
            page: lister(session, garni.perimetre, criteres=CriteresEntretiens(), page=page, par_page=2)
            for page in (-1, 1, 2, 99)
        }
    assert {page: (p.page, len(p.lignes)) for page, p in pages.items()} == {
        -1: (1, 2),
        1: (1, 2),
        2: (2, 1),
        99: (2, 1),
    }
    assert (pages[1].total, pages[1].pages) == (3, 2)


def test_la_liste_coute_deux_requetes_quel_que_soit_son_nombre(garni: Monde) -> None:
    with lecture(garni.moteur) as session, compter_requetes(garni.moteur) as requetes:
        lister(session, garni.perimetre, criteres=CriteresEntretiens())
    assert len(requetes) == 2


def test_qui_ne_lit_pas_les_identites_n_a_pas_la_liste(garni: Monde) -> None:
    lecteur = replace(garni.perimetre, role=Role.RELECTEUR)
    for appel in (
        lambda s: lister(s, lecteur, criteres=CriteresEntretiens()),
        lambda s: nommer(s, lecteur, identifiants=(1,)),
    ):
        with pytest.raises(AccesRefuse), lecture(garni.moteur) as session:
            appel(session)


def test_hors_du_perimetre_rien(garni: Monde) -> None:
    limite = replace(garni.perimetre, terrains=frozenset({garni.terrain.id}))
    assert _lister(garni, CriteresEntretiens(), limite).total == 2
    with lecture(garni.moteur) as session:
        tous = tuple(ligne.id for ligne in _lister(garni, CriteresEntretiens()).lignes)
        assert sorted(nommer(session, limite, identifiants=tous).values()) == ["E-MRS-001", "E-MRS-002"]
        assert nommer(session, limite, identifiants=()) == {}


def _lister(monde: Monde, criteres: CriteresEntretiens, perimetre: Perimetre | None = None) -> PageEntretiens:
    with lecture(monde.moteur) as session:
        return lister(session, perimetre or monde.perimetre, criteres=criteres)


def _mener(monde: Monde, entretien_id: int, *comptes: int) -> None:
    from lib.db.modeles import EntretienEnqueteur

    with ecriture(monde.moteur, None) as session:
        session.add_all(EntretienEnqueteur(entretien_id=entretien_id, compte_id=compte) for compte in comptes)
