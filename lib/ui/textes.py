"""Montrer un texte de personne tel qu'il est écrit, là où Streamlit lirait du Markdown."""

import re
from functools import lru_cache

# Tout signe ASCII que Markdown peut lire s'échappe d'une barre inversée.
_SIGNES = re.compile(r"([!-/:-@\[-`{-~])")
# Émojis et icônes nommés (« :bulle: ») se remplacent après la lecture du Markdown : une liaison nulle les sépare.
_NOMMES = re.compile(r":(?=[\w+/-]+:)")
# Une adresse devient un lien même échappée : une liaison nulle, invisible, la coupe.
_ADRESSES = re.compile(r"(https?(?=://)|www(?=\.))", re.IGNORECASE)
# Les espaces insécables restent : « 70 % » ne se coupe pas en fin de ligne.
_BLANCS = re.compile(r"[^\S\u00a0\u202f]+")


@lru_cache(maxsize=4096)  # les mêmes cellules reviennent à chaque passage
def litteral(texte: str) -> str:
    """Le texte, sur une ligne, pour une cellule de tableau, un libellé ou un titre."""
    return _SIGNES.sub(r"\\\1", _couper(_BLANCS.sub(" ", texte).strip()))


# Ce qui, dans une phrase à nous, ferait d'un mot cité une image, un lien, du code ou une formule.
_ACTIFS = re.compile(r"([\\`*_\[\]<>$~|])")


def phrase(texte: str) -> str:
    """Une phrase de l'application qui cite peut-être une saisie : ponctuation gardée, rien de cité ne s'interprète."""
    return _ACTIFS.sub(r"\\\1", _couper(texte))


def _couper(texte: str) -> str:
    """Les noms d'icônes et les adresses, coupés d'une liaison nulle : ils se lisent, et ne font plus rien."""
    return _ADRESSES.sub("\\1\u2060", _NOMMES.sub(":\u2060", texte))
