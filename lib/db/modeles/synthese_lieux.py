"""Comptes tenus à l'écriture, commune par commune : tout territoire officiel en est une somme."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, investigation_fk, parmi
from lib.domain.vocabulaire import Releve, TypeActeur


class SyntheseLieu(Base):
    """Compte tenu à l'écriture : entretiens par commune, terrain et type d'acteur.

    commune_code : celle de l'entretien, à défaut celle de l'organisation ; vide si on l'ignore. etiquetes : entretiens
    qui portent une étiquette.
    """

    __tablename__ = "syntheses_lieux"

    commune_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    investigation_id: Mapped[investigation_fk]
    entretiens: Mapped[int] = mapped_column(default=0)
    etiquetes: Mapped[int] = mapped_column(default=0)


class SyntheseLieuIrritant(Base):
    """Compte tenu à l'écriture : entretiens par irritant, relevé, commune, terrain et type d'acteur."""

    __tablename__ = "syntheses_lieux_irritants"

    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    releve: Mapped[Releve] = mapped_column(parmi(Releve, "releve"), primary_key=True)
    investigation_id: Mapped[investigation_fk]
    entretiens: Mapped[int] = mapped_column(default=0)
    notes: Mapped[int] = mapped_column(default=0)
    intensites: Mapped[int] = mapped_column(default=0)


class SyntheseLieuEtiquette(Base):
    """Compte tenu à l'écriture : entretiens dont un passage porte l'étiquette, par commune (mêmes règles)."""

    __tablename__ = "syntheses_lieux_etiquettes"

    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    investigation_id: Mapped[investigation_fk]
    entretiens: Mapped[int] = mapped_column(default=0)
