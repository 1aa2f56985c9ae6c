"""Mots de passe : ce que l'on accepte, leur empreinte, leur vérification."""

import secrets
import unicodedata
from functools import cache

import bcrypt

from lib.domain.erreurs import DonneeInvalide

# Recommandation de la CNIL (délibération 2022-100) : longueur et essais ralentis plutôt que signes imposés.
LONGUEUR_MINIMALE = 12
# bcrypt n'en lit pas davantage : au-delà, deux mots de passe différents se vaudraient.
OCTETS_MAXIMUM = 72
TOURS = 12
# Sans signes qui se confondent à la lecture (0 et O, 1 et l).
ALPHABET_PROVISOIRE = "abcdefghjkmnpqrstuvwxyz23456789"


def empreinte(mot_de_passe: str) -> str:
    """Empreinte bcrypt à garder en base. Lève DonneeInvalide si le mot de passe n'est pas acceptable."""
    _refuser(mot_de_passe)
    return bcrypt.hashpw(_octets(mot_de_passe), bcrypt.gensalt(TOURS)).decode()


def est_juste(mot_de_passe: str, garde: str | None) -> bool:
    """Vrai si le mot de passe répond à l'empreinte gardée.

    garde : None pour un compte inconnu ; le même calcul se fait alors sur une empreinte factice, pour que la
    durée de la réponse ne dise pas si le compte existe.
    """
    octets = _octets(mot_de_passe)
    juste = bcrypt.checkpw(octets[:OCTETS_MAXIMUM], (garde or _empreinte_factice()).encode())
    return juste and garde is not None and len(octets) <= OCTETS_MAXIMUM


def en_inventer_un() -> str:
    """Mot de passe provisoire de cinq groupes de quatre signes : près de 100 bits, faciles à dicter."""
    return "-".join("".join(secrets.choice(ALPHABET_PROVISOIRE) for _ in range(4)) for _ in range(5))


def _refuser(mot_de_passe: str) -> None:
    if "\0" in mot_de_passe:
        raise DonneeInvalide("Ce mot de passe contient un caractère illisible : retapez-le.", champ="mot_de_passe")
    if len(mot_de_passe) < LONGUEUR_MINIMALE:
        raise DonneeInvalide(
            f"Choisissez un mot de passe d'au moins {LONGUEUR_MINIMALE} caractères : quelques mots suffisent.",
            champ="mot_de_passe",
        )
    if len(_octets(mot_de_passe)) > OCTETS_MAXIMUM:
        raise DonneeInvalide(
            f"Ce mot de passe est trop long : {OCTETS_MAXIMUM} signes au plus, une lettre accentuée comptant double.",
            champ="mot_de_passe",
        )


def _octets(mot_de_passe: str) -> bytes:
    """Un même mot tapé sur deux claviers donne les mêmes octets (« é » en un ou deux caractères)."""
    return unicodedata.normalize("NFKC", mot_de_passe).encode("utf-8", errors="replace")


@cache
def _empreinte_factice() -> str:
    return bcrypt.hashpw(secrets.token_bytes(16).hex().encode(), bcrypt.gensalt(TOURS)).decode()
