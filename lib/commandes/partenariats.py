"""Charger une table d'épisodes, et mesurer les durées : les mêmes chiffres que la page, pour un script."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from lib.domain.axes import AxeDuree, UniteDuree
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.formats import compter, guillemets
from lib.domain.vocabulaire import Role
from lib.services import demarrage
from lib.services.durees.commande import DemandeDurees, decrire, dire, mesurer
from lib.services.import_episodes import importer_episodes
from lib.services.investigations import investigations_par_code
from lib.services.transaction import ecriture, lecture

MOTIF_IMPORT = "import d'épisodes en ligne de commande"
TEMPS = {UniteDuree.MOIS: "6,12,24,36", UniteDuree.JOURS: "183,365,731,1096"}


def ajouter(application: typer.Typer) -> None:
    """Inscrit les commandes de ce module."""
    application.command("importer-episodes")(_importer)
    application.command("durees")(_durees)


def perimetre_de(code: str) -> Perimetre:
    """L'investigation de ce code, ouverte à l'exploitation. Lève Introuvable."""
    with lecture(demarrage.base()) as session:
        identifiant = investigations_par_code(session).get(code)
    if identifiant is None:
        raise Introuvable(f"Aucune investigation ne porte le code {guillemets(code)}.")
    return Perimetre(compte_id=0, role=Role.ADMINISTRATEUR, investigation_id=identifiant)


def lire_fichier(fichier: Path) -> bytes:
    """Le contenu d'un fichier. Lève DonneeInvalide s'il ne se lit pas."""
    try:
        return fichier.read_bytes()
    except OSError as erreur:
        raise DonneeInvalide(f"Le fichier {guillemets(str(fichier))} ne se lit pas.") from erreur


def _importer(
    fichier: Annotated[Path, typer.Argument(help="Fichier .csv en UTF-8 ; colonnes dans docs/exploitation.md.")],
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
) -> None:
    """Charge une table d'épisodes, tout ou rien ; les organisations inconnues sont créées."""
    perimetre = perimetre_de(investigation)
    octets = lire_fichier(fichier)
    with ecriture(demarrage.base(), None, motif=MOTIF_IMPORT) as session:
        bilan = importer_episodes(session, perimetre, octets)
    crees = compter(bilan.organisations, "organisation créée", "organisations créées")
    typer.echo(f"{compter(bilan.episodes, 'épisode')}, {crees}.")


def _durees(
    investigation: Annotated[str, typer.Option(help="Code de l'investigation.")],
    au: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date d'arrêt des données.")] = None,
    groupe: Annotated[AxeDuree | None, typer.Option(help="Ce qui fait les groupes ; rien : un seul.")] = None,
    strates: Annotated[AxeDuree | None, typer.Option(help="Ce qui stratifie le log-rank.")] = None,
    unite: Annotated[UniteDuree, typer.Option(help="Unité de toutes les durées.")] = UniteDuree.MOIS,
    temps: Annotated[str, typer.Option(help="Âges où lire la survie, séparés par des virgules.")] = "",
    horizon: Annotated[float | None, typer.Option(help="Horizon des durées moyennes restreintes.")] = None,
    ic: Annotated[str, typer.Option(help="Intervalle : log-log ou log.")] = "log-log",
    en_json: Annotated[bool, typer.Option("--json", help="Un objet JSON plutôt que des phrases.")] = False,
) -> None:
    """Mesure les durées d'engagement. `null` où une valeur n'existe pas."""
    perimetre = perimetre_de(investigation)
    demande = DemandeDurees(
        axe=groupe,
        strates=strates,
        unite=unite,
        au=au.date() if au else None,
        instants=_lire_temps(temps or TEMPS[unite]),
        horizon=_lire_horizon(horizon),
        intervalle=_lire_intervalle(ic),
    )
    with lecture(demarrage.base()) as session:
        mesure = mesurer(session, perimetre, demande)
    typer.echo(json.dumps(decrire(mesure), ensure_ascii=False) if en_json else dire(mesure))


def _lire_temps(temps: str) -> tuple[float, ...]:
    try:
        lus = tuple(float(morceau) for morceau in temps.split(","))
    except ValueError as erreur:
        raise DonneeInvalide(f"--temps : {guillemets(temps)} n'est pas une suite de nombres.") from erreur
    if any(not 0 <= instant < float("inf") for instant in lus):
        raise DonneeInvalide("--temps : un âge est positif ou nul.")
    return lus


def _lire_horizon(horizon: float | None) -> float | None:
    if horizon is not None and not 0 < horizon < float("inf"):
        raise DonneeInvalide("--horizon : donnez un nombre positif.")
    return horizon


def _lire_intervalle(ic: str) -> Any:
    if ic not in ("log-log", "log"):
        raise DonneeInvalide("--ic : choisissez log-log ou log.")
    return ic
