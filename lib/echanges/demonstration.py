"""Lecture du jeu de démonstration fictif : grille, organisations, entretiens et leurs passages étiquetés."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib.config import RACINE

DOSSIER = RACINE / "data" / "demonstration"
BALISE = re.compile(r"\{\{([a-z0-9+-]+)\|(.+?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """Passage `[debut, fin[` du texte sans balises, et les codes de ses étiquettes."""

    debut: int
    fin: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TexteFictif:
    """Un texte sans balises et les passages qu'elles marquaient."""

    contenu: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntretienFictif:
    """Un entretien du jeu : ses champs bruts et ses textes par nature."""

    champs: dict[str, Any]
    textes: dict[str, TexteFictif] = field(default_factory=dict)


def extraire_passages(balise: str) -> TexteFictif:
    """Retire le balisage `{{code+code|passage}}` et rend les bornes, en points de code."""
    balise = balise.strip("\n")
    morceaux: list[str] = []
    passages: list[Passage] = []
    longueur = fin_precedente = 0
    for marque in BALISE.finditer(balise):
        avant, passage = balise[fin_precedente : marque.start()], marque[2]
        debut = longueur + len(avant)
        longueur = debut + len(passage)
        passages.append(Passage(debut, longueur, tuple(marque[1].split("+"))))
        morceaux += [avant, passage]
        fin_precedente = marque.end()
    return TexteFictif("".join([*morceaux, balise[fin_precedente:]]), tuple(passages))


def lire(nom: str) -> dict[str, Any]:
    """Un fichier TOML du jeu, par son chemin relatif."""
    return _charger(DOSSIER / nom)


def lire_organisations() -> list[dict[str, Any]]:
    """Toutes les organisations, dans un ordre fixe."""
    fichiers = sorted((DOSSIER / "organisations").glob("*.toml"))
    return [organisation for fichier in fichiers for organisation in _charger(fichier)["organisation"]]


def lire_entretiens() -> Iterator[EntretienFictif]:
    """Les entretiens faits, par date puis par code."""
    champs = [_charger(fichier) for fichier in (DOSSIER / "entretiens").glob("*.toml")]
    for entretien in sorted(champs, key=lambda e: (e["date"], e["code"])):
        textes = {str(n): extraire_passages(entretien[n]) for n in ("notes", "transcription") if n in entretien}
        yield EntretienFictif(champs=entretien, textes=textes)


def _charger(fichier: Path) -> dict[str, Any]:
    return tomllib.loads(fichier.read_text(encoding="utf-8"))
