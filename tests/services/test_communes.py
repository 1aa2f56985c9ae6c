"""Une commune se trouve par son nom, sans accents ni traits d'union, ou par son code INSEE."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Territoire
from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import nom_recherche
from lib.services.communes import chercher_communes, nommer_commune
from lib.services.transaction import ecriture, lecture

COMMUNES = (
    (NiveauTerritoire.COMMUNE, "13055", "Marseille", "13"),
    (NiveauTerritoire.ARRONDISSEMENT, "13215", "Marseille 15e Arrondissement", "13"),
    (NiveauTerritoire.COMMUNE, "60387", "Marseille-en-Beauvaisis", "60"),
    (NiveauTerritoire.COMMUNE, "2A004", "Ajaccio", "2A"),
    (NiveauTerritoire.COMMUNE, "58264", "Saint-Pierre-le-Moûtier", "58"),
    (NiveauTerritoire.DEPARTEMENT, "13", "Bouches-du-Rhône", "13"),
    (NiveauTerritoire.EPCI, "200054807", "Marseille métropole", "13"),
)


@pytest.fixture
def territoires(moteur: Engine) -> Engine:
    with ecriture(moteur, None) as session:
        session.add_all(
            Territoire(niveau=niveau, code=code, nom=nom, nom_recherche=nom_recherche(nom), departement_code=dep)
            for niveau, code, nom, dep in COMMUNES
        )
    return moteur


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("marseille", ["13055", "60387", "13215"]),
        ("Marseille 15", ["13215"]),
        ("2a004", ["2A004"]),
        ("st pierre le moutier", ["58264"]),
        ("m", []),
        ("%%", []),
        ("13", []),
    ],
)
def test_chercher(territoires: Engine, texte: str, attendus: list[str]) -> None:
    with lecture(territoires) as session:
        assert [c.code for c in chercher_communes(session, texte=texte)] == attendus


def test_le_departement_distingue_les_homonymes(territoires: Engine) -> None:
    with lecture(territoires) as session:
        trouvees = chercher_communes(session, texte="marseille")
        assert (trouvees[0].departement, trouvees[1].departement) == ("Bouches-du-Rhône", "")
        assert nommer_commune(session, code="2A004") == "Ajaccio"
        assert nommer_commune(session, code="99999") is None
