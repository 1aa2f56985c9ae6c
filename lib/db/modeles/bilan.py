"""Un bilan qui attend la personne qui l'a demandé : hors journal, effacé après un délai."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, cle


class PreparationBilan(Base):
    """Un bilan demandé, où il en est, et sous quels droits (`droits` : empreinte de ce que la personne voyait)."""

    __tablename__ = "preparations_bilan"
    __table_args__ = (UniqueConstraint("compte_id", "investigation_id"), Index(None, "demandee_le"))

    id: Mapped[cle]
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    droits: Mapped[str] = mapped_column(String(64))
    etape: Mapped[str] = mapped_column(default="")
    part: Mapped[float] = mapped_column(default=0.0)
    finie: Mapped[bool] = mapped_column(default=False)
    refus: Mapped[str] = mapped_column(default="")
    demandee_le: Mapped[datetime]
    vue_le: Mapped[datetime]


class FichierPrepare(Base):
    """Un fichier d'un bilan prêt, tel qu'il se remet."""

    __tablename__ = "fichiers_prepares"

    preparation_id: Mapped[int] = mapped_column(ForeignKey("preparations_bilan.id"), primary_key=True)
    format: Mapped[str] = mapped_column(String(10), primary_key=True)
    nom: Mapped[str] = mapped_column(String(200))
    octets: Mapped[bytes]
