"""Les territoires livrés, et le script qui les construit."""

import csv
import gzip
import re
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import (
    DOSSIER,
    Territoire,
    lire_communes_anciennes,
    lire_territoires,
    nom_recherche,
)

SCRIPT = DOSSIER / "construire.py"
PAQUET_REDUIT = Path(__file__).parents[1] / "donnees" / "decoupage_reduit"
FICHIERS = ("regions.csv", "departements.csv", "epci.csv", "communes.csv.gz", "communes_anciennes.csv.gz")
POIDS_MAXIMAL = 700_000

Annuaire = dict[tuple[str, str], Territoire]
Tables = dict[str, list[tuple[str, ...]]]


@pytest.fixture(scope="module")
def territoires() -> list[Territoire]:
    return list(lire_territoires())


@pytest.fixture(scope="module")
def annuaire(territoires: list[Territoire]) -> Annuaire:
    return {(territoire.niveau, territoire.code): territoire for territoire in territoires}


# --- Ce qui est livré -------------------------------------------------------------------------------------------


def test_un_territoire_par_niveau_et_code(territoires: list[Territoire], annuaire: Annuaire) -> None:
    assert len(annuaire) == len(territoires)


def test_tous_les_niveaux_sont_du_vocabulaire(territoires: list[Territoire]) -> None:
    assert {territoire.niveau for territoire in territoires} == set(NiveauTerritoire)


def test_effectifs_officiels(territoires: list[Territoire]) -> None:
    effectifs = Counter(t.niveau.value for t in territoires if not t.est_outremer_hors_region)
    assert effectifs == {
        "region": 18,
        "departement": 101,
        "epci": 1255,
        "commune": 34_875,
        "arrondissement": 45,
    }


def test_collectivites_d_outremer(territoires: list[Territoire]) -> None:
    hors_region = [territoire for territoire in territoires if territoire.est_outremer_hors_region]
    codes = {niveau.value: {t.code for t in hors_region if t.niveau == niveau} for niveau in NiveauTerritoire}
    attendus = {"975", "977", "978", "984", "986", "987", "988", "989"}
    assert codes["region"] == codes["departement"] == attendus
    assert codes["epci"] == codes["arrondissement"] == set()
    assert len(codes["commune"]) == 94


def test_departements_de_bourgogne_franche_comte(territoires: list[Territoire]) -> None:
    trouves = {t.code for t in territoires if t.niveau == "departement" and t.region_code == "27"}
    assert trouves == {"21", "25", "39", "58", "70", "71", "89", "90"}


def test_departements_de_provence_alpes_cote_d_azur(territoires: list[Territoire]) -> None:
    trouves = {t.code for t in territoires if t.niveau == "departement" and t.region_code == "93"}
    assert trouves == {"04", "05", "06", "13", "83", "84"}


def test_un_meme_code_a_deux_niveaux(annuaire: Annuaire) -> None:
    assert annuaire["region", "27"].nom == "Bourgogne-Franche-Comté"
    assert annuaire["departement", "27"].nom == "Eure"
    assert annuaire["departement", "27"].region_code == "28"


@pytest.mark.parametrize(
    ("niveau", "code", "nom"),
    [
        ("departement", "01", "Ain"),
        ("departement", "2A", "Corse-du-Sud"),
        ("departement", "2B", "Haute-Corse"),
        ("region", "01", "Guadeloupe"),
        ("region", "94", "Corse"),
        ("commune", "01001", "L'Abergement-Clémenciat"),
        ("commune", "2A004", "Ajaccio"),
        ("commune", "21231", "Dijon"),
        ("commune", "97411", "Saint-Denis"),
        ("commune", "98818", "Nouméa"),
    ],
)
def test_codes_en_texte(annuaire: Annuaire, niveau: str, code: str, nom: str) -> None:
    assert annuaire[niveau, code].nom == nom


def test_marseille(annuaire: Annuaire) -> None:
    marseille = annuaire["commune", "13055"]
    assert (marseille.departement_code, marseille.region_code) == ("13", "93")
    assert marseille.epci_code == "200054807"
    assert marseille.commune_parente_code is None
    metropole = annuaire["epci", "200054807"]
    assert (metropole.nom, metropole.type_epci) == ("Métropole d'Aix-Marseille-Provence", "METRO")


@pytest.mark.parametrize(
    ("commune", "premier", "nombre"), [("13055", 13201, 16), ("69123", 69381, 9), ("75056", 75101, 20)]
)
def test_arrondissements_municipaux(annuaire: Annuaire, commune: str, premier: int, nombre: int) -> None:
    trouves = [t for t in annuaire.values() if t.commune_parente_code == commune]
    assert [t.code for t in trouves] == [str(premier + rang) for rang in range(nombre)]
    assert {t.niveau for t in trouves} == {NiveauTerritoire.ARRONDISSEMENT}
    assert {t.epci_code for t in trouves} == {annuaire["commune", commune].epci_code}


def test_types_d_epci(territoires: list[Territoire]) -> None:
    types = Counter(t.type_epci for t in territoires if t.niveau == "epci")
    assert types == {"CC": 989, "CA": 230, "CU": 14, "METRO": 21, "MET69": 1}
    assert all(t.type_epci is None for t in territoires if t.niveau != "epci")


def test_un_epci_a_cheval_n_a_pas_de_departement(annuaire: Annuaire) -> None:
    bertranges = annuaire["epci", "200068088"]
    assert (bertranges.departement_code, bertranges.region_code) == (None, None)
    dijon = annuaire["epci", "242100410"]
    assert (dijon.departement_code, dijon.region_code, dijon.type_epci) == ("21", "27", "METRO")


def test_chaque_territoire_vient_apres_ceux_dont_il_depend(territoires: list[Territoire]) -> None:
    vus: set[tuple[str, str]] = set()
    for territoire in territoires:
        vus.add((territoire.niveau, territoire.code))
        assert _rattachements(territoire) <= vus, territoire


def _rattachements(territoire: Territoire) -> set[tuple[str, str]]:
    liens = {
        ("region", territoire.region_code),
        ("departement", territoire.departement_code),
        ("epci", territoire.epci_code),
        ("commune", territoire.commune_parente_code),
    }
    return {(niveau, code) for niveau, code in liens if code is not None}


def test_chaque_commune_a_son_departement_et_sa_region(territoires: list[Territoire], annuaire: Annuaire) -> None:
    for commune in (t for t in territoires if t.niveau in ("commune", "arrondissement")):
        assert commune.departement_code is not None, commune
        assert annuaire["departement", commune.departement_code].region_code == commune.region_code


def test_le_departement_vient_du_code_insee(territoires: list[Territoire]) -> None:
    for commune in (t for t in territoires if t.niveau in ("commune", "arrondissement")):
        longueur = 3 if commune.code.startswith(("97", "98")) else 2
        assert commune.departement_code == commune.code[:longueur], commune


def test_communes_sans_epci(territoires: list[Territoire]) -> None:
    """Quatre îles de métropole ; les collectivités d'outre-mer n'ont pas d'EPCI à fiscalité propre."""
    seules = {
        t.nom for t in territoires if t.niveau == "commune" and not t.epci_code and not t.est_outremer_hors_region
    }
    assert seules == {"Île-de-Bréhat", "Île-de-Sein", "Ouessant", "L'Île-d'Yeu"}


def test_poids_total() -> None:
    assert sum((DOSSIER / nom).stat().st_size for nom in FICHIERS) < POIDS_MAXIMAL


def test_les_sources_disent_les_vrais_effectifs() -> None:
    notice = (DOSSIER / "SOURCES.md").read_text(encoding="utf-8")
    version = runpy.run_path(str(SCRIPT))["VERSION"]
    assert f"version {version}" in notice
    for nom in FICHIERS:
        annonce = re.search(rf"^\| `{re.escape(nom)}` \| ([\d ]+) \|", notice, flags=re.MULTILINE)
        assert annonce is not None, nom
        assert int(annonce[1].replace(" ", "")) == len(_lire_brut(DOSSIER / nom)), nom


def _lire_brut(chemin: Path) -> list[dict[str, str]]:
    octets = chemin.read_bytes()
    texte = (gzip.decompress(octets) if chemin.suffix == ".gz" else octets).decode()
    return list(csv.DictReader(texte.splitlines()))


# --- Chercher un nom --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "saisie",
    ["Saint-Étienne-du-Rouvray", "st etienne du rouvray", "ST-ETIENNE DU ROUVRAY", "saint\u00a0étienne du rouvray"],
)
def test_nom_recherche(saisie: str) -> None:
    assert nom_recherche(saisie) == "saint etienne du rouvray"


def test_nom_recherche_n_abrege_que_des_mots_entiers() -> None:
    assert nom_recherche("Stains") == "stains"
    assert nom_recherche("Ste-Marie") == "sainte marie"


def test_retrouver_une_commune_par_son_nom(territoires: list[Territoire]) -> None:
    trouvees = [
        t.code for t in territoires if t.niveau == "commune" and nom_recherche(t.nom) == nom_recherche("ST CLAUDE")
    ]
    assert trouvees == ["39478", "97124"]


# --- Le script --------------------------------------------------------------------------------------------------


def _construire(sortie: Path) -> dict[str, bytes]:
    sortie.mkdir()
    subprocess.run([sys.executable, SCRIPT, PAQUET_REDUIT, "--sortie", sortie], check=True, capture_output=True)
    return {chemin.name: chemin.read_bytes() for chemin in sortie.iterdir()}


def test_construire_deux_fois_donne_les_memes_octets(tmp_path: Path) -> None:
    premiere = _construire(tmp_path / "a")
    assert premiere == _construire(tmp_path / "b")
    assert set(premiere) == set(FICHIERS)


def test_construire_un_paquet_reduit(tmp_path: Path) -> None:
    fichiers = _construire(tmp_path / "a")
    assert fichiers["regions.csv"].decode().splitlines() == [
        "code,nom,zone",
        "27,Région du milieu,metro",
        "93,Région du sud,metro",
        "988,Île lointaine,com",
    ]
    assert fichiers["epci.csv"].decode().splitlines() == [
        "code,nom,type,departement,region",
        "200000001,Métropole du port,METRO,13,93",
        "200000002,CC à cheval,CC,,27",
    ]
    assert gzip.decompress(fichiers["communes.csv.gz"]).decode().splitlines() == [
        "code,nom,departement,region,epci,commune_parente",
        "01001,L'Aval-Élevé,01,27,200000002,",
        "13055,Le Port,13,93,200000001,",
        "13201,Le Port 1er Arrondissement,13,93,200000001,13055",
        '58001,"Amont, le Vieux",58,27,200000002,',
        "98801,Îlot,988,988,,",
    ]


def test_une_commune_fusionnee_mene_a_celle_d_aujourd_hui(tmp_path: Path) -> None:
    """Un code encore en usage, un code changé, une commune associée : seul un code disparu a besoin d'un renvoi."""
    _construire(tmp_path / "a")
    assert lire_communes_anciennes(tmp_path / "a") == {"58002": "58001", "58003": "58001"}
    livrees = lire_communes_anciennes()
    assert livrees["74011"] == "74010"
    assert livrees.keys().isdisjoint(t.code for t in lire_territoires() if t.niveau == "commune")


def test_ce_que_le_script_ecrit_se_relit(tmp_path: Path) -> None:
    _construire(tmp_path / "a")
    lus = list(lire_territoires(tmp_path / "a"))
    assert [t.code for t in lus if t.niveau == "departement"] == ["01", "13", "58", "988"]
    assert Territoire(NiveauTerritoire.COMMUNE, "98801", "Îlot", "988", "988") in lus
    assert len(lus) == 3 + 4 + 2 + 5


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.fixture
def tables() -> Tables:
    return {
        "regions.csv": [("27", "R", "metro")],
        "departements.csv": [("58", "D", "27", "metro")],
        "epci.csv": [("200000001", "E", "CC", "58", "27")],
        "communes.csv.gz": [("58001", "C", "58", "27", "200000001", "")],
        "communes_anciennes.csv.gz": [("58002", "58001")],
    }


def test_verifier_accepte_une_source_coherente(script: dict[str, Any], tables: Tables) -> None:
    assert script["verifier"](tables) is None


@pytest.mark.parametrize(
    ("fichier", "ligne", "motif"),
    [
        ("departements.csv", ("58", "Doublon", "27", "metro"), "figure deux fois"),
        ("departements.csv", ("59", "D", "99", "metro"), r"regions\.csv : 99"),
        ("epci.csv", ("200000002", "E", "CC", "77", "27"), r"departements\.csv : 77"),
        ("communes.csv.gz", ("58002", "C", "58", "27", "1", ""), r"epci\.csv : 1"),
        ("communes_anciennes.csv.gz", ("58003", "58009"), r"communes\.csv\.gz : 58009"),
        ("communes.csv.gz", ("58201", "C", "58", "27", "", "58009"), r"communes\.csv\.gz : 58009"),
    ],
)
def test_verifier_refuse_une_source_qui_se_contredit(
    script: dict[str, Any], tables: Tables, fichier: str, ligne: tuple[str, ...], motif: str
) -> None:
    tables[fichier].append(ligne)
    with pytest.raises(ValueError, match=motif):
        script["verifier"](tables)


def test_une_commune_dans_deux_epci_est_refusee(script: dict[str, Any]) -> None:
    rattachements: Callable[..., dict[str, str]] = script["rattachements"]
    epci = [{"code": code, "membres": [{"code": "58001"}]} for code in ("1", "2")]
    with pytest.raises(ValueError, match="58001 est dans deux"):
        rattachements(epci)


def test_un_membre_inconnu_est_refuse(script: dict[str, Any]) -> None:
    epci = [{"code": "1", "nom": "CC perdue", "type": "CC", "membres": [{"code": "99999"}]}]
    with pytest.raises(ValueError, match="CC perdue : la commune membre 99999"):
        script["lignes_epci"](epci, communes=[])
