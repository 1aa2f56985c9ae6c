"""Les citations : filtres dans l'adresse, pages de vingt-cinq, retour à la place de chacune."""

from lib.ui.composants.citations.filtres import CLE_ETIQUETTE, SANS, Choix, choisir_filtres
from lib.ui.composants.citations.liste import afficher_citations

__all__ = ["CLE_ETIQUETTE", "SANS", "Choix", "afficher_citations", "choisir_filtres"]
