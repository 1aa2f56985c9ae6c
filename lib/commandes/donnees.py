"""Charger la démonstration ; vérifier ou refaire les synthèses ; refaire l'index de recherche."""

from typing import Annotated

import typer

from lib.services import demarrage, demonstration, recherche_textes, syntheses
from lib.services.investigations import investigations_par_code
from lib.services.transaction import ecriture, lecture


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("demo")(_charger)
    groupe = typer.Typer(help="Comptes tenus à l'écriture.", no_args_is_help=True)
    groupe.command("verifier")(_verifier)
    groupe.command("refaire")(_refaire)
    application.add_typer(groupe, name="syntheses")
    mots = typer.Typer(help="Mots que la recherche connaît.", no_args_is_help=True)
    mots.callback()(_mots)
    mots.command("refaire")(_refaire_mots)
    application.add_typer(mots, name="recherche")


def _charger(
    echelle: Annotated[int, typer.Option(min=1, help="Nombre d'entretiens voulu (27 au moins).")] = 1,
) -> None:
    """Charge l'investigation fictive dans une base vide ; à grande échelle, plusieurs minutes."""
    moteur = demarrage.base()
    demarrage.migrer_base(moteur)
    with ecriture(moteur, None) as session:
        demonstration.charger(session, echelle)
    typer.echo("L'investigation fictive est chargée.")


def _verifier() -> None:
    """Compare les synthèses aux lignes ; sort en erreur s'il y a un écart."""
    ecarts = 0
    with lecture(demarrage.base()) as session:
        for code, identifiant in investigations_par_code(session).items():
            for ecart in syntheses.verifier(session, identifiant):
                ecarts += 1
                typer.echo(f"{code} : {ecart}")
    typer.echo(f"{ecarts} écart(s)." if ecarts else "Les synthèses sont justes.")
    raise typer.Exit(1 if ecarts else 0)


def _refaire() -> None:
    """Reconstruit les synthèses à partir des lignes."""
    with ecriture(demarrage.base(), None, motif="synthèses refaites") as session:
        for identifiant in investigations_par_code(session).values():
            syntheses.refaire(session, identifiant)
    typer.echo("Les synthèses sont refaites.")


def _mots() -> None:
    """Mots que la recherche connaît : textes, citations et mémos."""


def _refaire_mots() -> None:
    """Reconstruit l'index de recherche à partir des textes ; utile après une écriture faite hors de l'application."""
    with ecriture(demarrage.base(), None, motif="index de recherche refait") as session:
        for identifiant in investigations_par_code(session).values():
            recherche_textes.refaire(session, identifiant)
    typer.echo("L'index de recherche est refait.")
