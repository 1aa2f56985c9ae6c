"""Une poignée de territoires officiels : de quoi comparer des lieux sans charger tout le référentiel.

Métropole de Marseille (13), CA de Dijon (21), CC de l'Avallonnais (89), et une île sans intercommunalité.
"""

from sqlalchemy.orm import Session

from lib.db.modeles import Territoire
from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import nom_recherche

MARSEILLE, MARSEILLE_15, DIJON, AVALLON, OUESSANT = "13055", "13215", "21231", "89025", "29155"
_COMMUNE, _EPCI = NiveauTerritoire.COMMUNE, NiveauTerritoire.EPCI
_DEPARTEMENT, _REGION = NiveauTerritoire.DEPARTEMENT, NiveauTerritoire.REGION
# niveau, code, nom, département, région, intercommunalité, type, commune parente
LIEUX = (
    (_REGION, "27", "Bourgogne-Franche-Comté", None, "27", None, None, None),
    (_REGION, "93", "Provence-Alpes-Côte d'Azur", None, "93", None, None, None),
    (_REGION, "53", "Bretagne", None, "53", None, None, None),
    (_DEPARTEMENT, "13", "Bouches-du-Rhône", "13", "93", None, None, None),
    (_DEPARTEMENT, "21", "Côte-d'Or", "21", "27", None, None, None),
    (_DEPARTEMENT, "89", "Yonne", "89", "27", None, None, None),
    (_DEPARTEMENT, "29", "Finistère", "29", "53", None, None, None),
    (_EPCI, "200054807", "Métropole d'Aix-Marseille-Provence", "13", "93", "200054807", "METRO", None),
    (_EPCI, "242100410", "CA de Dijon", "21", "27", "242100410", "CA", None),
    (_EPCI, "200039758", "CC Avallon - Vézelay - Morvan", "89", "27", "200039758", "CC", None),
    (_COMMUNE, MARSEILLE, "Marseille", "13", "93", "200054807", None, None),
    (NiveauTerritoire.ARRONDISSEMENT, MARSEILLE_15, "Marseille 15e", "13", "93", "200054807", None, MARSEILLE),
    (_COMMUNE, DIJON, "Dijon", "21", "27", "242100410", None, None),
    (_COMMUNE, AVALLON, "Avallon", "89", "27", "200039758", None, None),
    (_COMMUNE, OUESSANT, "Ouessant", "29", "53", None, None, None),
)


def poser_lieux(session: Session) -> None:
    """Écrit ces territoires dans une base qui n'en a pas."""
    for niveau, code, nom, departement, region, epci, type_epci, parente in LIEUX:
        session.add(
            Territoire(
                niveau=niveau,
                code=code,
                nom=nom,
                nom_recherche=nom_recherche(nom),
                departement_code=departement,
                region_code=region,
                epci_code=epci,
                type_epci=type_epci,
                commune_parente_code=parente,
            )
        )
    session.flush()
