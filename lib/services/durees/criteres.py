"""Ce que la page des durées permet de choisir, et les noms qu'elle donne aux groupes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lib.analytics.durees import LigneDuree
from lib.domain.axes import AxeDuree, UniteDuree
from lib.services.durees.lecture import ENSEMBLE, FiltresDurees

SELON: Mapping[AxeDuree, str] = {
    AxeDuree.TERRAIN: "selon le terrain",
    AxeDuree.TAILLE: "selon la taille de l'entreprise",
    AxeDuree.FORME: "selon la forme d'engagement",
    AxeDuree.RYTHME: "selon le rythme",
    AxeDuree.OUTIL: "selon l'outil ou le réseau qui a mis en relation",
    AxeDuree.EPCI: "selon l'intercommunalité de l'association",
    AxeDuree.COHORTE: "selon le trimestre de début",
}
GROUPES_MAXIMUM = 8
"""Au-delà, une figure ne se lit plus : les groupes les moins fournis se réunissent."""
AUTRES = "Autres"
AGES = (6, 12, 24, 36)
"""Durées (mois) où se lit la part encore en cours."""
JOURS_PAR_MOIS = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteresDurees:
    """Les choix de la personne, portés par l'adresse. `au` : date d'arrêt ; à défaut, celle de l'enquête."""

    axe: AxeDuree = AxeDuree.TERRAIN
    unite: UniteDuree = UniteDuree.MOIS
    au: date | None = None
    filtres: FiltresDurees = field(default_factory=FiltresDurees)


def ages(criteres: CriteresDurees, mois: Sequence[int] = AGES) -> tuple[int, ...]:
    """Les mêmes durées rondes, dans l'unité choisie : douze mois sont 365 jours."""
    if criteres.unite is UniteDuree.MOIS:
        return tuple(mois)
    return tuple(int(m * JOURS_PAR_MOIS) for m in mois)


def reunir(lignes: Sequence[LigneDuree]) -> tuple[LigneDuree, ...]:
    """Les mêmes épisodes en un seul groupe."""
    return tuple(_renommer(ligne, ENSEMBLE) for ligne in lignes)


def limiter(lignes: Sequence[LigneDuree], maximum: int = GROUPES_MAXIMUM) -> tuple[LigneDuree, ...]:
    """Au plus `maximum` groupes : les moins fournis deviennent « Autres », qui vient en dernier."""
    effectifs: dict[str, int] = {}
    for ligne in lignes:
        effectifs[ligne.groupe] = effectifs.get(ligne.groupe, 0) + ligne.effectif
    if len(effectifs) <= maximum:
        return tuple(lignes)
    gardes = set(sorted(effectifs, key=lambda nom: -effectifs[nom])[: maximum - 1])
    connues = [ligne for ligne in lignes if ligne.groupe in gardes]
    return (*connues, *(_renommer(ligne, AUTRES) for ligne in lignes if ligne.groupe not in gardes))


def _renommer(ligne: LigneDuree, groupe: str) -> LigneDuree:
    return LigneDuree(groupe, *ligne[1:])
