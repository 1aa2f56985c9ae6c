"""Le bilan en ligne de commande : les quatre fichiers de la page, aux mêmes chiffres."""

import io
from pathlib import Path
from typing import Annotated

import typer

from lib.commandes.exports import AUTEUR, deposer, preparer_dossier
from lib.commandes.partenariats import perimetre_de
from lib.domain.formats import taille_fichier
from lib.services import demarrage
from lib.services.bilan.fichiers import produire_bilan


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("bilan")(_bilan)


def _bilan(
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
    sortie: Annotated[Path, typer.Option(help="Dossier où écrire les fichiers ; créé s'il manque.")],
) -> None:
    """Écrit la fiche (.md), le rapport (.html), le document (.docx) et les chiffres (.xlsx), anonymes."""
    perimetre = perimetre_de(investigation)
    dossier = preparer_dossier(sortie)
    for fichier in produire_bilan(demarrage.base(), perimetre, auteur=AUTEUR, exploitation=True):
        ecrit = deposer(fichier.nom, io.BytesIO(fichier.octets), dossier)
        typer.echo(f"{ecrit} : {taille_fichier(len(fichier.octets))}.")
