"""Le prix des calculs lourds, hors de toute page : `make bench`, ou `python -m tests.mesures.calculs`.

Temps de processeur, meilleure de trois passes à chaud ; la croissance se lit d'une taille à l'autre.
"""

import random
import time
from collections.abc import Callable

from lib.analytics.durees import LigneDuree, analyser

TAILLES = (25_000, 50_000, 100_000)
GROUPES = 5
CIBLE = 0.5
"""Cent mille épisodes en cinq groupes : une demi-seconde de processeur au plus."""
MOTIFS = ("accompli", "entreprise", "association", "relation", "externe")


def episodes(combien: int) -> list[LigneDuree]:
    """Des épisodes au jour près, en cinq groupes, dont un sur trois dure encore."""
    alea = random.Random(20_261_125)
    return [
        LigneDuree(
            groupe=f"Groupe {alea.randrange(GROUPES)}",
            duree=float(alea.randrange(1, 3000)),
            motif=None if alea.random() < 1 / 3 else alea.choice(MOTIFS),
        )
        for _ in range(combien)
    ]


def mesurer(calculer: Callable[[], object], passes: int = 3) -> float:
    """Le meilleur temps de processeur, en secondes, après une passe à froid."""
    calculer()
    durees = []
    for _ in range(passes):
        depart = time.process_time()
        calculer()
        durees.append(time.process_time() - depart)
    return min(durees)


def mesurer_analyse(combien: int) -> float:
    """Le prix d'une analyse entière : courbes, médianes, durées moyennes, motifs concurrents, log-rank."""
    lignes = episodes(combien)
    return mesurer(lambda: analyser(lignes, instants=(180, 365, 730, 1095)))


def main() -> None:
    """Écrit une ligne par taille, puis le verdict."""
    prix = [(combien, mesurer_analyse(combien)) for combien in TAILLES]
    for combien, secondes in prix:
        print(f"durées : {combien:>7} épisodes en {GROUPES} groupes, {secondes:.2f} s de processeur")
    croissance = prix[-1][1] / prix[0][1] / (prix[-1][0] / prix[0][0])
    tenue = "tenue" if prix[-1][1] <= CIBLE else "manquée"
    print(f"cible {CIBLE} s : {tenue} ; croissance rapportée à la taille : {croissance:.2f} (1 = linéaire)")


if __name__ == "__main__":
    main()
