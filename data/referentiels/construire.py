"""Construit les fichiers de territoires de ce dossier à partir du découpage administratif d'Etalab.

Source    paquet npm `@etalab/decoupage-administratif`, qui met en JSON le Code officiel géographique (Insee)
          et la composition des intercommunalités (DGCL).
Licence   données : Licence Ouverte (Etalab) ; code du paquet : MIT.
Millésime celui de la version demandée : 6.0.0 = géographie au 1er janvier 2026 (table dans SOURCES.md).

Relancer, depuis la racine du projet (Node et npm nécessaires seulement sans chemin) :

    python data/referentiels/construire.py                      # obtient le paquet par npm
    python data/referentiels/construire.py chemin/vers/package  # lit un paquet déjà décompressé

Changer de millésime : modifier `VERSION`, relancer, relire les différences, mettre à jour SOURCES.md, puis
lancer tests/echanges/test_referentiels.py. Deux exécutions sur le même paquet donnent les mêmes octets.
"""

import argparse
import csv
import gzip
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PAQUET = "@etalab/decoupage-administratif"
VERSION = "6.0.0"
DOSSIER = Path(__file__).resolve().parent

ENTETES = {
    "regions.csv": ("code", "nom", "zone"),
    "departements.csv": ("code", "nom", "region", "zone"),
    "epci.csv": ("code", "nom", "type", "departement", "region"),
    "communes.csv.gz": ("code", "nom", "departement", "region", "epci", "commune_parente"),
    "communes_anciennes.csv.gz": ("code", "actuelle"),
}

Entree = dict[str, Any]
Ligne = tuple[str, ...]


def construire(paquet: Path, sortie: Path) -> dict[str, int]:
    """Lit le paquet décompressé `paquet` et écrit les cinq fichiers dans `sortie`.

    Retourne le nombre de lignes de données par fichier. Lève `ValueError` si la source se contredit : mieux
    vaut pas de référentiel qu'une commune rattachée au hasard.
    """
    sources = {nom: _lire(paquet, nom) for nom in ("regions", "departements", "epci", "communes")}
    communes = [entree for entree in sources["communes"] if entree["type"] == "commune-actuelle"]
    arrondissements = [entree for entree in sources["communes"] if entree["type"] == "arrondissement-municipal"]
    tables: dict[str, list[Ligne]] = {
        "regions.csv": [(entree["code"], entree["nom"], entree["zone"]) for entree in sources["regions"]],
        "departements.csv": [_ligne_departement(entree) for entree in sources["departements"]],
        "epci.csv": lignes_epci(sources["epci"], communes),
        "communes.csv.gz": lignes_communes(communes, arrondissements, sources["epci"]),
        "communes_anciennes.csv.gz": lignes_anciennes(sources["communes"]),
    }
    verifier(tables)
    for nom, lignes in tables.items():
        _ecrire(sortie / nom, sorted(lignes))
    return {nom: len(lignes) for nom, lignes in tables.items()}


def lignes_epci(epci: Iterable[Entree], communes: Iterable[Entree]) -> list[Ligne]:
    """Une ligne par intercommunalité ; département et région restent vides si elle en chevauche plusieurs."""
    par_code = {commune["code"]: commune for commune in communes}
    lignes: list[Ligne] = []
    for entree in epci:
        membres = [_membre(par_code, membre["code"], entree["nom"]) for membre in entree["membres"]]
        departement, region = (_valeur_commune(membres, cle) for cle in ("departement", "region"))
        nom = " ".join(entree["nom"].split())  # la source double parfois une espace
        lignes.append((entree["code"], nom, entree["type"], departement, region))
    return lignes


def lignes_communes(
    communes: Iterable[Entree], arrondissements: Iterable[Entree], epci: Iterable[Entree]
) -> list[Ligne]:
    """Communes actuelles, puis arrondissements municipaux, qui ont l'intercommunalité de leur commune."""
    epci_par_commune = rattachements(epci)
    lignes = [_ligne_commune(entree, epci_par_commune, parente="") for entree in communes]
    lignes += [_ligne_commune(entree, epci_par_commune, parente=entree["commune"]) for entree in arrondissements]
    return lignes


def lignes_anciennes(entrees: Sequence[Entree]) -> list[Ligne]:
    """Code disparu → commune actuelle : communes fusionnées, et codes changés. Un code encore en usage n'y est pas."""
    actuelles = {entree["code"] for entree in entrees if entree["type"] == "commune-actuelle"}
    par_code = {
        entree["code"]: entree["chefLieu"]
        for entree in entrees
        if entree["type"] in {"commune-deleguee", "commune-associee"}
    }
    for entree in entrees:
        if entree["type"] == "commune-actuelle":
            par_code |= dict.fromkeys(entree.get("anciensCodes", ()), entree["code"])
    return [(ancien, code) for ancien, code in par_code.items() if ancien not in actuelles]


def rattachements(epci: Iterable[Entree]) -> dict[str, str]:
    """Code de commune → code d'intercommunalité. Lève `ValueError` si une commune est dans deux."""
    trouves: dict[str, str] = {}
    for entree in epci:
        for membre in entree["membres"]:
            if membre["code"] in trouves:
                raise ValueError(f"La commune {membre['code']} est dans deux intercommunalités.")
            trouves[membre["code"]] = entree["code"]
    return trouves


def verifier(tables: dict[str, list[Ligne]]) -> None:
    """Codes uniques par fichier, et tout rattachement vers un code qui existe ; sinon `ValueError`."""
    codes = {nom: {ligne[0] for ligne in lignes} for nom, lignes in tables.items()}
    for nom, lignes in tables.items():
        if len(codes[nom]) != len(lignes):
            raise ValueError(f"{nom} : un code y figure deux fois.")
        for colonne, cible in _rattachements_de(nom):
            inconnus = {ligne[colonne] for ligne in lignes} - codes[cible] - {""}
            if inconnus:
                raise ValueError(f"{nom} : rattachement inconnu de {cible} : {', '.join(sorted(inconnus))}.")


def obtenir(temporaire: Path) -> Path:
    """Télécharge le paquet par npm (qui en vérifie l'empreinte) et le décompresse dans `temporaire`."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm est introuvable : installez Node, ou donnez le chemin du paquet décompressé.")
    commande = [npm, "pack", f"{PAQUET}@{VERSION}", "--silent"]
    subprocess.run(commande, cwd=temporaire, check=True)  # noqa: S603 — commande fixe, sans texte extérieur
    archive = next(temporaire.glob("*.tgz"))
    with tarfile.open(archive) as contenu:
        contenu.extractall(temporaire, filter="data")
    return temporaire / "package"


def _lire(paquet: Path, nom: str) -> list[Entree]:
    entrees: list[Entree] = json.loads((paquet / "data" / f"{nom}.json").read_text(encoding="utf-8"))
    return entrees


def _ligne_departement(entree: Entree) -> Ligne:
    return (entree["code"], entree["nom"], entree["region"], entree["zone"])


def _ligne_commune(entree: Entree, epci_par_commune: dict[str, str], parente: str) -> Ligne:
    epci = epci_par_commune.get(parente or entree["code"], "")
    return (entree["code"], entree["nom"], entree["departement"], entree["region"], epci, parente)


def _membre(par_code: dict[str, Entree], code: str, epci: str) -> Entree:
    if code not in par_code:
        raise ValueError(f"{epci} : la commune membre {code} n'existe pas.")
    return par_code[code]


def _valeur_commune(membres: Iterable[Entree], cle: str) -> str:
    valeurs = {membre[cle] for membre in membres}
    return valeurs.pop() if len(valeurs) == 1 else ""


def _rattachements_de(nom: str) -> list[tuple[int, str]]:
    cibles = {"departement": "departements.csv", "region": "regions.csv", "epci": "epci.csv"}
    cibles |= dict.fromkeys(("commune_parente", "actuelle"), "communes.csv.gz")
    return [(rang, cibles[colonne]) for rang, colonne in enumerate(ENTETES[nom]) if colonne in cibles]


def _ecrire(chemin: Path, lignes: Iterable[Ligne]) -> None:
    texte = io.StringIO()
    ecrivain = csv.writer(texte, lineterminator="\n")
    ecrivain.writerow(ENTETES[chemin.name])
    ecrivain.writerows(lignes)
    octets = texte.getvalue().encode()
    chemin.write_bytes(_compresser(octets) if chemin.suffix == ".gz" else octets)


def _compresser(octets: bytes) -> bytes:
    """Sans nom ni date dans l'en-tête : le même contenu donne les mêmes octets."""
    tampon = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=tampon, mtime=0) as flux:
        flux.write(octets)
    return tampon.getvalue()


def principal(arguments: list[str]) -> None:
    analyse = argparse.ArgumentParser(description="Construit les fichiers de territoires.")
    analyse.add_argument("paquet", nargs="?", type=Path, help="dossier du paquet npm décompressé")
    analyse.add_argument("--sortie", type=Path, default=DOSSIER, help="où écrire (par défaut : ce dossier)")
    choix = analyse.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporaire:
        lignes = construire(choix.paquet or obtenir(Path(temporaire)), choix.sortie)
    for nom, nombre in lignes.items():
        print(f"{nom} : {nombre} lignes")


if __name__ == "__main__":
    principal(sys.argv[1:])
