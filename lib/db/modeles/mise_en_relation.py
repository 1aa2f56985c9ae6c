"""Besoins, offres et propositions : la conciergerie."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import Archivable, Base, Horodatage, Verrouillable, cle, investigation_fk, maintenant, parmi
from lib.domain.vocabulaire import FormeEngagement, StatutAnnonce, TypeEvenementProposition


class Annonce(Horodatage, Verrouillable, Archivable):
    """Ce qu'un besoin et une offre ont en commun."""

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    terrain_id: Mapped[int | None] = mapped_column(ForeignKey("terrains.id"))
    titre: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    forme: Mapped[FormeEngagement] = mapped_column(parmi(FormeEngagement, "forme"))
    theme: Mapped[str | None] = mapped_column(String(60))
    commune_code: Mapped[str | None] = mapped_column(String(5))
    rayon_km: Mapped[int | None]
    a_distance: Mapped[bool] = mapped_column(default=False)
    debut: Mapped[date | None]
    fin: Mapped[date | None]
    duree_souhaitee_mois: Mapped[int | None]
    quantite: Mapped[int | None]
    unite: Mapped[str | None] = mapped_column(String(40))
    statut: Mapped[StatutAnnonce] = mapped_column(parmi(StatutAnnonce, "statut"), default=StatutAnnonce.OUVERTE)
    confirme_le: Mapped[date | None]


class Besoin(Annonce, Base):
    """Ce qu'une association cherche."""

    __tablename__ = "besoins"
    __table_args__ = (CheckConstraint("fin IS NULL OR debut IS NULL OR fin >= debut", name="fin_apres_debut"),)

    association_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    recu_fiscal_demande: Mapped[bool] = mapped_column(default=False)


class Offre(Annonce, Base):
    """Ce qu'une entreprise propose."""

    __tablename__ = "offres"
    __table_args__ = (CheckConstraint("fin IS NULL OR debut IS NULL OR fin >= debut", name="fin_apres_debut"),)

    entreprise_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    capacite: Mapped[int] = mapped_column(default=1)
    exclusions: Mapped[str] = mapped_column(default="")


class Proposition(Horodatage, Base):
    """Rapprochement d'un besoin et d'une offre ; son avancement se déduit de ses événements."""

    __tablename__ = "propositions"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    besoin_id: Mapped[int] = mapped_column(ForeignKey("besoins.id"), index=True)
    offre_id: Mapped[int] = mapped_column(ForeignKey("offres.id"), index=True)
    score: Mapped[int | None]
    criteres_connus: Mapped[int | None]
    version_calcul: Mapped[str] = mapped_column(String(20), default="")
    partenariat_id: Mapped[int | None] = mapped_column(ForeignKey("partenariats.id"))


class EvenementProposition(Base):
    """Ce qui arrive à une proposition, en ajout seul."""

    __tablename__ = "evenements_proposition"

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    proposition_id: Mapped[int] = mapped_column(ForeignKey("propositions.id"), index=True)
    type: Mapped[TypeEvenementProposition] = mapped_column(parmi(TypeEvenementProposition, "type"))
    date_effet: Mapped[date]
    motif: Mapped[str] = mapped_column(default="")
    saisi_le: Mapped[datetime] = mapped_column(default=maintenant)
    saisi_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))
