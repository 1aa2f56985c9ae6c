"""Dire d'un terrain ce qui manque au plan et pour quand : un terrain prévu et oublié doit se lire, pas se deviner.

Un terrain est en retard quand la part du plan réalisée est en dessous de la part du temps écoulé, à dix points près,
ou quand son échéance est passée. La part du temps va du début de l'investigation à l'échéance du terrain.
"""

from dataclasses import dataclass
from datetime import date

from lib.domain.formats import compter, date_longue, enumeration, nombre, pluriel, pourcentage, typographier

TOLERANCE = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class AttenteTerrain:
    """Un terrain du plan. `manques` : nom de l'acteur au singulier, en minuscules, et nombre encore à rencontrer."""

    terrain: str
    realises: int
    prevus: int
    manques: tuple[tuple[str, int], ...]
    echeance: date | None

    @property
    def complet(self) -> bool:
        """Plus rien ne manque, type d'acteur par type d'acteur."""
        return not self.manques


def part_du_temps(attente: AttenteTerrain, *, debut: date, au: date) -> float | None:
    """Part du temps écoulée entre le début et l'échéance, de 0 à 1 ; `None` sans échéance utilisable."""
    if attente.echeance is None or attente.echeance <= debut:
        return None
    return min(1.0, max(0.0, (au - debut).days / (attente.echeance - debut).days))


def est_en_retard(attente: AttenteTerrain, *, debut: date, au: date) -> bool:
    """Voir l'en-tête du module ; sans échéance, jamais en retard."""
    if attente.complet or attente.echeance is None:
        return False
    temps = part_du_temps(attente, debut=debut, au=au)
    fait = attente.realises / attente.prevus if attente.prevus else 1.0
    return au > attente.echeance or (temps is not None and fait < temps - TOLERANCE)


def dire_attente(attente: AttenteTerrain, *, debut: date, au: date) -> str:
    """Une ou deux phrases : où en est le terrain, ce qui manque, pour quand."""
    if not attente.prevus:
        return f"{attente.terrain}\u00a0: rien n'était prévu au plan."
    avancement = _avancement(attente)
    if attente.complet:
        return typographier(f"{attente.terrain} : plan couvert, {avancement}.")
    reste = _reste(attente, au)
    if not est_en_retard(attente, debut=debut, au=au):
        return typographier(f"{attente.terrain} : {avancement}. {reste}")
    temps = part_du_temps(attente, debut=debut, au=au)
    ecoule = f", quand {pourcentage(temps)} du temps est écoulé" if temps is not None and temps < 1 else ""
    return typographier(f"{attente.terrain} est en retard : {avancement}{ecoule}. {reste}")


def _avancement(attente: AttenteTerrain) -> str:
    prevus = f"{nombre(attente.prevus)} {pluriel(attente.prevus, 'prévu')}"
    if not attente.realises:
        return f"aucun entretien réalisé sur {prevus}"
    return f"{compter(attente.realises, 'entretien réalisé', 'entretiens réalisés')} sur {prevus}"


def _reste(attente: AttenteTerrain, au: date) -> str:
    acteurs = enumeration(compter(n, acteur) for acteur, n in attente.manques)
    if attente.echeance is None:
        return f"Il manque {acteurs}, sans échéance fixée."
    if au > attente.echeance:
        return f"L'échéance du {date_longue(attente.echeance)} est passée ; il manque {acteurs}."
    return f"Il manque {acteurs}, à rencontrer d'ici le {date_longue(attente.echeance)}."
