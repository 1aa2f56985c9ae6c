"""Publier des effectifs sans laisser lire, ni déduire, une case de une ou deux unités.

Règle de l'Insee pour les entreprises : aucune case construite sur moins de trois unités. Cacher une seule case ne
suffit pas quand le total est publié, une soustraction la rend : on en cache une seconde (secret secondaire). Zéro
s'écrit zéro. Source : Insee, *Manuel de protection des tableaux*, chapitre des règles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.domain.formats import INSECABLE, nombre

SEUIL = 3
PETIT = f"<{INSECABLE}{SEUIL}"
CACHE = "masqué"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeeProtegee:
    """Une rangée prête à publier : chaque case et le total, en clair, « < 3 » ou « masqué »."""

    cases: tuple[str, ...]
    total: str

    @property
    def masque(self) -> bool:
        """Vrai si quelque chose y est caché : il faut alors le dire sous le tableau."""
        return any(texte in {PETIT, CACHE} for texte in (*self.cases, self.total))


def publier(effectif: int) -> str:
    """Un effectif seul : « < 3 » s'il vaut un ou deux. Lève `ValueError` s'il est négatif."""
    _verifier(effectif)
    return PETIT if _petit(effectif) else nombre(effectif)


def proteger(effectifs: Sequence[int]) -> RangeeProtegee:
    """Une rangée dont le total est publié avec elle.

    Les cases de une ou deux unités deviennent « < 3 ». Si le total permettait de les retrouver, les plus petites des
    autres deviennent « masqué », une à une jusqu'à ce qu'il ne le permette plus ; si rien n'y suffit, toutes le
    deviennent et seul le total reste. Lève `ValueError` pour un effectif négatif.
    """
    for effectif in effectifs:
        _verifier(effectif)
    total = sum(effectifs)
    if _petit(total):
        return RangeeProtegee(cases=(CACHE,) * len(effectifs), total=PETIT)
    petites = [rang for rang, effectif in enumerate(effectifs) if _petit(effectif)]
    secondaires = _secondaires(effectifs, petites)
    if secondaires is None:
        return RangeeProtegee(cases=(CACHE,) * len(effectifs), total=nombre(total))
    marques = dict.fromkeys(petites, PETIT) | dict.fromkeys(secondaires, CACHE)
    cases = tuple(marques.get(rang, nombre(effectif)) for rang, effectif in enumerate(effectifs))
    return RangeeProtegee(cases=cases, total=nombre(total))


def _secondaires(effectifs: Sequence[int], petites: Sequence[int]) -> list[int] | None:
    """Cases à cacher en plus des petites ; `None` si toutes n'y suffiraient pas."""
    candidates = sorted((r for r, e in enumerate(effectifs) if e >= SEUIL), key=lambda rang: effectifs[rang])
    cachees: list[int] = []
    somme = sum(effectifs[rang] for rang in petites)
    while not _indecidable(len(petites), len(cachees), somme):
        if not candidates:
            return None
        cachees.append(candidates.pop(0))
        somme += effectifs[cachees[-1]]
    return cachees


def _indecidable(petites: int, cachees: int, somme: int) -> bool:
    """Vrai si, sachant la somme des cases cachées, chaque petite case peut valoir un comme deux."""
    if not petites:
        return True
    bas = (petites - 1) + SEUIL * cachees
    haut = None if cachees else 2 * (petites - 1)
    return all(bas <= somme - valeur and (haut is None or somme - valeur <= haut) for valeur in range(1, SEUIL))


def _petit(effectif: int) -> bool:
    return 0 < effectif < SEUIL


def _verifier(effectif: int) -> None:
    if effectif < 0:
        raise ValueError(f"Effectif négatif : {effectif}.")
