"""Les chiffres publiés : leur forme, et leur tableau. Un autre module les calcule ; celui-ci ne lit aucune donnée."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape

from lib.domain.formats import date_longue

ATTENTE = (
    "Cette page publiera, sans aucune donnée personnelle, l’avancement de l’enquête (entretiens menés et prévus, par "
    "terrain et par type d’acteur) et la durée des partenariats observés."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiffrePublic:
    """Une ligne publiée. valeur : déjà écrite à la française, dénominateur compris. definition : ce qui est compté."""

    intitule: str
    valeur: str
    definition: str


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
    lignes = "".join(map(_ecrire_ligne, statistiques.chiffres))
    return (
        "<p>Chiffres de l’enquête, sans donnée personnelle. Démarche qualitative, non représentative.</p>"
        '<div class="defilant" tabindex="0" role="region" aria-label="Tableau des chiffres publiés"><table>'
        f"<caption>Données arrêtées au {escape(date_longue(statistiques.arretees_au))}</caption>"
        '<thead><tr><th scope="col">Indicateur</th><th scope="col">Valeur</th><th scope="col">Définition</th></tr>'
        f"</thead><tbody>{lignes}</tbody></table></div>"
    )


def _ecrire_ligne(chiffre: ChiffrePublic) -> str:
    return (
        f'<tr><th scope="row">{escape(chiffre.intitule)}</th><td>{escape(chiffre.valeur)}</td>'
        f"<td>{escape(chiffre.definition)}</td></tr>"
    )
