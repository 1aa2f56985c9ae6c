"""Deux fiches qui se ressemblent et que l'équipe sait différentes ; le SIREN se cherche par un index."""

import sqlalchemy as sa
from alembic import op

from lib.db.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VIVANTE = sa.text("annulee_le IS NULL")
CONNU = sa.text("siren IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "paires_distinctes",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("premiere_id", ENTIER, nullable=False),
        sa.Column("seconde_id", ENTIER, nullable=False),
        sa.Column("annulee_le", Instant(timezone=True), nullable=True),
        sa.Column("annulee_par", ENTIER, nullable=True),
        sa.Column("cree_le", Instant(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.CheckConstraint("premiere_id < seconde_id", name=op.f("ck_paires_distinctes_dans_l_ordre")),
        sa.ForeignKeyConstraint(["annulee_par"], ["comptes.id"], name=op.f("fk_paires_distinctes_annulee_par")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_paires_distinctes_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_paires_distinctes_investigation_id")
        ),
        sa.ForeignKeyConstraint(["premiere_id"], ["organisations.id"], name=op.f("fk_paires_distinctes_premiere_id")),
        sa.ForeignKeyConstraint(["seconde_id"], ["organisations.id"], name=op.f("fk_paires_distinctes_seconde_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paires_distinctes")),
    )
    op.create_index(op.f("ix_paires_distinctes_investigation_id"), "paires_distinctes", ["investigation_id"])
    op.create_index(op.f("ix_paires_distinctes_seconde_id"), "paires_distinctes", ["seconde_id"])
    op.create_index(
        "uq_paires_distinctes_vivante",
        "paires_distinctes",
        ["premiere_id", "seconde_id"],
        unique=True,
        sqlite_where=VIVANTE,
        postgresql_where=VIVANTE,
    )
    op.create_index(
        "ix_organisations_siren",
        "organisations",
        ["investigation_id", "siren"],
        sqlite_where=CONNU,
        postgresql_where=CONNU,
    )


def downgrade() -> None:
    op.drop_index("ix_organisations_siren", "organisations")
    op.drop_table("paires_distinctes")
