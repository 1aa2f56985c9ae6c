"""Petites règles de texte, communes à toutes les couches (bibliothèque standard seulement)."""

import re
import unicodedata

from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets, nombre

APOSTROPHES = "'’‘ʼ′`´"
# Unicode ne décompose pas ces lettres : NFKD les laisserait telles quelles.
LETTRES_LIEES = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
PLIAGE = str.maketrans({**LETTRES_LIEES, **dict.fromkeys(APOSTROPHES, " "), "−": " "})

LONGUEUR_MAXIMALE = 1_000_000
"""Longueur d'un texte d'entretien, en points de code : dix fois la plus longue transcription attendue."""
LONGUEUR_LIGNE = 300
MARQUE_D_ORDRE = "\N{ZERO WIDTH NO-BREAK SPACE}"
# Le caractère nul (PostgreSQL le refuse) et les demi-caractères (aucun encodage ne les écrit).
ILLISIBLES = re.compile(r"[\x00\ud800-\udfff]")


def plier(texte: str) -> str:
    """Ramène un texte à sa forme de recherche : sans casse, accent, apostrophe ni tiret.

    « L'Haÿ-les-Roses » et « l’hay les roses » donnent tous deux « l hay les roses ». Les apostrophes et
    les tirets deviennent des espaces, les suites d'espaces (insécables comprises) se réduisent à une
    seule, les caractères invisibles disparaissent. Plier un texte déjà plié ne le change pas.
    """
    # La casse avant et après : le pliage de casse défait des formes composées, et inversement.
    decompose = unicodedata.normalize("NFKD", texte.translate(PLIAGE).casefold())
    lettres = unicodedata.normalize("NFKD", decompose.casefold()).translate(PLIAGE)
    return " ".join("".join(map(_plier_caractere, lettres)).split())


def _plier_caractere(caractere: str) -> str:
    categorie = unicodedata.category(caractere)
    if categorie == "Pd":
        return " "
    return "" if categorie in ("Mn", "Cf") else caractere


def normaliser(texte: str, *, champ: str | None = None) -> str:
    """Le texte tel qu'il s'enregistre : fins de ligne LF, sans marque d'ordre des octets ; tout le reste est gardé.

    Emoji, écritures de droite à gauche et espaces insécables restent en l'état : les bornes des verbatims
    comptent leurs points de code. Normaliser deux fois ne change rien.
    Lève DonneeInvalide (`champ`) : caractère nul, demi-caractère, ou plus de LONGUEUR_MAXIMALE points de code.
    """
    propre = texte.replace("\r\n", "\n").replace("\r", "\n").lstrip(MARQUE_D_ORDRE)
    _refuser_illisibles(propre, champ)
    if len(propre) > LONGUEUR_MAXIMALE:
        raise DonneeInvalide(
            f"Ce texte compte {nombre(len(propre))} caractères, {nombre(LONGUEUR_MAXIMALE)} au plus : "
            "gardez l'essentiel ou répartissez-le entre notes et transcription.",
            champ=champ,
        )
    return propre


def normaliser_ligne(texte: str, *, champ: str | None = None, longueur: int = LONGUEUR_LIGNE) -> str:
    """Un champ d'une ligne (nom, fonction) : sans blanc au bord ni saut de ligne, suites de blancs réduites.

    longueur : nombre de caractères permis. Lève DonneeInvalide (`champ`) comme `normaliser`.
    """
    ligne = " ".join(normaliser(texte, champ=champ).split())
    if len(ligne) > longueur:
        raise DonneeInvalide(f"Ce champ tient en {longueur} caractères : raccourcissez-le.", champ=champ)
    return ligne


def _refuser_illisibles(texte: str, champ: str | None) -> None:
    trouve = ILLISIBLES.search(texte)
    if trouve is None:
        return
    avant = texte[max(0, trouve.start() - 20) : trouve.start()].strip()
    situation = f" après {guillemets(avant)}" if avant else ""
    raise DonneeInvalide(
        f"Le texte contient un caractère illisible{situation} (position {nombre(trouve.start() + 1)}) : "
        "effacez-le, puis enregistrez à nouveau.",
        champ=champ,
    )
