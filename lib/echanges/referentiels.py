"""Lire les territoires officiels livrés avec l'application (data/referentiels/, provenance dans SOURCES.md)."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lib.domain.textes import plier
from lib.domain.vocabulaire import NiveauTerritoire

DOSSIER = Path(__file__).resolve().parents[2] / "data" / "referentiels"

MOTS_ABREGES = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

LONGUEUR_CODE_REGION = 2
"""Au-delà, c'est le code à trois chiffres d'une collectivité d'outre-mer (« 988 »)."""


@dataclass(frozen=True, slots=True)
class Territoire:
    """Un territoire officiel, désigné par son niveau et son code : « 27 » est une région et un département.

    Les codes sont du texte. Un rattachement vaut `None` quand il n'existe pas (une île sans intercommunalité)
    ou n'est pas unique (une intercommunalité à cheval sur deux départements). `type_epci` ne vaut que pour
    une intercommunalité, `commune_parente_code` que pour un arrondissement municipal. Un département et une
    région portent leur propre code dans `departement_code` et `region_code`.
    """

    niveau: NiveauTerritoire
    code: str
    nom: str
    departement_code: str | None = None
    region_code: str | None = None
    epci_code: str | None = None
    type_epci: str | None = None
    commune_parente_code: str | None = None

    @property
    def est_outremer_hors_region(self) -> bool:
        """Vrai en collectivité d'outre-mer, ni département ni région : la source l'inscrit aux deux niveaux."""
        return len(self.region_code or "") > LONGUEUR_CODE_REGION


def lire_territoires(dossier: Path = DOSSIER) -> Iterator[Territoire]:
    """Tous les territoires, chacun après ceux dont il dépend : régions, départements, EPCI, communes.

    Un arrondissement municipal vient après sa commune. L'ordre est stable. Lève `FileNotFoundError` si un
    fichier manque sous `dossier`.
    """
    yield from map(_region, _lignes(dossier / "regions.csv"))
    yield from map(_departement, _lignes(dossier / "departements.csv"))
    yield from map(_epci, _lignes(dossier / "epci.csv"))
    yield from map(_commune, _lignes(dossier / "communes.csv.gz"))


@lru_cache(maxsize=1)
def lire_communes_anciennes(dossier: Path = DOSSIER) -> Mapping[str, str]:
    """Code disparu → code de la commune actuelle ; gardé en mémoire, il ne change qu'avec l'application."""
    return {ligne["code"]: ligne["actuelle"] for ligne in _lignes(dossier / "communes_anciennes.csv.gz")}


def nom_recherche(nom: str) -> str:
    """Le nom plié, « St » et « Ste » écrits en toutes lettres : à appliquer au nom et à ce que l'on tape."""
    return " ".join(MOTS_ABREGES.get(mot, mot) for mot in plier(nom).split())


def _lignes(chemin: Path) -> Iterator[dict[str, str]]:
    ouvrir = gzip.open if chemin.suffix == ".gz" else open
    with ouvrir(chemin, "rt", encoding="utf-8", newline="") as fichier:
        yield from csv.DictReader(fichier)


def _region(ligne: dict[str, str]) -> Territoire:
    return Territoire(NiveauTerritoire.REGION, ligne["code"], ligne["nom"], region_code=ligne["code"])


def _departement(ligne: dict[str, str]) -> Territoire:
    niveau = NiveauTerritoire.DEPARTEMENT
    return Territoire(niveau, ligne["code"], ligne["nom"], ligne["code"], ligne["region"])


def _epci(ligne: dict[str, str]) -> Territoire:
    return Territoire(
        NiveauTerritoire.EPCI,
        ligne["code"],
        ligne["nom"],
        departement_code=ligne["departement"] or None,
        region_code=ligne["region"] or None,
        epci_code=ligne["code"],
        type_epci=ligne["type"],
    )


def _commune(ligne: dict[str, str]) -> Territoire:
    parente = ligne["commune_parente"] or None
    return Territoire(
        NiveauTerritoire.ARRONDISSEMENT if parente else NiveauTerritoire.COMMUNE,
        ligne["code"],
        ligne["nom"],
        departement_code=ligne["departement"],
        region_code=ligne["region"],
        epci_code=ligne["epci"] or None,
        commune_parente_code=parente,
    )
