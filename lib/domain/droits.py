"""Qui peut faire quoi, sur quoi. Une fonction par droit ; sa docstring est la règle."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Perimetre:
    """Ce qu'un compte voit en ce moment : il est haché, donc utilisable comme clé de cache.

    investigation_id : l'investigation ouverte, ou None — alors rien n'est visible.
    terrains : les terrains permis ; None les permet tous.
    fictive : l'investigation ouverte est une démonstration.
    compte_id : zéro pour l'exploitation en ligne de commande, qui n'est le compte de personne.
    restitue : ce qui se lit sort de l'équipe (présentation, bilan). Voir `sans_archives`.
    """

    compte_id: int
    role: Role
    investigation_id: int | None = None
    fictive: bool = False
    terrains: frozenset[int] | None = None
    restitue: bool = False

    @property
    def sans_archives(self) -> bool:
        """Vrai si les terrains archivés ne comptent pas : rapprochés des chiffres publics, ils se déduiraient."""
        return self.restitue or self.role is Role.DEMONSTRATION

    @property
    def auteur_id(self) -> int | None:
        """Le compte à inscrire sur ce qui s'écrit ; aucun quand c'est l'exploitation."""
        return self.compte_id or None


Droit = Callable[[Perimetre], bool]


def exiger(droit: Droit, perimetre: Perimetre) -> None:
    """Lève AccesRefuse si le périmètre n'a pas le droit."""
    if not droit(perimetre):
        raise AccesRefuse("Votre compte ne permet pas ce geste. Demandez-le à une personne qui administre l'outil.")


def est_connecte(perimetre: Perimetre) -> bool:  # noqa: ARG001 - même forme que les autres droits
    """Voir et changer ce qui ne concerne que soi : toute personne connectée."""
    return True


def peut_lire(perimetre: Perimetre) -> bool:
    """Une investigation est ouverte ; la visite de démonstration ne voit que du fictif."""
    if perimetre.investigation_id is None:
        return False
    return perimetre.fictive or perimetre.role is not Role.DEMONSTRATION


def peut_consigner(perimetre: Perimetre) -> bool:
    """Écrire des entretiens, des étiquettes, des partenariats : l'équipe d'enquête et l'administration."""
    return peut_lire(perimetre) and perimetre.role in {Role.ENQUETEUR, Role.ADMINISTRATEUR}


def peut_lire_identites(perimetre: Perimetre) -> bool:
    """Voir noms de structures et de personnes, textes entiers : l'équipe d'enquête et l'administration."""
    return peut_consigner(perimetre)


def peut_lire_indicateurs(perimetre: Perimetre) -> bool:
    """Indicateurs et citations pseudonymisées : tous les comptes, dans leur périmètre."""
    return peut_lire(perimetre)


def peut_lire_le_detail(perimetre: Perimetre) -> bool:
    """Lire les partenariats un à un, filtrer et croiser les chiffres : tous les comptes, sauf la visite de
    démonstration, qui y lirait de petits effectifs."""
    return peut_lire(perimetre) and perimetre.role is not Role.DEMONSTRATION


def peut_exporter(perimetre: Perimetre) -> bool:
    """Sortir des données pseudonymisées : l'équipe, la relecture et l'administration."""
    return peut_lire(perimetre) and perimetre.role is not Role.DEMONSTRATION


def peut_relire(perimetre: Perimetre) -> bool:
    """Lire et écrire la relecture des chiffres de toute l'investigation : qui en ouvre tous les terrains, sauf en
    visite."""
    return peut_exporter(perimetre) and perimetre.terrains is None


def peut_valider(perimetre: Perimetre) -> bool:
    """Dire un chiffre validé : la relecture et l'administration ; l'équipe ne valide pas ce qu'elle a produit."""
    return peut_relire(perimetre) and perimetre.role in {Role.RELECTEUR, Role.ADMINISTRATEUR}


def peut_figer(perimetre: Perimetre) -> bool:
    """Figer une version de référence, décider : l'équipe et l'administration, sur tous les terrains."""
    return peut_consigner(perimetre) and perimetre.terrains is None


def peut_exporter_identites(perimetre: Perimetre) -> bool:
    """Sortir des données identifiées, avec un motif : l'administration seule."""
    return peut_lire(perimetre) and perimetre.role is Role.ADMINISTRATEUR


def peut_administrer(perimetre: Perimetre) -> bool:
    """Comptes, investigations, terrains, plan, journal : l'administration seule."""
    return perimetre.role is Role.ADMINISTRATEUR
