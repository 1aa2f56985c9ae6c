"""Preuves complètes, versions de référence, relecture des indicateurs et décision.

Suit : 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIGEES = ("versions_reference", "chiffres_reference", "decisions")


def upgrade() -> None:
    op.create_table(
        "lignes_decision",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column(
            "question",
            sa.Enum(
                "qualifie",
                "ampleur",
                "duree",
                "sponsor",
                "intrapreneur",
                "existant",
                "solution",
                "six_mois",
                "cout",
                name="question",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "avis",
            sa.Enum(
                "a_instruire",
                "favorable",
                "reserve",
                "defavorable",
                name="avis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("constat", sa.Text(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_lignes_decision_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_lignes_decision_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lignes_decision")),
        sa.UniqueConstraint("investigation_id", "question", name=op.f("uq_lignes_decision_investigation_id_question")),
    )
    op.create_table(
        "messages_relecture",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("indicateur", sa.String(length=60), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column(
            "etat",
            sa.Enum(
                "a_relire", "question", "valide", name="etat", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("texte", sa.Text(), nullable=False),
        sa.Column("chiffre_vu", sa.String(length=200), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_messages_relecture_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_messages_relecture_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_relecture")),
        sa.UniqueConstraint(
            "investigation_id",
            "indicateur",
            "rang",
            name=op.f("uq_messages_relecture_investigation_id_indicateur_rang"),
        ),
    )
    op.create_table(
        "options_decision",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "conciergerie", "mvp", "arret", name="nature", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("cout_euros", sa.Integer(), nullable=True),
        sa.Column("delai_mois", sa.Integer(), nullable=True),
        sa.Column("territoire", sa.Text(), nullable=False),
        sa.Column("critere", sa.Text(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cout_euros IS NULL OR cout_euros >= 0", name=op.f("ck_options_decision_cout_positif")),
        sa.CheckConstraint("delai_mois IS NULL OR delai_mois >= 0", name=op.f("ck_options_decision_delai_positif")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_options_decision_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_options_decision_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_options_decision")),
        sa.UniqueConstraint("investigation_id", "nature", name=op.f("uq_options_decision_investigation_id_nature")),
    )
    op.create_table(
        "versions_reference",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.Column("au", sa.Date(), nullable=False),
        sa.Column("version_donnees", sa.Integer(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_versions_reference_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_versions_reference_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions_reference")),
        sa.UniqueConstraint("investigation_id", "numero", name=op.f("uq_versions_reference_investigation_id_numero")),
    )
    op.create_table(
        "chiffres_reference",
        sa.Column("version_id", ENTIER, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("numerateur_definition", sa.Text(), nullable=False),
        sa.Column("denominateur_definition", sa.Text(), nullable=False),
        sa.Column("unite", sa.String(length=10), nullable=False),
        sa.Column("numerateur", sa.Integer(), nullable=True),
        sa.Column("denominateur", sa.Integer(), nullable=True),
        sa.Column("valeur", sa.Double(), nullable=True),
        sa.Column("bas", sa.Double(), nullable=True),
        sa.Column("haut", sa.Double(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_chiffres_reference_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions_reference.id"], name=op.f("fk_chiffres_reference_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "code", name=op.f("pk_chiffres_reference")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", ENTIER, autoincrement=True, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.Column("version_id", ENTIER, nullable=False),
        sa.Column(
            "retenue",
            sa.Enum(
                "conciergerie", "mvp", "arret", name="retenue", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("raisons", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("decidee_le", sa.Date(), nullable=False),
        sa.Column("dossier", sa.JSON(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", ENTIER, nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_decisions_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_decisions_investigation_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions_reference.id"], name=op.f("fk_decisions_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("investigation_id", name=op.f("uq_decisions_investigation_id")),
    )
    op.create_table(
        "mentions_relecture",
        sa.Column("message_id", ENTIER, nullable=False),
        sa.Column("compte_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_mentions_relecture_compte_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_mentions_relecture_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages_relecture.id"], name=op.f("fk_mentions_relecture_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "compte_id", name=op.f("pk_mentions_relecture")),
    )

    op.create_table(
        "appuis_decision",
        sa.Column("ligne_id", ENTIER, nullable=False),
        sa.Column("entretien_id", ENTIER, nullable=False),
        sa.Column("investigation_id", ENTIER, nullable=False),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_appuis_decision_entretien_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_appuis_decision_investigation_id")
        ),
        sa.ForeignKeyConstraint(["ligne_id"], ["lignes_decision.id"], name=op.f("fk_appuis_decision_ligne_id")),
        sa.PrimaryKeyConstraint("ligne_id", "entretien_id", name=op.f("pk_appuis_decision")),
    )
    op.create_index(op.f("ix_appuis_decision_investigation_id"), "appuis_decision", ["investigation_id"])
    op.create_index(op.f("ix_mentions_relecture_investigation_id"), "mentions_relecture", ["investigation_id"])
    # Sans reconstruire la table : « statuts_hypotheses » y perdrait les déclencheurs qui la gardent en ajout seul.
    op.add_column("preuves", sa.Column("chiffre_vu", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "statuts_hypotheses", sa.Column("diffusable", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table in FIGEES:
        _interdire_reecriture(table)


def downgrade() -> None:
    op.drop_column("statuts_hypotheses", "diffusable")
    op.drop_column("preuves", "chiffre_vu")
    op.drop_index(op.f("ix_mentions_relecture_investigation_id"), "mentions_relecture")
    op.drop_index(op.f("ix_appuis_decision_investigation_id"), "appuis_decision")
    for table in (
        "appuis_decision",
        "mentions_relecture",
        "decisions",
        "chiffres_reference",
        "versions_reference",
        "options_decision",
        "messages_relecture",
        "lignes_decision",
    ):
        op.drop_table(table)


def _interdire_reecriture(table: str) -> None:
    """La base refuse UPDATE et DELETE ; sur PostgreSQL, par la fonction que pose la migration 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for geste in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_sans_{geste.lower()} BEFORE {geste} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'table en ajout seul'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuser_reecriture()"
    )
