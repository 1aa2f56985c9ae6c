"""Les indicateurs en ligne de commande : les mêmes chiffres que la page."""

import json
from typing import Annotated

import typer

from lib.commandes.partenariats import perimetre_de
from lib.services import demarrage
from lib.services.indicateur import decrire, dire
from lib.services.indicateurs import lire_indicateurs
from lib.services.transaction import lecture
from lib.services.versions_reference import lire_derniere, tendances


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("indicateurs")(_indicateurs)


def _indicateurs(
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
    en_json: Annotated[bool, typer.Option("--json", help="Un objet JSON plutôt que des phrases.")] = False,
) -> None:
    """Écrit tous les indicateurs de la page. `null` où une valeur n'existe pas."""
    perimetre = perimetre_de(investigation)
    with lecture(demarrage.base()) as session:
        lus, derniere = lire_indicateurs(session, perimetre), lire_derniere(session, perimetre)
    if en_json:
        contenu = {
            "au": lus.au.isoformat(),
            "version_reference": derniere.version.numero if derniere else None,
            "indicateurs": decrire(lus, tendances(lus, derniere)),
        }
        typer.echo(json.dumps(contenu, ensure_ascii=False, indent=2))
        return
    for indicateur in lus.tous:
        typer.echo(dire(indicateur))
