"""Faire évoluer une grille de codage : ce qu'une fusion déplace, ce qu'elle retient."""

import re

from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import Releve, Vocabulaire

# Du plus fort au plus faible : évoqué l'emporte sur écarté, écarté sur non abordé.
FORCE = (Releve.SPONTANE, Releve.RELANCE, Releve.ECARTE, Releve.NON_ABORDE)
COULEUR = re.compile(r"#[0-9a-f]{6}")


class NatureReport(Vocabulaire):
    """Ce qu'une fusion d'étiquettes a changé à une ligne, et qu'il faudra lui rendre."""

    PASSE = "passe", "Étiquetage passé à l'étiquette gardée"
    DOUBLON = "doublon", "Étiquetage retiré, la même personne avait posé l'étiquette gardée"
    RELEVE_PASSE = "releve_passe", "Relevé passé à l'étiquette gardée"
    RELEVE_RETENU = "releve_retenu", "Relevé de l'étiquette gardée, renforcé par l'autre"
    RANGEE = "rangee", "Étiquette rangée sous celle qui a été gardée"


def plus_fort(*releves: Releve) -> Releve:
    """Ce qu'un entretien dit d'un irritant quand deux relevés n'en font plus qu'un."""
    return min(releves, key=FORCE.index)


def plus_intense(*intensites: int | None) -> int | None:
    """La plus forte des intensités connues."""
    return max((intensite for intensite in intensites if intensite is not None), default=None)


def lire_couleur(saisie: str | None) -> str | None:
    """Une couleur `#rrggbb`, en minuscules, ou None : celle de la famille. Lève DonneeInvalide (`couleur`)."""
    couleur = (saisie or "").strip().lower()
    if couleur and not COULEUR.fullmatch(couleur):
        raise DonneeInvalide("La couleur s'écrit comme « #1a2b3c » : choisissez-la dans la palette.", champ="couleur")
    return couleur or None
