"""Les commandes de `python -m lib`, un module par sujet.

Chaque module expose soit `ajouter(application)`, soit une sous-application ; il s'inscrit dans `composer`.
"""

import typer

from lib.commandes import base, bilan, compte, donnees, exports, indicateurs, investigation, partenariats, territoires


def composer() -> typer.Typer:
    """L'application de ligne de commande, toutes commandes inscrites."""
    application = typer.Typer(
        help="Exploiter ASSO'CIE.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    base.ajouter(application)
    donnees.ajouter(application)
    exports.ajouter(application)
    partenariats.ajouter(application)
    territoires.ajouter(application)
    indicateurs.ajouter(application)
    bilan.ajouter(application)
    application.add_typer(compte.commandes, name="compte")
    application.add_typer(investigation.commandes, name="investigation")
    return application


application = composer()
