"""Territoires officiels (code officiel géographique) : toujours un niveau et un code, en texte."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Base, parmi
from lib.domain.vocabulaire import NiveauTerritoire


class Territoire(Base):
    """Commune, arrondissement, intercommunalité, département ou région."""

    __tablename__ = "territoires"
    __table_args__ = (Index("ix_territoires_recherche", "niveau", "nom_recherche"),)

    niveau: Mapped[NiveauTerritoire] = mapped_column(parmi(NiveauTerritoire, "niveau"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    nom: Mapped[str]
    nom_recherche: Mapped[str] = mapped_column(String(200))
    departement_code: Mapped[str | None] = mapped_column(String(3), index=True)
    region_code: Mapped[str | None] = mapped_column(String(3))
    epci_code: Mapped[str | None] = mapped_column(String(9), index=True)
    type_epci: Mapped[str | None] = mapped_column(String(10))
    commune_parente_code: Mapped[str | None] = mapped_column(String(5))
    densite: Mapped[str | None] = mapped_column(String(60))
