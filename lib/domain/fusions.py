"""Réunir deux fiches d'une même organisation : ce qui suit, ce qui se complète, ce qui l'interdit."""

from collections.abc import Sequence

from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import TypeActeur, Vocabulaire

COMPLETES = (
    "siren",
    "siret",
    "rna",
    "terrain_id",
    "type_juridique",
    "niveau_reseau",
    "organisation_parente_id",
    "taille",
    "rattachement",
    "objet_social",
    "secteur",
    "commune_code",
)
"""Champs que la fiche gardée reprend de l'autre quand elle ne sait rien ; ceux qu'elle sait ne changent pas."""


class Rattachee(Vocabulaire):
    """Ce qui pointe une organisation, et la suit dans la fiche gardée."""

    PARTENARIAT_ENTREPRISE = "partenariat_entreprise", "Partenariat (entreprise)"
    PARTENARIAT_ASSOCIATION = "partenariat_association", "Partenariat (association)"
    ENTRETIEN = "entretien", "Entretien"
    INTERLOCUTEUR = "interlocuteur", "Personne"
    FILIALE = "filiale", "Structure rattachée"
    FUSIONNEE = "fusionnee", "Fiche déjà absorbée"
    BESOIN = "besoin", "Besoin"
    OFFRE = "offre", "Offre"


def refuser_fusion(
    *,
    absorbee: int,
    gardee: int,
    types: tuple[TypeActeur, TypeActeur],
    parentes: tuple[int | None, int | None],
    numeros: Sequence[tuple[str | None, str | None]],
) -> None:
    """Lève DonneeInvalide si ces deux fiches ne peuvent pas être la même organisation.

    types, parentes, numeros (SIREN, RNA) : ceux de l'absorbée, puis de la gardée. Deux établissements d'un même
    SIREN peuvent se réunir.
    """
    if absorbee == gardee:
        raise DonneeInvalide("Une organisation ne se fusionne pas avec elle-même : choisissez deux fiches.")
    if types[0] is not types[1]:
        raise DonneeInvalide("Ces deux fiches n'ont pas le même type d'acteur : ce sont deux organisations.")
    if any(l_un and l_autre and l_un != l_autre for l_un, l_autre in numeros):
        raise DonneeInvalide("Ces deux fiches ont des numéros officiels différents : ce sont deux organisations.")
    if parentes[0] == gardee or parentes[1] == absorbee:
        raise DonneeInvalide("L'une est la structure mère de l'autre : ce sont deux organisations.")
