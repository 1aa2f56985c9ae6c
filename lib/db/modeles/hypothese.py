"""Hypothèses et preuves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Archivable, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.vocabulaire import NatureHypothese, SensPreuve, StatutHypothese


class Hypothese(Horodatage, Verrouillable, Archivable, Base):
    """Ce que l'on croit, et ce qui le réfuterait."""

    __tablename__ = "hypotheses"
    __table_args__ = (UniqueConstraint("investigation_id", "code"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    code: Mapped[str] = mapped_column(String(20))
    nature: Mapped[NatureHypothese] = mapped_column(parmi(NatureHypothese, "nature"))
    enonce: Mapped[str]
    refutation: Mapped[str] = mapped_column(default="")
    ordre: Mapped[int] = mapped_column(default=0)


class StatutHypotheseDate(Base):
    """Histoire du statut d'une hypothèse, en ajout seul, chaque fois avec sa raison.

    `diffusable` : qui l'a écrite dit qu'elle peut se lire hors de l'équipe, sous pseudonyme.
    """

    __tablename__ = "statuts_hypotheses"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    hypothese_id: Mapped[int] = mapped_column(ForeignKey("hypotheses.id"), index=True)
    statut: Mapped[StatutHypothese] = mapped_column(parmi(StatutHypothese, "statut"))
    raison: Mapped[str] = mapped_column(default="")
    diffusable: Mapped[bool] = mapped_column(default=False)
    decide_le: Mapped[datetime] = mapped_column(default=maintenant)
    decide_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class Preuve(Horodatage, Verrouillable, Archivable, Base):
    """Ce qui pèse pour, contre, ou nuance : pointe un verbatim, un entretien, une solution ou un indicateur.

    Une citation porte aussi son entretien. `chiffre_vu` : ce que disait l'indicateur quand la preuve a été versée.
    """

    __tablename__ = "preuves"
    __table_args__ = (
        CheckConstraint(
            "(verbatim_id IS NOT NULL) OR (entretien_id IS NOT NULL) OR (solution_id IS NOT NULL)"
            " OR (indicateur IS NOT NULL)",
            name="pointe_quelque_chose",
        ),
        CheckConstraint("poids BETWEEN 1 AND 3", name="poids_borne"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    hypothese_id: Mapped[int] = mapped_column(ForeignKey("hypotheses.id"), index=True)
    sens: Mapped[SensPreuve] = mapped_column(parmi(SensPreuve, "sens"))
    poids: Mapped[int] = mapped_column(default=1)
    verbatim_id: Mapped[int | None] = mapped_column(ForeignKey("verbatims.id"))
    entretien_id: Mapped[int | None] = mapped_column(ForeignKey("entretiens.id"))
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("solutions_existantes.id"))
    indicateur: Mapped[str | None] = mapped_column(String(60))
    chiffre_vu: Mapped[str] = mapped_column(default="")
    commentaire: Mapped[str] = mapped_column(default="")
