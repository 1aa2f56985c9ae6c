"""Noms d'emprunt : ce que lisent les comptes qui ne doivent pas reconnaître une structure."""

from lib.domain.vocabulaire import TypeActeur


def designer_organisation(type_acteur: TypeActeur | None, identifiant: int) -> str:
    """« Association 12 » : stable, sans nom ni lieu. Sans type, « Organisation 12 » : il désignerait quelqu'un."""
    return f"{type_acteur.libelle if type_acteur else 'Organisation'}\N{NO-BREAK SPACE}{identifiant}"
