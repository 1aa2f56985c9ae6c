"""Ce que l'équipe corrige de la reconnaissance des intervenants d'un entretien."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import DISCRET, Base, cle, investigation_fk, maintenant, parmi
from lib.domain.intervenants import RoleIntervenant


class IntervenantCorrige(Base):
    """Ce qu'un début de ligne (« Q : », « Nom : ») désigne dans un entretien, quand il a été mal reconnu."""

    __tablename__ = "intervenants_corriges"
    __table_args__ = (UniqueConstraint("entretien_id", "nom"),)

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"))
    nom: Mapped[str] = mapped_column(String(120), info=DISCRET)
    role: Mapped[RoleIntervenant] = mapped_column(parmi(RoleIntervenant, "role"))
    corrige_le: Mapped[datetime] = mapped_column(default=maintenant)
    corrige_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))
