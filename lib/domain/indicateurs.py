"""Les indicateurs que l'application sait calculer : leur code et leur nom, rien d'autre."""

from lib.domain.vocabulaire import Vocabulaire


class CodeIndicateur(Vocabulaire):
    """Code → nom, dans l'ordre d'affichage. Le calcul et la définition sont dans lib.services.indicateurs."""

    PLAN = "plan", "Entretiens réalisés sur le plan"
    CIBLES = "cibles", "Cibles du plan atteintes"
    CITABLES = "citables", "Acteurs qui acceptent d'être cités"
    CODES = "codes", "Entretiens codés"
    IRRITANTS_PARTAGES = "irritants_partages", "Irritants partagés"
    PREMIER_IRRITANT = "premier_irritant", "Premier irritant"
    SPONTANES = "spontanes", "Évocations spontanées"
    ECARTS_DEMONTRES = "ecarts_demontres", "Écarts démontrés entre terrains"
    DUREE_MEDIANE = "duree_mediane", "Durée médiane d'un partenariat"
    SURVIE_12 = "survie_12_mois", "Partenariats encore en cours à 12 mois"
    SURVIE_24 = "survie_24_mois", "Partenariats encore en cours à 24 mois"
    PERENNISES = "perennises", "Partenariats pérennisés"
    HYPOTHESES_EPROUVEES = "hypotheses_eprouvees", "Hypothèses mises à l'épreuve"
    SOLUTIONS = "solutions", "Solutions existantes recensées"
