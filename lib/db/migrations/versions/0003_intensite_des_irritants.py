"""Synthèses des irritants : combien d'intensités notées, et leur somme, pour les lire à côté de la fréquence."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COMPTES = ("notes", "intensites")
REPRISE = """
    UPDATE syntheses_irritants SET {colonne} = COALESCE((
        SELECT {mesure}
        FROM irritants_releves
        JOIN entretiens ON entretiens.id = irritants_releves.entretien_id
        WHERE irritants_releves.etiquette_id = syntheses_irritants.etiquette_id
          AND irritants_releves.releve = syntheses_irritants.releve
          AND entretiens.terrain_id = syntheses_irritants.terrain_id
          AND entretiens.type_acteur = syntheses_irritants.type_acteur
          AND entretiens.statut = 'realise'
          AND entretiens.notice_remise_le IS NOT NULL
          AND entretiens.archive_le IS NULL
          AND irritants_releves.intensite IS NOT NULL
    ), 0)
"""


def upgrade() -> None:
    for nom in COMPTES:
        op.add_column("syntheses_irritants", sa.Column(nom, sa.Integer(), server_default="0", nullable=False))
    op.execute(REPRISE.format(colonne="notes", mesure="COUNT(*)"))
    op.execute(REPRISE.format(colonne="intensites", mesure="SUM(irritants_releves.intensite)"))


def downgrade() -> None:
    # Sans reconstruire la table : elle garderait ses lignes, mais perdrait ses contraintes de vocabulaire.
    for nom in reversed(COMPTES):
        op.drop_column("syntheses_irritants", nom)
