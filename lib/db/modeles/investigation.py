"""Investigation, terrains et plan d'entretiens."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Archivable, Base, Verrouillable, cle, investigation_fk, parmi
from lib.domain.vocabulaire import NiveauTerritoire, TypeActeur


class Investigation(Verrouillable, Archivable, Base):
    """Une enquête. `date_arret` fige la date des chiffres ; vide, c'est le jour même."""

    __tablename__ = "investigations"
    __table_args__ = (
        CheckConstraint("fin IS NULL OR fin >= debut", name="fin_apres_debut"),
        CheckConstraint("seuil_perennisation_mois > 0", name="seuil_positif"),
    )

    id: Mapped[cle]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    nom: Mapped[str]
    probleme: Mapped[str] = mapped_column(default="")
    fictive: Mapped[bool] = mapped_column(default=False)
    debut: Mapped[date]
    fin: Mapped[date | None]
    date_arret: Mapped[date | None]
    seuil_perennisation_mois: Mapped[int] = mapped_column(default=24)
    renouvellements_perennisation: Mapped[int] = mapped_column(default=1)
    notice_version: Mapped[str] = mapped_column(String(40), default="1")


class Terrain(Verrouillable, Archivable, Base):
    """Strate d'enquête, à ne pas confondre avec le territoire officiel."""

    __tablename__ = "terrains"
    __table_args__ = (UniqueConstraint("investigation_id", "code"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    code: Mapped[str] = mapped_column(String(40))
    nom: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    ordre: Mapped[int] = mapped_column(default=0)


class TerrainTerritoire(Base):
    """Les territoires officiels qu'un terrain recouvre."""

    __tablename__ = "terrain_territoires"

    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    niveau: Mapped[NiveauTerritoire] = mapped_column(parmi(NiveauTerritoire, "niveau"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)


class CiblePlan(Verrouillable, Base):
    """Nombre d'entretiens prévus pour un terrain et un type d'acteur."""

    __tablename__ = "cibles_plan"
    __table_args__ = (
        UniqueConstraint("terrain_id", "type_acteur"),
        CheckConstraint("prevu >= 0", name="prevu_positif"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"))
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"))
    prevu: Mapped[int]
    echeance: Mapped[date | None]


class VersionDonnees(Base):
    """Compteur d'écritures d'une investigation : la clé de fraîcheur de toute vue gardée en mémoire.

    Une ligne verrouillée par transaction : deux écritures concurrentes se rangent l'une après l'autre, si
    bien qu'une version lue couvre tout ce qui a été validé avant elle.
    """

    __tablename__ = "versions_donnees"

    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    modifiee_le: Mapped[datetime]
