"""Ce qui se décide à la fin d'une investigation : les questions de la grille, les options, l'avis."""

from typing import Self

from lib.domain.vocabulaire import Vocabulaire


class RubriqueDecision(Vocabulaire):
    """Les cinq parties de la grille « poursuivre ou arrêter »."""

    PROBLEME = "probleme", "Le problème"
    PORTAGE = "portage", "Le sponsor et l'intrapreneur"
    EXISTANT = "existant", "Les solutions existantes"
    STRATEGIE = "strategie", "La stratégie à six mois"
    COUT = "cout", "Le coût des options"


class QuestionDecision(Vocabulaire):
    """Une ligne de la grille : sa rubrique, et ce qu'il faut établir."""

    rubrique: RubriqueDecision

    def __new__(cls, code: str, libelle: str = "", rubrique: RubriqueDecision = RubriqueDecision.PROBLEME) -> Self:
        membre = str.__new__(cls, code)
        membre._value_ = code
        membre.libelle = libelle
        membre.aide = rubrique.libelle
        membre.rubrique = rubrique
        return membre

    QUALIFIE = "qualifie", "Le problème est-il qualifié, et partagé ?", RubriqueDecision.PROBLEME
    AMPLEUR = "ampleur", "Qui touche-t-il, et où ?", RubriqueDecision.PROBLEME
    DUREE = "duree", "Les partenariats durent-ils ?", RubriqueDecision.PROBLEME
    SPONSOR = "sponsor", "Le sponsor en fait-il une priorité, avec un budget ?", RubriqueDecision.PORTAGE
    INTRAPRENEUR = "intrapreneur", "L'intrapreneur a-t-il le temps et l'autonomie ?", RubriqueDecision.PORTAGE
    EXISTANT = "existant", "Une solution existe-t-elle déjà, et que lui manque-t-il ?", RubriqueDecision.EXISTANT
    SOLUTION = "solution", "Une solution numérique y répondrait-elle ?", RubriqueDecision.STRATEGIE
    SIX_MOIS = "six_mois", "Que peut-on réussir en six mois, et pour qui ?", RubriqueDecision.STRATEGIE
    COUT = "cout", "Le coût est-il à la mesure de l'effet attendu ?", RubriqueDecision.COUT


class AvisDecision(Vocabulaire):
    """Ce que l'équipe conclut d'une ligne de la grille."""

    A_INSTRUIRE = "a_instruire", "À instruire"
    FAVORABLE = "favorable", "Favorable"
    RESERVE = "reserve", "Réservé"
    DEFAVORABLE = "defavorable", "Défavorable"


class NatureOption(Vocabulaire):
    """Les trois suites que l'on compare."""

    CONCIERGERIE = "conciergerie", "Conciergerie sans code"
    MVP = "mvp", "Premier produit (MVP)"
    ARRET = "arret", "Arrêt"


class SourceAppui(Vocabulaire):
    """Sur quoi une ligne s'appuie, en plus des entretiens."""

    CITATION = "citation", "Citation"
    INDICATEUR = "indicateur", "Indicateur"
    SOLUTION = "solution", "Solution existante"
    HYPOTHESE = "hypothese", "Hypothèse"


class AbsenceSource(Vocabulaire):
    """Pourquoi un appui est à relire : il reste, et ce qu'il disait ne se lit plus."""

    CITATION_RETIREE = "citation_retiree", "la citation a été retirée, ses mots ne se lisent plus"
    SANS_ACCORD = "sans_accord", "l'accord de citer n'est pas donné, ses mots ne se lisent pas"
    HORS_CHIFFRES = "hors_chiffres", "l'entretien n'entre plus dans les chiffres, à relire"
    SOLUTION_RETIREE = "solution_retiree", "la solution n'est plus recensée, à relire"
    HYPOTHESE_RETIREE = "hypothese_retiree", "l'hypothèse n'est plus suivie, à relire"
