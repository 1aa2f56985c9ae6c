"""Comptes, depuis la machine qui sert : le premier administrateur ne peut venir que de là."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import Role
from lib.services import comptes, demarrage, lecture_comptes
from lib.services.transaction import ecriture, lecture

commandes = typer.Typer(help="Créer, lister et fermer des comptes.", no_args_is_help=True)
# Qui tient la machine administre : le journal écrit « Exploitation ».
EXPLOITATION = Perimetre(compte_id=0, role=Role.ADMINISTRATEUR)

Identifiant = Annotated[str, typer.Argument(help="Lettres sans accent, chiffres, point, tiret.")]


@commandes.command("creer")
def creer(
    identifiant: Annotated[
        str, typer.Option(prompt="Identifiant", help="Lettres sans accent, chiffres, point, tiret.")
    ],
    nom: Annotated[str, typer.Option(prompt="Nom à afficher", help="Le nom que les autres verront.")],
    role: Annotated[Role, typer.Option(help="Ce que le compte pourra faire.")] = Role.ADMINISTRATEUR,
) -> None:
    """Crée un compte. Le mot de passe se tape sans écho, ou se lit sur l'entrée standard : jamais en argument."""
    mot_de_passe = lire_mot_de_passe()
    with _ecriture("Création en ligne de commande") as session:
        comptes.creer_compte(
            session, EXPLOITATION, identifiant=identifiant, nom=nom, role=role, mot_de_passe=mot_de_passe
        )
    typer.echo(f"Le compte « {comptes.normaliser_identifiant(identifiant)} » est créé ({role.libelle}).")


@commandes.command("lister")
def lister() -> None:
    """Les comptes, leur rôle et leur état."""
    with lecture(demarrage.base()) as session:
        total = lecture_comptes.compter_comptes(session, EXPLOITATION)
        for page in range(1, total // lecture_comptes.PAR_PAGE + 2):
            for lu in lecture_comptes.lister_comptes(session, EXPLOITATION, page=page):
                typer.echo(f"{lu.identifiant:<24} {lu.role.libelle:<24} {'actif' if lu.actif else 'désactivé'}")


@commandes.command("desactiver")
def desactiver(identifiant: Identifiant) -> None:
    """Ferme un compte et ses sessions ; il se réactive depuis l'application."""
    with _ecriture("Désactivation en ligne de commande") as session:
        compte_id = comptes.identifiant_vers_id(session, identifiant)
        comptes.desactiver_compte(session, EXPLOITATION, compte_id=compte_id)
    typer.echo("Le compte est désactivé.")


@commandes.command("mot-de-passe")
def changer_mot_de_passe(identifiant: Identifiant) -> None:
    """Remplace le mot de passe d'un compte et ferme ses sessions."""
    with lecture(demarrage.base()) as session:
        compte_id = comptes.identifiant_vers_id(session, identifiant)
    mot_de_passe = lire_mot_de_passe()
    with _ecriture("Mot de passe remplacé en ligne de commande") as session:
        comptes.reinitialiser_mot_de_passe(session, EXPLOITATION, compte_id=compte_id, mot_de_passe=mot_de_passe)
    typer.echo("Le mot de passe est remplacé ; les sessions de ce compte sont fermées.")


def lire_mot_de_passe() -> str:
    """Deux saisies sans écho devant un terminal ; sinon la première ligne de l'entrée standard."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    mot_de_passe = getpass("Mot de passe (12 caractères au moins) : ")
    if getpass("Une seconde fois : ") != mot_de_passe:
        raise DonneeInvalide("Les deux saisies diffèrent : rien n'a été enregistré.")
    return mot_de_passe


@contextmanager
def _ecriture(motif: str) -> Iterator[Session]:
    with ecriture(demarrage.base(), None, motif=motif) as session:
        yield session
