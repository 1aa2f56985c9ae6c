"""Appuis d'une ligne de la grille sur une preuve ; bilans qui attendent la personne qui les a demandés.

Suit : 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
QUESTIONS = (*("qualifie", "ampleur", "duree", "sponsor", "intrapreneur", "existant", "solution", "six_mois", "cout"),)
CIBLES = {
    "cree_par": "comptes",
    "hypothese_id": "hypotheses",
    "investigation_id": "investigations",
    "solution_id": "solutions_existantes",
    "verbatim_id": "verbatims",
}
SOURCES = ("verbatim_id", "solution_id", "hypothese_id", "indicateur")


def upgrade() -> None:
    op.create_table(
        "sources_decision",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column(
            "question",
            sa.Enum(*QUESTIONS, name="question", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        *(sa.Column(nom, ENTIER, nullable=True) for nom in ("verbatim_id", "solution_id", "hypothese_id")),
        sa.Column("indicateur", sa.String(length=60), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.CheckConstraint(
            " + ".join(f"(CASE WHEN {nom} IS NULL THEN 0 ELSE 1 END)" for nom in SOURCES) + " = 1",
            name=op.f("ck_sources_decision_une_seule_source"),
        ),
        *(
            sa.ForeignKeyConstraint([nom], [f"{table}.id"], name=op.f(f"fk_sources_decision_{nom}"))
            for nom, table in CIBLES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources_decision")),
        *(
            sa.UniqueConstraint(
                "investigation_id",
                "question",
                nom,
                name=op.f(f"uq_sources_decision_investigation_id_question_{nom}"),
            )
            for nom in SOURCES
        ),
    )
    op.create_table(
        "preparations_bilan",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("compte_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("droits", sa.String(length=64), nullable=False),
        sa.Column("etape", sa.Text(), nullable=False),
        sa.Column("part", sa.Double(), nullable=False),
        sa.Column("finie", sa.Boolean(), nullable=False),
        sa.Column("refus", sa.Text(), nullable=False),
        sa.Column("demandee_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vue_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_preparations_bilan_compte_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_preparations_bilan_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparations_bilan")),
        sa.UniqueConstraint(
            "compte_id", "investigation_id", name=op.f("uq_preparations_bilan_compte_id_investigation_id")
        ),
    )
    op.create_index(op.f("ix_preparations_bilan_demandee_le"), "preparations_bilan", ["demandee_le"])
    op.create_table(
        "fichiers_prepares",
        sa.Column("preparation_id", ENTIER, nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("nom", sa.String(length=200), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["preparation_id"], ["preparations_bilan.id"], name=op.f("fk_fichiers_prepares_preparation_id")
        ),
        sa.PrimaryKeyConstraint("preparation_id", "format", name=op.f("pk_fichiers_prepares")),
    )


def downgrade() -> None:
    op.drop_table("fichiers_prepares")
    op.drop_index(op.f("ix_preparations_bilan_demandee_le"), "preparations_bilan")
    op.drop_table("preparations_bilan")
    op.drop_table("sources_decision")
