"""Journal en ajout seul : qui, quand, quoi, avant, après."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, cle, maintenant, parmi, partiel
from lib.domain.vocabulaire import ActionJournal


class LigneJournal(Base):
    """Une écriture, un export ou une connexion. La base refuse de la modifier ou de l'effacer."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_investigation", "investigation_id", "id"),
        Index("ix_journal_objet", "objet", "objet_id", "id"),
        # Les seules écritures de codage : on y lit ce qu'une personne peut annuler, et les suggestions suivies.
        Index("ix_journal_gestes_d_un_compte", "compte_id", "id", **partiel("geste IS NOT NULL")),
        Index("ix_journal_geste", "geste", **partiel("geste IS NOT NULL")),
        Index("ix_journal_revient_sur", "revient_sur", **partiel("revient_sur IS NOT NULL")),
        Index("ix_journal_suggestion", "investigation_id", "suggestion", "geste", **partiel("suggestion IS NOT NULL")),
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
    geste: Mapped[str | None] = mapped_column(String(32))
    """Ce qui réunit les lignes d'un même geste de codage."""
    revient_sur: Mapped[str | None] = mapped_column(String(32))
    """Le geste que celui-ci annule ou rétablit."""
    suggestion: Mapped[bool | None]
    """Vrai si l'étiquette posée était proposée, faux si une autre l'a été, vide si rien n'était proposé."""
