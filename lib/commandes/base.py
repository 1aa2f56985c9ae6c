"""Préparer et vérifier la base."""

from typing import Annotated

import typer

from lib.config import reglages
from lib.services import demarrage
from lib.services.preparation import MOT_DE_PASSE_DE_DEMONSTRATION, preparer

PORT = 8501


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("migrer")(_migrer)
    application.command("servir-verifier")(_verifier)
    application.command("preparer")(_preparer)
    application.command("revision")(_revision)


def _migrer() -> None:
    """Amène la base au schéma de cette version ; sûr à relancer."""
    demarrage.migrer_base(demarrage.base())
    typer.echo("La base est à jour.")


def _verifier() -> None:
    """Dit si le serveur accepterait de démarrer, et sinon pourquoi."""
    demarrage.verifier(reglages(), demarrage.base())
    typer.echo("Le serveur peut démarrer.")


def _preparer(port: Annotated[int, typer.Option(help="Port que le serveur écoutera.")] = PORT) -> None:
    """Migre, charge les territoires officiels, et la démonstration dans une base vide hors production."""
    fait = preparer(reglages(), demarrage.base())
    typer.echo(f"ASSO'CIE répondra sur http://localhost:{port}")
    if fait.demonstration:
        typer.echo(f"Données fictives. Comptes de démonstration, mot de passe « {MOT_DE_PASSE_DE_DEMONSTRATION} » :")
        for identifiant, role in fait.demonstration.items():
            typer.echo(f"  {identifiant:<8} {role}")
    elif not fait.comptes:
        typer.echo("Aucun compte : créez le premier par « python -m lib compte creer ».")


def _revision(message: Annotated[str, typer.Argument(help="Ce que la migration apporte.")]) -> None:
    """Propose une migration d'après les modèles ; à relire avant de la valider."""
    demarrage.proposer_migration(demarrage.base(), message)
