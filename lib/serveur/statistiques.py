"""Les chiffres publiés : leur forme, et leur tableau. Un autre module les calcule ; celui-ci ne lit aucune donnée."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape

from lib.domain.formats import date_longue
from lib.services.statistiques import REGLE_ENTIERE

ATTENTE = (
    "Cette page publiera, sans aucune donnée personnelle, l’avancement de l’enquête (entretiens menés et prévus, par "
    "terrain et par type d’acteur) et la durée des partenariats observés."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiffrePublic:
    """Une ligne publiée. valeur : déjà écrite à la française, dénominateur compris. definition : ce qui est compté.

    enquete : le nom que porte l'intitulé, s'il en porte un ; seul de son espèce, il se lit en tête du tableau HTML.
    """

    intitule: str
    valeur: str
    definition: str
    enquete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatistiquesPubliques:
    """Les chiffres d'une date, déjà protégés des petits effectifs par qui les fournit."""

    arretees_au: date
    chiffres: tuple[ChiffrePublic, ...]


FournirStatistiques = Callable[[], StatistiquesPubliques | None]


def sans_statistiques() -> StatistiquesPubliques | None:
    """Aucune donnée à publier."""
    return None


def ecrire_statistiques(statistiques: StatistiquesPubliques | None) -> str:
    """Le contenu HTML de la page : un tableau titré, ou la phrase qui dit ce qui viendra."""
    if statistiques is None or not statistiques.chiffres:
        return f"<p>{ATTENTE}</p>"
    noms = {chiffre.enquete for chiffre in statistiques.chiffres}
    seul = noms.pop() if len(noms) == 1 else ""
    titre = f"{escape(seul)}. " if seul else ""
    lignes = "".join(_ecrire_ligne(chiffre, seul) for chiffre in statistiques.chiffres)
    return (
        "<p>Chiffres de l’enquête, sans donnée personnelle. Démarche qualitative, non représentative.</p>"
        '<div class="defilant" tabindex="0" role="region" aria-label="Tableau des chiffres publiés"><table>'
        f"<caption>{titre}Données arrêtées au {escape(date_longue(statistiques.arretees_au))}</caption>"
        '<thead><tr><th scope="col">Indicateur</th><th scope="col">Valeur</th><th scope="col">Définition</th></tr>'
        f"</thead><tbody>{lignes}</tbody></table></div>"
        f"<p>{escape(REGLE_ENTIERE)}</p>"
        '<p>Les mêmes chiffres : <a href="/statistiques.csv">tableau (CSV)</a>, '
        '<a href="/statistiques.json">données (JSON)</a>.</p>'
    )


def ecrire_json(statistiques: StatistiquesPubliques | None) -> str:
    """Les mêmes lignes en JSON ; schéma dans docs/statistiques.md. Sans données, `arretees_au` est nul."""
    return json.dumps(
        {
            "arretees_au": statistiques.arretees_au.isoformat() if statistiques else None,
            "regle": REGLE_ENTIERE,
            "chiffres": [
                {"intitule": chiffre.intitule, "valeur": chiffre.valeur, "definition": chiffre.definition}
                for chiffre in (statistiques.chiffres if statistiques else ())
            ],
        },
        ensure_ascii=False,
    )


def ecrire_csv(statistiques: StatistiquesPubliques | None) -> str:
    """Les mêmes lignes en .csv : point-virgule, UTF-8 avec BOM, que les tableurs français ouvrent sans question."""
    sortie = io.StringIO()
    tableau = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    tableau.writerow(("arretees_au", "intitule", "valeur", "definition"))
    for chiffre in statistiques.chiffres if statistiques else ():
        jour = statistiques.arretees_au.isoformat() if statistiques else ""
        tableau.writerow((jour, *map(_sans_formule, (chiffre.intitule, chiffre.valeur, chiffre.definition))))
    return "\ufeff" + sortie.getvalue()


def _sans_formule(texte: str) -> str:
    """Un terrain nommé « =… » ne doit pas devenir une formule chez qui ouvre le fichier."""
    return f"'{texte}" if texte.startswith(("=", "+", "-", "@", "\t", "\r")) else texte


def _ecrire_ligne(chiffre: ChiffrePublic, seul: str) -> str:
    """seul : le nom que portent toutes les lignes ; il est en tête, elles ne le répètent pas."""
    intitule = chiffre.intitule.replace(f" – {seul}", "", 1) if seul else chiffre.intitule
    return (
        f'<tr><th scope="row">{escape(intitule)}</th><td>{escape(chiffre.valeur)}</td>'
        f"<td>{escape(chiffre.definition)}</td></tr>"
    )
