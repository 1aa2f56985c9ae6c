"""Les preuves de chaque ligne viennent des mêmes services que les pages, et ouvrent ce qui les porte."""

from collections.abc import Mapping

from sqlalchemy import Engine

from lib.domain.decision import QuestionDecision
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import Role
from lib.services.decision.pieces import Piece, lire_grille
from lib.services.transaction import lecture
from tests.outils.enquete import Enquete
from tests.outils.requetes import compter_requetes


def lire(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR) -> Mapping[QuestionDecision, tuple[Piece, ...]]:
    with lecture(moteur) as session:
        return lire_grille(session, enquete.perimetre(role)).pieces


def test_la_page_entiere_tient_en_sept_requetes(moteur: Engine, enquete: Enquete) -> None:
    """La première lecture relit les partenariats, la relecture apprend les noms à effacer ; ensuite, cinq suffisent."""
    for role, nombre in ((Role.ENQUETEUR, 7), (Role.RELECTEUR, 6), (Role.ENQUETEUR, 5), (Role.RELECTEUR, 5)):
        with compter_requetes(moteur) as ordres:
            lire(moteur, enquete, role)
        assert len(ordres) == nombre


def test_chaque_ligne_porte_ses_preuves(moteur: Engine, enquete: Enquete) -> None:
    lues = lire(moteur, enquete)
    *_, hypothese = lues[QuestionDecision.QUALIFIE]
    assert hypothese.texte.replace("\N{NO-BREAK SPACE}", " ") == (
        "P1, ouverte (pour 3, contre 1, nuance 0) : Cela dure peu."
    )
    assert (hypothese.page, hypothese.parametres) == ("hypotheses", {"hypothese": "P1"})
    assert [p.nom for p in lues[QuestionDecision.DUREE]] == [
        code.libelle
        for code in (
            CodeIndicateur.DUREE_MEDIANE,
            CodeIndicateur.SURVIE_12,
            CodeIndicateur.SURVIE_24,
            CodeIndicateur.PERENNISES,
        )
    ]
    assert "Tient à une personne." in lues[QuestionDecision.EXISTANT][0].texte
    assert "Le bilan est public." in lues[QuestionDecision.SIX_MOIS][0].texte
    assert lues[QuestionDecision.COUT][0].texte.startswith("Arrêt") and lues[QuestionDecision.SPONSOR] == ()
