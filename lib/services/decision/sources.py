"""Ce sur quoi s'appuie une ligne de la grille, en plus des entretiens : citation, indicateur, solution, hypothèse."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Decision, Hypothese, SourceDecision
from lib.db.perimetre import trouver, visible
from lib.domain.decision import AbsenceSource, QuestionDecision, SourceAppui
from lib.domain.droits import Perimetre, exiger, peut_figer
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import TypeActeur
from lib.services.decision.parties import montre_deja
from lib.services.designations import citation_designee, indicateur_designe, solution_designee

DEJA_PRISE = "La décision est prise : la grille et les options sont figées avec elle."
DEJA_LA = "Cette ligne s'appuie déjà là-dessus."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLue:
    """Un appui d'une ligne. nom : code d'hypothèse, d'entretien ou d'indicateur, nom d'une solution.

    mots : ceux de la citation ; vides, pour tout le monde, si elle est retirée ou privée d'accord. absence : pourquoi
    la source est à relire. verbatim_id : où ouvrir une citation ; entretien_id : sa place dans le texte, vide hors de
    l'équipe, comme son code.
    """

    id: int
    source: SourceAppui
    nom: str
    mots: str = ""
    absence: AbsenceSource | None = None
    type_acteur: TypeActeur | None = None
    terrain: str = ""
    entretien_id: int | None = None
    verbatim_id: int | None = None
    solution_id: int | None = None

    @property
    def lieu(self) -> str:
        """« association, Marseille » : d'où vient une citation ; vide pour le reste."""
        return f"{self.type_acteur.libelle.lower()}, {self.terrain}" if self.type_acteur else ""


def ajouter_source(
    session: Session, perimetre: Perimetre, *, question: QuestionDecision, source: SourceAppui, reference: str
) -> None:
    """Appuie une ligne. reference : numéro d'une citation ou d'une solution, code d'une hypothèse ou d'un indicateur.

    Lève AccesRefuse ; DonneeInvalide (source inconnue, déjà là, décision prise).
    """
    exiger(peut_figer, perimetre)
    exiger_ouverte(session, perimetre)
    visee = _viser(session, perimetre, question, source, reference.strip())
    deja = select(SourceDecision.id).where(
        SourceDecision.investigation_id == perimetre.investigation_id,
        SourceDecision.question == question,
        *(getattr(SourceDecision, colonne) == valeur for colonne, valeur in visee.items()),
    )
    if session.scalar(deja) is not None:
        raise DonneeInvalide(DEJA_LA, champ="source")
    session.add(
        SourceDecision(
            investigation_id=perimetre.investigation_id, question=question, cree_par=perimetre.auteur_id, **visee
        )
    )
    session.flush()


def retirer_source(session: Session, perimetre: Perimetre, *, source_id: int) -> None:
    """Retire un appui ; le journal le garde. Lève AccesRefuse, Introuvable, DonneeInvalide (décision prise)."""
    exiger(peut_figer, perimetre)
    exiger_ouverte(session, perimetre)
    session.delete(trouver(session, SourceDecision, source_id, perimetre))
    session.flush()


def exiger_ouverte(session: Session, perimetre: Perimetre) -> None:
    """Lève DonneeInvalide si la décision est prise : plus rien ne s'écrit."""
    prise = select(Decision.id).where(Decision.investigation_id == perimetre.investigation_id)
    if session.scalar(prise) is not None:
        raise DonneeInvalide(DEJA_PRISE)


# --- Désigner ---------------------------------------------------------------------------------------------------


def _viser(
    session: Session, perimetre: Perimetre, question: QuestionDecision, source: SourceAppui, reference: str
) -> dict[str, Any]:
    if source is SourceAppui.CITATION:
        return {"verbatim_id": citation_designee(session, perimetre, reference, champ="source")[0]}
    if source is SourceAppui.INDICATEUR:
        return {"indicateur": _indicateur(question, reference)}
    if source is SourceAppui.HYPOTHESE:
        return {"hypothese_id": _hypothese(session, perimetre, question, reference)}
    return {"solution_id": _solution(session, perimetre, question, reference)}


def _indicateur(question: QuestionDecision, code: str) -> str:
    indicateur = indicateur_designe(code, champ="source")
    if montre_deja(question, indicateur=indicateur):
        raise DonneeInvalide("Cette ligne montre déjà cet indicateur.", champ="source")
    return indicateur.value


def _hypothese(session: Session, perimetre: Perimetre, question: QuestionDecision, code: str) -> int:
    trouvee = session.execute(
        select(Hypothese.id, Hypothese.nature).where(
            visible(Hypothese, perimetre), Hypothese.archive_le.is_(None), Hypothese.code == code
        )
    ).one_or_none()
    if trouvee is None:
        raise DonneeInvalide("Choisissez une hypothèse de l'investigation.", champ="source")
    if montre_deja(question, nature=trouvee.nature):
        raise DonneeInvalide("Cette ligne montre déjà cette hypothèse.", champ="source")
    return int(trouvee.id)


def _solution(session: Session, perimetre: Perimetre, question: QuestionDecision, reference: str) -> int:
    if question is QuestionDecision.EXISTANT:
        raise DonneeInvalide("Cette ligne montre déjà toutes les solutions du registre.", champ="source")
    return solution_designee(session, perimetre, reference, champ="source")
