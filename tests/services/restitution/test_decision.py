"""La décision dans la présentation et dans le bilan : qui l'a prise, quand, pourquoi, sur quoi."""

from dataclasses import asdict, replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Interlocuteur
from lib.domain.decision import NatureOption
from lib.domain.droits import Perimetre
from lib.domain.scenes import CodeScene, Rapport
from lib.domain.vocabulaire import Role
from lib.echanges.rapport_markdown import ecrire_markdown
from lib.services import demonstration
from lib.services.bilan.rapport import assembler
from lib.services.decision.prise import decider
from lib.services.restitution.lecture import lire_scene
from lib.services.transaction import ecriture, lecture


@pytest.fixture
def demo(moteur: Engine) -> Perimetre:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    return Perimetre(compte_id=1, role=Role.ADMINISTRATEUR, investigation_id=investigation_id, fictive=True)


def arreter(moteur: Engine, demo: Perimetre) -> str:
    """Décide d'arrêter, en nommant quelqu'un ; rend ce nom."""
    with ecriture(moteur, demo) as session:
        nom = str(session.scalars(select(Interlocuteur.nom)).first())
        decider(
            session,
            demo,
            retenue=NatureOption.ARRET,
            raisons=f"Rien ne dit qu'une plateforme ferait durer les partenariats, selon {nom}.",
            instance="Comité de fin d'investigation",
            decidee_le=date(2026, 11, 20),
        )
    return nom


def assembler_pour(moteur: Engine, perimetre: Perimetre) -> Rapport:
    with lecture(moteur) as session:
        return assembler(session, perimetre)


def test_avant_la_decision_les_options_et_la_grille_sont_au_bilan(moteur: Engine, demo: Perimetre) -> None:
    rapport = assembler_pour(moteur, replace(demo, role=Role.RELECTEUR))
    *_, solutions, fin, _ = rapport.sections
    assert [ligne[0] for ligne in solutions.tableaux[0].lignes] == [nature.libelle for nature in NatureOption]
    assert "46\u202f000" in solutions.tableaux[0].lignes[0][1]
    assert fin.tableaux[0].entetes == ("Question", "Avis", "Constat") and len(fin.tableaux[0].lignes) == 7
    assert "reste à prendre" in fin.paragraphes[0]


def test_la_decision_date_la_fin_et_dit_ses_raisons_sans_nom(moteur: Engine, demo: Perimetre) -> None:
    nom = arreter(moteur, demo)
    rapport = assembler_pour(moteur, replace(demo, role=Role.RELECTEUR))
    fiche = ecrire_markdown(rapport).replace("\u00a0", " ")
    assert "## Fin d'investigation le 20 novembre 2026" in fiche
    assert "Décision du 20 novembre 2026 : Arrêt." in fiche
    assert "Décidé par : Comité de fin d'investigation" in fiche and "ferait durer" in fiche
    assert nom not in str(asdict(rapport))


def test_le_visiteur_lit_la_decision_dans_la_derniere_scene(moteur: Engine, demo: Perimetre) -> None:
    nom = arreter(moteur, demo)
    visite = replace(demo, role=Role.DEMONSTRATION)
    with lecture(moteur) as session:
        scene = lire_scene(session, visite, code=CodeScene.CONCLUSION)
    assert scene is not None and "Arrêt" in scene.phrase
    assert any("ferait durer" in note for note in scene.notes) and nom not in str(asdict(scene))
