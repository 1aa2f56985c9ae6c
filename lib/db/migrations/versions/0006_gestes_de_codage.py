"""Gestes de codage au journal, versions des verbatims, épingles et étiquettes réservées aux réponses.

Suit : 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Nom de l'index → colonnes du journal, et condition qui n'y garde que les gestes de codage.
INDEX_DU_JOURNAL = {
    "ix_journal_gestes_d_un_compte": (["compte_id", "id"], "geste IS NOT NULL"),
    "ix_journal_geste": (["geste"], "geste IS NOT NULL"),
    "ix_journal_revient_sur": (["revient_sur"], "revient_sur IS NOT NULL"),
    "ix_journal_suggestion": (["investigation_id", "suggestion", "geste"], "suggestion IS NOT NULL"),
}


def upgrade() -> None:
    # Colonne par colonne, jamais par copie de table : SQLite y perdrait les gardes qui rendent le journal inaltérable.
    op.add_column("journal", sa.Column("geste", sa.String(length=32), nullable=True))
    op.add_column("journal", sa.Column("revient_sur", sa.String(length=32), nullable=True))
    op.add_column("journal", sa.Column("suggestion", sa.Boolean(), nullable=True))
    for nom, (colonnes, condition) in INDEX_DU_JOURNAL.items():
        op.create_index(nom, "journal", colonnes, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
    op.add_column("etiquettes", sa.Column("reservee", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "epingles",
        sa.Column("compte_id", ENTIER, nullable=False),
        sa.Column("etiquette_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.CheckConstraint("rang BETWEEN 1 AND 9", name=op.f("ck_epingles_rang_d_un_chiffre")),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_epingles_compte_id")),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_epingles_etiquette_id")),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_epingles_investigation_id")),
        sa.PrimaryKeyConstraint("compte_id", "etiquette_id", name=op.f("pk_epingles")),
        sa.UniqueConstraint(
            "investigation_id", "compte_id", "rang", name=op.f("uq_epingles_investigation_id_compte_id_rang")
        ),
    )
    op.create_table(
        "verbatims_versions",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("verbatim_id", ENTIER, nullable=False),
        sa.Column("geste", sa.String(length=32), nullable=True),
        sa.Column("debut", sa.Integer(), nullable=False),
        sa.Column("fin", sa.Integer(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column(
            "ancrage",
            sa.Enum("sur", "a_verifier", name="ancrage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("remplace_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remplace_par", ENTIER, nullable=True),
        sa.ForeignKeyConstraint(["remplace_par"], ["comptes.id"], name=op.f("fk_verbatims_versions_remplace_par")),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_verbatims_versions_verbatim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verbatims_versions")),
    )
    op.create_index(op.f("ix_verbatims_versions_geste"), "verbatims_versions", ["geste"])
    op.create_index(op.f("ix_verbatims_versions_verbatim_id"), "verbatims_versions", ["verbatim_id"])


def downgrade() -> None:
    op.drop_table("verbatims_versions")
    op.drop_table("epingles")
    op.drop_column("etiquettes", "reservee")
    for nom in INDEX_DU_JOURNAL:
        op.drop_index(nom, table_name="journal")
    for colonne in ("suggestion", "revient_sur", "geste"):
        op.drop_column("journal", colonne)
