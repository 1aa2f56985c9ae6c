"""Pas de périmètre, rien ; un terrain permis, ses lignes seulement."""

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Entretien, EntretienInterlocuteur, Interlocuteur, Texte
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre
from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture, lecture
from tests import fabriques


@pytest.fixture
def deux_terrains(moteur: Engine) -> tuple[int, int, int]:
    """(investigation, premier terrain, second terrain), un entretien et un texte dans chacun."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        terrains = [fabriques.un_terrain(session, investigation) for _ in range(2)]
        for terrain in terrains:
            fabriques.un_texte(session, fabriques.un_entretien(session, terrain), "texte")
    return investigation.id, terrains[0].id, terrains[1].id


def _voit(moteur: Engine, perimetre: Perimetre) -> tuple[int, int]:
    with lecture(moteur) as session:
        return tuple(len(session.scalars(select(m).where(visible(m, perimetre))).all()) for m in (Entretien, Texte))  # type: ignore[return-value]


def test_sans_investigation_ouverte_rien_n_est_visible(moteur: Engine, deux_terrains: tuple[int, int, int]) -> None:
    assert _voit(moteur, Perimetre(compte_id=1, role=Role.ADMINISTRATEUR)) == (0, 0)


def test_un_terrain_permis_borne_aussi_les_textes(moteur: Engine, deux_terrains: tuple[int, int, int]) -> None:
    investigation, premier, _ = deux_terrains
    tout = Perimetre(compte_id=1, role=Role.ENQUETEUR, investigation_id=investigation)
    borne = Perimetre(compte_id=1, role=Role.ENQUETEUR, investigation_id=investigation, terrains=frozenset({premier}))
    assert _voit(moteur, tout) == (2, 2)
    assert _voit(moteur, borne) == (1, 1)


def test_la_visite_de_demonstration_ne_voit_rien_de_reel(moteur: Engine, deux_terrains: tuple[int, int, int]) -> None:
    assert _voit(moteur, Perimetre(compte_id=1, role=Role.DEMONSTRATION, investigation_id=deux_terrains[0])) == (0, 0)


def test_hors_perimetre_c_est_introuvable(moteur: Engine, deux_terrains: tuple[int, int, int]) -> None:
    ailleurs = Perimetre(compte_id=1, role=Role.ENQUETEUR, investigation_id=deux_terrains[0] + 1)
    with lecture(moteur) as session:
        entretien = session.scalars(select(Entretien)).first()
        assert entretien is not None
        with pytest.raises(Introuvable):
            trouver(session, Entretien, entretien.id, ailleurs)


def test_une_personne_se_voit_par_son_organisation_ou_par_un_entretien_permis(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        ici, ailleurs = (fabriques.un_terrain(session, investigation) for _ in range(2))
        d_ici, d_ailleurs = (fabriques.une_organisation(session, terrain) for terrain in (ici, ailleurs))
        fabriques.un_interlocuteur(session, d_ici, nom="D'ici")
        fabriques.un_interlocuteur(session, d_ailleurs, nom="D'ailleurs")
        venue = fabriques.un_interlocuteur(session, d_ailleurs, nom="D'ailleurs, rencontrée ici")
        seule = fabriques.un_interlocuteur(session, d_ici, nom="Sans organisation, vue ailleurs", organisation_id=None)
        fabriques.un_interlocuteur(session, d_ici, nom="Rattachée à rien", organisation_id=None)
        for personne, terrain in ((venue, ici), (seule, ailleurs)):
            entretien = fabriques.un_entretien(session, terrain)
            session.add(EntretienInterlocuteur(entretien_id=entretien.id, interlocuteur_id=personne.id))
    borne = Perimetre(compte_id=1, role=Role.ENQUETEUR, investigation_id=investigation.id, terrains=frozenset({ici.id}))
    with lecture(moteur) as session:
        vues = session.scalars(select(Interlocuteur.nom).where(visible(Interlocuteur, borne))).all()
    assert sorted(vues) == ["D'ailleurs, rencontrée ici", "D'ici", "Rattachée à rien"]
