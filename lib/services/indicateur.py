"""Un indicateur : un chiffre et tout ce qu'il faut pour le lire, le dire et le transmettre."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lib.analytics.confidentialite import CACHE, REGLE, proteger
from lib.domain.formats import (
    ABSENT,
    date_longue,
    duree_mois,
    effectif,
    intervalle,
    nombre,
    pourcentage,
    typographier,
)

SANS_INTERVALLE = "sans intervalle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Où s'ouvrent les lignes qui portent un chiffre : une page et ce que son adresse porte."""

    page: str
    libelle: str
    parametres: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicateur:
    """Un chiffre et tout ce qu'il faut pour le lire.

    valeur : part entre 0 et 1 (unité « part »), nombre de mois (« mois ») ou compte ; absente si elle ne s'estime pas.
    bas, haut : intervalle à 95 %, absents pour un compte complet. precision : ce que la valeur seule ne dit pas.
    tu : le chiffre laisserait lire un effectif de un ou deux ; rien ne s'en écrit.
    """

    code: str
    nom: str
    definition: str
    numerateur_definition: str
    denominateur_definition: str
    unite: str
    au: date
    source: Source
    numerateur: int | None = None
    denominateur: int | None = None
    valeur: float | None = None
    bas: float | None = None
    haut: float | None = None
    precision: str = ""
    tu: bool = False

    @property
    def ecrit(self) -> str:
        """La valeur telle qu'elle se lit ; « n. d. » quand elle n'existe pas."""
        if self.tu:
            return CACHE
        if self.unite == "part":
            return pourcentage(self.valeur)
        return duree_mois(self.valeur) if self.unite == "mois" and self.valeur is not None else nombre(self.valeur)

    @property
    def fraction(self) -> str:
        """« 12/27 », quand le chiffre a un numérateur."""
        if self.tu:
            return CACHE
        if self.numerateur is None or self.denominateur is None:
            return ABSENT
        return effectif(self.numerateur, self.denominateur)

    @property
    def bornes(self) -> str:
        """L'intervalle à 95 %, ou pourquoi il n'y en a pas."""
        if self.tu:
            return CACHE
        if self.bas is None and self.haut is None:
            return SANS_INTERVALLE if self.valeur is not None else "non estimable"
        ecrire: Callable[[float | None], str] = pourcentage if self.unite == "part" else duree_mois
        return intervalle(self.bas, self.haut, ecrire, borne_absente="non atteinte")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicateurs:
    """Tous les indicateurs à la date d'arrêt `au`, dans l'ordre d'affichage. `regle` : celle des petits effectifs.

    absents : une phrase par terrain prévu et jamais visité, que les chiffres ignorent.
    """

    au: date
    tous: tuple[Indicateur, ...]
    regle: str = ""
    absents: tuple[str, ...] = ()

    @property
    def vide(self) -> bool:
        """Rien n'a encore été recueilli."""
        return not any(indicateur.numerateur or indicateur.valeur or indicateur.tu for indicateur in self.tous)


SANS_ACTEUR = {"cibles", "irritants_partages", "spontanes", "ecarts_demontres", "hypotheses_eprouvees", "solutions"}
"""Chiffres dont l'unité n'est ni un acteur ni un partenariat : leur petitesse ne désigne personne."""


def taire_petits(indicateurs: Indicateurs) -> Indicateurs:
    """Les mêmes, sans ceux dont n, ou ce qui manque à n pour faire N, vaut un ou deux."""
    return replace(indicateurs, tous=tuple(map(_taire, indicateurs.tous)), regle=REGLE)


def _taire(indicateur: Indicateur) -> Indicateur:
    n, total = indicateur.numerateur, indicateur.denominateur
    if n is None or total is None or indicateur.code in SANS_ACTEUR:
        return indicateur
    if not proteger((n, max(0, total - n))).masque:
        return indicateur
    rien: dict[str, Any] = dict.fromkeys(("numerateur", "denominateur", "valeur", "bas", "haut"))
    return replace(indicateur, tu=True, precision="", **rien)


def decrire(indicateurs: Indicateurs) -> list[dict[str, Any]]:
    """Les mêmes chiffres pour un programme : parts entre 0 et 1, `None` où une valeur n'existe pas."""
    return [
        {
            "code": i.code,
            "nom": i.nom,
            "definition": i.definition,
            "numerateur": i.numerateur,
            "numerateur_definition": i.numerateur_definition,
            "denominateur": i.denominateur,
            "denominateur_definition": i.denominateur_definition,
            "valeur": i.valeur,
            "intervalle": None if i.bas is None and i.haut is None else [i.bas, i.haut],
            "unite": i.unite,
            "au": i.au.isoformat(),
            "precision": i.precision,
            "source": {"page": i.source.page, **i.source.parametres},
        }
        for i in indicateurs.tous
    ]


def dire(indicateur: Indicateur) -> str:
    """« Entretiens codés : 93 % (25/27 ; sans intervalle), au 20 novembre 2026. »"""
    fraction = "" if indicateur.numerateur is None else f"{indicateur.fraction} ; "
    precision = f", {indicateur.precision}" if indicateur.precision else ""
    return typographier(
        f"{indicateur.nom}{precision} : {indicateur.ecrit} ({fraction}{indicateur.bornes}),"
        f" au {date_longue(indicateur.au)}."
    )
