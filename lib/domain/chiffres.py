"""Un chiffre et ce qui permet de le lire ; deux états du même chiffre, et ce qui a changé entre eux."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.domain.formats import (
    ABSENT,
    compter,
    duree_mois,
    effectif,
    intervalle,
    nombre,
    nombre_signe,
    points,
    pourcentage,
    typographier,
)

SANS_INTERVALLE = "sans intervalle"
INCHANGE = "inchangé"
NOUVEAU = "nouveau"
DISPARU = "n'est plus calculé"
REMPLACE = "a changé"
DEFINITION_CHANGEE = "définition changée : ne se compare pas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chiffre:
    """Une valeur, ce qu'elle rapporte à quoi, et son intervalle.

    valeur : part entre 0 et 1 (unité « part »), nombre de mois (« mois ») ou compte ; absente si elle ne s'estime pas.
    bas, haut : intervalle à 95 %, absents pour un compte complet. precision : ce que la valeur seule ne dit pas.
    tu : ce qui s'écrit à sa place quand il laisserait lire un effectif de un ou deux ; vide d'ordinaire.
    """

    definition: str
    numerateur_definition: str
    denominateur_definition: str
    unite: str
    numerateur: int | None = None
    denominateur: int | None = None
    valeur: float | None = None
    bas: float | None = None
    haut: float | None = None
    precision: str = ""
    tu: str = ""

    @property
    def ecrit(self) -> str:
        """La valeur telle qu'elle se lit ; « n. d. » quand elle n'existe pas."""
        if self.tu:
            return self.tu
        if self.unite == "part":
            return pourcentage(self.valeur)
        return duree_mois(self.valeur) if self.unite == "mois" and self.valeur is not None else nombre(self.valeur)

    @property
    def fraction(self) -> str:
        """« 12/27 », quand le chiffre a un numérateur."""
        if self.tu:
            return self.tu
        if self.numerateur is None or self.denominateur is None:
            return ABSENT
        return effectif(self.numerateur, self.denominateur)

    @property
    def bornes(self) -> str:
        """L'intervalle à 95 %, ou pourquoi il n'y en a pas."""
        if self.tu:
            return self.tu
        if self.bas is None and self.haut is None:
            return SANS_INTERVALLE if self.valeur is not None else "non estimable"
        ecrire: Callable[[float | None], str] = pourcentage if self.unite == "part" else duree_mois
        return intervalle(self.bas, self.haut, ecrire, borne_absente="non atteinte")

    @property
    def resume(self) -> str:
        """« 44 % (12/27) », précédé de sa précision : ce qu'une personne a sous les yeux quand elle le relit."""
        return f"{self.precision}, {self.mesure}" if self.precision else self.mesure

    @property
    def mesure(self) -> str:
        """« 44 % (12/27) » ; sans parenthèse quand il n'y a pas de numérateur."""
        return f"{self.ecrit} ({self.fraction})" if self.numerateur is not None else self.ecrit

    @property
    def sens(self) -> tuple[str, str, str, str]:
        """Ce qui doit rester pour que deux états se comparent."""
        return self.definition, self.numerateur_definition, self.denominateur_definition, self.unite


def dire_tendance(avant: Chiffre | None, apres: Chiffre | None, *, rappel: bool = True) -> str:
    """Ce qui a changé : « +12 points, était 72 % (23/32) », « inchangé », ou pourquoi cela ne se compare pas.

    rappel : redire l'ancienne valeur, quand elle ne se lit pas à côté.
    """
    if avant is None or apres is None:
        return NOUVEAU if apres else DISPARU
    if avant.tu or apres.tu:
        return avant.tu or apres.tu
    if avant.sens != apres.sens:
        return typographier(DEFINITION_CHANGEE)
    if avant == apres:
        return INCHANGE
    if avant.valeur is None or apres.valeur is None or avant.precision != apres.precision:
        return f"était {avant.resume}" if rappel else REMPLACE
    ecart = _ecart(avant, apres)
    return f"{ecart}, était {avant.mesure}" if rappel else ecart


def _ecart(avant: Chiffre, apres: Chiffre) -> str:
    ecart = (apres.valeur or 0.0) - (avant.valeur or 0.0)
    if apres.unite == "part":
        ecrit, nul = points(ecart), points(0.0)
    elif apres.unite == "mois":
        ecrit, nul = f"{nombre_signe(ecart)}\N{NO-BREAK SPACE}mois", "0\N{NO-BREAK SPACE}mois"
    else:
        ecrit, nul = nombre_signe(ecart), "0"
    return "stable" if ecrit == nul else ecrit


def dire_combien(changes: int, compares: int) -> str:
    """« 3 chiffres ont changé sur 14. »"""
    if not changes:
        return f"Aucun des {compter(compares, 'chiffre')} n'a changé."
    ont = "chiffre a changé", "chiffres ont changé"
    return f"{compter(changes, *ont)} sur {nombre(compares)}."
