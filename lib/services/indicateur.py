"""Un indicateur : un chiffre et tout ce qu'il faut pour le lire, le dire et le transmettre."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from lib.analytics.confidentialite import CACHE, REGLE, proteger
from lib.domain.chiffres import Chiffre
from lib.domain.formats import date_longue, typographier
from lib.domain.indicateurs import CodeIndicateur


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Où s'ouvrent les lignes qui portent un chiffre : une page et ce que son adresse porte."""

    page: str
    libelle: str
    parametres: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicateur(Chiffre):
    """Un chiffre de l'investigation, à la date `au`, et où s'ouvre ce qui le porte."""

    code: CodeIndicateur
    au: date
    source: Source

    @property
    def nom(self) -> str:
        """Comment il s'appelle."""
        return self.code.libelle


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


SANS_ACTEUR = {
    CodeIndicateur(code)
    for code in ("cibles", "irritants_partages", "spontanes", "ecarts_demontres", "hypotheses_eprouvees", "solutions")
}
"""Chiffres dont l'unité n'est ni un acteur ni un partenariat : leur petitesse ne désigne personne."""
DES_SURVIES = {CodeIndicateur(f"survie_{age}_mois"): age for age in (12, 24)}
"""Parts encore en cours, et leur âge : leur n est un effectif à risque, dont la différence désignerait quelqu'un."""
SANS_EFFECTIFS = "Les durées se disent sans leurs effectifs."
C = TypeVar("C", bound=Chiffre)


def taire_petits(indicateurs: Indicateurs) -> Indicateurs:
    """Les mêmes, sans ceux dont n, ou ce qui manque à n pour faire N, vaut un ou deux."""
    tous = tuple(taire(indicateur, indicateur.code) for indicateur in indicateurs.tous)
    return replace(indicateurs, tous=tous, regle=f"{REGLE} {SANS_EFFECTIFS}")


def taire(chiffre: C, code: str) -> C:
    """Le chiffre, tu s'il laisse lire un effectif de un ou deux ; une durée se dit sans ses effectifs, ou se tait."""
    if code == CodeIndicateur.DUREE_MEDIANE:
        return replace(chiffre, numerateur=None, denominateur=None)
    if code in DES_SURVIES:
        return cacher(chiffre)
    n, total = chiffre.numerateur, chiffre.denominateur
    if n is None or total is None or code in SANS_ACTEUR or not proteger((n, max(0, total - n))).masque:
        return chiffre
    return cacher(chiffre)


def cacher(chiffre: C) -> C:
    """Le chiffre, sans rien de ce qu'il vaut."""
    rien: dict[str, Any] = dict.fromkeys(("numerateur", "denominateur", "valeur", "bas", "haut"))
    return replace(chiffre, tu=CACHE, precision="", **rien)


def decrire(indicateurs: Indicateurs, tendances: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Les mêmes chiffres pour un programme : parts entre 0 et 1, `None` où une valeur n'existe pas.

    tendances : par code, ce qui a changé depuis la dernière version de référence.
    """
    return [
        {
            "code": i.code.value,
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
            "tendance": (tendances or {}).get(i.code.value),
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
