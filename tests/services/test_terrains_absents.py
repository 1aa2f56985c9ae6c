"""Un terrain prévu et jamais visité se dit ; un terrain visité, ou sans plan, ne se dit pas."""

from sqlalchemy import Engine

from lib.db.modeles import CiblePlan
from lib.domain.vocabulaire import Role, StatutEntretien, TypeActeur
from lib.services.terrains_absents import dire_absents
from lib.services.transaction import ecriture, lecture
from tests import fabriques


def test_seul_un_terrain_prevu_et_jamais_visite_se_dit(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        terrains = {
            nom: fabriques.un_terrain(session, investigation, nom=nom, ordre=rang)
            for rang, nom in enumerate(("Marseille", "Bourgogne", "National", "Ailleurs"))
        }
        for nom, prevus in (("Marseille", (7, 5)), ("Bourgogne", (8,)), ("National", (0,))):
            for type_acteur, prevu in zip(TypeActeur, prevus, strict=False):
                cible = CiblePlan(terrain_id=terrains[nom].id, type_acteur=type_acteur, prevu=prevu)
                cible.investigation_id = investigation.id
                session.add(cible)
        fabriques.un_entretien(session, terrains["Bourgogne"])
        fabriques.un_entretien(session, terrains["Marseille"], statut=StatutEntretien.PREVU)
    with lecture(moteur) as session:
        dits = dire_absents(session, fabriques.un_perimetre(compte, investigation))
        ailleurs = frozenset({terrains["Bourgogne"].id})
        assert dire_absents(session, fabriques.un_perimetre(compte, investigation, terrains=ailleurs)) == ()
    assert [phrase.replace("\xa0", " ") for phrase in dits] == [
        "Marseille : aucun entretien réalisé sur 12 prévus. Ce qui suit n'en dit rien."
    ]
