"""Citations sans étiquette tenues à l'écriture ; deux index pour lire un entretien codé sans relire ses citations."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUES, ARCHIVES = sa.text("citations > 0"), sa.text("archive_le IS NOT NULL")
POSES = ("entretien_id", "etiquette_id", "retire_le")


def upgrade() -> None:
    op.create_table(
        "syntheses_nues",
        sa.Column("verbatim_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("citations", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_syntheses_nues_entretien_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_syntheses_nues_investigation_id")
        ),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_syntheses_nues_verbatim_id")),
        sa.PrimaryKeyConstraint("verbatim_id", name=op.f("pk_syntheses_nues")),
    )
    for nom, colonnes in (("citations", ["investigation_id", "verbatim_id"]), ("entretien", ["entretien_id"])):
        op.create_index(
            f"ix_syntheses_nues_{nom}", "syntheses_nues", colonnes, sqlite_where=NUES, postgresql_where=NUES
        )
    op.create_index(
        "ix_verbatims_archives", "verbatims", ["entretien_id"], sqlite_where=ARCHIVES, postgresql_where=ARCHIVES
    )
    _indexer_les_poses(*POSES, "verbatim_id")
    _remplir()


def downgrade() -> None:
    _indexer_les_poses(*POSES)
    op.drop_index("ix_verbatims_archives", "verbatims")
    op.drop_table("syntheses_nues")


def _indexer_les_poses(*colonnes: str) -> None:
    op.drop_index("ix_etiquetages_entretien", "etiquetages")
    op.create_index("ix_etiquetages_entretien", "etiquetages", list(colonnes))


def _remplir() -> None:
    """Les citations déjà là, sous les règles des autres synthèses : rien d'autre n'est à recompter."""
    op.execute(
        sa.text(
            "INSERT INTO syntheses_nues (verbatim_id, entretien_id, investigation_id, citations) "
            "SELECT v.id, e.id, e.investigation_id, 1 FROM verbatims v JOIN entretiens e ON e.id = v.entretien_id "
            "WHERE v.archive_le IS NULL AND e.archive_le IS NULL AND e.statut = 'realise' "
            "AND e.notice_remise_le IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM etiquetages p WHERE p.verbatim_id = v.id AND p.retire_le IS NULL)"
        )
    )
