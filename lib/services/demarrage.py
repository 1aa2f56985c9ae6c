"""Ce que le serveur vérifie avant de servir."""

import sys
from functools import cache

from sqlalchemy import Engine, exists, select
from sqlalchemy.exc import OperationalError

from lib.config import ReglageInvalide, Reglages, reglages
from lib.db.modeles import Compte
from lib.db.moteur import ouvrir_moteur
from lib.services.transaction import ecriture, lecture


@cache
def base() -> Engine:
    """La base choisie, ouverte une fois pour tout le processus : pages, routes et commandes."""
    return ouvrir_moteur(reglages().base)


def migrer_base(moteur: Engine) -> None:
    """Amène la base au schéma de cette version de l'application, synthèses remplies."""
    from lib.db.migrer import migrer
    from lib.services.syntheses import completer

    migrer(moteur)
    with ecriture(moteur, None, motif="synthèses complétées") as session:
        completer(session)


def proposer_migration(moteur: Engine, message: str) -> None:
    """Écrit une migration d'après l'écart entre les modèles et la base, à relire."""
    from lib.db.migrer import proposer

    proposer(moteur, message)


def verifier_ou_quitter() -> None:
    """Au démarrage du serveur : une phrase sur la sortie d'erreur et un code 1, plutôt qu'un service dangereux."""
    try:
        verifier(reglages(), base())
    except ReglageInvalide as refus:
        print(f"ASSO'CIE ne démarre pas. {refus}", file=sys.stderr)
        raise SystemExit(1) from None


def verifier(reglages: Reglages, moteur: Engine) -> None:
    """Refuse de servir dans un état dangereux. Lève ReglageInvalide, une phrase claire par cas."""
    if not _a_jour(moteur):
        raise ReglageInvalide("La base n'est pas à jour : lancez « python -m lib migrer » avant de servir.")
    if reglages.production and _compte_de_demonstration(moteur):
        raise ReglageInvalide(
            "Cette base contient des comptes de démonstration : elle ne peut pas servir en production. "
            "Partez d'une base neuve, puis « python -m lib compte creer »."
        )


def _a_jour(moteur: Engine) -> bool:
    from lib.db.migrer import est_a_jour

    try:
        return est_a_jour(moteur)
    except OperationalError as erreur:
        raise ReglageInvalide(
            "La base ne répond pas : vérifiez ASSOCIE_BASE et que le serveur de base tourne."
        ) from erreur


def _compte_de_demonstration(moteur: Engine) -> bool:
    with lecture(moteur) as session:
        return bool(session.scalar(select(exists().where(Compte.demonstration))))
