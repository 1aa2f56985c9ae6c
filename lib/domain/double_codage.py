"""Double codage : où il en est, et ce qu'une arbitre peut décider d'un désaccord."""

from lib.domain.vocabulaire import Vocabulaire


class EtapeDoubleCodage(Vocabulaire):
    """Où en est un double codage ; l'étape se déduit, elle ne se saisit pas."""

    CODAGE = "codage", "En cours de codage, en aveugle"
    ARBITRAGE = "arbitrage", "À arbitrer"
    ARBITRE = "arbitre", "Arbitré"
    ABANDONNE = "abandonne", "Abandonné"


class ChoixArbitrage(Vocabulaire):
    """Ce qui est retenu d'un désaccord."""

    PREMIER = "premier", "Garder la première version"
    SECOND = "second", "Garder la seconde version"
    UNION = "union", "Réunir les deux passages"
    AUCUN = "aucun", "Ne rien garder"
