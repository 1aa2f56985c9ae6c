"""Partenariats : des épisodes faits d'événements en ajout seul."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Archivable, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.vocabulaire import (
    FormeEngagement,
    Initiateur,
    ModeRecueil,
    MotifFin,
    PrecisionDate,
    Rythme,
    TypeEvenement,
)


class SolutionExistante(Horodatage, Verrouillable, Archivable, Base):
    """Outil ou réseau qui met déjà en relation : coût pour chacun, ce qui manque."""

    __tablename__ = "solutions_existantes"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    nom: Mapped[str]
    cout_entreprise: Mapped[str] = mapped_column(default="")
    cout_association: Mapped[str] = mapped_column(default="")
    manque: Mapped[str] = mapped_column(default="")
    lien: Mapped[str] = mapped_column(default="")


class Partenariat(Horodatage, Verrouillable, Archivable, Base):
    """Un épisode entre une entreprise et une association.

    Les colonnes de `premier_contact` à `renouvellements` sont une synthèse tenue à l'écriture depuis les événements
    (lib.services.partenariats) : elles ne se saisissent pas. Leurs dates sont des jours de calcul, au milieu de ce
    que permet la précision : « mars 2024 » y est le 16 mars. Le statut se déduit d'elles et de la date d'arrêt.
    """

    __tablename__ = "partenariats"
    __table_args__ = (
        CheckConstraint("entreprise_id <> association_id", name="deux_organisations"),
        CheckConstraint("fin IS NULL OR debut IS NULL OR fin >= debut", name="fin_apres_debut"),
        # Couvre la mesure des durées : elle se lit dans l'index seul, sans toucher aux lignes.
        Index(
            "ix_partenariats_duree",
            "investigation_id",
            "archive_le",
            "terrain_id",
            "rythme",
            "debut",
            "fin",
            "derniere_nouvelle",
            "mode_recueil",
            "premiere_observation",
            "precision_debut",
            "motif_fin",
            "source_entretien_id",
        ),
        Index("ix_partenariats_liste", "investigation_id", "derniere_nouvelle", "id"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"))
    entreprise_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    episode_precedent_id: Mapped[int | None] = mapped_column(ForeignKey("partenariats.id"))
    mode_recueil: Mapped[ModeRecueil] = mapped_column(parmi(ModeRecueil, "mode_recueil"))
    rythme: Mapped[Rythme] = mapped_column(parmi(Rythme, "rythme"))
    initiateur: Mapped[Initiateur] = mapped_column(parmi(Initiateur, "initiateur"), default=Initiateur.INCONNU)
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("solutions_existantes.id"))
    source_entretien_id: Mapped[int | None] = mapped_column(ForeignKey("entretiens.id"), index=True)
    volume: Mapped[float | None] = mapped_column(Numeric(14, 2))
    unite: Mapped[str | None] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(default="")
    convention_debut: Mapped[date | None]
    convention_fin: Mapped[date | None]
    premiere_observation: Mapped[date | None]

    # Synthèse des événements.
    premier_contact: Mapped[date | None]
    en_discussion: Mapped[bool] = mapped_column(default=False)
    debut: Mapped[date | None]
    precision_debut: Mapped[PrecisionDate | None] = mapped_column(parmi(PrecisionDate, "precision_debut"))
    fin: Mapped[date | None]
    precision_fin: Mapped[PrecisionDate | None] = mapped_column(parmi(PrecisionDate, "precision_fin"))
    motif_fin: Mapped[MotifFin | None] = mapped_column(parmi(MotifFin, "motif_fin"))
    sans_suite_le: Mapped[date | None]
    suspendu_depuis: Mapped[date | None]
    derniere_nouvelle: Mapped[date | None]
    precision_nouvelle: Mapped[PrecisionDate | None] = mapped_column(parmi(PrecisionDate, "precision_nouvelle"))
    renouvellements: Mapped[int] = mapped_column(default=0)


class FormePartenariat(Base):
    """Formes d'engagement d'un partenariat : plusieurs, dont une principale."""

    __tablename__ = "formes_partenariat"
    __table_args__ = (CheckConstraint("part IS NULL OR part BETWEEN 0 AND 100", name="part_en_pourcent"),)

    partenariat_id: Mapped[int] = mapped_column(ForeignKey("partenariats.id"), primary_key=True)
    forme: Mapped[FormeEngagement] = mapped_column(parmi(FormeEngagement, "forme"), primary_key=True)
    principale: Mapped[bool] = mapped_column(default=False)
    part: Mapped[int | None]


class EvenementPartenariat(Base):
    """Ce qui est arrivé, et quand on l'a su. Corriger, c'est ajouter une ligne qui pointe la précédente."""

    __tablename__ = "evenements_partenariat"
    __table_args__ = (
        CheckConstraint("type <> 'fin' OR annule OR motif IS NOT NULL", name="fin_motivee"),
        CheckConstraint("precision = 'inconnue' OR date_effet IS NOT NULL", name="date_ou_inconnue"),
        Index("ix_evenements_partenariat", "partenariat_id", "date_effet", "id"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    partenariat_id: Mapped[int] = mapped_column(ForeignKey("partenariats.id"))
    type: Mapped[TypeEvenement] = mapped_column(parmi(TypeEvenement, "type"))
    date_effet: Mapped[date | None]
    precision: Mapped[PrecisionDate] = mapped_column(parmi(PrecisionDate, "precision"))
    motif: Mapped[MotifFin | None] = mapped_column(parmi(MotifFin, "motif"))
    commentaire: Mapped[str] = mapped_column(default="")
    source_entretien_id: Mapped[int | None] = mapped_column(ForeignKey("entretiens.id"))
    corrige_id: Mapped[int | None] = mapped_column(ForeignKey("evenements_partenariat.id"), unique=True)
    annule: Mapped[bool] = mapped_column(default=False)
    saisi_le: Mapped[datetime] = mapped_column(default=maintenant)
    saisi_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class CitationPartenariat(Horodatage, Base):
    """Un passage d'entretien qui parle de ce partenariat ; retiré, il reste lisible au journal."""

    __tablename__ = "citations_partenariat"
    __table_args__ = (
        Index(
            "uq_citations_partenariat_vivante",
            "partenariat_id",
            "verbatim_id",
            unique=True,
            sqlite_where=text("retiree_le IS NULL"),
            postgresql_where=text("retiree_le IS NULL"),
        ),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    partenariat_id: Mapped[int] = mapped_column(ForeignKey("partenariats.id"))
    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"), index=True)
    retiree_le: Mapped[datetime | None]
    retiree_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))
