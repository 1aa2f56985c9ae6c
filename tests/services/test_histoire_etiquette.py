"""L'histoire d'une étiquette : du journal et de ses fusions, pour l'équipe seule."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Etiquette
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.vocabulaire import FamilleEtiquette, Role
from lib.services import etiquettes
from lib.services.fusion_etiquettes import defusionner, fusionner
from lib.services.histoire_etiquette import lire_histoire_etiquette
from lib.services.transaction import ecriture, lecture
from tests import fabriques


def test_l_histoire_dit_qui_a_fait_quoi_et_ce_qui_s_y_est_fondu(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation, nom_affiche="Léa Test")
    perimetre = fabriques.un_perimetre(compte, investigation)
    with ecriture(moteur, perimetre) as session:
        temps, heures = (
            etiquettes.creer(session, perimetre, nom=nom, famille=FamilleEtiquette.IRRITANT)
            for nom in ("Temps", "Heures")
        )
        etiquettes.modifier(session, perimetre, etiquette_id=temps, version=1, nom="Manque de temps")
        fusionner(session, perimetre, etiquette_id=heures, version=1, dans_id=temps)
    with lecture(moteur) as session:
        histoire = lire_histoire_etiquette(session, perimetre, etiquette_id=temps)
        version = session.get_one(Etiquette, heures).version
    dits = [" · ".join(episode.quoi) for episode in histoire.episodes]
    assert dits[0] == "Fusion : «\u00a0Heures\u00a0» versée dans «\u00a0Manque de temps\u00a0»"
    assert "Nom : «\u00a0Temps\u00a0» → «\u00a0Manque de temps\u00a0»" in dits[1]
    assert dits[-1].startswith("Création")
    assert {episode.qui for episode in histoire.episodes} == {"Léa Test"}
    assert [versee.nom for versee in histoire.versees] == ["Heures"]
    with ecriture(moteur, perimetre) as session:
        defusionner(session, perimetre, etiquette_id=heures, version=version)
        apres = lire_histoire_etiquette(session, perimetre, etiquette_id=temps)
    assert apres.episodes[0].quoi[0].startswith("Fusion défaite") and apres.versees == ()


def test_l_histoire_reste_dans_l_equipe_et_dans_l_investigation(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        etiquette = fabriques.une_etiquette(session, investigation)
    perimetre = fabriques.un_perimetre(compte, investigation)
    with lecture(moteur) as session:
        with pytest.raises(AccesRefuse):
            lire_histoire_etiquette(session, replace(perimetre, role=Role.RELECTEUR), etiquette_id=etiquette.id)
        with pytest.raises(Introuvable):
            lire_histoire_etiquette(session, replace(perimetre, investigation_id=10**6), etiquette_id=etiquette.id)
