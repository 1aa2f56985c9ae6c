"""Organisations et personnes rencontrées ; les données personnelles ne sont qu'ici."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import (
    DISCRET,
    Archivable,
    Base,
    Horodatage,
    Verrouillable,
    cle,
    investigation_fk,
    parmi,
)
from lib.domain.vocabulaire import (
    NatureDemande,
    NiveauReseau,
    Rattachement,
    StatutPersonne,
    TailleEntreprise,
    TypeActeur,
    TypeJuridique,
)


class Organisation(Horodatage, Verrouillable, Archivable, Base):
    """Association, entreprise, institution ou expertise."""

    __tablename__ = "organisations"
    __table_args__ = (
        Index("ix_organisations_recherche", "investigation_id", "nom_recherche"),
        Index(
            "ix_organisations_siren",
            "investigation_id",
            "siren",
            sqlite_where=text("siren IS NOT NULL"),
            postgresql_where=text("siren IS NOT NULL"),
        ),
        Index(
            "uq_organisations_siret",
            "investigation_id",
            "siret",
            unique=True,
            sqlite_where=text("siret IS NOT NULL AND archive_le IS NULL"),
            postgresql_where=text("siret IS NOT NULL AND archive_le IS NULL"),
        ),
        Index(
            "uq_organisations_rna",
            "investigation_id",
            "rna",
            unique=True,
            sqlite_where=text("rna IS NOT NULL AND archive_le IS NULL"),
            postgresql_where=text("rna IS NOT NULL AND archive_le IS NULL"),
        ),
        CheckConstraint("length(nom) > 0", name="nom_present"),
        CheckConstraint("taille IS NULL OR type_acteur = 'entreprise'", name="taille_d_entreprise"),
        CheckConstraint("rna IS NULL OR type_acteur <> 'entreprise'", name="rna_hors_entreprise"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    terrain_id: Mapped[int | None] = mapped_column(ForeignKey("terrains.id"))
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"))
    nom: Mapped[str]
    nom_recherche: Mapped[str] = mapped_column(String(300))
    siren: Mapped[str | None] = mapped_column(String(9))
    siret: Mapped[str | None] = mapped_column(String(14))
    rna: Mapped[str | None] = mapped_column(String(10))
    identifiants_fictifs: Mapped[bool] = mapped_column(default=False)
    type_juridique: Mapped[TypeJuridique | None] = mapped_column(parmi(TypeJuridique, "type_juridique"))
    niveau_reseau: Mapped[NiveauReseau | None] = mapped_column(parmi(NiveauReseau, "niveau_reseau"))
    organisation_parente_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    fusionnee_dans_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    taille: Mapped[TailleEntreprise | None] = mapped_column(parmi(TailleEntreprise, "taille"))
    taille_estimee: Mapped[bool] = mapped_column(default=False)
    rattachement: Mapped[Rattachement | None] = mapped_column(parmi(Rattachement, "rattachement"))
    entrepreneur_individuel: Mapped[bool] = mapped_column(default=False)
    objet_social: Mapped[str | None] = mapped_column(String(3))
    secteur: Mapped[str] = mapped_column(default="")
    commune_code: Mapped[str | None] = mapped_column(String(5))


class Interlocuteur(Horodatage, Verrouillable, Archivable, Base):
    """Une personne rencontrée : seule table qui porte un nom et des coordonnées."""

    __tablename__ = "interlocuteurs"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    nom: Mapped[str] = mapped_column(info=DISCRET)
    fonction: Mapped[str] = mapped_column(default="", info=DISCRET)
    courriel: Mapped[str | None] = mapped_column(info=DISCRET)
    telephone: Mapped[str | None] = mapped_column(info=DISCRET)
    source_contact: Mapped[str] = mapped_column(default="")
    statut: Mapped[StatutPersonne] = mapped_column(parmi(StatutPersonne, "statut"), default=StatutPersonne.ACTIF)


class DemandeDroits(Horodatage, Base):
    """Demande d'une personne sur ses données, avec son échéance d'un mois et sa suite."""

    __tablename__ = "demandes_droits"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    interlocuteur_id: Mapped[int] = mapped_column(ForeignKey("interlocuteurs.id"))
    nature: Mapped[NatureDemande] = mapped_column(parmi(NatureDemande, "nature"))
    recue_le: Mapped[date]
    echeance: Mapped[date]
    close_le: Mapped[datetime | None]
    resultat: Mapped[str] = mapped_column(default="", info=DISCRET)
