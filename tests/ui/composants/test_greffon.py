"""Nos éléments d'écran se servent à notre origine, sous une adresse qui change avec leur contenu."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.composants.citations.liste import _GREFFON as CITATIONS
from lib.ui.composants.greffon import Greffon
from lib.ui.composants.surligneur import _GREFFON as SURLIGNEUR

RACINE = Path(__file__).resolve().parents[3]
SCRIPTS = sorted((RACINE / "lib" / "ui").rglob("*.js"))


def _dossier(racine: Path, script: str) -> Path:
    dossier = racine / "statique"
    dossier.mkdir(parents=True)
    (dossier / "essai.js").write_text(script, encoding="utf-8")
    (dossier / "essai.css").write_text("p { margin: 0; }\n", encoding="utf-8")
    return dossier


def test_un_script_change_change_d_adresse(tmp_path: Path) -> None:
    premier = Greffon("essai", _dossier(tmp_path / "a", "export default () => 1;\n"), "<p></p>")
    pareil = Greffon("essai", _dossier(tmp_path / "b", "export default () => 1;\n"), "<p></p>")
    second = Greffon("essai", _dossier(tmp_path / "c", "export default () => 2;\n"), "<p></p>")
    assert premier.cle == pareil.cle != second.cle


def test_il_se_monte_dans_chaque_application(tmp_path: Path) -> None:
    """Chaque serveur (chaque test) a son registre : l'élément s'y déclare de lui-même."""

    def ecran(dossier: str) -> None:
        from pathlib import Path

        from lib.ui.composants.greffon import Greffon

        Greffon("essai", Path(dossier), "<p></p>").monter(key="essai", data={"mot": "été"})

    dossier = _dossier(tmp_path, "export default () => 1;\n")
    for _ in range(2):
        (element,) = AppTest.from_function(ecran, args=(str(dossier),)).run().get("bidi_component")
        assert (element.proto.js_source_path, element.proto.js_content) == ("essai.js", "")


@pytest.mark.parametrize("greffon", [SURLIGNEUR, CITATIONS], ids=lambda greffon: greffon.cle.split(".")[1])
def test_rien_que_des_scripts_et_des_styles_dans_un_dossier_servi(greffon: Greffon) -> None:
    assert {fichier.suffix for fichier in greffon._dossier.iterdir()} == {".js", ".css"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_aucun_mot_n_est_jamais_lu_comme_du_html(script: Path) -> None:
    ecrit = script.read_text(encoding="utf-8")
    for interdit in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "http://",
    ):
        assert interdit not in ecrit, interdit
