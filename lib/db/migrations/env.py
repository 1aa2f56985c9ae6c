"""Environnement d'Alembic : il reçoit le moteur de qui l'appelle."""

from alembic import context

from lib.db import modeles  # noqa: F401 - remplit la métadonnée
from lib.db.base import Base


def _est_a_nous(nom: str | None, nature: str, parents: object) -> bool:  # noqa: ARG001 - signature d'Alembic
    """Les tables et colonnes que la base tient elle-même pour chercher du texte ne sont pas des modèles."""
    return not (nom or "").startswith(("mots_indexes_plein", "vecteur_", "ix_mots_indexes_vecteur"))


moteur = context.config.attributes["moteur"].execution_options(ecriture=True)
with moteur.begin() as connexion:
    context.configure(
        connection=connexion,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=_est_a_nous,
        include_object=lambda _o, nom, nature, _r, _c: _est_a_nous(nom, nature, None),
    )
    context.run_migrations()
