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
    COHORTE = "cohorte", "Trimestre de début"


class PartDuree(Vocabulaire):
    """Les épisodes comptés par un chiffre des durées."""

    PERENNES = "perennes", "Pérennisés"
    OBSERVABLES = "observables", "Observables assez longtemps"
    PONCTUELS = "ponctuels", "Ponctuels commencés"
    CONVERTIS = "convertis", "Ponctuels suivis d'un engagement durable"
    MESURES = "mesures", "Dont la durée se mesure"
    SUIVIS_12 = "suivis_12", "Encore suivis à 12 mois"
    SUIVIS_24 = "suivis_24", "Encore suivis à 24 mois"


class UniteDuree(Vocabulaire):
    """Ce en quoi se comptent les durées ; les mois sont entiers, au plus proche."""

    MOIS = "mois", "Mois"
    JOURS = "jours", "Jours"


class LectureDates(Vocabulaire):
    """Comment se lit une date connue au mois ou à l'année : au milieu, ou de quoi donner la durée la plus courte."""

    MILIEU = "milieu", "Milieu de la période"
    COURTE = "courte", "Durées les plus courtes"
    LONGUE = "longue", "Durées les plus longues"


class Dimension(Vocabulaire):
    """Ce qui partage les entretiens en groupes : la strate d'enquête, le lieu officiel ou l'acteur, jamais mêlés."""

    TERRAIN = "terrain", "Terrain d'enquête"
    COMMUNE = "commune", "Commune"
    INTERCOMMUNALITE = "intercommunalite", "Intercommunalité"
    EPCI = "epci", "Type d'intercommunalité"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    RURALITE = "ruralite", "Ruralité"
    TYPE_ACTEUR = "type_acteur", "Type d'acteur"

    @property
    def est_un_lieu(self) -> bool:
        """Vrai si le groupe se lit sur la commune : un entretien dont on ignore la commune n'y entre pas."""
        return self not in {Dimension.TERRAIN, Dimension.TYPE_ACTEUR}


class Ruralite(Vocabulaire):
    """Urbain ou rural, d'après le seul type d'intercommunalité, faute de la grille de densité de l'Insee."""

    URBAIN = "urbain", "Plutôt urbain", "Métropole, communauté urbaine ou d'agglomération"
    RURAL = "rural", "Plutôt rural", "Communauté de communes"
