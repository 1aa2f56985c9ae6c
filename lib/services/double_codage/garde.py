"""Un entretien en double codage ne se code ni ne se corrige ailleurs que dans les deux versions."""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from lib.db.modeles import DoubleCodage, IntervenantCorrige
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets

EN_COURS = (
    "Cet entretien est en double codage : il se code à l'aveugle, dans la version de chacune des deux personnes, "
    "jusqu'à l'arbitrage. Ouvrez-la depuis « Accord entre codeurs »."
)
TEXTE_GELE = (
    "Cet entretien est en double codage : son texte ne change pas avant l'arbitrage, pour que les deux personnes "
    "codent les mêmes mots. Arbitrez-le ou abandonnez le double codage, puis corrigez."
)
INTERVENANT_FIGE = (
    "{nom} était déjà corrigé ainsi quand deux personnes ont codé cet entretien : le changer changerait l'accord "
    "qu'elles ont obtenu, qui ne se réécrit pas. Ce nom reste tel qu'elles l'ont codé ; les autres se corrigent encore."
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


def en_vigueur() -> ColumnElement[bool]:
    """Condition : l'intervenant était ainsi corrigé quand l'entretien s'est codé deux fois, et pas seulement depuis."""
    return or_(DoubleCodage.arbitre_le.is_(None), IntervenantCorrige.corrige_le <= DoubleCodage.arbitre_le)


def refuser_d_oublier_ce_qui_s_est_code(session: Session, entretien_id: int, nom: str) -> None:
    """Lève DonneeInvalide si l'accord entre codeurs se lit avec cet intervenant, tel qu'il est corrigé.

    Une correction d'après l'arbitrage ne change pas l'accord, et se reprend ; celle d'avant en fait partie.
    """
    fige = exists().where(
        DoubleCodage.entretien_id == entretien_id,
        DoubleCodage.archive_le.is_(None),
        IntervenantCorrige.entretien_id == entretien_id,
        IntervenantCorrige.nom == nom,
        en_vigueur(),
    )
    if session.scalar(select(fige)):
        raise DonneeInvalide(INTERVENANT_FIGE.format(nom=guillemets(nom)))


def refuser_en_double_codage(session: Session, entretien_id: int, *, phrase: str = EN_COURS) -> None:
    """Lève DonneeInvalide si un double codage est ouvert sur l'entretien."""
    if en_double_codage(session, entretien_id):
        raise DonneeInvalide(phrase)
