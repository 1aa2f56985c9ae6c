"""Les matrices : étiquettes et attribut, étiquettes ensemble, étiquettes et entretiens ; chaque case s'ouvre."""

from lib.services.matrices.cases import CaseOuverte, ouvrir_case
from lib.services.matrices.commun import CaseLue, LigneMatrice, Matrice
from lib.services.matrices.cooccurrences import lire_cooccurrences
from lib.services.matrices.croisement import lire_croisement
from lib.services.matrices.presences import lire_presences

__all__ = [
    "CaseLue",
    "CaseOuverte",
    "LigneMatrice",
    "Matrice",
    "lire_cooccurrences",
    "lire_croisement",
    "lire_presences",
    "ouvrir_case",
]
