"""Versions de référence, relecture des indicateurs et décision : ce qui se fige, et ce qui s'en dit."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import DISCRET, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision
from lib.domain.relecture import EtatRelecture


class VersionReference(Base):
    """Tous les indicateurs figés un jour donné, en ajout seul. `version_donnees` : compteur d'écritures ce jour-là."""

    __tablename__ = "versions_reference"
    __table_args__ = (UniqueConstraint("investigation_id", "numero"),)

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    numero: Mapped[int]
    motif: Mapped[str] = mapped_column(default="", info=DISCRET)
    au: Mapped[date]
    version_donnees: Mapped[int]
    cree_le: Mapped[datetime] = mapped_column(default=maintenant)
    cree_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class ChiffreReference(Base):
    """Un indicateur tel qu'il se lisait dans une version de référence, définition comprise ; en ajout seul."""

    __tablename__ = "chiffres_reference"

    version_id: Mapped[int] = mapped_column(ForeignKey("versions_reference.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    rang: Mapped[int]
    nom: Mapped[str]
    definition: Mapped[str]
    numerateur_definition: Mapped[str]
    denominateur_definition: Mapped[str]
    unite: Mapped[str] = mapped_column(String(10))
    numerateur: Mapped[int | None]
    denominateur: Mapped[int | None]
    valeur: Mapped[float | None]
    bas: Mapped[float | None]
    haut: Mapped[float | None]
    precision: Mapped[str] = mapped_column(default="")


class MessageRelecture(Base):
    """Un message du fil de relecture d'un indicateur. `rang` : sa place dans le fil, prise une seule fois."""

    __tablename__ = "messages_relecture"
    __table_args__ = (UniqueConstraint("investigation_id", "indicateur", "rang"),)

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    indicateur: Mapped[str] = mapped_column(String(60))
    rang: Mapped[int]
    etat: Mapped[EtatRelecture] = mapped_column(parmi(EtatRelecture, "etat"))
    texte: Mapped[str] = mapped_column(default="", info=DISCRET)
    chiffre_vu: Mapped[str] = mapped_column(String(200))
    cree_le: Mapped[datetime] = mapped_column(default=maintenant)
    cree_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class MentionRelecture(Base):
    """Une personne appelée par « @ » dans un message."""

    __tablename__ = "mentions_relecture"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages_relecture.id"), primary_key=True)
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"), primary_key=True)
    investigation_id: Mapped[investigation_fk]


class LigneDecision(Horodatage, Verrouillable, Base):
    """Ce que l'équipe conclut d'une question de la grille « poursuivre ou arrêter »."""

    __tablename__ = "lignes_decision"
    __table_args__ = (UniqueConstraint("investigation_id", "question"),)

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    question: Mapped[QuestionDecision] = mapped_column(parmi(QuestionDecision, "question"))
    avis: Mapped[AvisDecision] = mapped_column(parmi(AvisDecision, "avis"))
    constat: Mapped[str] = mapped_column(default="", info=DISCRET)


class AppuiDecision(Base):
    """Un entretien sur lequel s'appuie l'avis d'une ligne de la grille."""

    __tablename__ = "appuis_decision"

    ligne_id: Mapped[int] = mapped_column(ForeignKey("lignes_decision.id"), primary_key=True)
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"), primary_key=True)
    investigation_id: Mapped[investigation_fk]


class SourceDecision(Horodatage, Base):
    """Une citation, un indicateur, une solution ou une hypothèse sur quoi s'appuie une ligne de la grille."""

    __tablename__ = "sources_decision"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN verbatim_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN solution_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN hypothese_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN indicateur IS NULL THEN 0 ELSE 1 END)"
            " = 1",
            name="une_seule_source",
        ),
        UniqueConstraint("investigation_id", "question", "verbatim_id"),
        UniqueConstraint("investigation_id", "question", "solution_id"),
        UniqueConstraint("investigation_id", "question", "hypothese_id"),
        UniqueConstraint("investigation_id", "question", "indicateur"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    question: Mapped[QuestionDecision] = mapped_column(parmi(QuestionDecision, "question"))
    verbatim_id: Mapped[int | None] = mapped_column(ForeignKey("verbatims.id"))
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("solutions_existantes.id"))
    hypothese_id: Mapped[int | None] = mapped_column(ForeignKey("hypotheses.id"))
    indicateur: Mapped[str | None] = mapped_column(String(60))


class OptionDecision(Horodatage, Verrouillable, Base):
    """Une suite possible, chiffrée pour se comparer aux autres."""

    __tablename__ = "options_decision"
    __table_args__ = (
        UniqueConstraint("investigation_id", "nature"),
        CheckConstraint("cout_euros IS NULL OR cout_euros >= 0", name="cout_positif"),
        CheckConstraint("delai_mois IS NULL OR delai_mois >= 0", name="delai_positif"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    nature: Mapped[NatureOption] = mapped_column(parmi(NatureOption, "nature"))
    description: Mapped[str] = mapped_column(default="", info=DISCRET)
    cout_euros: Mapped[int | None]
    delai_mois: Mapped[int | None]
    territoire: Mapped[str] = mapped_column(default="")
    critere: Mapped[str] = mapped_column(default="", info=DISCRET)


class Decision(Base):
    """La décision, une seule par investigation, figée avec les chiffres du jour ; en ajout seul.

    `dossier` : la grille, les options et les hypothèses telles qu'elles se lisaient.
    """

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("investigation_id"),)

    id: Mapped[cle]
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("versions_reference.id"))
    retenue: Mapped[NatureOption] = mapped_column(parmi(NatureOption, "retenue"))
    raisons: Mapped[str] = mapped_column(info=DISCRET)
    instance: Mapped[str]
    decidee_le: Mapped[date]
    dossier: Mapped[dict[str, Any]] = mapped_column(info=DISCRET)
    cree_le: Mapped[datetime] = mapped_column(default=maintenant)
    cree_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))
