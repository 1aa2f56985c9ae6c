"""La grille de codage : l'arbre d'un coup d'œil, une étiquette en entier, et de quoi la faire évoluer."""

from lib.ui.composants.grille.arbre import montrer_arbre
from lib.ui.composants.grille.fiche import gerer_etiquette, montrer_etiquette
from lib.ui.composants.grille.formulaires import bouton_vers, creer
from lib.ui.composants.grille.scission import scinder

__all__ = ["bouton_vers", "creer", "gerer_etiquette", "montrer_arbre", "montrer_etiquette", "scinder"]
