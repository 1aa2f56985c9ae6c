"""SIREN, SIRET et RNA : vérifiés par python-stdnum (Luhn, exception de La Poste), refusés en une phrase."""

import re

from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets

SEPARATEURS = re.compile(r"[\s.\-]")
RNA = re.compile(r"W[0-9]{9}")
CLE_FAUSSE = "la clé de contrôle ne correspond pas, un chiffre est faux ou deux sont inversés"


def valider_siren(saisie: str) -> str | None:
    """Les neuf chiffres du SIREN, espaces retirées ; None si rien n'est saisi. Lève DonneeInvalide (`siren`)."""
    from stdnum.fr import siren

    numero = _compacter(saisie)
    if not numero:
        return None
    if not _chiffres(numero, 9):
        raise DonneeInvalide(_mal_ecrit("SIREN", 9, saisie), champ="siren")
    if not siren.is_valid(numero):
        raise DonneeInvalide(f"SIREN {numero} : {CLE_FAUSSE}. Vérifiez-le.", champ="siren")
    return numero


def valider_siret(saisie: str) -> str | None:
    """Les quatorze chiffres du SIRET, espaces retirées ; None si rien n'est saisi. Lève DonneeInvalide (`siret`).

    Les établissements de La Poste (356000000…) suivent leur propre règle : la somme des chiffres est un
    multiple de cinq, sauf le siège qui suit la règle commune.
    """
    from stdnum.fr import siret

    numero = _compacter(saisie)
    if not numero:
        return None
    if not _chiffres(numero, 14):
        raise DonneeInvalide(_mal_ecrit("SIRET", 14, saisie), champ="siret")
    if not siret.is_valid(numero):
        raise DonneeInvalide(f"SIRET {numero} : {CLE_FAUSSE}. Vérifiez-le.", champ="siret")
    return numero


def valider_rna(saisie: str) -> str | None:
    """Le numéro RNA (`W` majuscule et neuf chiffres) ; None si rien n'est saisi. Lève DonneeInvalide (`rna`).

    Facultatif : les associations d'Alsace-Moselle, inscrites au tribunal, n'en ont pas.
    """
    numero = _compacter(saisie)
    if not numero:
        return None
    if not RNA.fullmatch(numero):
        raise DonneeInvalide(
            f"Un numéro RNA s'écrit W majuscule suivi de neuf chiffres, pas {_citer(saisie)} : "
            "corrigez-le, ou laissez vide si l'association n'en a pas.",
            champ="rna",
        )
    return numero


def valider_siren_ou_siret(saisie: str) -> tuple[str | None, str | None]:
    """(SIREN, SIRET) lus dans un seul champ : neuf chiffres, quatorze, ou rien. Lève DonneeInvalide (`siret`)."""
    numero = _compacter(saisie)
    if len(numero) == 9:
        return valider_siren(numero), None
    if numero and not _chiffres(numero, 14):
        raise DonneeInvalide(f"Écrivez neuf chiffres (SIREN) ou quatorze (SIRET), pas {_citer(saisie)}.", champ="siret")
    siret = valider_siret(numero)
    return (siret[:9] if siret else None), siret


def accorder(siren: str | None, siret: str | None) -> str | None:
    """Le SIREN qui va avec les deux numéros déjà validés. Lève DonneeInvalide s'ils se contredisent."""
    if siren and siret and not siret.startswith(siren):
        raise DonneeInvalide(
            f"Le SIRET {siret} n'est pas un établissement du SIREN {siren} : corrigez l'un des deux.", champ="siret"
        )
    return siren or (siret[:9] if siret else None)


def _compacter(saisie: str) -> str:
    return SEPARATEURS.sub("", saisie)


def _chiffres(numero: str, longueur: int) -> bool:
    return len(numero) == longueur and numero.isascii() and numero.isdigit()


def _citer(saisie: str) -> str:
    return guillemets(saisie.strip()[:40])


def _mal_ecrit(nom: str, longueur: int, saisie: str) -> str:
    return f"Un {nom} compte {longueur} chiffres, pas {_citer(saisie)} : corrigez-le ou laissez le champ vide."
