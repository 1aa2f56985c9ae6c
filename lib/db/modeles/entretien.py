"""Entretiens, textes et brouillons."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lib.db.base import DISCRET, Archivable, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.vocabulaire import (
    AccordCitation,
    CanalRecrutement,
    ModeEntretien,
    MoyenNotice,
    NatureTexte,
    Releve,
    StatutEntretien,
    TypeActeur,
)


class Entretien(Horodatage, Verrouillable, Archivable, Base):
    """Une rencontre. Sans notice remise, elle reste un brouillon et ne compte nulle part."""

    __tablename__ = "entretiens"
    __table_args__ = (
        UniqueConstraint("investigation_id", "code"),
        UniqueConstraint("investigation_id", "cle_saisie"),
        CheckConstraint("statut <> 'realise' OR notice_remise_le IS NOT NULL", name="realise_avec_notice"),
        CheckConstraint("statut <> 'realise' OR tenu_le IS NOT NULL", name="realise_avec_date"),
        CheckConstraint("duree_minutes IS NULL OR duree_minutes BETWEEN 1 AND 1440", name="duree_plausible"),
        Index("ix_entretiens_liste", "investigation_id", "tenu_le", "id"),
        Index("ix_entretiens_couverture", "investigation_id", "statut", "terrain_id", "type_acteur", "archive_le"),
        # Peu nombreux : ce qui vient d'eux s'écarte sans relire tous les entretiens.
        Index(
            "ix_entretiens_sans_notice",
            "id",
            sqlite_where=text("notice_remise_le IS NULL"),
            postgresql_where=text("notice_remise_le IS NULL"),
        ),
    )

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    terrain_id: Mapped[int] = mapped_column(ForeignKey("terrains.id"))
    code: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    type_acteur: Mapped[TypeActeur] = mapped_column(parmi(TypeActeur, "type_acteur"))
    tenu_le: Mapped[date | None]
    mode: Mapped[ModeEntretien] = mapped_column(parmi(ModeEntretien, "mode"))
    statut: Mapped[StatutEntretien] = mapped_column(parmi(StatutEntretien, "statut"))
    canal: Mapped[CanalRecrutement | None] = mapped_column(parmi(CanalRecrutement, "canal"))
    duree_minutes: Mapped[int | None]
    commune_code: Mapped[str | None] = mapped_column(String(5))
    notice_remise_le: Mapped[date | None]
    notice_version: Mapped[str | None] = mapped_column(String(40))
    notice_moyen: Mapped[MoyenNotice | None] = mapped_column(parmi(MoyenNotice, "notice_moyen"))
    accord_participation: Mapped[bool] = mapped_column(default=True)
    accord_enregistrement: Mapped[bool | None]
    accord_citation: Mapped[AccordCitation] = mapped_column(
        parmi(AccordCitation, "accord_citation"), default=AccordCitation.NON
    )
    # Clé de la dernière saisie enregistrée : un double envoi la retrouve et n'écrit rien de plus.
    cle_saisie: Mapped[str | None] = mapped_column(String(36))
    modifie_le: Mapped[datetime] = mapped_column(default=maintenant, onupdate=maintenant)

    textes: Mapped[list["Texte"]] = relationship(back_populates="entretien", cascade="all, delete-orphan")


class EntretienInterlocuteur(Base):
    """Personnes présentes : table séparée, que l'on peut vider sans toucher à l'entretien."""

    __tablename__ = "entretien_interlocuteurs"

    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"), primary_key=True)
    interlocuteur_id: Mapped[int] = mapped_column(ForeignKey("interlocuteurs.id"), primary_key=True, index=True)


class EntretienEnqueteur(Base):
    """Qui a mené l'entretien."""

    __tablename__ = "entretien_enqueteurs"

    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"), primary_key=True)
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"), primary_key=True, index=True)


class Texte(Verrouillable, Base):
    """Notes ou transcription, normalisées (LF, sans BOM) : les bornes des verbatims y renvoient."""

    __tablename__ = "textes"
    __table_args__ = (UniqueConstraint("entretien_id", "nature"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    nature: Mapped[NatureTexte] = mapped_column(parmi(NatureTexte, "nature"))
    contenu: Mapped[str] = mapped_column(info=DISCRET)
    contenu_recherche: Mapped[str | None] = mapped_column(info=DISCRET)

    entretien: Mapped[Entretien] = relationship(back_populates="textes")


class TexteVersion(Base):
    """Ancienne version d'un texte, gardée avant chaque correction."""

    __tablename__ = "textes_versions"
    __table_args__ = (UniqueConstraint("texte_id", "numero"),)

    id: Mapped[cle]
    texte_id: Mapped[int] = mapped_column(ForeignKey("textes.id"))
    numero: Mapped[int]
    contenu: Mapped[str] = mapped_column(info=DISCRET)
    remplace_le: Mapped[datetime] = mapped_column(default=maintenant)
    remplace_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class IrritantReleve(Verrouillable, Base):
    """Ce qu'un entretien dit d'un irritant."""

    __tablename__ = "irritants_releves"
    __table_args__ = (
        UniqueConstraint("entretien_id", "etiquette_id"),
        CheckConstraint("intensite IS NULL OR intensite BETWEEN 1 AND 5", name="intensite_plausible"),
        Index("ix_irritants_releves_etiquette", "etiquette_id", "releve", "entretien_id"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    etiquette_id: Mapped[int] = mapped_column(ForeignKey("etiquettes.id"))
    releve: Mapped[Releve] = mapped_column(parmi(Releve, "releve"))
    intensite: Mapped[int | None]


class Brouillon(Base):
    """Saisie en cours d'une personne, écrite au fil de la frappe ; hors journal, effacée à l'enregistrement."""

    __tablename__ = "brouillons"
    __table_args__ = (UniqueConstraint("compte_id", "investigation_id", "formulaire", "cle"),)

    id: Mapped[cle]
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    formulaire: Mapped[str] = mapped_column(String(40))
    cle: Mapped[str] = mapped_column(String(60), default="")
    contenu: Mapped[dict[str, Any]] = mapped_column(info=DISCRET)
    modifie_le: Mapped[datetime] = mapped_column(default=maintenant, onupdate=maintenant)
