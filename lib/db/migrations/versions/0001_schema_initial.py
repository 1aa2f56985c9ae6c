"""Schéma initial : toutes les tables du modèle, et les tables en ajout seul que la base défend elle-même."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

AJOUT_SEUL = ("journal", "evenements_partenariat", "statuts_hypotheses", "evenements_proposition")


def upgrade() -> None:
    op.create_table(
        "comptes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("identifiant", sa.String(length=80), nullable=False),
        sa.Column("nom_affiche", sa.Text(), nullable=False),
        sa.Column("mot_de_passe", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "enqueteur",
                "relecteur",
                "demonstration",
                "administrateur",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mot_de_passe_change_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mot_de_passe_provisoire", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comptes")),
        sa.UniqueConstraint("identifiant", name=op.f("uq_comptes_identifiant")),
    )
    op.create_table(
        "investigations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("probleme", sa.Text(), nullable=False),
        sa.Column("fictive", sa.Boolean(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column("date_arret", sa.Date(), nullable=True),
        sa.Column("seuil_perennisation_mois", sa.Integer(), nullable=False),
        sa.Column("renouvellements_perennisation", sa.Integer(), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("fin IS NULL OR fin >= debut", name=op.f("ck_investigations_fin_apres_debut")),
        sa.CheckConstraint("seuil_perennisation_mois > 0", name=op.f("ck_investigations_seuil_positif")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigations")),
        sa.UniqueConstraint("code", name=op.f("uq_investigations_code")),
    )
    op.create_table(
        "tentatives",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("cle", sa.String(length=64), nullable=False),
        sa.Column("survenue_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tentatives")),
    )
    with op.batch_alter_table("tentatives", schema=None) as batch_op:
        batch_op.create_index("ix_tentatives_cle_instant", ["cle", "survenue_le"], unique=False)

    op.create_table(
        "territoires",
        sa.Column(
            "niveau",
            sa.Enum(
                "arrondissement",
                "commune",
                "epci",
                "departement",
                "region",
                name="niveau",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("nom_recherche", sa.String(length=200), nullable=False),
        sa.Column("departement_code", sa.String(length=3), nullable=True),
        sa.Column("region_code", sa.String(length=3), nullable=True),
        sa.Column("epci_code", sa.String(length=9), nullable=True),
        sa.Column("type_epci", sa.String(length=10), nullable=True),
        sa.Column("commune_parente_code", sa.String(length=5), nullable=True),
        sa.Column("densite", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("niveau", "code", name=op.f("pk_territoires")),
    )
    with op.batch_alter_table("territoires", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_territoires_departement_code"), ["departement_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_territoires_epci_code"), ["epci_code"], unique=False)
        batch_op.create_index("ix_territoires_recherche", ["niveau", "nom_recherche"], unique=False)

    op.create_table(
        "billets",
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utilise_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_billets_compte_id")),
        sa.PrimaryKeyConstraint("empreinte", name=op.f("pk_billets")),
    )
    op.create_table(
        "brouillons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("formulaire", sa.String(length=40), nullable=False),
        sa.Column("cle", sa.String(length=60), nullable=False),
        sa.Column("contenu", sa.JSON(), nullable=False),
        sa.Column("modifie_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_brouillons_compte_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_brouillons_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brouillons")),
        sa.UniqueConstraint(
            "compte_id",
            "investigation_id",
            "formulaire",
            "cle",
            name=op.f("uq_brouillons_compte_id_investigation_id_formulaire_cle"),
        ),
    )
    op.create_table(
        "etiquettes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fusionnee_dans_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "famille",
            sa.Enum(
                "irritant",
                "besoin",
                "levier",
                "solution_existante",
                "idee",
                name="famille",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("nom_recherche", sa.String(length=300), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("inclusion", sa.Text(), nullable=False),
        sa.Column("exclusion", sa.Text(), nullable=False),
        sa.Column("exemples", sa.Text(), nullable=False),
        sa.Column("couleur", sa.String(length=7), nullable=True),
        sa.Column("ordre", sa.Integer(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(nom) > 0", name=op.f("ck_etiquettes_nom_present")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_etiquettes_pas_son_propre_parent")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_etiquettes_cree_par")),
        sa.ForeignKeyConstraint(["fusionnee_dans_id"], ["etiquettes.id"], name=op.f("fk_etiquettes_fusionnee_dans_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_etiquettes_investigation_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["etiquettes.id"], name=op.f("fk_etiquettes_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_etiquettes")),
        sa.UniqueConstraint("investigation_id", "code", name=op.f("uq_etiquettes_investigation_id_code")),
    )
    with op.batch_alter_table("etiquettes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_etiquettes_investigation_id"), ["investigation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_etiquettes_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "hypotheses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "nature",
            sa.Enum("probleme", "solution", name="nature", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("enonce", sa.Text(), nullable=False),
        sa.Column("refutation", sa.Text(), nullable=False),
        sa.Column("ordre", sa.Integer(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_hypotheses_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_hypotheses_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypotheses")),
        sa.UniqueConstraint("investigation_id", "code", name=op.f("uq_hypotheses_investigation_id_code")),
    )
    with op.batch_alter_table("hypotheses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hypotheses_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("survenu_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "action",
            sa.Enum(
                "creation",
                "modification",
                "suppression",
                "export",
                "connexion",
                "deconnexion",
                "echec_connexion",
                "chargement",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("objet", sa.String(length=40), nullable=False),
        sa.Column("objet_id", sa.String(length=60), nullable=True),
        sa.Column("avant", sa.JSON(), nullable=True),
        sa.Column("apres", sa.JSON(), nullable=True),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_journal_compte_id")),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_journal_investigation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_investigation", ["investigation_id", "id"], unique=False)
        batch_op.create_index("ix_journal_objet", ["objet", "objet_id", "id"], unique=False)

    op.create_table(
        "sessions_ouvertes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ouverte_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vue_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoquee_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_sessions_ouvertes_compte_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_sessions_ouvertes_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions_ouvertes")),
        sa.UniqueConstraint("empreinte", name=op.f("uq_sessions_ouvertes_empreinte")),
    )
    with op.batch_alter_table("sessions_ouvertes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_ouvertes_compte_id"), ["compte_id"], unique=False)

    op.create_table(
        "solutions_existantes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("cout_entreprise", sa.Text(), nullable=False),
        sa.Column("cout_association", sa.Text(), nullable=False),
        sa.Column("manque", sa.Text(), nullable=False),
        sa.Column("lien", sa.Text(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_solutions_existantes_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_solutions_existantes_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solutions_existantes")),
    )
    with op.batch_alter_table("solutions_existantes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_solutions_existantes_investigation_id"), ["investigation_id"], unique=False
        )

    op.create_table(
        "terrains",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("ordre", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_terrains_investigation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terrains")),
        sa.UniqueConstraint("investigation_id", "code", name=op.f("uq_terrains_investigation_id_code")),
    )
    with op.batch_alter_table("terrains", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terrains_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "versions_donnees",
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("modifiee_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_versions_donnees_investigation_id")
        ),
        sa.PrimaryKeyConstraint("investigation_id", name=op.f("pk_versions_donnees")),
    )
    op.create_table(
        "cibles_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column("prevu", sa.Integer(), nullable=False),
        sa.Column("echeance", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("prevu >= 0", name=op.f("ck_cibles_plan_prevu_positif")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_cibles_plan_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_cibles_plan_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cibles_plan")),
        sa.UniqueConstraint("terrain_id", "type_acteur", name=op.f("uq_cibles_plan_terrain_id_type_acteur")),
    )
    with op.batch_alter_table("cibles_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cibles_plan_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "habilitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_habilitations_compte_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_habilitations_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_habilitations_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_habilitations")),
        sa.UniqueConstraint(
            "compte_id",
            "investigation_id",
            "terrain_id",
            name=op.f("uq_habilitations_compte_id_investigation_id_terrain_id"),
        ),
    )
    with op.batch_alter_table("habilitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_habilitations_compte_id"), ["compte_id"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("nom_recherche", sa.String(length=300), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("rna", sa.String(length=10), nullable=True),
        sa.Column("identifiants_fictifs", sa.Boolean(), nullable=False),
        sa.Column(
            "type_juridique",
            sa.Enum(
                "association_1901",
                "association_rup",
                "association_droit_local",
                "fondation_rup",
                "fondation_entreprise",
                "fondation_abritee",
                "fonds_de_dotation",
                "autre",
                name="type_juridique",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "niveau_reseau",
            sa.Enum(
                "tete_de_reseau",
                "federation_regionale",
                "antenne_locale",
                "association_independante",
                name="niveau_reseau",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("organisation_parente_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fusionnee_dans_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "taille",
            sa.Enum(
                "tpe", "pme_hors_tpe", "eti", "ge", name="taille", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("taille_estimee", sa.Boolean(), nullable=False),
        sa.Column(
            "rattachement",
            sa.Enum(
                "independante",
                "franchise",
                "filiale",
                "etablissement",
                name="rattachement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("entrepreneur_individuel", sa.Boolean(), nullable=False),
        sa.Column("objet_social", sa.String(length=3), nullable=True),
        sa.Column("secteur", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "rna IS NULL OR type_acteur <> 'entreprise'", name=op.f("ck_organisations_rna_hors_entreprise")
        ),
        sa.CheckConstraint(
            "taille IS NULL OR type_acteur = 'entreprise'", name=op.f("ck_organisations_taille_d_entreprise")
        ),
        sa.CheckConstraint("length(nom) > 0", name=op.f("ck_organisations_nom_present")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_organisations_cree_par")),
        sa.ForeignKeyConstraint(
            ["fusionnee_dans_id"], ["organisations.id"], name=op.f("fk_organisations_fusionnee_dans_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_organisations_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_parente_id"], ["organisations.id"], name=op.f("fk_organisations_organisation_parente_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_organisations_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_investigation_id"), ["investigation_id"], unique=False)
        batch_op.create_index("ix_organisations_recherche", ["investigation_id", "nom_recherche"], unique=False)
        batch_op.create_index(
            "uq_organisations_rna",
            ["investigation_id", "rna"],
            unique=True,
            sqlite_where=sa.text("rna IS NOT NULL AND archive_le IS NULL"),
            postgresql_where=sa.text("rna IS NOT NULL AND archive_le IS NULL"),
        )
        batch_op.create_index(
            "uq_organisations_siret",
            ["investigation_id", "siret"],
            unique=True,
            sqlite_where=sa.text("siret IS NOT NULL AND archive_le IS NULL"),
            postgresql_where=sa.text("siret IS NOT NULL AND archive_le IS NULL"),
        )

    op.create_table(
        "statuts_hypotheses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hypothese_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "statut",
            sa.Enum(
                "ouverte",
                "soutenue",
                "contredite",
                "abandonnee",
                name="statut",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raison", sa.Text(), nullable=False),
        sa.Column("decide_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["decide_par"], ["comptes.id"], name=op.f("fk_statuts_hypotheses_decide_par")),
        sa.ForeignKeyConstraint(["hypothese_id"], ["hypotheses.id"], name=op.f("fk_statuts_hypotheses_hypothese_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_statuts_hypotheses_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuts_hypotheses")),
    )
    with op.batch_alter_table("statuts_hypotheses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statuts_hypotheses_hypothese_id"), ["hypothese_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statuts_hypotheses_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "syntheses_etiquettes",
        sa.Column("etiquette_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_syntheses_etiquettes_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_syntheses_etiquettes_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_syntheses_etiquettes_terrain_id")),
        sa.PrimaryKeyConstraint("etiquette_id", "terrain_id", "type_acteur", name=op.f("pk_syntheses_etiquettes")),
    )
    with op.batch_alter_table("syntheses_etiquettes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_syntheses_etiquettes_investigation_id"), ["investigation_id"], unique=False
        )

    op.create_table(
        "syntheses_irritants",
        sa.Column("etiquette_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column(
            "releve",
            sa.Enum(
                "spontane",
                "relance",
                "ecarte",
                "non_aborde",
                name="releve",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entretiens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_syntheses_irritants_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_syntheses_irritants_investigation_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_syntheses_irritants_terrain_id")),
        sa.PrimaryKeyConstraint(
            "etiquette_id", "terrain_id", "type_acteur", "releve", name=op.f("pk_syntheses_irritants")
        ),
    )
    with op.batch_alter_table("syntheses_irritants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_syntheses_irritants_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "terrain_territoires",
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "niveau",
            sa.Enum(
                "arrondissement",
                "commune",
                "epci",
                "departement",
                "region",
                name="niveau",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_terrain_territoires_terrain_id")),
        sa.PrimaryKeyConstraint("terrain_id", "niveau", "code", name=op.f("pk_terrain_territoires")),
    )
    op.create_table(
        "besoins",
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recu_fiscal_demande", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("titre", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "forme",
            sa.Enum(
                "mecenat_financier",
                "mecenat_nature",
                "mecenat_competences",
                "pret",
                "benevolat_entreprise",
                "parrainage",
                "produit_partage",
                "arrondi",
                "collecte_interne",
                "achats_responsables",
                "emploi_insertion",
                "formation_mentorat",
                "co_construction",
                name="forme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("theme", sa.String(length=60), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("rayon_km", sa.Integer(), nullable=True),
        sa.Column("a_distance", sa.Boolean(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=True),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column("duree_souhaitee_mois", sa.Integer(), nullable=True),
        sa.Column("quantite", sa.Integer(), nullable=True),
        sa.Column("unite", sa.String(length=40), nullable=True),
        sa.Column(
            "statut",
            sa.Enum(
                "ouverte",
                "pourvue",
                "en_sommeil",
                "retiree",
                name="statut",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("confirme_le", sa.Date(), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("fin IS NULL OR debut IS NULL OR fin >= debut", name=op.f("ck_besoins_fin_apres_debut")),
        sa.ForeignKeyConstraint(["association_id"], ["organisations.id"], name=op.f("fk_besoins_association_id")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_besoins_cree_par")),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_besoins_investigation_id")),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_besoins_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_besoins")),
    )
    with op.batch_alter_table("besoins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_besoins_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_besoins_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "entretiens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
        sa.Column("tenu_le", sa.Date(), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "presentiel", "visio", "telephone", name="mode", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "statut",
            sa.Enum(
                "prevu",
                "contacte",
                "refuse",
                "brouillon",
                "realise",
                name="statut",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "canal",
            sa.Enum(
                "diplp",
                "les_entreprises_s_engagent",
                "direct",
                "recommandation",
                name="canal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("duree_minutes", sa.Integer(), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("notice_remise_le", sa.Date(), nullable=True),
        sa.Column("notice_version", sa.String(length=40), nullable=True),
        sa.Column(
            "notice_moyen",
            sa.Enum(
                "courriel", "papier", "oral", name="notice_moyen", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("accord_participation", sa.Boolean(), nullable=False),
        sa.Column("accord_enregistrement", sa.Boolean(), nullable=True),
        sa.Column(
            "accord_citation",
            sa.Enum(
                "non",
                "anonyme",
                "nominative",
                name="accord_citation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cle_saisie", sa.String(length=36), nullable=True),
        sa.Column("modifie_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "statut <> 'realise' OR notice_remise_le IS NOT NULL", name=op.f("ck_entretiens_realise_avec_notice")
        ),
        sa.CheckConstraint("statut <> 'realise' OR tenu_le IS NOT NULL", name=op.f("ck_entretiens_realise_avec_date")),
        sa.CheckConstraint(
            "duree_minutes IS NULL OR duree_minutes BETWEEN 1 AND 1440", name=op.f("ck_entretiens_duree_plausible")
        ),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_entretiens_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_entretiens_investigation_id")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_entretiens_organisation_id")),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_entretiens_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entretiens")),
        sa.UniqueConstraint("investigation_id", "cle_saisie", name=op.f("uq_entretiens_investigation_id_cle_saisie")),
        sa.UniqueConstraint("investigation_id", "code", name=op.f("uq_entretiens_investigation_id_code")),
    )
    with op.batch_alter_table("entretiens", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entretiens_couverture",
            ["investigation_id", "statut", "terrain_id", "type_acteur", "archive_le"],
            unique=False,
        )
        batch_op.create_index("ix_entretiens_liste", ["investigation_id", "tenu_le", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entretiens_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_entretiens_sans_notice",
            ["id"],
            unique=False,
            sqlite_where=sa.text("notice_remise_le IS NULL"),
            postgresql_where=sa.text("notice_remise_le IS NULL"),
        )

    op.create_table(
        "interlocuteurs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("nom", sa.Text(), nullable=False),
        sa.Column("fonction", sa.Text(), nullable=False),
        sa.Column("courriel", sa.Text(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("source_contact", sa.Text(), nullable=False),
        sa.Column(
            "statut",
            sa.Enum(
                "actif",
                "limite",
                "opposition",
                "anonymise",
                name="statut",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_interlocuteurs_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_interlocuteurs_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_interlocuteurs_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interlocuteurs")),
    )
    with op.batch_alter_table("interlocuteurs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interlocuteurs_investigation_id"), ["investigation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interlocuteurs_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "offres",
        sa.Column("entreprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("capacite", sa.Integer(), nullable=False),
        sa.Column("exclusions", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("titre", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "forme",
            sa.Enum(
                "mecenat_financier",
                "mecenat_nature",
                "mecenat_competences",
                "pret",
                "benevolat_entreprise",
                "parrainage",
                "produit_partage",
                "arrondi",
                "collecte_interne",
                "achats_responsables",
                "emploi_insertion",
                "formation_mentorat",
                "co_construction",
                name="forme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("theme", sa.String(length=60), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("rayon_km", sa.Integer(), nullable=True),
        sa.Column("a_distance", sa.Boolean(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=True),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column("duree_souhaitee_mois", sa.Integer(), nullable=True),
        sa.Column("quantite", sa.Integer(), nullable=True),
        sa.Column("unite", sa.String(length=40), nullable=True),
        sa.Column(
            "statut",
            sa.Enum(
                "ouverte",
                "pourvue",
                "en_sommeil",
                "retiree",
                name="statut",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("confirme_le", sa.Date(), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("fin IS NULL OR debut IS NULL OR fin >= debut", name=op.f("ck_offres_fin_apres_debut")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_offres_cree_par")),
        sa.ForeignKeyConstraint(["entreprise_id"], ["organisations.id"], name=op.f("fk_offres_entreprise_id")),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_offres_investigation_id")),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_offres_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offres")),
    )
    with op.batch_alter_table("offres", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offres_entreprise_id"), ["entreprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offres_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "demandes_droits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("interlocuteur_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "acces",
                "rectification",
                "limitation",
                "opposition",
                name="nature",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recue_le", sa.Date(), nullable=False),
        sa.Column("echeance", sa.Date(), nullable=False),
        sa.Column("close_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resultat", sa.Text(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_demandes_droits_cree_par")),
        sa.ForeignKeyConstraint(
            ["interlocuteur_id"], ["interlocuteurs.id"], name=op.f("fk_demandes_droits_interlocuteur_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_demandes_droits_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demandes_droits")),
    )
    with op.batch_alter_table("demandes_droits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demandes_droits_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "entretien_enqueteurs",
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_entretien_enqueteurs_compte_id")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_entretien_enqueteurs_entretien_id")),
        sa.PrimaryKeyConstraint("entretien_id", "compte_id", name=op.f("pk_entretien_enqueteurs")),
    )
    with op.batch_alter_table("entretien_enqueteurs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entretien_enqueteurs_compte_id"), ["compte_id"], unique=False)

    op.create_table(
        "entretien_interlocuteurs",
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("interlocuteur_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["entretien_id"], ["entretiens.id"], name=op.f("fk_entretien_interlocuteurs_entretien_id")
        ),
        sa.ForeignKeyConstraint(
            ["interlocuteur_id"], ["interlocuteurs.id"], name=op.f("fk_entretien_interlocuteurs_interlocuteur_id")
        ),
        sa.PrimaryKeyConstraint("entretien_id", "interlocuteur_id", name=op.f("pk_entretien_interlocuteurs")),
    )
    with op.batch_alter_table("entretien_interlocuteurs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entretien_interlocuteurs_interlocuteur_id"), ["interlocuteur_id"], unique=False
        )

    op.create_table(
        "irritants_releves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("etiquette_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "releve",
            sa.Enum(
                "spontane",
                "relance",
                "ecarte",
                "non_aborde",
                name="releve",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("intensite", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "intensite IS NULL OR intensite BETWEEN 1 AND 5", name=op.f("ck_irritants_releves_intensite_plausible")
        ),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_irritants_releves_entretien_id")),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_irritants_releves_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_irritants_releves_investigation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_irritants_releves")),
        sa.UniqueConstraint(
            "entretien_id", "etiquette_id", name=op.f("uq_irritants_releves_entretien_id_etiquette_id")
        ),
    )
    with op.batch_alter_table("irritants_releves", schema=None) as batch_op:
        batch_op.create_index(
            "ix_irritants_releves_etiquette", ["etiquette_id", "releve", "entretien_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_irritants_releves_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "partenariats",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terrain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entreprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("episode_precedent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "mode_recueil",
            sa.Enum(
                "prospectif",
                "retrospectif_complet",
                "vivants_seulement",
                name="mode_recueil",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rythme",
            sa.Enum(
                "ponctuel",
                "recurrent",
                "pluriannuel",
                name="rythme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "initiateur",
            sa.Enum(
                "entreprise",
                "association",
                "tiers",
                "inconnu",
                name="initiateur",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("solution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("volume", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("unite", sa.String(length=40), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("convention_debut", sa.Date(), nullable=True),
        sa.Column("convention_fin", sa.Date(), nullable=True),
        sa.Column("premiere_observation", sa.Date(), nullable=True),
        sa.Column("premier_contact", sa.Date(), nullable=True),
        sa.Column("en_discussion", sa.Boolean(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=True),
        sa.Column(
            "precision_debut",
            sa.Enum(
                "jour",
                "mois",
                "annee",
                "inconnue",
                name="precision_debut",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column(
            "precision_fin",
            sa.Enum(
                "jour",
                "mois",
                "annee",
                "inconnue",
                name="precision_fin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "motif_fin",
            sa.Enum(
                "objectif_atteint",
                "action_prevue_ponctuelle",
                "essaimage",
                "budget",
                "strategie",
                "depart_referent_entreprise",
                "fermeture",
                "besoin_disparu",
                "moyens_association",
                "depart_referent_association",
                "dissolution",
                "attentes_divergentes",
                "charge_administrative",
                "sans_reponse",
                "reglementaire",
                "crise",
                "accompli",
                "entreprise",
                "association",
                "relation",
                "externe",
                "inconnu",
                name="motif_fin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("sans_suite_le", sa.Date(), nullable=True),
        sa.Column("suspendu_depuis", sa.Date(), nullable=True),
        sa.Column("derniere_nouvelle", sa.Date(), nullable=True),
        sa.Column(
            "precision_nouvelle",
            sa.Enum(
                "jour",
                "mois",
                "annee",
                "inconnue",
                name="precision_nouvelle",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("renouvellements", sa.Integer(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("entreprise_id <> association_id", name=op.f("ck_partenariats_deux_organisations")),
        sa.CheckConstraint(
            "fin IS NULL OR debut IS NULL OR fin >= debut", name=op.f("ck_partenariats_fin_apres_debut")
        ),
        sa.ForeignKeyConstraint(["association_id"], ["organisations.id"], name=op.f("fk_partenariats_association_id")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_partenariats_cree_par")),
        sa.ForeignKeyConstraint(["entreprise_id"], ["organisations.id"], name=op.f("fk_partenariats_entreprise_id")),
        sa.ForeignKeyConstraint(
            ["episode_precedent_id"], ["partenariats.id"], name=op.f("fk_partenariats_episode_precedent_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_partenariats_investigation_id")
        ),
        sa.ForeignKeyConstraint(["solution_id"], ["solutions_existantes.id"], name=op.f("fk_partenariats_solution_id")),
        sa.ForeignKeyConstraint(
            ["source_entretien_id"], ["entretiens.id"], name=op.f("fk_partenariats_source_entretien_id")
        ),
        sa.ForeignKeyConstraint(["terrain_id"], ["terrains.id"], name=op.f("fk_partenariats_terrain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partenariats")),
    )
    with op.batch_alter_table("partenariats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partenariats_association_id"), ["association_id"], unique=False)
        batch_op.create_index(
            "ix_partenariats_duree",
            [
                "investigation_id",
                "archive_le",
                "terrain_id",
                "rythme",
                "debut",
                "fin",
                "derniere_nouvelle",
                "mode_recueil",
                "premiere_observation",
                "precision_debut",
                "motif_fin",
                "source_entretien_id",
            ],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_partenariats_entreprise_id"), ["entreprise_id"], unique=False)
        batch_op.create_index("ix_partenariats_liste", ["investigation_id", "derniere_nouvelle", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partenariats_source_entretien_id"), ["source_entretien_id"], unique=False)

    op.create_table(
        "textes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "nature",
            sa.Enum("notes", "transcription", name="nature", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("contenu", sa.Text(), nullable=False),
        sa.Column("contenu_recherche", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_textes_entretien_id")),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_textes_investigation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_textes")),
        sa.UniqueConstraint("entretien_id", "nature", name=op.f("uq_textes_entretien_id_nature")),
    )
    with op.batch_alter_table("textes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_textes_investigation_id"), ["investigation_id"], unique=False)

    op.create_table(
        "evenements_partenariat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partenariat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "premier_contact",
                "discussion",
                "signature",
                "renouvellement",
                "pause",
                "reprise",
                "nouvelle",
                "fin",
                "sans_suite",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("date_effet", sa.Date(), nullable=True),
        sa.Column(
            "precision",
            sa.Enum(
                "jour",
                "mois",
                "annee",
                "inconnue",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "motif",
            sa.Enum(
                "objectif_atteint",
                "action_prevue_ponctuelle",
                "essaimage",
                "budget",
                "strategie",
                "depart_referent_entreprise",
                "fermeture",
                "besoin_disparu",
                "moyens_association",
                "depart_referent_association",
                "dissolution",
                "attentes_divergentes",
                "charge_administrative",
                "sans_reponse",
                "reglementaire",
                "crise",
                "accompli",
                "entreprise",
                "association",
                "relation",
                "externe",
                "inconnu",
                name="motif",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("commentaire", sa.Text(), nullable=False),
        sa.Column("source_entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("corrige_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("annule", sa.Boolean(), nullable=False),
        sa.Column("saisi_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saisi_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "precision = 'inconnue' OR date_effet IS NOT NULL", name=op.f("ck_evenements_partenariat_date_ou_inconnue")
        ),
        sa.CheckConstraint(
            "type <> 'fin' OR annule OR motif IS NOT NULL", name=op.f("ck_evenements_partenariat_fin_motivee")
        ),
        sa.ForeignKeyConstraint(
            ["corrige_id"], ["evenements_partenariat.id"], name=op.f("fk_evenements_partenariat_corrige_id")
        ),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_evenements_partenariat_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["partenariat_id"], ["partenariats.id"], name=op.f("fk_evenements_partenariat_partenariat_id")
        ),
        sa.ForeignKeyConstraint(["saisi_par"], ["comptes.id"], name=op.f("fk_evenements_partenariat_saisi_par")),
        sa.ForeignKeyConstraint(
            ["source_entretien_id"], ["entretiens.id"], name=op.f("fk_evenements_partenariat_source_entretien_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evenements_partenariat")),
        sa.UniqueConstraint("corrige_id", name=op.f("uq_evenements_partenariat_corrige_id")),
    )
    with op.batch_alter_table("evenements_partenariat", schema=None) as batch_op:
        batch_op.create_index("ix_evenements_partenariat", ["partenariat_id", "date_effet", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_evenements_partenariat_investigation_id"), ["investigation_id"], unique=False
        )

    op.create_table(
        "formes_partenariat",
        sa.Column("partenariat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "forme",
            sa.Enum(
                "mecenat_financier",
                "mecenat_nature",
                "mecenat_competences",
                "pret",
                "benevolat_entreprise",
                "parrainage",
                "produit_partage",
                "arrondi",
                "collecte_interne",
                "achats_responsables",
                "emploi_insertion",
                "formation_mentorat",
                "co_construction",
                name="forme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("principale", sa.Boolean(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "part IS NULL OR part BETWEEN 0 AND 100", name=op.f("ck_formes_partenariat_part_en_pourcent")
        ),
        sa.ForeignKeyConstraint(
            ["partenariat_id"], ["partenariats.id"], name=op.f("fk_formes_partenariat_partenariat_id")
        ),
        sa.PrimaryKeyConstraint("partenariat_id", "forme", name=op.f("pk_formes_partenariat")),
    )
    op.create_table(
        "propositions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("besoin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offre_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("criteres_connus", sa.Integer(), nullable=True),
        sa.Column("version_calcul", sa.String(length=20), nullable=False),
        sa.Column("partenariat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["besoin_id"], ["besoins.id"], name=op.f("fk_propositions_besoin_id")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_propositions_cree_par")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_propositions_investigation_id")
        ),
        sa.ForeignKeyConstraint(["offre_id"], ["offres.id"], name=op.f("fk_propositions_offre_id")),
        sa.ForeignKeyConstraint(["partenariat_id"], ["partenariats.id"], name=op.f("fk_propositions_partenariat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_propositions")),
    )
    with op.batch_alter_table("propositions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_propositions_besoin_id"), ["besoin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_propositions_investigation_id"), ["investigation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_propositions_offre_id"), ["offre_id"], unique=False)

    op.create_table(
        "textes_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("texte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("contenu", sa.Text(), nullable=False),
        sa.Column("remplace_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remplace_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["remplace_par"], ["comptes.id"], name=op.f("fk_textes_versions_remplace_par")),
        sa.ForeignKeyConstraint(["texte_id"], ["textes.id"], name=op.f("fk_textes_versions_texte_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_textes_versions")),
        sa.UniqueConstraint("texte_id", "numero", name=op.f("uq_textes_versions_texte_id_numero")),
    )
    op.create_table(
        "verbatims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("texte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("debut", sa.Integer(), nullable=False),
        sa.Column("fin", sa.Integer(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("citation_recherche", sa.Text(), nullable=True),
        sa.Column("locuteur", sa.String(length=120), nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column(
            "ancrage",
            sa.Enum("sur", "a_verifier", name="ancrage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("debut >= 0 AND fin > debut", name=op.f("ck_verbatims_bornes_ordonnees")),
        sa.CheckConstraint("length(citation) > 0", name=op.f("ck_verbatims_citation_presente")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_verbatims_cree_par")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_verbatims_entretien_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_verbatims_investigation_id")
        ),
        sa.ForeignKeyConstraint(["texte_id"], ["textes.id"], name=op.f("fk_verbatims_texte_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verbatims")),
    )
    with op.batch_alter_table("verbatims", schema=None) as batch_op:
        batch_op.create_index(
            "ix_verbatims_a_replacer",
            ["investigation_id", "entretien_id"],
            unique=False,
            sqlite_where=sa.text("archive_le IS NULL AND ancrage = 'a_verifier'"),
            postgresql_where=sa.text("archive_le IS NULL AND ancrage = 'a_verifier'"),
        )
        batch_op.create_index("ix_verbatims_entretien", ["entretien_id", "debut"], unique=False)
        batch_op.create_index("ix_verbatims_investigation", ["investigation_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_verbatims_texte_id"), ["texte_id"], unique=False)
        batch_op.create_index(
            "uq_verbatims_passage",
            ["texte_id", "debut", "fin"],
            unique=True,
            sqlite_where=sa.text("archive_le IS NULL AND ancrage = 'sur'"),
            postgresql_where=sa.text("archive_le IS NULL AND ancrage = 'sur'"),
        )

    op.create_table(
        "etiquetages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verbatim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("etiquette_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("compte_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pose_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retire_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retire_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["compte_id"], ["comptes.id"], name=op.f("fk_etiquetages_compte_id")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_etiquetages_entretien_id")),
        sa.ForeignKeyConstraint(["etiquette_id"], ["etiquettes.id"], name=op.f("fk_etiquetages_etiquette_id")),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_etiquetages_investigation_id")
        ),
        sa.ForeignKeyConstraint(["retire_par"], ["comptes.id"], name=op.f("fk_etiquetages_retire_par")),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_etiquetages_verbatim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_etiquetages")),
    )
    with op.batch_alter_table("etiquetages", schema=None) as batch_op:
        batch_op.create_index("ix_etiquetages_entretien", ["entretien_id", "etiquette_id", "retire_le"], unique=False)
        batch_op.create_index(
            "ix_etiquetages_etiquette", ["etiquette_id", "retire_le", "verbatim_id", "entretien_id"], unique=False
        )
        batch_op.create_index(
            "uq_etiquetages_pose",
            ["verbatim_id", "etiquette_id", "compte_id"],
            unique=True,
            sqlite_where=sa.text("retire_le IS NULL"),
            postgresql_where=sa.text("retire_le IS NULL"),
        )

    op.create_table(
        "evenements_proposition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "proposee",
                "vue",
                "contact",
                "reponse",
                "rencontre",
                "partenariat",
                "refus",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("date_effet", sa.Date(), nullable=False),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.Column("saisi_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saisi_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["investigation_id"], ["investigations.id"], name=op.f("fk_evenements_proposition_investigation_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposition_id"], ["propositions.id"], name=op.f("fk_evenements_proposition_proposition_id")
        ),
        sa.ForeignKeyConstraint(["saisi_par"], ["comptes.id"], name=op.f("fk_evenements_proposition_saisi_par")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evenements_proposition")),
    )
    with op.batch_alter_table("evenements_proposition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evenements_proposition_investigation_id"), ["investigation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_evenements_proposition_proposition_id"), ["proposition_id"], unique=False)

    op.create_table(
        "preuves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("investigation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hypothese_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sens",
            sa.Enum("pour", "contre", "nuance", name="sens", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("poids", sa.Integer(), nullable=False),
        sa.Column("verbatim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entretien_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("solution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("indicateur", sa.String(length=60), nullable=True),
        sa.Column("commentaire", sa.Text(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cree_par", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archive_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verbatim_id IS NOT NULL) OR (entretien_id IS NOT NULL) OR (solution_id IS NOT NULL) OR (indicateur IS NOT NULL)",
            name=op.f("ck_preuves_pointe_quelque_chose"),
        ),
        sa.CheckConstraint("poids BETWEEN 1 AND 3", name=op.f("ck_preuves_poids_borne")),
        sa.ForeignKeyConstraint(["cree_par"], ["comptes.id"], name=op.f("fk_preuves_cree_par")),
        sa.ForeignKeyConstraint(["entretien_id"], ["entretiens.id"], name=op.f("fk_preuves_entretien_id")),
        sa.ForeignKeyConstraint(["hypothese_id"], ["hypotheses.id"], name=op.f("fk_preuves_hypothese_id")),
        sa.ForeignKeyConstraint(["investigation_id"], ["investigations.id"], name=op.f("fk_preuves_investigation_id")),
        sa.ForeignKeyConstraint(["solution_id"], ["solutions_existantes.id"], name=op.f("fk_preuves_solution_id")),
        sa.ForeignKeyConstraint(["verbatim_id"], ["verbatims.id"], name=op.f("fk_preuves_verbatim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preuves")),
    )
    with op.batch_alter_table("preuves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preuves_hypothese_id"), ["hypothese_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_preuves_investigation_id"), ["investigation_id"], unique=False)

    for table in AJOUT_SEUL:
        _interdire_reecriture(table)


def downgrade() -> None:
    _retirer_interdictions()
    with op.batch_alter_table("preuves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preuves_investigation_id"))
        batch_op.drop_index(batch_op.f("ix_preuves_hypothese_id"))

    op.drop_table("preuves")
    with op.batch_alter_table("evenements_proposition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evenements_proposition_proposition_id"))
        batch_op.drop_index(batch_op.f("ix_evenements_proposition_investigation_id"))

    op.drop_table("evenements_proposition")
    with op.batch_alter_table("etiquetages", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_etiquetages_pose",
            sqlite_where=sa.text("retire_le IS NULL"),
            postgresql_where=sa.text("retire_le IS NULL"),
        )
        batch_op.drop_index("ix_etiquetages_etiquette")
        batch_op.drop_index("ix_etiquetages_entretien")

    op.drop_table("etiquetages")
    with op.batch_alter_table("verbatims", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_verbatims_passage",
            sqlite_where=sa.text("archive_le IS NULL AND ancrage = 'sur'"),
            postgresql_where=sa.text("archive_le IS NULL AND ancrage = 'sur'"),
        )
        batch_op.drop_index(batch_op.f("ix_verbatims_texte_id"))
        batch_op.drop_index("ix_verbatims_investigation")
        batch_op.drop_index("ix_verbatims_entretien")
        batch_op.drop_index(
            "ix_verbatims_a_replacer",
            sqlite_where=sa.text("archive_le IS NULL AND ancrage = 'a_verifier'"),
            postgresql_where=sa.text("archive_le IS NULL AND ancrage = 'a_verifier'"),
        )

    op.drop_table("verbatims")
    op.drop_table("textes_versions")
    with op.batch_alter_table("propositions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_propositions_offre_id"))
        batch_op.drop_index(batch_op.f("ix_propositions_investigation_id"))
        batch_op.drop_index(batch_op.f("ix_propositions_besoin_id"))

    op.drop_table("propositions")
    op.drop_table("formes_partenariat")
    with op.batch_alter_table("evenements_partenariat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evenements_partenariat_investigation_id"))
        batch_op.drop_index("ix_evenements_partenariat")

    op.drop_table("evenements_partenariat")
    with op.batch_alter_table("textes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_textes_investigation_id"))

    op.drop_table("textes")
    with op.batch_alter_table("partenariats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partenariats_source_entretien_id"))
        batch_op.drop_index("ix_partenariats_liste")
        batch_op.drop_index(batch_op.f("ix_partenariats_entreprise_id"))
        batch_op.drop_index("ix_partenariats_duree")
        batch_op.drop_index(batch_op.f("ix_partenariats_association_id"))

    op.drop_table("partenariats")
    with op.batch_alter_table("irritants_releves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_irritants_releves_investigation_id"))
        batch_op.drop_index("ix_irritants_releves_etiquette")

    op.drop_table("irritants_releves")
    with op.batch_alter_table("entretien_interlocuteurs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entretien_interlocuteurs_interlocuteur_id"))

    op.drop_table("entretien_interlocuteurs")
    with op.batch_alter_table("entretien_enqueteurs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entretien_enqueteurs_compte_id"))

    op.drop_table("entretien_enqueteurs")
    with op.batch_alter_table("demandes_droits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demandes_droits_investigation_id"))

    op.drop_table("demandes_droits")
    with op.batch_alter_table("offres", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offres_investigation_id"))
        batch_op.drop_index(batch_op.f("ix_offres_entreprise_id"))

    op.drop_table("offres")
    with op.batch_alter_table("interlocuteurs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interlocuteurs_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_interlocuteurs_investigation_id"))

    op.drop_table("interlocuteurs")
    with op.batch_alter_table("entretiens", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_entretiens_sans_notice",
            sqlite_where=sa.text("notice_remise_le IS NULL"),
            postgresql_where=sa.text("notice_remise_le IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_entretiens_organisation_id"))
        batch_op.drop_index("ix_entretiens_liste")
        batch_op.drop_index("ix_entretiens_couverture")

    op.drop_table("entretiens")
    with op.batch_alter_table("besoins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_besoins_investigation_id"))
        batch_op.drop_index(batch_op.f("ix_besoins_association_id"))

    op.drop_table("besoins")
    op.drop_table("terrain_territoires")
    with op.batch_alter_table("syntheses_irritants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_syntheses_irritants_investigation_id"))

    op.drop_table("syntheses_irritants")
    with op.batch_alter_table("syntheses_etiquettes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_syntheses_etiquettes_investigation_id"))

    op.drop_table("syntheses_etiquettes")
    with op.batch_alter_table("statuts_hypotheses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statuts_hypotheses_investigation_id"))
        batch_op.drop_index(batch_op.f("ix_statuts_hypotheses_hypothese_id"))

    op.drop_table("statuts_hypotheses")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_organisations_siret",
            sqlite_where=sa.text("siret IS NOT NULL AND archive_le IS NULL"),
            postgresql_where=sa.text("siret IS NOT NULL AND archive_le IS NULL"),
        )
        batch_op.drop_index(
            "uq_organisations_rna",
            sqlite_where=sa.text("rna IS NOT NULL AND archive_le IS NULL"),
            postgresql_where=sa.text("rna IS NOT NULL AND archive_le IS NULL"),
        )
        batch_op.drop_index("ix_organisations_recherche")
        batch_op.drop_index(batch_op.f("ix_organisations_investigation_id"))

    op.drop_table("organisations")
    with op.batch_alter_table("habilitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_habilitations_compte_id"))

    op.drop_table("habilitations")
    with op.batch_alter_table("cibles_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cibles_plan_investigation_id"))

    op.drop_table("cibles_plan")
    op.drop_table("versions_donnees")
    with op.batch_alter_table("terrains", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_terrains_investigation_id"))

    op.drop_table("terrains")
    with op.batch_alter_table("solutions_existantes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_solutions_existantes_investigation_id"))

    op.drop_table("solutions_existantes")
    with op.batch_alter_table("sessions_ouvertes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_ouvertes_compte_id"))

    op.drop_table("sessions_ouvertes")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_objet")
        batch_op.drop_index("ix_journal_investigation")

    op.drop_table("journal")
    with op.batch_alter_table("hypotheses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hypotheses_investigation_id"))

    op.drop_table("hypotheses")
    with op.batch_alter_table("etiquettes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_etiquettes_parent_id"))
        batch_op.drop_index(batch_op.f("ix_etiquettes_investigation_id"))

    op.drop_table("etiquettes")
    op.drop_table("brouillons")
    op.drop_table("billets")
    with op.batch_alter_table("territoires", schema=None) as batch_op:
        batch_op.drop_index("ix_territoires_recherche")
        batch_op.drop_index(batch_op.f("ix_territoires_epci_code"))
        batch_op.drop_index(batch_op.f("ix_territoires_departement_code"))

    op.drop_table("territoires")
    with op.batch_alter_table("tentatives", schema=None) as batch_op:
        batch_op.drop_index("ix_tentatives_cle_instant")

    op.drop_table("tentatives")
    op.drop_table("investigations")
    op.drop_table("comptes")


def _interdire_reecriture(table: str) -> None:
    """La base refuse UPDATE et DELETE : l'histoire ne se récrit pas, même par une requête à la main."""
    if op.get_bind().dialect.name == "sqlite":
        for geste in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_sans_{geste.lower()} BEFORE {geste} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'table en ajout seul'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuser_reecriture() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'table en ajout seul' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuser_reecriture()"
    )


def _retirer_interdictions() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP FUNCTION IF EXISTS refuser_reecriture() CASCADE")
