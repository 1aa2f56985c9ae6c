"""Une commune se trouve par son nom, sans accents ni traits d'union, ou par son code INSEE."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Territoire
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import nom_recherche
from lib.services.communes import chercher_communes, nommer_commune, verifier_commune
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


def test_le_code_d_une_commune_fusionnee_trouve_celle_qui_l_a_reprise(territoires: Engine) -> None:
    with ecriture(territoires, None) as session:
        session.add(Territoire(niveau=NiveauTerritoire.COMMUNE, code="74010", nom="Annecy", nom_recherche="annecy"))
    with lecture(territoires) as session:
        assert [c.nom for c in chercher_communes(session, texte="74011")] == ["Annecy"]


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("13", "« 13 » est un code de niveau « département », pas celui d'une commune"),
        ("200054807", "« 200054807 » est un code de niveau « intercommunalité », pas celui d'une commune"),
        ("74011", "La commune 74011 a fusionné ou changé de code : c'est aujourd'hui Annecy (74010)"),
        ("99999", "Aucune commune ne porte le code « 99999 »"),
    ],
)
def test_un_code_qui_n_est_pas_une_commune_d_aujourd_hui_se_refuse(territoires: Engine, code: str, phrase: str) -> None:
    with ecriture(territoires, None) as session:
        session.add(Territoire(niveau=NiveauTerritoire.COMMUNE, code="74010", nom="Annecy", nom_recherche="annecy"))
    with lecture(territoires) as session, pytest.raises(DonneeInvalide) as refus:
        verifier_commune(session, code=code)
    assert str(refus.value).replace("\xa0", " ").startswith(phrase) and refus.value.champ == "commune_code"


@pytest.mark.parametrize("code", [None, "", "13055", "13215", "2A004"])
def test_une_commune_un_arrondissement_ou_rien_se_gardent(territoires: Engine, code: str | None) -> None:
    with lecture(territoires) as session:
        verifier_commune(session, code=code)


def test_sans_referentiel_aucun_code_ne_se_refuse(moteur: Engine) -> None:
    with lecture(moteur) as session:
        verifier_commune(session, code="99999")
