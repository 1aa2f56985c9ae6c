"""Écrire des tables pour un tableur, et les relire : classeur .xlsx, ou .csv pour Excel en français.

Rien ne se perd : un texte relu est le texte écrit, au caractère près. Le classeur est le format à conseiller :
il garde les types, les zéros de tête (« 01001 ») et n'exécute jamais un texte qui ressemble à une formule.

Conventions du .csv : UTF-8 avec BOM, séparateur « ; », fin de ligne CRLF, décimales à virgule, dates
jj/mm/aaaa, booléens oui/non, valeur absente vide. Une cellule de texte qu'un tableur prendrait pour une formule
est précédée d'une apostrophe, que `relire_csv` retire.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, BinaryIO

Valeur = str | int | float | date | datetime | bool | None
Ligne = Sequence[Valeur]

BOM = "\ufeff"
FUSEAU = "Europe/Paris"
TAILLE_MAXIMALE_CHAMP = 2**31 - 1

# Les apostrophes de tête entrent dans le motif : sans elles, « '=1 » écrit tel quel se relirait « =1 ».
FORMULE = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
# Ce qui ouvre une citation ou une parenthèse n'ouvre jamais une formule.
SURES = frozenset('«“”‘’"([…–—•')
PROTEGEE = re.compile(rf"'(?={FORMULE.pattern})")


@dataclass(frozen=True, slots=True)
class Table:
    """Une table à écrire. `lignes` est lue une seule fois, au fil de l'écriture."""

    nom: str
    entetes: Sequence[str]
    lignes: Iterable[Ligne]

    def lire_lignes(self) -> Iterator[Ligne]:
        """Les lignes, une à une. Lève `ValueError` si l'une n'a pas autant de valeurs que d'en-têtes."""
        colonnes = len(self.entetes)
        for rang, ligne in enumerate(self.lignes, start=1):
            if len(ligne) != colonnes:
                detail = f"{len(ligne)} valeurs pour {colonnes} colonnes"
                raise ValueError(f"Table « {self.nom} », ligne {rang} : {detail}.")
            yield ligne


# --- Classeur .xlsx ---------------------------------------------------------------------------------------------


def ecrire_xlsx(tables: Sequence[Table], sortie: BinaryIO, lisez_moi: Mapping[str, Valeur] | None = None) -> None:
    """Écrit un onglet par table dans `sortie`, précédé de l'onglet « Lisez-moi » si `lisez_moi` est donné.

    `lisez_moi` dit d'où vient l'export : `investigation`, `date`, `auteur`, `filtre`, `n` ; toute autre clé
    s'affiche telle quelle. Conventions et limites : `lib.echanges.tableur_xlsx`. Lève `ValueError` si une ligne
    n'a pas le bon nombre de valeurs, `TypeError` si une valeur n'est pas une `Valeur`.
    """
    from lib.echanges import tableur_xlsx

    tableur_xlsx.ecrire(tables, sortie, lisez_moi)


def xlsx_en_octets(tables: Sequence[Table], lisez_moi: Mapping[str, Valeur] | None = None) -> bytes:
    """Comme `ecrire_xlsx`, en mémoire : pour un bouton de téléchargement."""
    tampon = io.BytesIO()
    ecrire_xlsx(tables, tampon, lisez_moi)
    return tampon.getvalue()


def relire_xlsx(source: BinaryIO | bytes) -> dict[str, list[list[Valeur]]]:
    """Relit un classeur écrit par `ecrire_xlsx` : nom d'onglet → lignes, en-têtes comprises.

    Les textes longs sont recollés, l'onglet « Suites » disparaît. Un nombre décimal entier revient en `int`.
    """
    from lib.echanges import tableur_relecture

    return tableur_relecture.relire(_flux(source))


# --- .csv pour Excel français -----------------------------------------------------------------------------------


def ecrire_csv(table: Table, sortie: BinaryIO) -> None:
    """Écrit la table en .csv dans `sortie`, au fil de ses lignes ; `sortie` reste ouverte.

    Un texte de plus de 32 767 caractères est entier dans le fichier, mais Excel n'en montre que le début.
    Lève `ValueError` si une ligne n'a pas le bon nombre de valeurs.
    """
    texte = io.TextIOWrapper(sortie, encoding="utf-8", newline="")
    try:
        texte.write(BOM)
        ecrivain = csv.writer(texte, delimiter=";", lineterminator="\r\n")
        ecrivain.writerow(map(texte_csv, table.entetes))
        ecrivain.writerows(
            [
                v
                if type(v) in DIRECTES or (type(v) is str and (not v or v[0].isalnum() or v[0] in SURES))
                else texte_csv(v)
                for v in ligne
            ]
            for ligne in table.lire_lignes()
        )
    finally:
        texte.detach()  # sans quoi la fermeture de l'enveloppe fermerait le flux de l'appelant


def csv_en_octets(table: Table) -> bytes:
    """Comme `ecrire_csv`, en mémoire."""
    tampon = io.BytesIO()
    ecrire_csv(table, tampon)
    return tampon.getvalue()


def relire_csv(source: BinaryIO | bytes) -> list[list[str]]:
    """Relit un .csv écrit par `ecrire_csv` : lignes de textes, en-têtes comprises, apostrophes ajoutées retirées."""
    csv.field_size_limit(TAILLE_MAXIMALE_CHAMP)  # un entretien retranscrit dépasse la limite d'origine (128 Kio)
    texte = io.TextIOWrapper(_flux(source), encoding="utf-8-sig", newline="")
    try:
        return [[deproteger(champ) for champ in ligne] for ligne in csv.reader(texte, delimiter=";")]
    finally:
        texte.detach()


def proteger(texte: str) -> str:
    """Fait précéder d'une apostrophe un texte qu'un tableur prendrait pour une formule ; rend les autres tels quels.

    Sont visés = + - @ (et leurs formes pleine chasse), même après des espaces, et tabulation, retour chariot ou
    saut de ligne en tête. `deproteger` est l'exact inverse.
    """
    if texte[:1].isalnum():  # presque tous les textes
        return texte
    return f"'{texte}" if FORMULE.match(texte) else texte


def deproteger(texte: str) -> str:
    """Retire l'apostrophe que `proteger` a mise, et elle seule : « 'tite pause » n'en perd pas."""
    return texte[1:] if PROTEGEE.match(texte) else texte


def texte_csv(valeur: Valeur) -> str:
    """La valeur comme elle s'écrit dans le .csv. Lève `TypeError` si ce n'est pas une `Valeur`."""
    ecrire = ECRITURES.get(type(valeur)) or _ecriture_du_genre(valeur)
    return ecrire(valeur)


def _ecriture_du_genre(valeur: object) -> Callable[[Any], str]:
    """Comment s'écrit une valeur d'un type dérivé ; un booléen est un entier, un instant est une date."""
    for genre in (bool, int, float, date, str):
        if isinstance(valeur, genre):
            return ECRITURES[genre]
    raise TypeError(f"Valeur inattendue dans une table : {type(valeur).__name__}.")


def _texte_booleen(valeur: object) -> str:
    return "oui" if valeur else "non"


def _texte_absent(_: object) -> str:
    return ""


# --- Communs aux deux formats -----------------------------------------------------------------------------------


def texte_nombre(valeur: float) -> str:
    """Le nombre sans arrondi, virgule décimale ; vide s'il n'est pas défini, « ∞ » s'il est infini."""
    if math.isnan(valeur):
        return ""
    if math.isinf(valeur):
        return "∞" if valeur > 0 else "−∞"
    return repr(valeur).replace(".", ",").upper()


def texte_date(valeur: date) -> str:
    """« 03/09/2026 », et l'heure de Paris « 03/09/2026 14:05:00 » pour un instant."""
    if isinstance(valeur, datetime):
        local = heure_locale(valeur)
        return f"{_texte_jour(local.date())} {local:%H:%M:%S}"
    return _texte_jour(valeur)


@lru_cache(maxsize=4096)  # les mêmes jours reviennent d'une ligne à l'autre
def _texte_jour(jour: date) -> str:
    return f"{jour.day:02}/{jour.month:02}/{jour.year:04}"


# Ce que `csv` écrit de lui-même comme nous : un entier, rien.
DIRECTES = frozenset((int, type(None)))
# Un dictionnaire plutôt qu'une suite de questions : un export pose celle-ci des centaines de milliers de fois.
ECRITURES: dict[type, Callable[[Any], str]] = {
    str: proteger,
    int: str,
    type(None): _texte_absent,
    bool: _texte_booleen,
    float: texte_nombre,
    date: texte_date,
    datetime: texte_date,
}


def heure_locale(instant: datetime) -> datetime:
    """L'instant à l'heure de Paris, sans fuseau : un tableur n'en connaît pas. Sans fuseau, il est rendu tel quel."""
    if instant.tzinfo is None:
        return instant
    from zoneinfo import ZoneInfo

    return instant.astimezone(ZoneInfo(FUSEAU)).replace(tzinfo=None)


def _flux(source: BinaryIO | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source
