"""Comptes, habilitations et sessions de connexion."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lib.db.base import DISCRET, Base, Verrouillable, cle, maintenant, parmi
from lib.domain.vocabulaire import Role


class Compte(Verrouillable, Base):
    """Une personne qui se sert de l'outil."""

    __tablename__ = "comptes"

    id: Mapped[cle]
    identifiant: Mapped[str] = mapped_column(String(80), unique=True)
    nom_affiche: Mapped[str] = mapped_column(info=DISCRET)
    mot_de_passe: Mapped[str] = mapped_column(String(100), info=DISCRET)
    role: Mapped[Role] = mapped_column(parmi(Role, "role"))
    actif: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    cree_le: Mapped[datetime] = mapped_column(default=maintenant)
    mot_de_passe_change_le: Mapped[datetime] = mapped_column(default=maintenant)
    # Donné par une autre personne : rien ne s'ouvre tant que la sienne n'en a pas choisi un.
    mot_de_passe_provisoire: Mapped[bool] = mapped_column(default=False)

    habilitations: Mapped[list["Habilitation"]] = relationship(back_populates="compte", cascade="all, delete-orphan")


class Habilitation(Base):
    """Une investigation ouverte à un compte ; avec un terrain, elle se limite à lui."""

    __tablename__ = "habilitations"
    __table_args__ = (UniqueConstraint("compte_id", "investigation_id", "terrain_id"),)

    id: Mapped[cle]
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"), index=True)
    investigation_id: Mapped[int] = mapped_column(ForeignKey("investigations.id"))
    terrain_id: Mapped[int | None] = mapped_column(ForeignKey("terrains.id"))

    compte: Mapped[Compte] = relationship(back_populates="habilitations")


class SessionOuverte(Base):
    """Session de connexion : seule l'empreinte du jeton est gardée."""

    __tablename__ = "sessions_ouvertes"

    id: Mapped[cle]
    empreinte: Mapped[str] = mapped_column(String(64), unique=True)
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"), index=True)
    investigation_id: Mapped[int | None] = mapped_column(ForeignKey("investigations.id"))
    ouverte_le: Mapped[datetime]
    vue_le: Mapped[datetime]
    expire_le: Mapped[datetime]
    revoquee_le: Mapped[datetime | None]


class Billet(Base):
    """Passe à usage unique entre le formulaire de connexion et la route qui pose le témoin de session."""

    __tablename__ = "billets"

    empreinte: Mapped[str] = mapped_column(String(64), primary_key=True)
    compte_id: Mapped[int] = mapped_column(ForeignKey("comptes.id"))
    expire_le: Mapped[datetime]
    utilise_le: Mapped[datetime | None]


class Tentative(Base):
    """Échec de connexion, par compte et par adresse (empreintes) : de quoi ralentir, puis oublier."""

    __tablename__ = "tentatives"
    __table_args__ = (Index("ix_tentatives_cle_instant", "cle", "survenue_le"),)

    id: Mapped[cle]
    cle: Mapped[str] = mapped_column(String(64))
    survenue_le: Mapped[datetime]
