"""Fusions d'étiquettes que l'on peut défaire, et comptes des citations sans étiquette."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fusions_etiquettes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("absorbee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gardee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("defaite_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("defaite_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("absorbee_id <> gardee_id", name=op.f("ck_fusions_etiquettes_deux_etiquettes")),
        sa.ForeignKeyConstraint(["absorbee_id"], ["etiquettes.id"], name=op.f("fk_fusions_etiquettes_absorbee_id")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_fusions_etiquettes_cree_par")),
        sa.ForeignKeyConstraint(["defaite_par"], ["comptes.id"], name=op.f("fk_fusions_etiquettes_defaite_par")),
        sa.ForeignKeyConstraint(["gardee_id"], ["etiquettes.id"], name=op.f("fk_fusions_etiquettes_gardee_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_fusions_etiquettes_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fusions_etiquettes")),
    )
    with op.batch_alter_table("fusions_etiquettes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fusions_etiquettes_absorbee_id"), ["absorbee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fusions_etiquettes_gardee_id"), ["gardee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fusions_etiquettes_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "syntheses_citations",
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "type_acteur",
            sa.Enum(
                "association",
                "entreprise",
                "institution",
                "expert",
                name="type_acteur",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verbatims", sa.Integer(), nullable=False),
        sa.Column("citables", sa.Integer(), nullable=False),
        sa.Column("entretiens", sa.Integer(), nullable=False),
        sa.Column("sans_etiquette", sa.Integer(), nullable=False),
        sa.Column("citables_sans_etiquette", sa.Integer(), nullable=False),
        sa.Column("entretiens_sans_etiquette", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_syntheses_citations_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_syntheses_citations_terrain_id")),
        sa.PrimaryKeyConstraint("terrain_id", "type_acteur", name=op.f("pk_syntheses_citations")),
    )
    with op.batch_alter_table("syntheses_citations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_syntheses_citations_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "reports_fusion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("fusion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "passe",
                "doublon",
                "releve_passe",
                "releve_retenu",
                "rangee",
                name="nature",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("objet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("avant", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["fusion_id"], ["fusions_etiquettes.id"], name=op.f("fk_reports_fusion_fusion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports_fusion")),
    )
    with op.batch_alter_table("reports_fusion", schema=None) as batch_op:
        batch_op.create_index("ix_reports_fusion_nature", ["fusion_id", "nature", "objet_id"], unique=False)
    _compter_les_citations()


def downgrade() -> None:
    with op.batch_alter_table("reports_fusion", schema=None) as batch_op:
        batch_op.drop_index("ix_reports_fusion_nature")

    op.drop_table("reports_fusion")
    with op.batch_alter_table("syntheses_citations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_syntheses_citations_investigation_id"))

    op.drop_table("syntheses_citations")
    with op.batch_alter_table("fusions_etiquettes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fusions_etiquettes_investigation_id"))
        batch_op.drop_index(batch_op.f("ix_fusions_etiquettes_gardee_id"))
        batch_op.drop_index(batch_op.f("ix_fusions_etiquettes_absorbee_id"))

    op.drop_table("fusions_etiquettes")


def _compter_les_citations() -> None:
    """Ce que l'application tiendra ensuite à jour."""
    sans = "NOT EXISTS (SELECT 1 FROM etiquetages p WHERE p.verbatim_id = v.id AND p.retire_le IS NULL)"
    op.execute(
        f"""
        INSERT INTO syntheses_citations (terrain_id, type_acteur, investigation_id, verbatims, citables, entretiens,
            sans_etiquette, citables_sans_etiquette, entretiens_sans_etiquette)
        SELECT e.terrain_id, e.type_acteur, e.investigation_id, count(v.id),
            count(CASE WHEN e.accord_citation <> 'non' THEN v.id END), count(DISTINCT e.id),
            count(CASE WHEN {sans} THEN v.id END),
            count(CASE WHEN e.accord_citation <> 'non' AND {sans} THEN v.id END),
            count(DISTINCT CASE WHEN {sans} THEN e.id END)
        FROM entretiens e JOIN verbatims v ON v.entretien_id = e.id
        WHERE e.statut = 'realise' AND e.notice_remise_le IS NOT NULL AND e.archive_le IS NULL AND v.archive_le IS NULL
        GROUP BY e.terrain_id, e.type_acteur, e.investigation_id
        """  # noqa: S608 - un fragment écrit juste au-dessus
    )
