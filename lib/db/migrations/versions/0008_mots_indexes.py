"""Recherche en français : les mots des textes, des citations et des mémos ; et le panier de citations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLEIN = "mots_indexes_plein"


def upgrade() -> None:
    op.create_table(
        "mots_indexes",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column(
            "nature",
            sa.Enum("citation", "memo", "texte", name="nature", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("objet_id", ENTIER, nullable=False),
        sa.Column("formes", sa.Text(), nullable=False),
        sa.Column("racines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_mots_indexes_entretien_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_mots_indexes_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mots_indexes")),
    )
    with op.batch_alter_table("mots_indexes", schema=None) as batch_op:
        batch_op.create_index("ix_mots_indexes_objet", ["nature", "objet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mots_indexes_entretien_id"), ["entretien_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mots_indexes_investigation_id"), ["investigation_id"], unique=False)
    op.create_table(
        "citations_retenues",
        sa.Column("compte_id", ENTIER, nullable=False),
        sa.Column("verbatim_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("retenue_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_citations_retenues_compte_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_citations_retenues_investigation_id")
        ),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_citations_retenues_verbatim_id")),
        sa.PrimaryKeyConstraint("compte_id", "verbatim_id", name=op.f("pk_citations_retenues")),
    )
    with op.batch_alter_table("citations_retenues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citations_retenues_verbatim_id"), ["verbatim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citations_retenues_investigation_id"), ["investigation_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _indexer_sqlite()
    else:
        _indexer_postgresql()
    _remplir()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {PLEIN}")
    op.drop_table("mots_indexes")
    op.drop_table("citations_retenues")


def _indexer_sqlite() -> None:
    """L'index ne recopie pas les mots : il les lit dans la table, et des déclencheurs le tiennent."""
    op.execute(
        f"CREATE VIRTUAL TABLE {PLEIN} USING fts5("
        "formes, racines, content='mots_indexes', content_rowid='id', tokenize='ascii', columnsize=0)"
    )
    retirer = (
        f"INSERT INTO {PLEIN} ({PLEIN}, rowid, formes, racines) VALUES ('delete', old.id, old.formes, old.racines);"  # noqa: S608
    )
    ajouter = f"INSERT INTO {PLEIN} (rowid, formes, racines) VALUES (new.id, new.formes, new.racines);"  # noqa: S608
    for geste, ordres in (("INSERT", ajouter), ("DELETE", retirer), ("UPDATE", retirer + ajouter)):
        nom = f"mots_indexes_apres_{geste.lower()}"
        op.execute(f"CREATE TRIGGER {nom} AFTER {geste} ON mots_indexes BEGIN {ordres} END")


def _indexer_postgresql() -> None:
    """Les racines n'ont pas besoin de leur place, les expressions si."""
    for colonne, vecteur in (
        ("formes", "to_tsvector('simple'::regconfig, formes)"),
        ("racines", "strip(to_tsvector('simple'::regconfig, racines))"),
    ):
        op.execute(
            f"ALTER TABLE mots_indexes ADD COLUMN vecteur_{colonne} tsvector GENERATED ALWAYS AS ({vecteur}) STORED"
        )
        op.execute(f"CREATE INDEX ix_mots_indexes_vecteur_{colonne} ON mots_indexes USING gin (vecteur_{colonne})")


def _remplir() -> None:
    """Les textes et citations déjà enregistrés se cherchent dès la mise à jour."""
    from lib.db.indexation import refaire_index

    liaison = op.get_bind()
    with Session(liaison) as session:
        for (investigation_id,) in session.execute(sa.text("SELECT id FROM investigations")).all():
            refaire_index(session, investigation_id)
        session.flush()
