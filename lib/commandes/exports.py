"""Exporter depuis la machine qui sert, sans passer par le navigateur : même service, même journal."""

import os
import shutil
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.formats import compter, guillemets, taille_fichier
from lib.domain.vocabulaire import Role
from lib.services import demarrage
from lib.services.exports import DemandeExport, produire
from lib.services.exports_fichier import FormatExport
from lib.services.investigations import investigations_par_code
from lib.services.transaction import lecture

AUTEUR = "Exploitation"


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("exporter")(_exporter)


def _exporter(
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
    sortie: Annotated[Path, typer.Option(help="Dossier où écrire le fichier ; créé s'il manque.")],
    format_: Annotated[FormatExport, typer.Option("--format", help="Classeur ou archive de .csv.")] = FormatExport.XLSX,
    identifie: Annotated[bool, typer.Option("--identifie", help="Avec les noms et les coordonnées.")] = False,
    motif: Annotated[str, typer.Option(help="Pourquoi les données sortent identifiées ; gardé au journal.")] = "",
) -> None:
    """Écrit toutes les tables d'une investigation, sous pseudonyme sauf demande contraire motivée."""
    moteur = demarrage.base()
    with lecture(moteur) as session:
        identifiant = investigations_par_code(session).get(investigation)
    if identifiant is None:
        raise Introuvable(f"Aucune investigation ne porte le code {guillemets(investigation)}.")
    dossier = preparer_dossier(sortie)
    perimetre = Perimetre(compte_id=0, role=Role.ADMINISTRATEUR, investigation_id=identifiant)
    demande = DemandeExport(format=format_, identifie=identifie, motif=motif)
    pret = produire(moteur, perimetre, demande, auteur=AUTEUR, exploitation=True)
    fichier = deposer(pret.bilan.nom, pret.fichier, dossier)
    typer.echo(f"{fichier} : {compter(pret.bilan.total, 'ligne')}, {taille_fichier(pret.bilan.octets)}.")


def preparer_dossier(dossier: Path) -> Path:
    """Avant d'exporter : un dossier impossible ne laisse pas au journal un export que personne n'a reçu."""
    try:
        dossier.mkdir(parents=True, exist_ok=True)
    except OSError as erreur:
        raise DonneeInvalide(f"Le dossier {guillemets(str(dossier))} ne peut pas être créé.") from erreur
    if not os.access(dossier, os.W_OK):
        raise DonneeInvalide(f"Le dossier {guillemets(str(dossier))} n'est pas ouvert en écriture.")
    return dossier


def deposer(nom_voulu: str, contenu: BinaryIO, dossier: Path) -> Path:
    """Écrit le fichier sans en écraser un autre, lisible de son seul propriétaire."""
    nom = Path(nom_voulu)
    rang, fichier = 1, dossier / nom
    while fichier.exists():
        rang += 1
        fichier = dossier / f"{nom.stem}-{rang}{nom.suffix}"
    fichier.touch(mode=0o600, exist_ok=False)
    with fichier.open("wb") as destination:
        shutil.copyfileobj(contenu, destination)
    return fichier
