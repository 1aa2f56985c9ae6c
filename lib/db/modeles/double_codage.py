"""Double codage : deux personnes codent le même entretien sans se voir, puis on arbitre."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import DISCRET, Archivable, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.double_codage import ChoixArbitrage


class DoubleCodage(Horodatage, Verrouillable, Archivable, Base):
    """Un entretien confié à deux personnes ; archivé, il est abandonné."""

    __tablename__ = "doubles_codages"
    __table_args__ = (
        CheckConstraint("arbitre_le IS NULL OR archive_le IS NULL", name="arbitre_ou_abandonne"),
        Index(
            "uq_doubles_codages_ouvert",
            "entretien_id",
            unique=True,
            sqlite_where=text("arbitre_le IS NULL AND archive_le IS NULL"),
            postgresql_where=text("arbitre_le IS NULL AND archive_le IS NULL"),
        ),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    arbitre_le: Mapped[datetime | None]
    arbitre_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class VersionCodage(Verrouillable, Base):
    """Le travail d'une des deux personnes ; `fini_le` dit qu'elle a rendu sa version."""

    __tablename__ = "versions_codage"
    __table_args__ = (UniqueConstraint("double_id", "compte_id"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    double_id: Mapped[int] = mapped_column(ForeignKey("doubles_codages.id"))
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    fini_le: Mapped[datetime | None]


class PoseAveugle(Base):
    """Une étiquette posée sur un passage dans une version : hors des verbatims, donc hors de tout ce qui les montre."""

    __tablename__ = "poses_aveugles"
    __table_args__ = (
        CheckConstraint("debut >= 0 AND fin >= debut", name="bornes_ordonnees"),
        Index(
            "uq_poses_aveugles_pose",
            "version_id",
            "texte_id",
            "debut",
            "fin",
            "etiquette_id",
            unique=True,
            sqlite_where=text("retire_le IS NULL"),
            postgresql_where=text("retire_le IS NULL"),
        ),
        Index("ix_poses_aveugles_texte_id", "texte_id"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("versions_codage.id"))
    texte_id: Mapped[int] = mapped_column(ForeignKey("textes.id"))
    debut: Mapped[int] = mapped_column(info=DISCRET)
    fin: Mapped[int] = mapped_column(info=DISCRET)
    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), info=DISCRET)
    pose_le: Mapped[datetime] = mapped_column(default=maintenant)
    retire_le: Mapped[datetime | None]


class VerbatimEcarte(Base):
    """Un verbatim archivé à l'ouverture d'un double codage, à rétablir s'il est abandonné ou retenu."""

    __tablename__ = "verbatims_ecartes"

    double_id: Mapped[int] = mapped_column(ForeignKey("doubles_codages.id"), primary_key=True)
    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"), primary_key=True)


class Arbitrage(Horodatage, Verrouillable, Base):
    """Ce qui est décidé d'un désaccord : une étiquette, sur le passage qui réunit les deux versions."""

    __tablename__ = "arbitrages"
    __table_args__ = (UniqueConstraint("double_id", "texte_id", "etiquette_id", "debut", "fin"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    double_id: Mapped[int] = mapped_column(ForeignKey("doubles_codages.id"))
    texte_id: Mapped[int] = mapped_column(ForeignKey("textes.id"))
    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"))
    debut: Mapped[int]
    fin: Mapped[int]
    choix: Mapped[ChoixArbitrage] = mapped_column(parmi(ChoixArbitrage, "choix"))
