"""Territoires : des comptes tenus par commune, dont toute intercommunalité, tout département, toute région est une somme.

Les synthèses se refont d'elles-mêmes après la migration (`python -m lib migrer`) : vider celles des situations le demande.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ENTIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RELEVES = ("spontane", "relance", "ecarte", "non_aborde")
TABLES = ("syntheses_lieux", "syntheses_lieux_irritants", "syntheses_lieux_etiquettes")


def upgrade() -> None:
    _creer("syntheses_lieux", ("entretiens", "etiquetes"))
    _creer("syntheses_lieux_irritants", ("entretiens", "notes", "intensites"), etiquette=True, releve=True)
    _creer("syntheses_lieux_etiquettes", ("entretiens",), etiquette=True)
    op.execute(sa.text("DELETE FROM syntheses_situations"))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_investigation_id"))
        op.drop_table(table)


def _creer(table: str, mesures: tuple[str, ...], *, etiquette: bool = False, releve: bool = False) -> None:
    cles: list[sa.Column[Any]] = [
        *([sa.Column("etiquette_id", ENTIER, nullable=False)] if etiquette else []),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("terrain_id", ENTIER, nullable=False),
        sa.Column(
            "type_acteur", _parmi("type_acteur", "association", "entreprise", "institution", "expert"), nullable=False
        ),
        *([sa.Column("releve", _parmi("releve", *RELEVES), nullable=False)] if releve else []),
    ]
    cibles = {"terrain_id": "terrains.id", "investigation_id": "investigations.id"}
    cibles |= {"etiquette_id": "etiquettes.id"} if etiquette else {}
    op.create_table(
        table,
        *cles,
        sa.Column("investigation_id", ENTIER, nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=False) for nom in mesures),
        *(
            sa.ForeignKeyConstraint([nom], [cible], name=op.f(f"fk_{table}_{nom}"))
            for nom, cible in sorted(cibles.items())
        ),
        sa.PrimaryKeyConstraint(*(cle.name for cle in cles), name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_investigation_id"), ["investigation_id"], unique=False)


def _parmi(nom: str, *valeurs: str) -> sa.Enum:
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=40)
