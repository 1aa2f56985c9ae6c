"""Fusion de deux fiches d'une même organisation : ce qui a bougé, ligne par ligne, pour pouvoir le défaire."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, Horodatage, cle, investigation_fk, parmi
from lib.domain.fusions import Rattachee


class FusionOrganisation(Horodatage, Base):
    """La fiche `absorbee` a rejoint la fiche `gardee` ; `defaite_le` dit que l'on est revenu dessus."""

    __tablename__ = "fusions_organisations"
    __table_args__ = (
        CheckConstraint("absorbee_id <> gardee_id", name="deux_fiches"),
        Index(
            "uq_fusions_organisations_vivante",
            "absorbee_id",
            unique=True,
            sqlite_where=text("defaite_le IS NULL"),
            postgresql_where=text("defaite_le IS NULL"),
        ),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    absorbee_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    gardee_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    defaite_le: Mapped[datetime | None]
    defaite_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class PaireDistincte(Horodatage, Base):
    """Deux fiches qui se ressemblent et que l'équipe sait différentes ; `annulee_le` : on les propose de nouveau."""

    __tablename__ = "paires_distinctes"
    __table_args__ = (
        CheckConstraint("premiere_id < seconde_id", name="dans_l_ordre"),
        Index(
            "uq_paires_distinctes_vivante",
            "premiere_id",
            "seconde_id",
            unique=True,
            sqlite_where=text("annulee_le IS NULL"),
            postgresql_where=text("annulee_le IS NULL"),
        ),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    premiere_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seconde_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    annulee_le: Mapped[datetime | None]
    annulee_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class DeplacementFusion(Base):
    """Une ligne qui pointait la fiche absorbée et pointe la fiche gardée."""

    __tablename__ = "deplacements_fusion"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    fusion_id: Mapped[int] = mapped_column(ForeignKey("fusions_organisations.id"), index=True)
    rattachee: Mapped[Rattachee] = mapped_column(parmi(Rattachee, "rattachee"))
    ligne_id: Mapped[int]


class ComplementFusion(Base):
    """Un champ vide de la fiche gardée, rempli de ce que savait l'autre."""

    __tablename__ = "complements_fusion"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    fusion_id: Mapped[int] = mapped_column(ForeignKey("fusions_organisations.id"), index=True)
    champ: Mapped[str] = mapped_column(String(40))
