"""D'un .csv aux chiffres : les valeurs publiées se retrouvent par la ligne de commande, des deux bases."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from sqlalchemy import Engine
from statsmodels.duration.survfunc import survdiff
from typer.testing import CliRunner

from lib.commandes import application
from lib.db.modeles import Organisation, Partenariat
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.echanges.episodes import COLONNES
from lib.services import demarrage
from lib.services.transaction import lecture
from tests import fabriques

AU = date(2024, 3, 27)
LUNG = Path(__file__).parents[1] / "donnees" / "lung.csv"
ROSSI = LUNG.with_name("rossi_fin.csv")
Lancer = Callable[..., Result]
Sujet = tuple[int, str | None, str]
"""(durée en jours, motif de fin ou rien, terrain)."""

AML: list[Sujet] = [
    *((jours, "budget", "Maintenu") for jours in (9, 13, 18, 23, 31, 34, 48)),
    *((jours, None, "Maintenu") for jours in (13, 28, 45, 161)),
    *((jours, "budget", "Non maintenu") for jours in (5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45)),
    (16, None, "Non maintenu"),
]


def lung() -> list[Sujet]:
    with LUNG.open(encoding="utf-8") as fichier:
        return [
            (int(ligne["temps"]), "budget" if ligne["deces"] == "1" else None, ligne["sexe"])
            for ligne in csv.DictReader(fichier)
        ]


def table(sujets: Iterable[Sujet], **colonnes: str) -> str:
    """Le .csv de ces sujets, tous suivis jusqu'à la date d'arrêt."""
    sortie = io.StringIO()
    ecrivain = csv.DictWriter(sortie, COLONNES, restval="")
    ecrivain.writeheader()
    for rang, (jours, motif, terrain) in enumerate(sujets):
        ligne = {
            "entreprise": f"Entreprise {rang}",
            "association": f"Association {rang}",
            "terrain": terrain,
            "debut": AU - timedelta(days=jours),
            "fin": AU if motif else "",
            "motif": motif or "",
            "derniere_nouvelle": "" if motif else AU,
            "mode_recueil": "prospectif",
        }
        ecrivain.writerow(ligne | colonnes)
    return sortie.getvalue()


@pytest.fixture
def lancer(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Lancer:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    return lambda *mots: CliRunner().invoke(application, [*map(str, mots)], catch_exceptions=False)


@pytest.fixture
def charger(lancer: Lancer, tmp_path: Path) -> Callable[[str], str]:
    def charger(contenu: str) -> str:
        fichier = tmp_path / "episodes.csv"
        fichier.write_text(contenu, encoding="utf-8")
        terrains = dict.fromkeys(ligne["terrain"] for ligne in csv.DictReader(io.StringIO(contenu)))
        options = [mot for terrain in terrains for mot in ("--terrain", terrain)]
        code = lancer("investigation", "creer", "Essai publié", "--debut", "2020-01-01", *options).stdout.strip()
        lancer("importer-episodes", fichier, "--investigation", code)
        return str(code)

    return charger


def mesurer(lancer: Lancer, code: str, *options: object) -> dict[str, Any]:
    fait = lancer("durees", "--investigation", code, "--au", AU, "--unite", "jours", "--json", *options)
    lu: dict[str, Any] = json.loads(fait.stdout)
    return lu


def test_lung_se_retrouve(lancer: Lancer, charger: Callable[[str], str]) -> None:
    code = charger(table(lung()))
    lu = mesurer(lancer, code, "--horizon", 365, "--temps", "90,180,365")
    (tous,) = lu["groupes"]
    assert (lu["unite"], lu["au"], lu["exclus"], lu["logrank"]["chi2"]) == ("jours", "2024-03-27", {}, None)
    assert (tous["nom"], tous["n"], tous["termines"]) == ("ensemble", 228, 165)
    assert (tous["mediane"], tous["mediane_ic"]) == (310, [284, 361])
    assert [point["s"] for point in tous["survie"]] == pytest.approx([0.88158, 0.72167, 0.40924], abs=1e-5)
    assert (tous["rmst"]["horizon"], tous["rmst"]["valeur"]) == (365, pytest.approx(263.22187, abs=1e-5))
    assert tous["rmst"]["erreur_type"] == pytest.approx(7.79886, abs=1e-5)
    assert mesurer(lancer, code, "--ic", "log")["groupes"][0]["mediane_ic"] == [285, 363]
    par_sexe = mesurer(lancer, code, "--groupe", "terrain")
    assert [(groupe["nom"], groupe["mediane"]) for groupe in par_sexe["groupes"]] == [("H", 270), ("F", 426)]
    assert par_sexe["logrank"] == {
        "chi2": pytest.approx(10.326742, abs=1e-6),
        "ddl": 1,
        "p": pytest.approx(0.00131116, abs=1e-8),
    }


def test_aml_se_retrouve_et_sa_valeur_p_se_tait(lancer: Lancer, charger: Callable[[str], str]) -> None:
    code = charger(table(AML))
    lu = mesurer(lancer, code, "--groupe", "terrain", "--horizon", 30, "--temps", "9,13,18,23,31,34,48", "--ic", "log")
    maintenu, autre = lu["groupes"]
    assert [round(point["s"], 3) for point in maintenu["survie"]] == [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]
    assert (maintenu["mediane"], maintenu["mediane_ic"]) == (31, [18, None])
    assert (autre["mediane"], autre["mediane_ic"]) == (23, [8, None])
    assert [(g["rmst"]["valeur"], g["rmst"]["erreur_type"]) for g in (maintenu, autre)] == [
        (pytest.approx(24.60227, abs=1e-5), pytest.approx(2.31315, abs=1e-5)),
        (pytest.approx(19.69444, abs=1e-5), pytest.approx(3.05420, abs=1e-5)),
    ]
    # Sept fins d'un côté : la statistique existe, mais une valeur p se lirait « pas d'écart ».
    assert lu["logrank"] == {"chi2": pytest.approx(3.396389, abs=1e-6), "ddl": 1, "p": None}


def test_rossi_se_retrouve_juste_non_significatif(lancer: Lancer, charger: Callable[[str], str]) -> None:
    with ROSSI.open(encoding="utf-8") as fichier:
        sujets: list[Sujet] = [
            (int(ligne["semaine"]), "budget" if ligne["arrestation"] == "1" else None, f"aide {ligne['aide']}")
            for ligne in csv.DictReader(fichier)
            for _ in range(int(ligne["effectif"]))
        ]
    lu = mesurer(lancer, charger(table(sujets)), "--groupe", "terrain")
    assert [(groupe["n"], groupe["termines"]) for groupe in lu["groupes"]] == [(216, 66), (216, 48)]
    assert lu["logrank"] == {
        "chi2": pytest.approx(3.83756958, abs=1e-8),
        "ddl": 1,
        "p": pytest.approx(0.05011612, abs=1e-8),
    }


def test_les_motifs_se_font_concurrence(lancer: Lancer, charger: Callable[[str], str]) -> None:
    motifs = [None, "entreprise", "budget", "association", "association", None]
    code = charger(table([(jour, motif, "Marseille") for jour, motif in enumerate(motifs, start=1)]))
    (tous,) = mesurer(lancer, code, "--temps", "2,6,7")["groupes"]
    parts = {(point["motif"], point["t"]): point["valeur"] for point in tous["incidences"]}
    assert parts == {
        ("association", 2): 0,
        ("association", 6): pytest.approx(0.4),
        ("association", 7): None,
        ("entreprise", 2): pytest.approx(0.2),
        ("entreprise", 6): pytest.approx(0.4),
        ("entreprise", 7): None,
    }
    assert [point["s"] for point in tous["survie"]] == [pytest.approx(0.8), pytest.approx(0.2), None]


def test_les_survivants_entrent_a_l_age_ou_on_les_apprend(lancer: Lancer, charger: Callable[[str], str]) -> None:
    contenu = table(
        [(100 + rang, "budget", "Marseille") for rang in range(8)],
        mode_recueil="vivants_seulement",
        premiere_observation=str(AU - timedelta(days=60)),
    )
    (tous,) = mesurer(lancer, charger(contenu), "--temps", "30,103")["groupes"]
    assert tous["a_partir_de"] == 44  # cinq épisodes suivis, pas avant
    assert [point["s"] for point in tous["survie"]] == [None, pytest.approx(0.5)]


def test_a_taille_egale_comme_statsmodels(lancer: Lancer, charger: Callable[[str], str]) -> None:
    sujets = lung()[:60]
    tailles = ["tpe" if rang % 3 else "ge" for rang in range(len(sujets))]
    entetes, *lignes = table(sujets).splitlines()
    code = charger("\n".join([entetes, *(f"{ligne}{taille}" for ligne, taille in zip(lignes, tailles, strict=True))]))
    lu = mesurer(lancer, code, "--groupe", "terrain", "--strates", "taille")["logrank"]
    temps, motifs, terrains = zip(*sujets, strict=True)
    fins = np.array([motif is not None for motif in motifs], dtype=int)
    chi2, p = survdiff(np.array(temps), fins, np.array(terrains), strata=np.array(tailles))
    assert (lu["chi2"], lu["p"]) == (pytest.approx(chi2), pytest.approx(p))


def test_sans_json_une_phrase_par_groupe(lancer: Lancer, charger: Callable[[str], str]) -> None:
    code = charger(table(AML))
    fait = lancer("durees", "--investigation", code, "--au", AU, "--unite", "jours", "--groupe", "terrain")
    assert fait.stdout.splitlines()[0].replace("\xa0", " ").replace("\u202f", " ") == (
        "Maintenu : 11 épisodes, 7 terminés, médiane 31 jours (intervalle à 95 % : 13 à non atteinte)"
    )


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        (["--au", "1999-01-01"], "Aucun partenariat n'avait commencé"),
        (["--temps", "six"], "n'est pas une suite de nombres"),
        (["--temps", "-3"], "positif ou nul"),
        (["--horizon", "-1"], "nombre positif"),
        (["--ic", "bootstrap"], "log-log ou log"),
    ],
)
def test_une_demande_impossible_se_dit(
    lancer: Lancer, charger: Callable[[str], str], options: list[str], phrase: str
) -> None:
    code = charger(table([(10, "budget", "Marseille")]))
    with pytest.raises(DonneeInvalide, match=phrase):
        lancer("durees", "--investigation", code, *options)


def test_un_fichier_fautif_n_ecrit_rien(moteur: Engine, lancer: Lancer, tmp_path: Path) -> None:
    code = lancer("investigation", "creer", "Vide", "--terrain", "Marseille").stdout.strip()
    fichier = tmp_path / "episodes.csv"
    # La seconde ligne passe la lecture ; c'est l'épisode qui se refuse : fini avant qu'on apprenne qu'il vivait.
    lignes = table([(30, "budget", "Marseille"), (40, "budget", "Marseille")]).splitlines()
    impossible = lignes[2].replace("prospectif", "vivants_seulement").split(",")
    impossible[4], impossible[6] = "2024-03-20", "2024-03-25"
    fichier.write_text("\n".join([*lignes[:2], ",".join(impossible)]), encoding="utf-8")
    with pytest.raises(DonneeInvalide, match="Ligne 3 : Ce partenariat était déjà terminé"):
        lancer("importer-episodes", fichier, "--investigation", code)
    with lecture(moteur) as session:
        assert fabriques.compter(session, Partenariat) == fabriques.compter(session, Organisation) == 0


@pytest.mark.parametrize(("terrain", "phrase"), [("Lyon", "terrain inconnu"), ("Marseille", "ne se lit pas")])
def test_un_terrain_ou_un_fichier_inconnu_se_dit(lancer: Lancer, tmp_path: Path, terrain: str, phrase: str) -> None:
    code = lancer("investigation", "creer", "Vide", "--terrain", "Marseille").stdout.strip()
    fichier = tmp_path / "episodes.csv"
    if terrain == "Lyon":
        fichier.write_text(table([(30, None, terrain)]), encoding="utf-8")
    with pytest.raises(DonneeInvalide, match=phrase):
        lancer("importer-episodes", fichier, "--investigation", code)


def test_une_investigation_inconnue(lancer: Lancer) -> None:
    with pytest.raises(Introuvable, match="licorne"):
        lancer("durees", "--investigation", "licorne")


def test_les_codes_se_listent(lancer: Lancer) -> None:
    lancer("investigation", "creer", "Deux terrains", "--terrain", "Nord", "--terrain", "Sud")
    assert lancer("investigation", "lister").stdout == "deux-terrains\n"
