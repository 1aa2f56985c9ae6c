"""Citations prises en exemple d'une étiquette, intervenants mal reconnus et corrigés.

Suit : 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "exemples_etiquettes",
        sa.Column("etiquette_id", ENTIER, nullable=False),
        sa.Column("verbatim_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("pris_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pris_par", ENTIER, nullable=True),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_exemples_etiquettes_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_exemples_etiquettes_investigation_id")
        ),
        sa.ForeignKeyConstraint(["pris_par"], ["comptes.id"], name=op.f("fk_exemples_etiquettes_pris_par")),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_exemples_etiquettes_verbatim_id")),
        sa.PrimaryKeyConstraint("etiquette_id", "verbatim_id", name=op.f("pk_exemples_etiquettes")),
    )
    op.create_index(op.f("ix_exemples_etiquettes_investigation_id"), "exemples_etiquettes", ["investigation_id"])
    op.create_index(op.f("ix_exemples_etiquettes_verbatim_id"), "exemples_etiquettes", ["verbatim_id"])
    op.create_table(
        "intervenants_corriges",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("nom", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum("mene", "repond", "personne", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("corrige_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrige_par", ENTIER, nullable=True),
        sa.ForeignKeyConstraint(["corrige_par"], ["comptes.id"], name=op.f("fk_intervenants_corriges_corrige_par")),
        sa.ForeignKeyConstraint(
            ["entretien_id"], ["entretiens.id"], name=op.f("fk_intervenants_corriges_entretien_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_intervenants_corriges_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervenants_corriges")),
        sa.UniqueConstraint("entretien_id", "nom", name=op.f("uq_intervenants_corriges_entretien_id_nom")),
    )
    op.create_index(op.f("ix_intervenants_corriges_investigation_id"), "intervenants_corriges", ["investigation_id"])


def downgrade() -> None:
    op.drop_table("intervenants_corriges")
    op.drop_table("exemples_etiquettes")
