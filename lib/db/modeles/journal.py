"""Journal en ajout seul : qui, quand, quoi, avant, après."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, cle, maintenant, parmi
from lib.domain.vocabulaire import ActionJournal


class LigneJournal(Base):
    """Une écriture, un export ou une connexion. La base refuse de la modifier ou de l'effacer."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_investigation", "investigation_id", "id"),
        Index("ix_journal_objet", "objet", "objet_id", "id"),
    )

    id: Mapped[cle]
    survenu_le: Mapped[datetime] = mapped_column(default=maintenant)
    compte_id: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))
    investigation_id: Mapped[int | None] = mapped_column(ForeignKey("investigations.id"))
    action: Mapped[ActionJournal] = mapped_column(parmi(ActionJournal, "action"))
    objet: Mapped[str] = mapped_column(String(40))
    objet_id: Mapped[str | None] = mapped_column(String(60))
    avant: Mapped[dict[str, Any] | None]
    apres: Mapped[dict[str, Any] | None]
    motif: Mapped[str] = mapped_column(default="")
