"""La relecture d'un indicateur : où elle en est, et qui l'on y appelle."""

import re
from collections.abc import Collection

from lib.domain.vocabulaire import Vocabulaire

# Une adresse (« lea@exemple.fr ») n'appelle personne : le signe suit une lettre.
_APPEL = re.compile(r"(?<![\w.@-])@([\w.@-]+)")


class EtatRelecture(Vocabulaire):
    """Où en est la relecture d'un indicateur."""

    A_RELIRE = "a_relire", "À relire"
    QUESTION = "question", "Question"
    VALIDE = "valide", "Validé"


def mentions(texte: str, connus: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(identifiants appelés par « @ », appels qui ne désignent personne), chacun une fois, dans l'ordre du texte.

    La ponctuation qui suit un appel n'en fait pas partie : « @lea, » appelle lea.
    """
    trouves: dict[str, None] = {}
    perdus: dict[str, None] = {}
    for appel in _APPEL.findall(texte):
        nom = appel.lower()
        while nom not in connus and nom and not nom[-1].isalnum():
            nom = nom[:-1]
        (trouves if nom in connus else perdus)[nom] = None
    return tuple(trouves), tuple(nom for nom in perdus if nom)
