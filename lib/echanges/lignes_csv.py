"""Lire un .csv dont les colonnes sont connues d'avance : tout se vérifie, et chaque faute dit sa ligne."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import compter, enumeration, guillemets
from lib.domain.textes import normaliser_ligne

V = TypeVar("V", bound=StrEnum)
L = TypeVar("L")

OCTETS_MAXIMUM = 50_000_000
FAUTES_MONTREES = 20


class FauteDeLigne(Exception):
    """Ce qui ne va pas dans une valeur ; la phrase se complète du numéro de la ligne."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne du fichier : ses valeurs par colonne, et son numéro tel qu'un tableur l'affiche."""

    numero: int
    valeurs: Mapping[str, str]

    def texte(self, colonne: str) -> str:
        """Une valeur obligatoire, sur une ligne. Lève FauteDeLigne."""
        valeur = self.facultatif(colonne)
        if not valeur:
            raise FauteDeLigne(f"{colonne} est vide")
        return valeur

    def facultatif(self, colonne: str) -> str:
        """Une valeur qui peut manquer, sur une ligne. Lève FauteDeLigne si elle est illisible ou trop longue."""
        try:
            return normaliser_ligne(self.valeurs[colonne])
        except DonneeInvalide as refus:
            raise FauteDeLigne(f"{colonne} : {refus}") from refus

    def jour(self, colonne: str) -> date | None:
        """Une date AAAA-MM-JJ, ou rien. Lève FauteDeLigne."""
        valeur = self.facultatif(colonne)
        if not valeur:
            return None
        try:
            lu = date.fromisoformat(valeur)
        except ValueError as refus:
            raise FauteDeLigne(f"{colonne} : {guillemets(valeur)} n'est pas une date AAAA-MM-JJ") from refus
        if lu.isoformat() != valeur:
            raise FauteDeLigne(f"{colonne} : {guillemets(valeur)} n'est pas une date AAAA-MM-JJ")
        return lu

    def code(self, colonne: str, vocabulaire: type[V]) -> V | None:
        """Un code du vocabulaire, ou rien. Lève FauteDeLigne en donnant les codes permis."""
        valeur = self.facultatif(colonne)
        if not valeur:
            return None
        try:
            return vocabulaire(valeur)
        except ValueError as refus:
            permis = enumeration((membre.value for membre in vocabulaire), liaison="ou")
            raise FauteDeLigne(f"{colonne} : {guillemets(valeur)} n'est pas un code connu ({permis})") from refus


def lire_lignes(octets: bytes, colonnes: Sequence[str], interpreter: Callable[[Ligne], L]) -> tuple[L, ...]:
    """Chaque ligne du fichier, interprétée. Séparateur virgule ou point-virgule, UTF-8, première ligne d'en-têtes.

    colonnes : toutes exigées, dans n'importe quel ordre, et aucune autre. interpreter : lève FauteDeLigne.
    Lève DonneeInvalide, une fois pour toutes les lignes fautives (les vingt premières sont dites).
    """
    lues: list[L] = []
    fautes: list[str] = []
    for ligne in _lignes(_decoder(octets), colonnes):
        try:
            lues.append(interpreter(ligne))
        except FauteDeLigne as faute:
            fautes.append(f"Ligne {ligne.numero} : {str(faute).rstrip(chr(46))}.")
    if fautes:
        raise DonneeInvalide(dire_fautes(fautes))
    if not lues:
        raise DonneeInvalide("Ce fichier n'a aucune ligne sous ses en-têtes : rien n'a été enregistré.")
    return tuple(lues)


def dire_fautes(fautes: Sequence[str]) -> str:
    """Toutes les fautes d'un fichier en un message ; au-delà de vingt, leur nombre."""
    reste = len(fautes) - FAUTES_MONTREES
    suite = [f"Et {compter(reste, 'autre ligne fautive', 'autres lignes fautives')}."] if reste > 0 else []
    return "\n".join([*fautes[:FAUTES_MONTREES], *suite, "Rien n'a été enregistré : corrigez le fichier."])


def _decoder(octets: bytes) -> str:
    if len(octets) > OCTETS_MAXIMUM:
        raise DonneeInvalide("Ce fichier dépasse 50 Mo : découpez-le.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as refus:
        raise DonneeInvalide("Ce fichier n'est pas en UTF-8 : enregistrez-le en « CSV UTF-8 ».") from refus


def _lignes(contenu: str, colonnes: Sequence[str]) -> Iterator[Ligne]:
    entetes = contenu.partition("\n")[0]
    separateur = ";" if entetes.count(";") > entetes.count(",") else ","
    lecteur = csv.reader(io.StringIO(contenu, newline=""), delimiter=separateur, strict=True)
    try:
        lues = next(lecteur, [])
        _verifier_entetes([nom.strip() for nom in lues], colonnes)
        for valeurs in lecteur:
            if not any(valeur.strip() for valeur in valeurs):
                continue
            if len(valeurs) != len(lues):
                raise DonneeInvalide(
                    f"Ligne {lecteur.line_num} : {compter(len(valeurs), 'valeur')} pour {len(lues)} colonnes. "
                    "Rien n'a été enregistré : corrigez le fichier."
                )
            yield Ligne(lecteur.line_num, {nom.strip(): valeur for nom, valeur in zip(lues, valeurs, strict=True)})
    except csv.Error as refus:
        raise DonneeInvalide(
            f"Ligne {lecteur.line_num} : les guillemets de ce fichier ne se referment pas. Rien n'a été enregistré."
        ) from refus


def _verifier_entetes(lus: Sequence[str], colonnes: Sequence[str]) -> None:
    manquants = [nom for nom in colonnes if nom not in lus]
    inconnus = [nom for nom in lus if nom not in colonnes]
    if manquants:
        raise DonneeInvalide(f"Il manque à ce fichier : {enumeration(manquants)}.")
    if inconnus:
        raise DonneeInvalide(
            f"Ce fichier a des colonnes que l'on n'attend pas : {enumeration(map(guillemets, inconnus))}."
        )
    if len(set(lus)) != len(lus):
        raise DonneeInvalide("Ce fichier a deux colonnes du même nom.")
