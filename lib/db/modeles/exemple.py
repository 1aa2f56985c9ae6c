"""Les citations prises en exemple d'une étiquette."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, investigation_fk, maintenant


class ExempleEtiquette(Base):
    """Une citation que l'équipe prend en exemple de ce qu'une étiquette veut dire."""

    __tablename__ = "exemples_etiquettes"

    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"), primary_key=True, index=True)
    investigation_id: Mapped[investigation_fk]
    pris_le: Mapped[datetime] = mapped_column(default=maintenant)
    pris_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))
