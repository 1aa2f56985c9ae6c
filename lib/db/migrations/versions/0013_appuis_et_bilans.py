"""Une ligne de la grille s'appuie aussi sur une citation, un indicateur, une solution ou une hypothèse.

Suit : 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"
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


def downgrade() -> None:
    op.drop_table("sources_decision")
