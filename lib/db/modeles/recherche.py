"""Ce qui se cherche : les mots des textes, des citations et des mémos, pliés et rendus à leur racine."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lib.db.base import DISCRET, Base, Entier, cle, investigation_fk, parmi
from lib.domain.mots import NatureIndexee


class MotsIndexes(Base):
    """Un morceau de texte à chercher. SQLite (FTS5) et PostgreSQL (tsvector) l'indexent l'un et l'autre tel quel."""

    __tablename__ = "mots_indexes"
    __table_args__ = (
        Index("ix_mots_indexes_objet", "nature", "objet_id"),
        # Qui porte les mots trouvés se lit sans ouvrir les morceaux, larges.
        Index("ix_mots_indexes_porteurs", "id", "nature", "investigation_id", "entretien_id", "objet_id"),
    )

    id: Mapped[cle]
    investigation_id: Mapped[investigation_fk]
    entretien_id: Mapped[int] = mapped_column(ForeignKey("entretiens.id"), index=True)
    nature: Mapped[NatureIndexee] = mapped_column(parmi(NatureIndexee, "nature"))
    objet_id: Mapped[int] = mapped_column(Entier)
    formes: Mapped[str] = mapped_column(info=DISCRET)
    racines: Mapped[str] = mapped_column(info=DISCRET)
