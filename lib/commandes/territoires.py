"""Charger une table de relevés, et comparer les groupes : les mêmes chiffres que la page, pour un script."""

import json
from pathlib import Path
from typing import Annotated

import typer

from lib.commandes.partenariats import lire_fichier, perimetre_de
from lib.domain.axes import Dimension
from lib.domain.formats import compter
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services import demarrage
from lib.services.comparaison_terrains import comparer_groupes, decrire, dire
from lib.services.import_releves import importer_releves
from lib.services.transaction import ecriture, lecture

MOTIF_IMPORT = "import de relevés en ligne de commande"


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("importer-releves")(_importer)
    application.command("territoires")(_territoires)


def _importer(
    fichier: Annotated[Path, typer.Argument(help="Fichier .csv en UTF-8 ; colonnes dans docs/exploitation.md.")],
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
) -> None:
    """Charge une table de relevés, tout ou rien ; les irritants inconnus sont créés."""
    perimetre = perimetre_de(investigation)
    octets = lire_fichier(fichier)
    with ecriture(demarrage.base(), None, motif=MOTIF_IMPORT) as session:
        bilan = importer_releves(session, perimetre, octets)
    crees = compter(bilan.irritants, "irritant créé", "irritants créés")
    typer.echo(f"{compter(bilan.entretiens, 'entretien')}, {compter(bilan.releves, 'relevé')}, {crees}.")


def _territoires(
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
    dimension: Annotated[Dimension, typer.Option(help="Ce qui fait les groupes.")] = Dimension.TERRAIN,
    famille: Annotated[FamilleEtiquette, typer.Option(help="Ce que l'on compare.")] = FamilleEtiquette.IRRITANT,
    en_json: Annotated[bool, typer.Option("--json", help="Un objet JSON plutôt que des phrases.")] = False,
) -> None:
    """Compare une famille d'étiquettes d'un groupe à l'autre. `null` où une valeur n'existe pas."""
    perimetre = perimetre_de(investigation)
    with lecture(demarrage.base()) as session:
        lue = comparer_groupes(session, perimetre, dimension, famille)
    typer.echo(json.dumps(decrire(lue), ensure_ascii=False) if en_json else dire(lue))
