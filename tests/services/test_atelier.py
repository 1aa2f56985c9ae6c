"""L'atelier montre un entretien à l'équipe, à elle seule, et rien de ce qui est retiré."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lib.db.base import maintenant
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.vocabulaire import AncrageVerbatim, NatureTexte, Role, StatutEntretien
from lib.services.atelier import lire_atelier
from lib.services.transaction import ecriture, lecture
from tests import fabriques

NOTES = "Le temps manque 😡 et rien ne dure."


@pytest.fixture
def situation(moteur: Engine) -> tuple[Perimetre, int]:
    """(périmètre de l'équipe, entretien) : deux passages, dont un à vérifier ; deux personnes d'accord."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        comptes = [fabriques.un_compte(session, Role.ENQUETEUR, investigation, nom_affiche=n) for n in ("Léa", "Karim")]
        entretien = fabriques.un_entretien(session, fabriques.un_terrain(session, investigation), code="E-1")
        texte = fabriques.un_texte(session, entretien, NOTES)
        fabriques.un_texte(session, entretien, "", nature=NatureTexte.TRANSCRIPTION)
        etiquette = fabriques.une_etiquette(session, investigation, nom="Temps")
        second = fabriques.un_verbatim(session, texte, 21, 34, ancrage=AncrageVerbatim.A_VERIFIER)
        premier = fabriques.un_verbatim(session, texte, 3, 17)
        retire = fabriques.un_verbatim(session, texte, 0, 2, archive_le=maintenant())
        for verbatim in (premier, retire):
            for compte in comptes:
                fabriques.un_etiquetage(session, verbatim, etiquette, compte)
        fabriques.un_etiquetage(session, second, etiquette, comptes[0], retire_le=maintenant())
    return fabriques.un_perimetre(comptes[0], investigation), entretien.id


def test_les_passages_dans_l_ordre_du_texte_avec_leurs_auteurs(
    moteur: Engine, situation: tuple[Perimetre, int]
) -> None:
    perimetre, entretien_id = situation
    with lecture(moteur) as session:
        atelier = lire_atelier(session, perimetre, entretien_id=entretien_id)
    premier, second = atelier.passages
    assert (premier.citation, premier.a_verifier, second.a_verifier) == ("temps manque 😡", False, True)
    assert [(etiquette.nom, etiquette.auteurs) for etiquette in premier.etiquettes] == [("Temps", ("Léa", "Karim"))]
    assert second.etiquettes == ()
    assert [texte.contenu for texte in atelier.textes] == [NOTES]
    assert (atelier.code, atelier.source, atelier.compte) == ("E-1", "Association", True)


def test_un_brouillon_le_dit(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        terrain = fabriques.un_terrain(session, investigation)
        brouillon = fabriques.un_entretien(session, terrain, statut=StatutEntretien.BROUILLON)
    with lecture(moteur) as session:
        perimetre = fabriques.un_perimetre(compte, investigation)
        assert lire_atelier(session, perimetre, entretien_id=brouillon.id).compte is False


def test_hors_de_l_equipe_l_atelier_est_ferme(moteur: Engine, situation: tuple[Perimetre, int]) -> None:
    perimetre, entretien_id = situation
    with lecture(moteur) as session:
        with pytest.raises(AccesRefuse):
            lire_atelier(session, replace(perimetre, role=Role.RELECTEUR), entretien_id=entretien_id)
        for ailleurs in (replace(perimetre, investigation_id=10**6), replace(perimetre, terrains=frozenset({10**6}))):
            with pytest.raises(Introuvable):
                lire_atelier(session, ailleurs, entretien_id=entretien_id)
        with pytest.raises(Introuvable):
            lire_atelier(session, perimetre, entretien_id=10**6)
