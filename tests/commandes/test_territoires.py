"""D'un .csv de relevés aux verdicts : les exemples publiés se retrouvent par la ligne de commande, des deux bases."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from lib.commandes import application
from lib.db.modeles import Entretien, Etiquette
from lib.domain.erreurs import DonneeInvalide
from lib.services import demarrage, syntheses
from lib.services.investigations import investigations_par_code
from lib.services.transaction import lecture
from tests import fabriques

ENTETES = "entretien,terrain,type_acteur,irritant,etat"
Lancer = Callable[..., Result]


@pytest.fixture
def lancer(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Lancer:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    return lambda *mots: CliRunner().invoke(application, [*map(str, mots)], catch_exceptions=False)


def releves(
    irritant: str, terrain: str, evoques: int, abordes: int, type_acteur: str = "association", premier: int = 0
) -> Iterable[str]:
    """Une ligne par entretien de ce terrain : les premiers l'évoquent, les autres l'écartent."""
    for rang in range(abordes):
        etat = ("spontane" if rang % 2 else "relance") if rang < evoques else "ecarte"
        yield f"{terrain[:3].upper()}-{premier + rang},{terrain},{type_acteur},{irritant},{etat}"


@pytest.fixture
def comparer(lancer: Lancer, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def comparer(*lignes: str, dimension: str = "terrain") -> dict[str, Any]:
        fichier = tmp_path / "releves.csv"
        fichier.write_text("\n".join([ENTETES, *lignes]), encoding="utf-8")
        options = [mot for terrain in ("Marseille", "Bourgogne", "National") for mot in ("--terrain", terrain)]
        code = lancer("investigation", "creer", "Essai publié", *options).stdout.strip()
        lancer("importer-releves", fichier, "--investigation", code)
        fait = lancer("territoires", "--investigation", code, "--dimension", dimension, "--json")
        lu: dict[str, Any] = json.loads(fait.stdout)
        return lu

    return comparer


def test_newcombe_et_wilson_publies(comparer: Callable[..., dict[str, Any]]) -> None:
    lu = comparer(*releves("Temps", "Marseille", 56, 70), *releves("Temps", "Bourgogne", 48, 80))
    assert lu["famille"] == 1
    assert lu["groupes"] == [{"nom": "Marseille", "n": 70}, {"nom": "Bourgogne", "n": 80}]
    (irritant,) = lu["irritants"]
    assert [(g["groupe"], g["n"], g["N"], g["p"]) for g in irritant["par_groupe"]] == [
        ("Marseille", 56, 70, 0.8),
        ("Bourgogne", 48, 80, 0.6),
    ]
    (ecart,) = irritant["comparaisons"]
    assert (ecart["a"], ecart["b"], ecart["difference"]) == ("Marseille", "Bourgogne", pytest.approx(0.2))
    assert (ecart["bas"], ecart["haut"]) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4))
    assert ecart["fisher_p"] == ecart["q"] and ecart["verdict"] == "écart démontré"
    # Une seule strate : le rapport de cotes est celui du tableau.
    assert ecart["mh_rapport"] == pytest.approx(56 * 32 / (14 * 48))


def test_la_tasse_de_the_reste_un_effectif_insuffisant(comparer: Callable[..., dict[str, Any]]) -> None:
    lu = comparer(*releves("Temps", "Marseille", 3, 4), *releves("Temps", "Bourgogne", 1, 4))
    (ecart,) = lu["irritants"][0]["comparaisons"]
    assert ecart["fisher_p"] == pytest.approx(0.485714, abs=1e-6)
    assert (ecart["q"], ecart["verdict"], lu["famille"]) == (None, "effectif insuffisant", 0)


def test_non_aborde_sort_du_denominateur(comparer: Callable[..., dict[str, Any]]) -> None:
    lu = comparer(
        *releves("Temps", "Marseille", 9, 10),
        *releves("Temps", "Bourgogne", 3, 10),
        "MAR-0,Marseille,association,Coût,non_aborde",
        "BOU-0,Bourgogne,association,Coût,ecarte",
    )
    temps, cout = lu["irritants"]
    assert (temps["comparaisons"][0]["bas"], temps["comparaisons"][0]["haut"]) == (
        pytest.approx(0.1705, abs=1e-4),
        pytest.approx(0.8090, abs=1e-4),
    )
    assert [(g["n"], g["N"], g["p"]) for g in cout["par_groupe"]] == [(0, 0, None), (0, 1, 0)]
    assert cout["comparaisons"][0]["difference"] is None and cout["comparaisons"][0]["fisher_p"] is None


def test_le_paradoxe_de_simpson_se_voit(comparer: Callable[..., dict[str, Any]]) -> None:
    """À type d'acteur égal il n'y a rien ; le brut vient de ce que l'on n'a pas rencontré les mêmes."""
    lu = comparer(
        *releves("Temps", "Marseille", 16, 20),
        *releves("Temps", "Marseille", 1, 5, "entreprise", premier=50),
        *releves("Temps", "Bourgogne", 4, 5),
        *releves("Temps", "Bourgogne", 4, 20, "entreprise", premier=50),
    )
    (ecart,) = lu["irritants"][0]["comparaisons"]
    assert ecart["difference"] == pytest.approx(0.36) and ecart["boschloo_p"] <= ecart["fisher_p"] < 0.05
    assert ecart["mh_rapport"] == pytest.approx(1.0) and ecart["mh_p"] > 0.5


def test_trois_groupes_chacun_contre_les_autres(comparer: Callable[..., dict[str, Any]]) -> None:
    lu = comparer(
        *releves("Temps", "Marseille", 9, 10),
        *releves("Temps", "Bourgogne", 3, 10),
        *releves("Temps", "National", 5, 10),
    )
    ecarts = lu["irritants"][0]["comparaisons"]
    assert [(ecart["a"], ecart["b"]) for ecart in ecarts] == [
        ("Marseille", "autres"),
        ("Bourgogne", "autres"),
        ("National", "autres"),
    ]
    assert lu["famille"] == 3


@pytest.mark.parametrize(
    ("dimension", "groupes"),
    [
        ("type_acteur", ["Association", "Entreprise"]),
        ("terrain", ["Marseille", "Bourgogne"]),
    ],
)
def test_une_autre_dimension(comparer: Callable[..., dict[str, Any]], dimension: str, groupes: list[str]) -> None:
    lu = comparer(
        *releves("Temps", "Marseille", 9, 10),
        *releves("Temps", "Bourgogne", 3, 10, "entreprise"),
        dimension=dimension,
    )
    assert [groupe["nom"] for groupe in lu["groupes"]] == groupes
    assert len(lu["irritants"][0]["comparaisons"]) == len(groupes) - 1


def test_une_famille_sans_etiquette_et_une_dimension_sans_lieu_disent_pourquoi(
    lancer: Lancer, comparer: Callable[..., dict[str, Any]]
) -> None:
    lu = comparer(*releves("Temps", "Marseille", 9, 10), *releves("Temps", "Bourgogne", 3, 10))
    assert lu["hors_groupes"] == 0 and lu["irritants"][0]["par_groupe"][0]["spontanes"] == 4
    options = ("territoires", "--investigation", "essai-publie")
    assert "Aucun levier dans la grille de codage." in lancer(*options, "--famille", "levier").stdout
    with pytest.raises(DonneeInvalide, match="n'a de commune connue"):
        lancer(*options, "--dimension", "ruralite")


def test_tout_non_aborde_se_dit(lancer: Lancer, comparer: Callable[..., dict[str, Any]]) -> None:
    lu = comparer(*(f"{nom[:3]},{nom},association,Temps,non_aborde" for nom in ("Marseille", "Bourgogne")))
    assert [(g["n"], g["N"], g["p"]) for g in lu["irritants"][0]["par_groupe"]] == [(0, 0, None)] * 2
    dit = lancer("territoires", "--investigation", "essai-publie").stdout.replace("\xa0", " ")
    assert "« non abordé » n'est pas « non »" in dit


def test_sans_entretien_il_n_y_a_rien_a_comparer(lancer: Lancer) -> None:
    code = lancer("investigation", "creer", "Vide").stdout.strip()
    with pytest.raises(DonneeInvalide, match="Aucun entretien réalisé"):
        lancer("territoires", "--investigation", code)


def test_l_import_tient_les_syntheses_et_se_lit_en_phrases(
    moteur: Engine, lancer: Lancer, comparer: Callable[..., dict[str, Any]]
) -> None:
    comparer(*releves("Temps", "Marseille", 9, 10), *releves("Temps", "Bourgogne", 3, 10))
    with lecture(moteur) as session:
        (identifiant,) = investigations_par_code(session).values()
        assert syntheses.verifier(session, identifiant) == []
    dit = lancer("territoires", "--investigation", "essai-publie").stdout
    assert "1 irritant comparé" in dit.replace("\xa0", " ") and "Temps – Parmi les acteurs rencontrés" in dit


@pytest.mark.parametrize(
    ("lignes", "phrase"),
    [
        (["A,Lyon,association,Temps,spontane"], "terrain inconnu"),
        (["A,Marseille,ong,Temps,spontane"], "type_acteur : .*n'est pas un code connu"),
        (["A,Marseille,,Temps,spontane"], "type_acteur est vide"),
        (["A,Marseille,association,Temps,oui"], "etat : .*spontane, relance, ecarte ou non_aborde"),
        (["A,Marseille,association,Temps,"], "etat est vide"),
        ([f"{'A' * 41},Marseille,association,Temps,spontane"], "40 caractères au plus"),
        (["A,Marseille,association,Temps,spontane"] * 2, "Ligne 3 : .*déjà un relevé"),
        (
            ["A,Marseille,association,Coût caché,spontane", "A,Marseille,association,COUT CACHE,ecarte"],
            "Ligne 3 : .*déjà un relevé",
        ),
        (
            ["A,Marseille,association,Temps,spontane", "A,Marseille,entreprise,Coût,relance"],
            "Ligne 3 : .*déjà un autre",
        ),
    ],
)
def test_un_fichier_fautif_n_ecrit_rien(
    moteur: Engine, lancer: Lancer, tmp_path: Path, lignes: list[str], phrase: str
) -> None:
    code = lancer("investigation", "creer", "Essai", "--terrain", "Marseille").stdout.strip()
    fichier = tmp_path / "releves.csv"
    fichier.write_text("\n".join([ENTETES, *lignes]), encoding="utf-8")
    with pytest.raises(DonneeInvalide, match=phrase):
        lancer("importer-releves", fichier, "--investigation", code)
    with lecture(moteur) as session:
        assert fabriques.compter(session, Entretien) == fabriques.compter(session, Etiquette) == 0


def test_un_entretien_deja_la_refuse_le_fichier(lancer: Lancer, tmp_path: Path) -> None:
    code = lancer("investigation", "creer", "Essai", "--terrain", "Marseille").stdout.strip()
    fichier = tmp_path / "releves.csv"
    fichier.write_text("\n".join([ENTETES, *releves("Temps", "Marseille", 1, 2)]), encoding="utf-8")
    lancer("importer-releves", fichier, "--investigation", code)
    with pytest.raises(DonneeInvalide, match="l'entretien MAR-0 existe déjà"):
        lancer("importer-releves", fichier, "--investigation", code)
