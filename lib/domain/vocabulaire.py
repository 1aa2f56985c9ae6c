"""Vocabulaires contrôlés : un code, le libellé que tout le monde lit, une aide quand le mot ne suffit pas."""

from enum import StrEnum
from typing import Self


class Vocabulaire(StrEnum):
    """Énumération dont la valeur est le code enregistré et qui porte son libellé."""

    libelle: str
    aide: str

    def __new__(cls, code: str, libelle: str = "", aide: str = "") -> Self:
        membre = str.__new__(cls, code)
        membre._value_ = code
        membre.libelle = libelle
        membre.aide = aide
        return membre


class Role(Vocabulaire):
    """Ce qu'un compte vient faire."""

    ENQUETEUR = "enqueteur", "Équipe d'enquête"
    RELECTEUR = "relecteur", "Relecture DIPLP"
    DEMONSTRATION = "demonstration", "Visite de démonstration"
    ADMINISTRATEUR = "administrateur", "Administration"


class TypeActeur(Vocabulaire):
    """Nature d'une organisation rencontrée."""

    ASSOCIATION = "association", "Association"
    ENTREPRISE = "entreprise", "Entreprise"
    INSTITUTION = "institution", "Institution"
    EXPERT = "expert", "Expertise"


class TailleEntreprise(Vocabulaire):
    """Décret n° 2008-1354, art. 3. La TPE est une partie des PME : les deux définitions s'affichent."""

    TPE = "tpe", "TPE", "Moins de 10 personnes et moins de 2 M€ de chiffre d'affaires ou de bilan"
    PME_HORS_TPE = "pme_hors_tpe", "PME hors TPE", "Moins de 250 personnes, hors TPE"
    ETI = "eti", "ETI", "Moins de 5 000 personnes, hors PME"
    GE = "ge", "Grande entreprise", "5 000 personnes ou plus, ou au-delà des seuils financiers"


class Rattachement(Vocabulaire):
    """Lien d'une entreprise à un groupe."""

    INDEPENDANTE = "independante", "Indépendante"
    FRANCHISE = "franchise", "Franchise"
    FILIALE = "filiale", "Filiale"
    ETABLISSEMENT = "etablissement", "Établissement d'un groupe"


class TypeJuridique(Vocabulaire):
    """Forme juridique d'un organisme sans but lucratif."""

    ASSOCIATION_1901 = "association_1901", "Association loi 1901"
    ASSOCIATION_RUP = "association_rup", "Association reconnue d'utilité publique"
    ASSOCIATION_DROIT_LOCAL = "association_droit_local", "Association de droit local (Alsace-Moselle)"
    FONDATION_RUP = "fondation_rup", "Fondation reconnue d'utilité publique"
    FONDATION_ENTREPRISE = "fondation_entreprise", "Fondation d'entreprise"
    FONDATION_ABRITEE = "fondation_abritee", "Fondation abritée"
    FONDS_DE_DOTATION = "fonds_de_dotation", "Fonds de dotation"
    AUTRE = "autre", "Autre forme"


class NiveauReseau(Vocabulaire):
    """Place d'une association dans son réseau : une antenne locale n'est pas une forme juridique."""

    TETE_DE_RESEAU = "tete_de_reseau", "Tête de réseau"
    FEDERATION_REGIONALE = "federation_regionale", "Fédération régionale"
    ANTENNE_LOCALE = "antenne_locale", "Antenne locale"
    ASSOCIATION_INDEPENDANTE = "association_independante", "Association indépendante"


class NiveauTerritoire(Vocabulaire):
    """Échelon d'un territoire officiel ; « 27 » est une région et un département, d'où le niveau."""

    ARRONDISSEMENT = "arrondissement", "Arrondissement municipal"
    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"


class ModeEntretien(Vocabulaire):
    """Comment l'entretien s'est tenu."""

    PRESENTIEL = "presentiel", "Sur place"
    VISIO = "visio", "Visioconférence"
    TELEPHONE = "telephone", "Téléphone"


class StatutEntretien(Vocabulaire):
    """Avancement d'un entretien."""

    PREVU = "prevu", "Prévu"
    CONTACTE = "contacte", "Contact pris"
    REFUSE = "refuse", "Refusé"
    BROUILLON = "brouillon", "Brouillon", "À compléter : ne compte dans aucun chiffre"
    REALISE = "realise", "Réalisé"


class CanalRecrutement(Vocabulaire):
    """Par où la personne rencontrée a été trouvée."""

    DIPLP = "diplp", "Réseau de la DIPLP"
    LES_ENTREPRISES_S_ENGAGENT = "les_entreprises_s_engagent", "Les entreprises s'engagent (et ses clubs)"
    DIRECT = "direct", "Contact direct"
    RECOMMANDATION = "recommandation", "Recommandation d'une personne rencontrée"


class MoyenNotice(Vocabulaire):
    """Comment la notice d'information a été remise."""

    COURRIEL = "courriel", "Par courriel"
    PAPIER = "papier", "Sur papier"
    ORAL = "oral", "Lue à voix haute"


class AccordCitation(Vocabulaire):
    """Accord éthique donné pour citer, distinct de la base légale (mission d'intérêt public)."""

    NON = "non", "Ne pas citer"
    ANONYME = "anonyme", "Citer sans nommer"
    NOMINATIVE = "nominative", "Citer en nommant"


class NatureTexte(Vocabulaire):
    """Ce qu'un texte d'entretien est."""

    NOTES = "notes", "Notes"
    TRANSCRIPTION = "transcription", "Transcription"


class FamilleEtiquette(Vocabulaire):
    """Famille d'une entrée de la grille de codage."""

    IRRITANT = "irritant", "Irritant"
    BESOIN = "besoin", "Besoin"
    LEVIER = "levier", "Levier"
    SOLUTION_EXISTANTE = "solution_existante", "Solution existante"
    IDEE = "idee", "Idée"


class Releve(Vocabulaire):
    """Ce qu'un entretien dit d'un irritant. « Non abordé » n'est pas « non » : il sort du dénominateur."""

    SPONTANE = "spontane", "Évoqué spontanément"
    RELANCE = "relance", "Évoqué sur relance"
    ECARTE = "ecarte", "Écarté", "« Non, pas chez nous »"
    NON_ABORDE = "non_aborde", "Non abordé"


class AncrageVerbatim(Vocabulaire):
    """Un verbatim est-il toujours à sa place dans le texte ?"""

    SUR = "sur", "En place"
    A_VERIFIER = "a_verifier", "Place à vérifier"


class PrecisionDate(Vocabulaire):
    """Ce que l'on sait vraiment d'une date ; on ne devine jamais un jour."""

    JOUR = "jour", "Jour connu"
    MOIS = "mois", "Mois connu"
    ANNEE = "annee", "Année connue"
    INCONNUE = "inconnue", "Date inconnue"


class FormeEngagement(Vocabulaire):
    """Forme d'un engagement ; le mécénat (CGI, art. 238 bis) et le reste sont séparés par `est_mecenat`."""

    MECENAT_FINANCIER = "mecenat_financier", "Don financier"
    MECENAT_NATURE = "mecenat_nature", "Don en nature"
    MECENAT_COMPETENCES = "mecenat_competences", "Mécénat de compétences"
    PRET = "pret", "Prêt (locaux, matériel, véhicule)"
    BENEVOLAT_ENTREPRISE = "benevolat_entreprise", "Bénévolat d'entreprise"
    PARRAINAGE = "parrainage", "Parrainage (contrepartie directe)"
    PRODUIT_PARTAGE = "produit_partage", "Produit partagé"
    ARRONDI = "arrondi", "Arrondi en caisse ou sur salaire"
    COLLECTE_INTERNE = "collecte_interne", "Collecte interne"
    ACHATS_RESPONSABLES = "achats_responsables", "Achats responsables ou inclusifs"
    EMPLOI_INSERTION = "emploi_insertion", "Emploi et insertion"
    FORMATION_MENTORAT = "formation_mentorat", "Formation et mentorat"
    CO_CONSTRUCTION = "co_construction", "Projet commun"

    @property
    def est_mecenat(self) -> bool:
        """Vrai pour ce que couvrent les baromètres du mécénat."""
        return self.value.startswith("mecenat") or self is FormeEngagement.PRET


class Rythme(Vocabulaire):
    """Rythme d'un engagement, indépendant de sa forme."""

    PONCTUEL = "ponctuel", "Ponctuel"
    RECURRENT = "recurrent", "Récurrent"
    PLURIANNUEL = "pluriannuel", "Pluriannuel (convention)"


class ModeRecueil(Vocabulaire):
    """Comment on a connu l'épisode ; seul le troisième demande une entrée tardive dans le calcul."""

    PROSPECTIF = "prospectif", "Suivi depuis le début"
    RETROSPECTIF_COMPLET = "retrospectif_complet", "Liste rétrospective complète"
    VIVANTS_SEULEMENT = "vivants_seulement", "Partenariats en cours seulement"


class Initiateur(Vocabulaire):
    """Qui a fait le premier pas."""

    ENTREPRISE = "entreprise", "L'entreprise"
    ASSOCIATION = "association", "L'association"
    TIERS = "tiers", "Un tiers"
    INCONNU = "inconnu", "On ne sait pas"


class TypeEvenement(Vocabulaire):
    """Ce qui arrive à un partenariat."""

    PREMIER_CONTACT = "premier_contact", "Premier contact"
    DISCUSSION = "discussion", "Discussion engagée"
    SIGNATURE = "signature", "Début (signature ou première action)"
    RENOUVELLEMENT = "renouvellement", "Renouvellement"
    PAUSE = "pause", "Pause"
    REPRISE = "reprise", "Reprise"
    NOUVELLE = "nouvelle", "Toujours en cours"
    FIN = "fin", "Fin"
    SANS_SUITE = "sans_suite", "Sans suite"


class StatutPartenariat(Vocabulaire):
    """Déduit des événements et de la date d'arrêt ; jamais saisi."""

    ENVISAGE = "envisage", "Envisagé"
    EN_DISCUSSION = "en_discussion", "En discussion"
    ACTIF = "actif", "Actif"
    SUSPENDU = "suspendu", "Suspendu"
    TERMINE = "termine", "Terminé"
    SANS_SUITE = "sans_suite", "Sans suite"
    A_VERIFIER = "a_verifier", "À vérifier", "Sans nouvelle depuis plus de douze mois"


class PlaceDuree(Vocabulaire):
    """Ce qu'un épisode devient dans une mesure de durée ; déduit, jamais saisi."""

    TERMINE = "termine", "Terminé", "Sa durée est connue"
    EN_COURS = "en_cours", "En cours", "Il durait encore à la date d'arrêt"
    A_VERIFIER = "a_verifier", "À vérifier", "Il durait encore à la dernière nouvelle, vieille de plus de douze mois"
    DEBUT_INCONNU = "debut_inconnu", "Début inconnu", "Écarté : sa durée ne se mesure pas"
    FIN_INCONNUE = "fin_inconnue", "Fin à date inconnue", "Écarté : sa durée ne se mesure pas"
    NON_COMMENCE = "non_commence", "Pas commencé", "Envisagé, en discussion ou sans suite : jamais compté"


class FamilleMotif(Vocabulaire):
    """Regroupement des motifs de fin : une fin « accomplie » n'est pas un échec."""

    ACCOMPLI = "accompli", "Objectif accompli"
    ENTREPRISE = "entreprise", "Du côté de l'entreprise"
    ASSOCIATION = "association", "Du côté de l'association"
    RELATION = "relation", "Dans la relation"
    EXTERNE = "externe", "Cause extérieure"
    INCONNU = "inconnu", "Motif inconnu"


class MotifFin(Vocabulaire):
    """Pourquoi un partenariat s'est arrêté."""

    famille: FamilleMotif

    def __new__(cls, code: str, libelle: str = "", famille: FamilleMotif | None = None) -> Self:
        membre = str.__new__(cls, code)
        membre._value_ = code
        membre.libelle = libelle
        membre.aide = ""
        membre.famille = famille or FamilleMotif.INCONNU
        return membre

    OBJECTIF_ATTEINT = "objectif_atteint", "Objectif atteint", FamilleMotif.ACCOMPLI
    ACTION_PREVUE_PONCTUELLE = "action_prevue_ponctuelle", "Action prévue pour être ponctuelle", FamilleMotif.ACCOMPLI
    ESSAIMAGE = "essaimage", "Essaimage", FamilleMotif.ACCOMPLI
    BUDGET = "budget", "Budget", FamilleMotif.ENTREPRISE
    STRATEGIE = "strategie", "Changement de stratégie", FamilleMotif.ENTREPRISE
    DEPART_REFERENT_ENTREPRISE = (
        "depart_referent_entreprise",
        "Départ du référent en entreprise",
        FamilleMotif.ENTREPRISE,
    )
    FERMETURE = "fermeture", "Fermeture ou déménagement", FamilleMotif.ENTREPRISE
    BESOIN_DISPARU = "besoin_disparu", "L'association n'a plus ce besoin", FamilleMotif.ASSOCIATION
    MOYENS_ASSOCIATION = "moyens_association", "Manque de temps ou de moyens de l'association", FamilleMotif.ASSOCIATION
    DEPART_REFERENT_ASSOCIATION = (
        "depart_referent_association",
        "Départ du référent associatif",
        FamilleMotif.ASSOCIATION,
    )
    DISSOLUTION = "dissolution", "Dissolution", FamilleMotif.ASSOCIATION
    ATTENTES_DIVERGENTES = "attentes_divergentes", "Attentes divergentes", FamilleMotif.RELATION
    CHARGE_ADMINISTRATIVE = "charge_administrative", "Charge administrative", FamilleMotif.RELATION
    SANS_REPONSE = "sans_reponse", "Plus de réponse", FamilleMotif.RELATION
    REGLEMENTAIRE = "reglementaire", "Règlement ou loi", FamilleMotif.EXTERNE
    CRISE = "crise", "Crise", FamilleMotif.EXTERNE
    # On sait parfois de quel côté cela s'est arrêté, sans savoir pourquoi.
    ACCOMPLI = "accompli", "Objectif accompli, sans précision", FamilleMotif.ACCOMPLI
    ENTREPRISE = "entreprise", "Du côté de l'entreprise, sans précision", FamilleMotif.ENTREPRISE
    ASSOCIATION = "association", "Du côté de l'association, sans précision", FamilleMotif.ASSOCIATION
    RELATION = "relation", "Dans la relation, sans précision", FamilleMotif.RELATION
    EXTERNE = "externe", "Cause extérieure, sans précision", FamilleMotif.EXTERNE
    INCONNU = "inconnu", "Inconnu", FamilleMotif.INCONNU


class NatureHypothese(Vocabulaire):
    """Une hypothèse porte sur le problème ou sur la solution."""

    PROBLEME = "probleme", "Problème"
    SOLUTION = "solution", "Solution"


class StatutHypothese(Vocabulaire):
    """Où en est une hypothèse."""

    OUVERTE = "ouverte", "Ouverte"
    SOUTENUE = "soutenue", "Soutenue"
    CONTREDITE = "contredite", "Contredite"
    ABANDONNEE = "abandonnee", "Abandonnée"


class SensPreuve(Vocabulaire):
    """Ce qu'une preuve fait à l'hypothèse."""

    POUR = "pour", "Pour"
    CONTRE = "contre", "Contre"
    NUANCE = "nuance", "Nuance"


class StatutAnnonce(Vocabulaire):
    """Avancement d'un besoin ou d'une offre."""

    OUVERTE = "ouverte", "Ouverte"
    POURVUE = "pourvue", "Pourvue"
    EN_SOMMEIL = "en_sommeil", "En sommeil", "Non confirmée depuis six mois"
    RETIREE = "retiree", "Retirée"


class TypeEvenementProposition(Vocabulaire):
    """Ce qui arrive à une proposition de mise en relation."""

    PROPOSEE = "proposee", "Proposée"
    VUE = "vue", "Vue"
    CONTACT = "contact", "Contact pris"
    REPONSE = "reponse", "Réponse reçue"
    RENCONTRE = "rencontre", "Rencontre"
    PARTENARIAT = "partenariat", "Partenariat conclu"
    REFUS = "refus", "Refusée"


class NatureDemande(Vocabulaire):
    """Droit exercé par une personne (RGPD, art. 15 à 21)."""

    ACCES = "acces", "Accès"
    RECTIFICATION = "rectification", "Rectification"
    LIMITATION = "limitation", "Limitation"
    OPPOSITION = "opposition", "Opposition"


class StatutPersonne(Vocabulaire):
    """Ce que l'on peut faire des données d'une personne."""

    ACTIF = "actif", "Actif"
    LIMITE = "limite", "Traitement limité"
    OPPOSITION = "opposition", "Opposition"
    ANONYMISE = "anonymise", "Anonymisé"


class ActionJournal(Vocabulaire):
    """Ce que le journal retient."""

    CREATION = "creation", "Création"
    MODIFICATION = "modification", "Modification"
    SUPPRESSION = "suppression", "Suppression"
    EXPORT = "export", "Export"
    CONNEXION = "connexion", "Connexion"
    DECONNEXION = "deconnexion", "Déconnexion"
    ECHEC_CONNEXION = "echec_connexion", "Connexion refusée"
    CHARGEMENT = "chargement", "Chargement de données"
