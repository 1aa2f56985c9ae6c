"""La sonde du serveur : la base répond-elle, là, maintenant."""

from sqlalchemy import Engine, select

from lib.services.transaction import lecture


def sonder(moteur: Engine) -> None:
    """Une requête sans table. Lève BaseIndisponible si la base ne répond pas."""
    with lecture(moteur) as session:
        session.scalar(select(1))
