"""Les contours livrés, et le script qui les construit."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lib.echanges.contours import FICHIER, lire_contours
from lib.echanges.referentiels import lire_territoires

SCRIPT = FICHIER.parent / "construire.py"
POIDS_MAXIMAL = 90_000
PAQUET = """export default {"label":"Essai","viewBox":"0 0 613 585","locations":[%s]};"""
LIEU = '{"name":"%s","id":"%s","path":"m 10,10 20,0 0,20 -20,0 z m 50,0 4,0 0,4 z"}'


def test_chaque_departement_a_un_contour_et_un_seul_a_sa_place() -> None:
    contours = lire_contours()
    officiels = {t.code for t in lire_territoires() if t.niveau == "departement" and not t.est_outremer_hors_region}
    assert sorted(c.code for c in contours if c.encart != "couronne") == sorted(officiels)
    assert [c.code for c in contours if c.encart == "outre-mer"] == ["971", "972", "973", "974", "976"]
    assert sorted(c.code for c in contours if c.encart == "couronne") == ["75", "92", "93", "94"]


def test_tout_tient_dans_la_carte_et_le_centre_dans_son_contour() -> None:
    for contour in lire_contours():
        points = [point for anneau in contour.anneaux for point in anneau]
        assert all(0 <= x <= 613 and 0 <= y <= 585 for x, y in points), contour.code
        assert min(x for x, _ in points) < contour.centre[0] < max(x for x, _ in points)
        assert min(y for _, y in points) < contour.centre[1] < max(y for _, y in points)


def test_le_fichier_reste_leger_et_credite() -> None:
    assert FICHIER.stat().st_size < POIDS_MAXIMAL
    sources = (FICHIER.parent / "SOURCES.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in SCRIPT.read_text(encoding="utf-8") and "Victor Cazanave" in sources


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_un_chemin_relatif_devient_absolu_et_chaque_morceau_repart_du_precedent(script: dict[str, Any]) -> None:
    premier, second = script["lire_chemin"]("m 10,10 20,0 0,20 -20,0 z m 50,0 4,0 0,4 z")
    assert premier == ((10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0))
    assert second[0] == (60.0, 10.0)


def test_un_chemin_absolu_est_refuse(script: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="absolu"):
        script["lire_chemin"]("M 10,10 20,0 z")


def test_simplifier_garde_les_angles_et_oublie_les_points_alignes(script: dict[str, Any]) -> None:
    assert script["simplifier"](((0, 0), (1, 0.1), (2, 0), (2, 5))) == ((0, 0), (2, 0), (2, 5))


def test_construire_deux_fois_donne_les_memes_octets(tmp_path: Path) -> None:
    paquet = tmp_path / "package"
    paquet.mkdir()
    lieux = ",".join(LIEU % (code, code) for code in ("75", "92", "93", "94", "2a"))
    (paquet / "index.js").write_text(PAQUET % lieux, encoding="utf-8")
    sorties = []
    for nom in ("a", "b"):
        (tmp_path / nom).mkdir()
        subprocess.run([sys.executable, SCRIPT, paquet, "--sortie", tmp_path / nom], check=True, capture_output=True)
        sorties.append((tmp_path / nom / "departements.csv").read_bytes())
    assert sorties[0] == sorties[1]
    lus = lire_contours(tmp_path / "a" / "departements.csv")
    assert len(lus) == 5 + 4 + 5 and "2A" in {contour.code for contour in lus}


def test_un_paquet_qui_a_change_de_forme_est_refuse(script: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text("module.exports = {}", encoding="utf-8")
    with pytest.raises(ValueError, match="relire le paquet"):
        script["lire_paquet"](tmp_path)
