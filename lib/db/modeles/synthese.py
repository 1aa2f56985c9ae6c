"""Comptes tenus à l'écriture, pour les matrices : ce que chaque groupe d'entretiens porte, et ce qui va ensemble."""

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, investigation_fk, parmi
from lib.domain.matrices import Cooccurrence
from lib.domain.vocabulaire import TypeActeur


class SyntheseSituation(Base):
    """Compte tenu à l'écriture : entretiens et citations par terrain, type d'acteur et taille d'entreprise.

    Mêmes règles que `syntheses_etiquettes`. codes, etiquetes : entretiens qui portent une citation, une étiquette.
    sans_etiquette : citations que rien n'étiquette ; entretiens_sans : ceux qui en ont. taille : vide sans entreprise.
    """

    __tablename__ = "syntheses_situations"

    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    taille: Mapped[str] = mapped_column(String(20), primary_key=True)
    investigation_id: Mapped[investigation_fk]
    entretiens: Mapped[int] = mapped_column(default=0)
    codes: Mapped[int] = mapped_column(default=0)
    etiquetes: Mapped[int] = mapped_column(default=0)
    verbatims: Mapped[int] = mapped_column(default=0)
    sans_etiquette: Mapped[int] = mapped_column(default=0)
    entretiens_sans: Mapped[int] = mapped_column(default=0)


class SyntheseCooccurrence(Base):
    """Compte tenu à l'écriture : rencontres de deux étiquettes, et entretiens où elles se rencontrent."""

    __tablename__ = "syntheses_cooccurrences"
    __table_args__ = (Index("ix_syntheses_cooccurrences_nature", "investigation_id", "nature"),)

    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    autre_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    nature: Mapped[Cooccurrence] = mapped_column(parmi(Cooccurrence, "nature"), primary_key=True)
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    rencontres: Mapped[int] = mapped_column(default=0)
    entretiens: Mapped[int] = mapped_column(default=0)


class SyntheseNue(Base):
    """Compte tenu à l'écriture : les citations que rien n'étiquette, une par ligne ; à zéro, elle ne l'est plus."""

    __tablename__ = "syntheses_nues"
    __table_args__ = tuple(
        Index(
            f"ix_syntheses_nues_{nom}",
            *colonnes,
            sqlite_where=text("citations > 0"),
            postgresql_where=text("citations > 0"),
        )
        for nom, colonnes in (("citations", ("investigation_id", "verbatim_id")), ("entretien", ("entretien_id",)))
    )

    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"), primary_key=True)
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    citations: Mapped[int] = mapped_column(default=0)
