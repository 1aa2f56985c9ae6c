"""Le panier d'une personne : les citations qu'elle retient pour les sortir ensemble."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, investigation_fk, maintenant


class CitationRetenue(Base):
    """Une citation retenue par une personne ; hors journal, comme une saisie en cours."""

    __tablename__ = "citations_retenues"

    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"), primary_key=True)
    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"), primary_key=True, index=True)
    investigation_id: Mapped[investigation_fk]
    retenue_le: Mapped[datetime] = mapped_column(default=maintenant)
