"""Qui a mené et qui a codé : l'équipe s'y retrouve, personne d'autre."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lib.db.modeles import EntretienEnqueteur
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import Role
from lib.services.equipe_de_codage import lister_codeurs, lister_meneurs
from lib.services.transaction import ecriture, lecture
from tests import fabriques


def test_seuls_ceux_qui_ont_mene_ou_code_se_proposent(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        meneuse, codeur, _ = (
            fabriques.un_compte(session, Role.ENQUETEUR, investigation, nom_affiche=nom)
            for nom in ("Inès", "Karim", "Léa")
        )
        entretien = fabriques.un_entretien(session, fabriques.un_terrain(session, investigation))
        session.add(EntretienEnqueteur(entretien_id=entretien.id, compte_id=meneuse.id))
        verbatim = fabriques.un_verbatim(session, fabriques.un_texte(session, entretien, "Un temps."), 0, 8)
        fabriques.un_etiquetage(session, verbatim, fabriques.une_etiquette(session, investigation), codeur)
    perimetre = fabriques.un_perimetre(codeur, investigation)
    with lecture(moteur) as session:
        assert lister_meneurs(session, perimetre) == {meneuse.id: "Inès"}
        assert lister_codeurs(session, perimetre) == {codeur.id: "Karim"}
        assert lister_meneurs(session, replace(perimetre, terrains=frozenset())) == {}
        for lister in (lister_meneurs, lister_codeurs):
            with pytest.raises(AccesRefuse):
                lister(session, replace(perimetre, role=Role.RELECTEUR))
