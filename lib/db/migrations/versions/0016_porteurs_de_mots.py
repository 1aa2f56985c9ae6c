"""Recherche : dire qui porte un mot fréquent sans ouvrir chaque morceau de texte."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


COLONNES = ["id", "nature", "investigation_id", "entretien_id", "objet_id"]


def upgrade() -> None:
    """Un index qui dit l'objet et l'entretien de chaque morceau."""
    op.create_index("ix_mots_indexes_porteurs", "mots_indexes", COLONNES)


def downgrade() -> None:
    """Retire l'index."""
    op.drop_index("ix_mots_indexes_porteurs", "mots_indexes")
