"""Socle des modèles : noms de contraintes, types communs, marques de version et d'archive."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite n'incrémente seul que le type INTEGER.
Entier = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """Instant en UTC, toujours porteur de son fuseau, y compris sur SQLite qui ne le garde pas."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("un instant sans fuseau ne s'enregistre pas")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - signature de SQLAlchemy
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def maintenant() -> datetime:
    """L'instant présent, en UTC."""
    return datetime.now(UTC)


def partiel(condition: str) -> dict[str, Any]:
    """Options d'un index restreint aux lignes qui vérifient la condition, sur les deux bases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def parmi(vocabulaire: type[StrEnum], nom: str) -> Enum:
    """Colonne dont la base refuse toute valeur hors du vocabulaire."""
    return Enum(
        vocabulaire,
        name=nom,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda classe: [membre.value for membre in classe],
    )


class Base(DeclarativeBase):
    """Racine des modèles.

    Une colonne marquée `info={"discret": True}` porte des mots ou des noms de personnes : le journal dit
    qu'elle a changé, jamais ce qu'elle contient.
    """

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, str: Text}  # noqa: RUF012 - contrat SQLAlchemy


DISCRET = {"discret": True}

cle = Annotated[int, mapped_column(Entier, primary_key=True, autoincrement=True)]
code_court = Annotated[str, mapped_column(String(60))]
investigation_fk = Annotated[int, mapped_column(ForeignKey("investigations.id"), index=True)]


class Horodatage:
    """Quand et par qui la ligne est née."""

    cree_le: Mapped[datetime] = mapped_column(default=maintenant)
    cree_par: Mapped[int | None] = mapped_column(ForeignKey("comptes.id"))


class Archivable:
    """Supprimer, c'est archiver : annulable."""

    archive_le: Mapped[datetime | None]


class Verrouillable:
    """Verrou optimiste : le second à enregistrer voit un conflit (StaleDataError traduite en Conflit)."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passe la classe
        return {"version_id_col": cls.version}
