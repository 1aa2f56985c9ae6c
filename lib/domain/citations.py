"""Retrouver des citations : dans quel ordre, et par quoi les restreindre."""

from datetime import date, timedelta

from lib.domain.vocabulaire import Vocabulaire


class TriCitations(Vocabulaire):
    """Ce qui range les citations trouvées."""

    RECENTES = "recentes", "Dernières surlignées"
    DATE = "date", "Date"
    ENTRETIEN = "entretien", "Entretien"
    SOURCE = "source", "Structure"
    TYPE_ACTEUR = "type_acteur", "Type d'acteur"
    TAILLE = "taille", "Taille"
    TERRAIN = "terrain", "Terrain"


# Ces rangements-là disent un jour, une structure ou un entretien : ils restent dans l'équipe.
TRIS_DE_L_EQUIPE = frozenset((TriCitations.DATE, TriCitations.ENTRETIEN, TriCitations.SOURCE, TriCitations.TAILLE))


def fin_de_mois(jour: date) -> date:
    """Le dernier jour du mois."""
    return (jour.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
