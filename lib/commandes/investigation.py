"""Ouvrir une investigation depuis la machine qui sert : avant d'y charger une table, ou pour un essai à part."""

from datetime import date, datetime
from typing import Annotated

import typer

from lib.commandes.compte import EXPLOITATION
from lib.domain.horloge import aujourd_hui
from lib.services import demarrage
from lib.services.investigations import (
    SaisieInvestigation,
    creer_investigation,
    creer_terrain,
    investigations_par_code,
)
from lib.services.transaction import ecriture, lecture

commandes = typer.Typer(help="Créer et lister des investigations.", no_args_is_help=True)


@commandes.command("creer")
def creer(
    nom: Annotated[str, typer.Argument(help="Nom de l'investigation ; son code s'en déduit.")],
    terrain: Annotated[list[str] | None, typer.Option(help="Un terrain ; à répéter.")] = None,
    debut: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Premier jour ; à défaut, ce jour.")
    ] = None,
) -> None:
    """Crée une investigation et ses terrains, puis dit son code."""
    premier_jour: date = debut.date() if debut else aujourd_hui()
    with ecriture(demarrage.base(), None, motif="Création en ligne de commande") as session:
        saisie = SaisieInvestigation(nom=nom, debut=premier_jour)
        identifiant = creer_investigation(session, EXPLOITATION, saisie=saisie)
        for nom_terrain in terrain or []:
            creer_terrain(session, EXPLOITATION, investigation_id=identifiant, nom=nom_terrain)
        codes = {id_: code for code, id_ in investigations_par_code(session).items()}
    typer.echo(codes[identifiant])


@commandes.command("lister")
def lister() -> None:
    """Le code de chaque investigation."""
    with lecture(demarrage.base()) as session:
        for code in investigations_par_code(session):
            typer.echo(code)
