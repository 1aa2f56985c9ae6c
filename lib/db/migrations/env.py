"""Environnement d'Alembic : il reçoit le moteur de qui l'appelle."""

from alembic import context

from lib.db import modeles  # noqa: F401 - remplit la métadonnée
from lib.db.base import Base

moteur = context.config.attributes["moteur"].execution_options(ecriture=True)
with moteur.begin() as connexion:
    context.configure(connection=connexion, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    context.run_migrations()
