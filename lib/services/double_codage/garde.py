"""Un entretien en double codage ne se code ni ne se corrige ailleurs que dans les deux versions."""

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from lib.db.modeles import DoubleCodage
from lib.domain.erreurs import DonneeInvalide

EN_COURS = (
    "Cet entretien est en double codage : il se code à l'aveugle, dans la version de chacune des deux personnes, "
    "jusqu'à l'arbitrage. Ouvrez-la depuis « Accord entre codeurs »."
)
TEXTE_GELE = (
    "Cet entretien est en double codage : son texte ne change pas avant l'arbitrage, pour que les deux personnes "
    "codent les mêmes mots. Arbitrez-le ou abandonnez le double codage, puis corrigez."
)


def ouvert(entretien_id: ColumnElement[int] | int) -> ColumnElement[bool]:
    """Condition : le double codage de cet entretien n'est ni arbitré ni abandonné."""
    return and_(
        DoubleCodage.entretien_id == entretien_id,
        DoubleCodage.arbitre_le.is_(None),
        DoubleCodage.archive_le.is_(None),
    )


def en_double_codage(session: Session, entretien_id: int) -> bool:
    """Vrai si un double codage est ouvert sur l'entretien."""
    return bool(session.scalar(select(exists().where(ouvert(entretien_id)))))


def refuser_en_double_codage(session: Session, entretien_id: int, *, phrase: str = EN_COURS) -> None:
    """Lève DonneeInvalide si un double codage est ouvert sur l'entretien."""
    if en_double_codage(session, entretien_id):
        raise DonneeInvalide(phrase)
