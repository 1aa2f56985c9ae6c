"""Matrices et double codage : comptes par taille et par paire d'étiquettes, versions en aveugle, arbitrages.

Les synthèses se refont d'elles-mêmes après la migration (`python -m lib migrer`) : aucune ligne à reprendre ici.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES_D_ACTEUR = ("association", "entreprise", "institution", "expert")


def upgrade() -> None:
    op.create_table(
        "syntheses_cooccurrences",
        sa.Column("etiquette_id", ENTIER, nullable=False),
        sa.Column("autre_id", ENTIER, nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "citation", "chevauchement", "tour", name="nature", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("terrain_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("rencontres", sa.Integer(), nullable=False),
        sa.Column("entretiens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["autre_id"], ["etiquettes.id"], name=op.f("fk_syntheses_cooccurrences_autre_id")),
        sa.ForeignKeyConstraint(
            ["etiquette_id"], ["etiquettes.id"], name=op.f("fk_syntheses_cooccurrences_etiquette_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_syntheses_cooccurrences_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_syntheses_cooccurrences_terrain_id")),
        sa.PrimaryKeyConstraint(
            "etiquette_id", "autre_id", "nature", "terrain_id", name=op.f("pk_syntheses_cooccurrences")
        ),
    )
    with op.batch_alter_table("syntheses_cooccurrences", schema=None) as batch_op:
        batch_op.create_index("ix_syntheses_cooccurrences_nature", ["investigation_id", "nature"], unique=False)

    op.create_table(
        "syntheses_situations",
        sa.Column("terrain_id", ENTIER, nullable=False),
        sa.Column("type_acteur", _type_acteur(), nullable=False),
        sa.Column("taille", sa.String(length=20), nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretiens", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("etiquetes", sa.Integer(), nullable=False),
        sa.Column("verbatims", sa.Integer(), nullable=False),
        sa.Column("sans_etiquette", sa.Integer(), nullable=False),
        sa.Column("entretiens_sans", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_syntheses_situations_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_syntheses_situations_terrain_id")),
        sa.PrimaryKeyConstraint("terrain_id", "type_acteur", "taille", name=op.f("pk_syntheses_situations")),
    )
    with op.batch_alter_table("syntheses_situations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_syntheses_situations_investigation_id"), ["investigation_id"], unique=False
        )

    op.create_table(
        "doubles_codages",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("arbitre_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arbitre_par", ENTIER, nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "arbitre_le IS NULL OR archive_le IS NULL", name=op.f("ck_doubles_codages_arbitre_ou_abandonne")
        ),
        sa.ForeignKeyConstraint(["arbitre_par"], ["comptes.id"], name=op.f("fk_doubles_codages_arbitre_par")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_doubles_codages_cree_par")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_doubles_codages_entretien_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_doubles_codages_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubles_codages")),
    )
    with op.batch_alter_table("doubles_codages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_doubles_codages_investigation_id"), ["investigation_id"], unique=False)
        batch_op.create_index(
            "uq_doubles_codages_ouvert",
            ["entretien_id"],
            unique=True,
            sqlite_where=sa.text("arbitre_le IS NULL AND archive_le IS NULL"),
            postgresql_where=sa.text("arbitre_le IS NULL AND archive_le IS NULL"),
        )

    op.create_table(
        "arbitrages",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("double_id", ENTIER, nullable=False),
        sa.Column("texte_id", ENTIER, nullable=False),
        sa.Column("etiquette_id", ENTIER, nullable=False),
        sa.Column("debut", sa.Integer(), nullable=False),
        sa.Column("fin", sa.Integer(), nullable=False),
        sa.Column(
            "choix",
            sa.Enum(
                "premier",
                "second",
                "union",
                "aucun",
                name="choix",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_arbitrages_cree_par")),
        sa.ForeignKeyConstraint(["double_id"], ["doubles_codages.id"], name=op.f("fk_arbitrages_double_id")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_arbitrages_entretien_id")),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_arbitrages_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_arbitrages_investigation_id")
        ),
        sa.ForeignKeyConstraint(["texte_id"], ["textes.id"], name=op.f("fk_arbitrages_texte_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arbitrages")),
        sa.UniqueConstraint(
            "double_id",
            "texte_id",
            "etiquette_id",
            "debut",
            "fin",
            name=op.f("uq_arbitrages_double_id_texte_id_etiquette_id_debut_fin"),
        ),
    )
    with op.batch_alter_table("arbitrages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arbitrages_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "versions_codage",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("double_id", ENTIER, nullable=False),
        sa.Column("compte_id", ENTIER, nullable=False),
        sa.Column("fini_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_versions_codage_compte_id")),
        sa.ForeignKeyConstraint(["double_id"], ["doubles_codages.id"], name=op.f("fk_versions_codage_double_id")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_versions_codage_entretien_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_versions_codage_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions_codage")),
        sa.UniqueConstraint("double_id", "compte_id", name=op.f("uq_versions_codage_double_id_compte_id")),
    )
    with op.batch_alter_table("versions_codage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_versions_codage_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "poses_aveugles",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("version_id", ENTIER, nullable=False),
        sa.Column("texte_id", ENTIER, nullable=False),
        sa.Column("debut", sa.Integer(), nullable=False),
        sa.Column("fin", sa.Integer(), nullable=False),
        sa.Column("etiquette_id", ENTIER, nullable=False),
        sa.Column("pose_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retire_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("debut >= 0 AND fin >= debut", name=op.f("ck_poses_aveugles_bornes_ordonnees")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_poses_aveugles_entretien_id")),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_poses_aveugles_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_poses_aveugles_investigation_id")
        ),
        sa.ForeignKeyConstraint(["texte_id"], ["textes.id"], name=op.f("fk_poses_aveugles_texte_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions_codage.id"], name=op.f("fk_poses_aveugles_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poses_aveugles")),
    )
    with op.batch_alter_table("poses_aveugles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poses_aveugles_investigation_id"), ["investigation_id"], unique=False)
        batch_op.create_index("ix_poses_aveugles_texte_id", ["texte_id"], unique=False)
        batch_op.create_index(
            "uq_poses_aveugles_pose",
            ["version_id", "texte_id", "debut", "fin", "etiquette_id"],
            unique=True,
            sqlite_where=sa.text("retire_le IS NULL"),
            postgresql_where=sa.text("retire_le IS NULL"),
        )

    op.create_table(
        "verbatims_ecartes",
        sa.Column("double_id", ENTIER, nullable=False),
        sa.Column("verbatim_id", ENTIER, nullable=False),
        sa.ForeignKeyConstraint(["double_id"], ["doubles_codages.id"], name=op.f("fk_verbatims_ecartes_double_id")),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_verbatims_ecartes_verbatim_id")),
        sa.PrimaryKeyConstraint("double_id", "verbatim_id", name=op.f("pk_verbatims_ecartes")),
    )
    _refaire_syntheses_etiquettes(sa.Column("taille", sa.String(20), nullable=False))


def downgrade() -> None:
    _refaire_syntheses_etiquettes()

    op.drop_table("verbatims_ecartes")
    with op.batch_alter_table("poses_aveugles", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_poses_aveugles_pose",
            sqlite_where=sa.text("retire_le IS NULL"),
            postgresql_where=sa.text("retire_le IS NULL"),
        )
        batch_op.drop_index("ix_poses_aveugles_texte_id")
        batch_op.drop_index(batch_op.f("ix_poses_aveugles_investigation_id"))

    op.drop_table("poses_aveugles")
    with op.batch_alter_table("versions_codage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_versions_codage_investigation_id"))

    op.drop_table("versions_codage")
    with op.batch_alter_table("arbitrages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arbitrages_investigation_id"))

    op.drop_table("arbitrages")
    with op.batch_alter_table("doubles_codages", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_doubles_codages_ouvert",
            sqlite_where=sa.text("arbitre_le IS NULL AND archive_le IS NULL"),
            postgresql_where=sa.text("arbitre_le IS NULL AND archive_le IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_doubles_codages_investigation_id"))

    op.drop_table("doubles_codages")
    with op.batch_alter_table("syntheses_situations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_syntheses_situations_investigation_id"))

    op.drop_table("syntheses_situations")
    with op.batch_alter_table("syntheses_cooccurrences", schema=None) as batch_op:
        batch_op.drop_index("ix_syntheses_cooccurrences_nature")

    op.drop_table("syntheses_cooccurrences")


def _type_acteur() -> sa.Enum:
    return sa.Enum(*TYPES_D_ACTEUR, name="type_acteur", native_enum=False, create_constraint=True, length=40)


def _refaire_syntheses_etiquettes(*de_plus: sa.Column[str]) -> None:
    """La clé change : la table se vide et se refait à partir des lignes."""
    op.drop_table("syntheses_etiquettes")
    op.create_table(
        "syntheses_etiquettes",
        sa.Column("etiquette_id", ENTIER, nullable=False),
        sa.Column("terrain_id", ENTIER, nullable=False),
        sa.Column("type_acteur", _type_acteur(), nullable=False),
        *de_plus,
        sa.Column("investigation_id", ENTIER, nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=False) for nom in ("verbatims", "citables", "entretiens")),
        *(
            sa.ForeignKeyConstraint([nom], [cible], name=op.f(f"fk_syntheses_etiquettes_{nom}"))
            for nom, cible in (
                ("etiquette_id", "etiquettes.id"),
                ("investigation_id", "investigations.id"),
                ("terrain_id", "terrains.id"),
            )
        ),
        sa.PrimaryKeyConstraint(
            "etiquette_id",
            "terrain_id",
            "type_acteur",
            *(c.name for c in de_plus),
            name=op.f("pk_syntheses_etiquettes"),
        ),
    )
    op.create_index(op.f("ix_syntheses_etiquettes_investigation_id"), "syntheses_etiquettes", ["investigation_id"])
