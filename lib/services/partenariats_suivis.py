"""Quels partenariats comptent : la même règle pour le tableau de bord, les exports et les chiffres publics."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from lib.db import partenariats as en_sql
from lib.db.modeles import Entretien, Partenariat


def suivi(modele: Any = Partenariat) -> ColumnElement[bool]:
    """Condition : non archivé, et connu autrement que par un entretien sans notice. modele : ou un alias."""
    sans_notice = select(Entretien.id).where(Entretien.notice_remise_le.is_(None))
    return and_(
        modele.archive_le.is_(None),
        or_(
            modele.source_entretien_id.is_(None),
            modele.source_entretien_id.not_in(sans_notice),
        ),
    )


def a_verifier(au: date) -> ColumnElement[bool]:
    """Condition : en cours à cette date, sans nouvelle depuis plus de douze mois.

    Le statut « À vérifier » de `lib.db.partenariats`, en moins cher : un partenariat commencé n'est jamais sans suite,
    et ce qui reste se lit dans un index. Un test compare les deux.
    """
    return and_(en_sql.a_commence(au), ~en_sql.est_termine(au), en_sql.sans_nouvelle(au))
