"""Réunir deux fiches d'une même organisation, et revenir dessus ; citer ce qui parle d'un partenariat."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fusions_organisations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("absorbee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gardee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("defaite_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("defaite_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("absorbee_id <> gardee_id", name=op.f("ck_fusions_organisations_deux_fiches")),
        sa.ForeignKeyConstraint(
            ["absorbee_id"], ["organisations.id"], name=op.f("fk_fusions_organisations_absorbee_id")
        ),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_fusions_organisations_cree_par")),
        sa.ForeignKeyConstraint(["defaite_par"], ["comptes.id"], name=op.f("fk_fusions_organisations_defaite_par")),
        sa.ForeignKeyConstraint(["gardee_id"], ["organisations.id"], name=op.f("fk_fusions_organisations_gardee_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_fusions_organisations_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fusions_organisations")),
    )
    with op.batch_alter_table("fusions_organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fusions_organisations_absorbee_id"), ["absorbee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fusions_organisations_gardee_id"), ["gardee_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_fusions_organisations_investigation_id"), ["investigation_id"], unique=False
        )
        batch_op.create_index(
            "uq_fusions_organisations_vivante",
            ["absorbee_id"],
            unique=True,
            sqlite_where=sa.text("defaite_le IS NULL"),
            postgresql_where=sa.text("defaite_le IS NULL"),
        )

    op.create_table(
        "complements_fusion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fusion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("champ", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["fusion_id"], ["fusions_organisations.id"], name=op.f("fk_complements_fusion_fusion_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_complements_fusion_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complements_fusion")),
    )
    with op.batch_alter_table("complements_fusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complements_fusion_fusion_id"), ["fusion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complements_fusion_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "deplacements_fusion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fusion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "rattachee",
            sa.Enum(
                "partenariat_entreprise",
                "partenariat_association",
                "entretien",
                "interlocuteur",
                "filiale",
                "fusionnee",
                "besoin",
                "offre",
                name="rattachee",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ligne_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fusion_id"], ["fusions_organisations.id"], name=op.f("fk_deplacements_fusion_fusion_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_deplacements_fusion_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deplacements_fusion")),
    )
    with op.batch_alter_table("deplacements_fusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deplacements_fusion_fusion_id"), ["fusion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deplacements_fusion_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "citations_partenariat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partenariat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verbatim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retiree_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retiree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_citations_partenariat_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_citations_partenariat_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["partenariat_id"], ["partenariats.id"], name=op.f("fk_citations_partenariat_partenariat_id")
        ),
        sa.ForeignKeyConstraint(["retiree_par"], ["comptes.id"], name=op.f("fk_citations_partenariat_retiree_par")),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_citations_partenariat_verbatim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations_partenariat")),
    )
    with op.batch_alter_table("citations_partenariat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_citations_partenariat_investigation_id"), ["investigation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_citations_partenariat_verbatim_id"), ["verbatim_id"], unique=False)
        batch_op.create_index(
            "uq_citations_partenariat_vivante",
            ["partenariat_id", "verbatim_id"],
            unique=True,
            sqlite_where=sa.text("retiree_le IS NULL"),
            postgresql_where=sa.text("retiree_le IS NULL"),
        )


def downgrade() -> None:
    for table in ("citations_partenariat", "deplacements_fusion", "complements_fusion", "fusions_organisations"):
        op.drop_table(table)
