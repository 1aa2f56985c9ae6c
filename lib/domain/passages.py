"""Passages d'un texte : bornes `[debut, fin[` en points de code, et qui parle.

Un point de code est un caractère de `str` ; « 😡 » en fait un, là où un navigateur en compte deux.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import NatureTexte

VIDE = "Le passage choisi est vide : sélectionnez au moins un mot."
HORS_DU_TEXTE = "Le passage choisi sort du texte : rechargez la page, puis sélectionnez-le à nouveau."
# Ce qui compose un caractère visible avec ce qui le précède : accents combinants, variantes et liants d'emoji.
LIANTS = {"\N{ZERO WIDTH JOINER}", "\N{VARIATION SELECTOR-16}"}
MODIFICATEURS = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Bornes d'un passage dans un texte."""

    debut: int
    fin: int

    def chevauche(self, autre: "Passage") -> bool:
        """Vrai si les deux passages partagent au moins un caractère ; se toucher ne suffit pas."""
        return self.debut < autre.fin and autre.debut < self.fin

    def couvre(self, autre: "Passage") -> bool:
        """Vrai si tout l'autre passage est dans celui-ci."""
        return self.debut <= autre.debut and autre.fin <= self.fin

    def union(self, autre: "Passage") -> "Passage":
        """Le plus petit passage qui contient les deux."""
        return Passage(min(self.debut, autre.debut), max(self.fin, autre.fin))

    def extraire(self, texte: str) -> str:
        """Les mots du passage."""
        return texte[self.debut : self.fin]


def delimiter(texte: str, debut: int, fin: int, *, mots_entiers: bool = False) -> Passage:
    """Le passage choisi, sans blancs aux bords ni caractère coupé en deux.

    mots_entiers : étend aussi aux mots entamés.
    Lève DonneeInvalide hors du texte, vide ou fait de blancs.
    """
    if debut < 0 or fin > len(texte) or debut > fin:
        raise DonneeInvalide(HORS_DU_TEXTE, champ="passage")
    passage = _rogner(texte, debut, fin)
    if passage is None:
        raise DonneeInvalide(VIDE, champ="passage")
    return _aux_mots(texte, passage) if mots_entiers else _aux_caracteres(texte, passage)


def _rogner(texte: str, debut: int, fin: int) -> Passage | None:
    while debut < fin and _blanc(texte[debut]):
        debut += 1
    while fin > debut and _blanc(texte[fin - 1]):
        fin -= 1
    return Passage(debut, fin) if debut < fin else None


def _blanc(caractere: str) -> bool:
    return caractere.isspace() or unicodedata.category(caractere) in {"Cc", "Cf"}


def _aux_caracteres(texte: str, passage: Passage) -> Passage:
    debut, fin = passage.debut, passage.fin
    while debut > 0 and _suite(texte, debut):
        debut -= 1
    while fin < len(texte) and _suite(texte, fin):
        fin += 1
    return Passage(debut, fin)


def _suite(texte: str, position: int) -> bool:
    """Le caractère à cette position se lit-il d'un seul tenant avec le précédent ?"""
    ici, avant = texte[position], texte[position - 1]
    return (
        unicodedata.combining(ici) > 0 or ici in LIANTS or ord(ici) in MODIFICATEURS or avant == "\N{ZERO WIDTH JOINER}"
    )


def _aux_mots(texte: str, passage: Passage) -> Passage:
    passage = _aux_caracteres(texte, passage)
    debut, fin = passage.debut, passage.fin
    while debut > 0 and _dans_mot(texte[debut]) and _dans_mot(texte[debut - 1]):
        debut -= 1
    while fin < len(texte) and _dans_mot(texte[fin - 1]) and _dans_mot(texte[fin]):
        fin += 1
    return Passage(debut, fin)


def _dans_mot(caractere: str) -> bool:
    return caractere.isalnum() or unicodedata.combining(caractere) > 0


# « Q : », « R : », « Enquêtrice : », « Mme D. : » en tête de ligne ; pas une phrase qui contient deux points.
TOUR = re.compile(
    r"^[ \t]*([A-ZÀ-ÖØ-ÞŒ][^\n:?!;,«»]{0,39}?)[ \t\u00a0\u202f]*:(?=[ \t\u00a0\u202f])",
    re.MULTILINE,
)
MOTS_D_UN_NOM = 4
PARTICULES = {"d", "de", "des", "du", "et", "la", "le", "l"}
# « Contexte : » est un titre : dans des notes, un nom de personne revient.
RETOURS_DANS_DES_NOTES = 3


@dataclass(frozen=True, slots=True)
class TourDeParole:
    """Une prise de parole, jusqu'à la suivante."""

    debut: int
    locuteur: str


def tours_de_parole(
    texte: str, nature: NatureTexte, reconnus: Collection[str] = (), ecartes: Collection[str] = ()
) -> tuple[TourDeParole, ...]:
    """Les prises de parole d'un texte, dans l'ordre.

    Dans une transcription, un nom propre ou un titre qui revient (« Directrice générale ») ; dans des notes,
    une initiale (Q, R) ou un nom qui revient souvent. reconnus, ecartes : noms que l'équipe a dit être, ou n'être
    pas, une prise de parole.
    """
    trouves = [TourDeParole(trouve.start(), trouve[1]) for trouve in TOUR.finditer(texte)]
    retours = Counter(tour.locuteur for tour in trouves)
    parle = _parle_en_transcription if nature is NatureTexte.TRANSCRIPTION else _parle_en_notes
    tenus = {nom for nom, fois in retours.items() if nom not in ecartes and (nom in reconnus or parle(nom, fois))}
    return tuple(tour for tour in trouves if tour.locuteur in tenus)


def debuts_de_ligne(texte: str) -> tuple[str, ...]:
    """Tout ce qui, en tête de ligne, pourrait annoncer une prise de parole, une fois chacun, dans l'ordre du texte."""
    noms = dict.fromkeys(trouve[1] for trouve in TOUR.finditer(texte))
    return tuple(nom for nom in noms if len(nom.split()) <= MOTS_D_UN_NOM)


def _parle_en_transcription(nom: str, retours: int) -> bool:
    mots = nom.split()
    return len(mots) <= MOTS_D_UN_NOM and (retours > 1 or all(m in PARTICULES or not m[0].islower() for m in mots))


def _parle_en_notes(nom: str, retours: int) -> bool:
    return len(nom) == 1 or (len(nom.split()) <= MOTS_D_UN_NOM and retours >= RETOURS_DANS_DES_NOTES)


def locuteur(tours: tuple[TourDeParole, ...], passage: Passage) -> str | None:
    """Qui prononce tout le passage ; None si personne n'est nommé, ou s'ils sont plusieurs."""
    premier = bisect_right(tours, passage.debut, key=lambda tour: tour.debut) - 1
    dernier = bisect_right(tours, passage.fin - 1, key=lambda tour: tour.debut) - 1
    return tours[premier].locuteur if premier >= 0 and premier == dernier else None
