"""Noms d'emprunt : ce que lisent les comptes qui ne doivent pas reconnaître une structure."""

from lib.domain.vocabulaire import TypeActeur


def designer_organisation(type_acteur: TypeActeur, identifiant: int) -> str:
    """« Association 12 » : stable, sans nom ni lieu."""
    return f"{type_acteur.libelle}\N{NO-BREAK SPACE}{identifiant}"
