"""Fusions d'étiquettes : ce qui a été versé où, assez pour tout rendre."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, Entier, Horodatage, cle, investigation_fk, parmi
from lib.domain.grille import NatureReport


class FusionEtiquettes(Horodatage, Base):
    """Une étiquette versée dans une autre. Défaite, elle reste dans l'histoire des deux."""

    __tablename__ = "fusions_etiquettes"
    __table_args__ = (CheckConstraint("absorbee_id <> gardee_id", name="deux_etiquettes"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    absorbee_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), index=True)
    gardee_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), index=True)
    defaite_le: Mapped[datetime | None]
    defaite_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class ReportFusion(Base):
    """Une ligne qu'une fusion a changée : ce qu'elle était, et pour un relevé ce qu'elle est devenue."""

    __tablename__ = "reports_fusion"
    __table_args__ = (Index("ix_reports_fusion_nature", "fusion_id", "nature", "objet_id"),)

    id: Mapped[cle]
    fusion_id: Mapped[int] = mapped_column(ForeignKey("fusions_etiquettes.id"))
    nature: Mapped[NatureReport] = mapped_column(parmi(NatureReport, "nature"))
    objet_id: Mapped[int] = mapped_column(Entier)
    avant: Mapped[dict[str, Any] | None]
