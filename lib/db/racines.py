"""La racine d'un mot français, pour qu'un singulier trouve un pluriel."""

from functools import lru_cache

import snowballstemmer

_FRANCAIS = snowballstemmer.stemmer("french")


@lru_cache(maxsize=100_000)
def racine(forme: str) -> str:
    """La racine d'un mot déjà plié ; celle d'un mot rendu à sa racine peut différer."""
    return str(_FRANCAIS.stemWord(forme))
