"""Chercher des mots français : découper un texte, lire une recherche, dire si l'un répond à l'autre.

Les deux bases reçoivent les mêmes jetons, en lettres ASCII sans accents et en chiffres : aucune ne découpe, ne plie ni
n'accorde à sa façon.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lib.domain.textes import APOSTROPHES, plier
from lib.domain.vocabulaire import Vocabulaire

MOT = re.compile(r"[^\W_]+")
# « mot », « "expression exacte" », « -exclu », « -"expression exclue" » ; les guillemets français aussi.
ELEMENT = re.compile(
    r'(?P<exclu>(?<!\S)[-−])?(?:"(?P<droits>[^"]*)"?|«(?P<francais>[^»]*)»?|“(?P<anglais>[^”]*)”?|(?P<mot>[^\s"«“]+))'
)
ELIDES = frozenset(("c", "d", "j", "l", "m", "n", "qu", "s", "t", "jusqu", "lorsqu", "puisqu"))
LONGUEUR_JETON = 60
# PostgreSQL ne retient que 255 places par mot et 16 383 par document : au-delà, on coupe.
MOTS_PAR_MORCEAU = 4_000
REPETITIONS = 250
# Les morceaux se recouvrent : une expression à cheval sur deux se trouve quand même.
RECOUVREMENT = 30

Racine = Callable[[str], str]


class NatureIndexee(Vocabulaire):
    """Où l'on cherche des mots."""

    CITATION = "citation", "Citations"
    MEMO = "memo", "Mémos"
    TEXTE = "texte", "Textes entiers"


def jetons(texte: str) -> list[str]:
    """Les mots d'un texte, pliés, dans l'ordre ; un mot d'une autre écriture s'écrit par ses numéros de lettres."""
    return [_jeton(mot) for mot in MOT.findall(plier(texte))]


def _jeton(mot: str) -> str:
    ecrit = mot if mot.isascii() else "x" + "x".join(f"{ord(lettre):x}" for lettre in mot)
    return ecrit[:LONGUEUR_JETON]


def morceaux(mots: Sequence[str]) -> Iterator[Sequence[str]]:
    """Des suites de mots que les deux bases tiennent entières, chacune reprenant la fin de la précédente."""
    debut = 0
    while debut < len(mots):
        fin = _fin_de_morceau(mots, debut)
        yield mots[debut:fin]
        if fin == len(mots):
            return
        debut = max(fin - RECOUVREMENT, debut + 1)


def _fin_de_morceau(mots: Sequence[str], debut: int) -> int:
    vus: dict[str, int] = {}
    for rang in range(debut, min(debut + MOTS_PAR_MORCEAU, len(mots))):
        vus[mots[rang]] = vus.get(mots[rang], 0) + 1
        if vus[mots[rang]] > REPETITIONS:
            return rang
    return min(debut + MOTS_PAR_MORCEAU, len(mots))


Suite = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """Ce qu'une personne cherche.

    mots : à trouver tous, au pluriel et à l'accord près. expressions : suites de mots à trouver telles quelles.
    mots_exclus, expressions_exclues : ce qui ne doit pas s'y trouver.
    """

    mots: tuple[str, ...] = ()
    expressions: tuple[Suite, ...] = ()
    mots_exclus: tuple[str, ...] = ()
    expressions_exclues: tuple[Suite, ...] = ()

    @property
    def vide(self) -> bool:
        """Rien n'est cherché."""
        return self == Recherche()

    @property
    def positive(self) -> "Recherche":
        """La même sans ses exclusions."""
        return Recherche(mots=self.mots, expressions=self.expressions)

    def repond(self, texte: str, racine: Racine) -> bool:
        """Le texte porte tout ce qui est cherché et rien de ce qui est exclu ; la base juge de même."""
        formes = jetons(texte)
        racines = {racine(forme) for forme in formes}
        trouves = all(racine(mot) in racines for mot in self.mots)
        exclus = any(racine(mot) in racines for mot in self.mots_exclus)
        suite = f" {' '.join(formes)} "
        dites = all(f" {' '.join(expression)} " in suite for expression in self.expressions)
        ecartees = any(f" {' '.join(expression)} " in suite for expression in self.expressions_exclues)
        return trouves and dites and not exclus and not ecartees

    def approche(self, texte: str, racine: Racine) -> int:
        """Combien de mots et d'expressions cherchés ce texte porte."""
        formes = jetons(texte)
        racines, suite = {racine(forme) for forme in formes}, f" {' '.join(formes)} "
        dites = sum(f" {' '.join(expression)} " in suite for expression in self.expressions)
        return dites + sum(racine(mot) in racines for mot in self.mots)


def lire_recherche(saisie: str) -> Recherche:
    """La recherche que dit une saisie ; une saisie sans lettre ni chiffre ne cherche rien."""
    mots: list[str] = []
    suites: list[Suite] = []
    mots_exclus: list[str] = []
    suites_exclues: list[Suite] = []
    for element in ELEMENT.finditer(saisie):
        exclu = element["exclu"] is not None
        simple, lus = _lire_element(element)
        if not lus:
            continue
        if simple and (len(lus) == 1 or not exclu):
            (mots_exclus if exclu else mots).extend(lus)
        else:
            (suites_exclues if exclu else suites).append(lus)
    return Recherche(
        mots=tuple(dict.fromkeys(mots)),
        expressions=tuple(dict.fromkeys(suites)),
        mots_exclus=tuple(dict.fromkeys(mots_exclus)),
        expressions_exclues=tuple(dict.fromkeys(suites_exclues)),
    )


def _lire_element(element: re.Match[str]) -> tuple[bool, Suite]:
    """Vrai pour un mot, faux pour une expression ; et ses jetons, l'article élidé d'un mot en moins."""
    mot = element["mot"]
    if mot is None:
        cite = element["droits"] or element["francais"] or element["anglais"] or ""
        return False, tuple(jetons(cite))
    lus = jetons(mot)
    if len(lus) > 1 and lus[0] in ELIDES and any(signe in mot for signe in APOSTROPHES):
        lus = lus[1:]
    return True, tuple(lus)
