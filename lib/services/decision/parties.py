"""Ce que l'enquête verse d'elle-même à chaque ligne de la grille."""

from collections.abc import Mapping

from lib.domain.decision import QuestionDecision
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import NatureHypothese

INDICATEURS: Mapping[QuestionDecision, tuple[CodeIndicateur, ...]] = {
    QuestionDecision.QUALIFIE: (
        CodeIndicateur.IRRITANTS_PARTAGES,
        CodeIndicateur.PREMIER_IRRITANT,
        CodeIndicateur.SPONTANES,
    ),
    QuestionDecision.AMPLEUR: (CodeIndicateur.PLAN, CodeIndicateur.CIBLES, CodeIndicateur.ECARTS_DEMONTRES),
    QuestionDecision.DUREE: (
        CodeIndicateur.DUREE_MEDIANE,
        CodeIndicateur.SURVIE_12,
        CodeIndicateur.SURVIE_24,
        CodeIndicateur.PERENNISES,
    ),
    QuestionDecision.SOLUTION: (CodeIndicateur.HYPOTHESES_EPROUVEES,),
}
HYPOTHESES: Mapping[QuestionDecision, NatureHypothese] = {
    QuestionDecision.QUALIFIE: NatureHypothese.PROBLEME,
    QuestionDecision.SOLUTION: NatureHypothese.SOLUTION,
}


def montre_deja(
    question: QuestionDecision, *, indicateur: CodeIndicateur | None = None, nature: NatureHypothese | None = None
) -> bool:
    """Vrai si la ligne montre d'elle-même cet indicateur, ou toutes les hypothèses de cette nature."""
    return indicateur in INDICATEURS.get(question, ()) or (nature is not None and HYPOTHESES.get(question) is nature)
