"""Un indicateur : un chiffre et tout ce qu'il faut pour le lire, le dire et le transmettre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    """Tous les indicateurs à la date d'arrêt `au`, dans l'ordre d'affichage."""

    au: date
    tous: tuple[Indicateur, ...]

    @property
    def vide(self) -> bool:
        """Rien n'a encore été recueilli."""
        return not any(indicateur.numerateur or indicateur.valeur for indicateur in self.tous)


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
