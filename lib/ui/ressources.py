"""Ce que tout le serveur partage : la réserve de connexions."""

from sqlalchemy import Engine

from lib.services.demarrage import base


def moteur() -> Engine:
    """La base, ouverte une fois pour toutes les personnes."""
    return base()
