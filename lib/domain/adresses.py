"""Adresses de l'application : celles que l'on accepte de suivre après une connexion."""

from urllib.parse import urlsplit

LONGUEUR_MAXIMALE = 2_000
ACCUEIL = "/"
# Un espace, un contrôle ou une barre inversée changent de sens d'un navigateur à l'autre.
IMPRIMABLES = frozenset(map(chr, range(0x21, 0x7F))) - {"\\"}


def chemin_interne(adresse: str) -> str:
    """L'adresse si elle reste dans l'application (`/entretien?entretien=12`), sinon l'accueil.

    Tout ce qu'un navigateur pourrait lire comme un autre site est écarté : `//ailleurs`, `/\\ailleurs`,
    `https:ailleurs`, caractères de contrôle.
    """
    if len(adresse) > LONGUEUR_MAXIMALE or not IMPRIMABLES.issuperset(adresse):
        return ACCUEIL
    if not adresse.startswith("/") or adresse.startswith("//"):
        return ACCUEIL
    try:
        parties = urlsplit(adresse)
    except ValueError:
        return ACCUEIL
    return ACCUEIL if parties.scheme or parties.netloc else adresse
