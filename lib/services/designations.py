"""Ce qu'une personne désigne pour étayer une hypothèse ou une ligne de grille, relu avant d'être écrit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, SolutionExistante, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.indicateurs import CodeIndicateur
from lib.services.syntheses import compte_dans_les_chiffres

NUMERO_MAXIMUM = len(str(2**63))


def citation_designee(session: Session, perimetre: Perimetre, reference: str, *, champ: str) -> tuple[int, int]:
    """(citation, entretien) d'un entretien qui compte. reference : son numéro, écrit. Lève DonneeInvalide."""
    trouvee = session.execute(
        select(Verbatim.id, Verbatim.entretien_id)
        .join(Entretien, Entretien.id == Verbatim.entretien_id)
        .where(
            visible(Entretien, perimetre),
            compte_dans_les_chiffres(),
            Verbatim.archive_le.is_(None),
            Verbatim.id == _numero(reference),
        )
    ).one_or_none()
    if trouvee is None:
        raise DonneeInvalide("Choisissez une citation : cherchez-la par ses mots.", champ=champ)
    return trouvee.id, trouvee.entretien_id


def solution_designee(session: Session, perimetre: Perimetre, reference: str, *, champ: str) -> int:
    """Une solution vivante du registre. reference : son numéro, écrit. Lève DonneeInvalide."""
    s = SolutionExistante
    vivante = select(s.id).where(visible(s, perimetre), s.archive_le.is_(None), s.id == _numero(reference))
    if (trouvee := session.scalar(vivante)) is None:
        raise DonneeInvalide("Choisissez une solution existante de l'investigation.", champ=champ)
    return trouvee


def indicateur_designe(code: str, *, champ: str) -> CodeIndicateur:
    """L'indicateur de ce code. Lève DonneeInvalide."""
    if code not in list(CodeIndicateur):
        raise DonneeInvalide("Choisissez un indicateur de la page des indicateurs.", champ=champ)
    return CodeIndicateur(code)


def _numero(reference: str) -> int:
    """Le numéro écrit, ou zéro, que rien ne porte ; un entier de la base tient sur soixante-trois bits."""
    numero = int(reference) if reference.isdecimal() and len(reference) <= NUMERO_MAXIMUM else 0
    return numero if numero < 2**63 else 0
