"""Le dictionnaire suit Streamlit, et le script servi le contient."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette

from lib.serveur.gabarit import NOM
from lib.serveur.traduction import (
    DOSSIER,
    TROU,
    lire_dictionnaire,
    motif_javascript,
    preparer_script,
    remplacement_numerote,
    route_du_script,
)
from tests.outils.asgi import demander

DICTIONNAIRE = lire_dictionnaire()
TOUTES = [
    *DICTIONNAIRE.exactes.items(),
    *DICTIONNAIRE.motifs.items(),
    *DICTIONNAIRE.composees.items(),
    *((en, fr) for mots in DICTIONNAIRE.situees.values() for en, fr in mots.items()),
]


@cache
def _paquet() -> str:
    dossier = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "".join(fichier.read_text(encoding="utf-8") for fichier in sorted(dossier.glob("*.js")))


@pytest.mark.parametrize("anglais", DICTIONNAIRE.exactes)
def test_une_phrase_traduite_est_encore_ecrite_par_streamlit(anglais: str) -> None:
    assert anglais in _paquet()


@pytest.mark.parametrize("motif", DICTIONNAIRE.motifs)
def test_les_morceaux_d_un_motif_sont_encore_ecrits_par_streamlit(motif: str) -> None:
    morceaux = [morceau.strip() for morceau in TROU.split(motif)[::2]]
    assert all(morceau in _paquet() for morceau in morceaux)


@pytest.mark.parametrize("selecteur", DICTIONNAIRE.situees)
def test_un_mot_situe_et_son_endroit_existent_encore(selecteur: str) -> None:
    endroits = re.findall(r'data-testid="(\w+)"', selecteur)
    assert all(endroit in _paquet() for endroit in endroits)
    assert all(mot in _paquet() for mot in DICTIONNAIRE.situees[selecteur])


@pytest.mark.parametrize(("anglais", "francais"), TOUTES)
def test_une_traduction_garde_ses_trous_et_sa_typographie(anglais: str, francais: str) -> None:
    sortes_fr, sortes_en = TROU.findall(francais), TROU.findall(anglais)
    assert sortes_fr in (sortes_en, [])
    assert "'" not in francais.replace(NOM, "") and "..." not in francais
    assert francais.strip() or not anglais.strip()


def test_aucune_phrase_n_est_donnee_deux_fois() -> None:
    cles = [*DICTIONNAIRE.exactes, *DICTIONNAIRE.motifs, *DICTIONNAIRE.composees]
    assert len(cles) == len(set(cles))


@pytest.mark.parametrize(
    ("anglais", "phrase", "morceaux"),
    [
        ("Remove {}", "Remove Le Temps", ("Le Temps",)),
        ("{n} out of {n} stars", "4 out of 5 stars", ("4", "5")),
        ("Is it (x)? {}", "Is it (x)? oui", ("oui",)),
        ("Selected Date: {d}", "Selected Date: February 14, 2024", ("February 14, 2024",)),
    ],
)
def test_un_motif_reconnait_sa_phrase(anglais: str, phrase: str, morceaux: tuple[str, ...]) -> None:
    trouve = re.match(motif_javascript(anglais), phrase)
    assert trouve is not None and trouve.groups() == morceaux


@pytest.mark.parametrize("phrase", ["Removed", "Please Remove it", "quatre out of 5 stars"])
def test_un_motif_ne_deborde_pas(phrase: str) -> None:
    assert not re.match(motif_javascript("Remove {}"), phrase)
    assert not re.match(motif_javascript("{n} out of {n} stars"), phrase)


def test_les_trous_du_remplacement_sont_numerotes() -> None:
    assert remplacement_numerote("{*} : {} ({n})") == "{1*} : {2} ({3n})"


def test_le_script_servi_est_complet_et_porte_sa_version() -> None:
    script = preparer_script()
    assert "__TRADUCTIONS__;" not in script.contenu and "__REGLAGES__;" not in script.contenu
    assert json.dumps("Choisir une option", ensure_ascii=False) in script.contenu
    assert re.fullmatch(r"/fr\.js\?v=[0-9a-f]{12}", script.adresse)


def test_changer_un_reglage_change_l_adresse_du_script() -> None:
    assert preparer_script(intervalle_frappe_ms=1_000).adresse != preparer_script().adresse
    assert preparer_script().adresse == preparer_script().adresse


def test_le_script_se_garde_un_an() -> None:
    reponse = demander(Starlette(routes=[route_du_script(preparer_script())]), "/fr.js")
    assert reponse.entetes["content-type"].startswith("text/javascript")
    assert "immutable" in reponse.entetes["cache-control"]


def test_le_dictionnaire_n_a_pas_de_rubrique_oubliee() -> None:
    lu = tomllib.loads((DOSSIER / "traductions.toml").read_text(encoding="utf-8"))
    assert set(lu) == {"exactes", "motifs", "composees", "situees"}
