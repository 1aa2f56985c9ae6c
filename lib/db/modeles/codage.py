"""Grille de codage, verbatims, étiquetages et leurs tables de synthèse."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import DISCRET, Archivable, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.vocabulaire import AncrageVerbatim, FamilleEtiquette, Releve, TypeActeur


class Etiquette(Horodatage, Verrouillable, Archivable, Base):
    """Entrée de la grille de codage, avec sa définition et ses règles."""

    __tablename__ = "etiquettes"
    __table_args__ = (
        UniqueConstraint("investigation_id", "code"),
        CheckConstraint("length(nom) > 0", name="nom_present"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="pas_son_propre_parent"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("etiquettes.id"), index=True)
    fusionnee_dans_id: Mapped[int | None] = mapped_column(ForeignKey("etiquettes.id"))
    famille: Mapped[FamilleEtiquette] = mapped_column(parmi(FamilleEtiquette, "famille"))
    code: Mapped[str] = mapped_column(String(60))
    nom: Mapped[str]
    nom_recherche: Mapped[str] = mapped_column(String(300))
    definition: Mapped[str] = mapped_column(default="")
    inclusion: Mapped[str] = mapped_column(default="")
    exclusion: Mapped[str] = mapped_column(default="")
    exemples: Mapped[str] = mapped_column(default="")
    couleur: Mapped[str | None] = mapped_column(String(7))
    ordre: Mapped[int] = mapped_column(default=0)
    reservee: Mapped[bool] = mapped_column(default=False)
    """Vrai si elle ne se pose que sur les paroles de la personne interrogée."""


class Epingle(Base):
    """Une étiquette qu'une personne garde sous un chiffre de 1 à 9 ; affaire de goût, hors du journal."""

    __tablename__ = "epingles"
    __table_args__ = (
        UniqueConstraint("investigation_id", "compte_id", "rang"),
        CheckConstraint("rang BETWEEN 1 AND 9", name="rang_d_un_chiffre"),
    )

    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"), primary_key=True)
    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    rang: Mapped[int]


class Verbatim(Horodatage, Verrouillable, Archivable, Base):
    """Passage `[debut, fin[` d'un texte, en points de code, et la citation elle-même."""

    __tablename__ = "verbatims"
    __table_args__ = (
        CheckConstraint("debut >= 0 AND fin > debut", name="bornes_ordonnees"),
        CheckConstraint("length(citation) > 0", name="citation_presente"),
        Index(
            "uq_verbatims_passage",
            "texte_id",
            "debut",
            "fin",
            unique=True,
            sqlite_where=text("archive_le IS NULL AND ancrage = 'sur'"),
            postgresql_where=text("archive_le IS NULL AND ancrage = 'sur'"),
        ),
        Index("ix_verbatims_entretien", "entretien_id", "debut"),
        Index("ix_verbatims_investigation", "investigation_id", "id"),
        # Quelques lignes seulement : ce qui est archivé s'écarte sans relire le reste.
        Index(
            "ix_verbatims_archives",
            "entretien_id",
            sqlite_where=text("archive_le IS NOT NULL"),
            postgresql_where=text("archive_le IS NOT NULL"),
        ),
        # Quelques lignes seulement : les citations à replacer se comptent sans relire les autres.
        Index(
            "ix_verbatims_a_replacer",
            "investigation_id",
            "entretien_id",
            sqlite_where=text("archive_le IS NULL AND ancrage = 'a_verifier'"),
            postgresql_where=text("archive_le IS NULL AND ancrage = 'a_verifier'"),
        ),
    )

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    texte_id: Mapped[int] = mapped_column(ForeignKey("textes.id"), index=True)
    debut: Mapped[int]
    fin: Mapped[int]
    citation: Mapped[str] = mapped_column(info=DISCRET)
    citation_recherche: Mapped[str | None] = mapped_column(info=DISCRET)
    locuteur: Mapped[str | None] = mapped_column(String(120), info=DISCRET)
    memo: Mapped[str] = mapped_column(default="", info=DISCRET)
    ancrage: Mapped[AncrageVerbatim] = mapped_column(parmi(AncrageVerbatim, "ancrage"), default=AncrageVerbatim.SUR)


class VerbatimVersion(Base):
    """Ce qu'un verbatim était avant qu'un geste ne déplace ses bornes ou ne change son mémo ; en ajout seul."""

    __tablename__ = "verbatims_versions"

    id: Mapped[cle]
    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"), index=True)
    geste: Mapped[str | None] = mapped_column(String(32), index=True)
    debut: Mapped[int]
    fin: Mapped[int]
    citation: Mapped[str]
    memo: Mapped[str]
    ancrage: Mapped[AncrageVerbatim] = mapped_column(parmi(AncrageVerbatim, "ancrage"))
    remplace_le: Mapped[datetime] = mapped_column(default=maintenant)
    remplace_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class Etiquetage(Base):
    """Une étiquette posée sur un verbatim par une personne ; la retirer laisse une trace (`retire_le`)."""

    __tablename__ = "etiquetages"
    __table_args__ = (
        Index(
            "uq_etiquetages_pose",
            "verbatim_id",
            "etiquette_id",
            "compte_id",
            unique=True,
            sqlite_where=text("retire_le IS NULL"),
            postgresql_where=text("retire_le IS NULL"),
        ),
        Index("ix_etiquetages_etiquette", "etiquette_id", "retire_le", "verbatim_id", "entretien_id"),
        Index("ix_etiquetages_entretien", "entretien_id", "etiquette_id", "retire_le", "verbatim_id"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    verbatim_id: Mapped[int] = mapped_column(ForeignKey("verbatims.id"))
    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"))
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    pose_le: Mapped[datetime] = mapped_column(default=maintenant)
    retire_le: Mapped[datetime | None]
    retire_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class SyntheseEtiquette(Base):
    """Compte tenu à l'écriture : verbatims et entretiens par étiquette, terrain, type d'acteur et taille d'entreprise.

    Seuls les entretiens réalisés, notice remise, non archivés y entrent ; `citables` s'arrête aux verbatims
    dont la citation est permise. Se refait par `python -m lib syntheses refaire`.
    """

    __tablename__ = "syntheses_etiquettes"

    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    taille: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    investigation_id: Mapped[investigation_fk]
    verbatims: Mapped[int] = mapped_column(default=0)
    citables: Mapped[int] = mapped_column(default=0)
    entretiens: Mapped[int] = mapped_column(default=0)


class SyntheseIrritant(Base):
    """Compte tenu à l'écriture : entretiens par irritant, relevé, terrain et type d'acteur (mêmes règles).

    notes : combien de ces relevés portent une intensité ; intensites : leur somme.
    """

    __tablename__ = "syntheses_irritants"

    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"), primary_key=True)
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    releve: Mapped[Releve] = mapped_column(parmi(Releve, "releve"), primary_key=True)
    investigation_id: Mapped[investigation_fk]
    entretiens: Mapped[int] = mapped_column(default=0)
    notes: Mapped[int] = mapped_column(default=0, server_default="0")
    intensites: Mapped[int] = mapped_column(default=0, server_default="0")


class SyntheseCitation(Base):
    """Compte tenu à l'écriture : citations et entretiens cités, dont ce qui n'a pas d'étiquette (mêmes règles)."""

    __tablename__ = "syntheses_citations"

    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"), primary_key=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"), primary_key=True)
    investigation_id: Mapped[investigation_fk]
    verbatims: Mapped[int] = mapped_column(default=0)
    citables: Mapped[int] = mapped_column(default=0)
    entretiens: Mapped[int] = mapped_column(default=0)
    sans_etiquette: Mapped[int] = mapped_column(default=0)
    citables_sans_etiquette: Mapped[int] = mapped_column(default=0)
    entretiens_sans_etiquette: Mapped[int] = mapped_column(default=0)
