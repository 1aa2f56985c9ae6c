"""Comment se mesurent et se comparent les durées."""

from lib.domain.vocabulaire import Vocabulaire


class AxeDuree(Vocabulaire):
    """Ce qui partage les épisodes en groupes à comparer."""

    TERRAIN = "terrain", "Terrain"
    TAILLE = "taille", "Taille de l'entreprise"
    FORME = "forme", "Forme d'engagement principale"
    RYTHME = "rythme", "Rythme"
    OUTIL = "outil", "Outil ou réseau qui a mis en relation"
    EPCI = "epci", "Type d'intercommunalité de l'association"


class UniteDuree(Vocabulaire):
    """Ce en quoi se comptent les durées ; les mois sont entiers, au plus proche."""

    MOIS = "mois", "Mois"
    JOURS = "jours", "Jours"
