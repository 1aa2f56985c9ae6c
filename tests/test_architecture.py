"""Les flèches de l'architecture : depuis un dossier, on sait ce qu'une ligne peut toucher."""

import ast
import subprocess
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent
# Pour chaque dossier : ce qu'il peut importer du projet, et les bibliothèques qui lui sont fermées.
PERMIS = {
    "lib/domain": {"lib.domain"},
    "lib/analytics": {"lib.analytics", "lib.domain"},
    "lib/graphiques": {"lib.graphiques", "lib.analytics", "lib.domain"},
    "lib/db": {"lib.db", "lib.domain"},
    "lib/echanges": {"lib.echanges", "lib.domain", "lib.config"},
    "lib/services": {
        "lib.services",
        "lib.db",
        "lib.domain",
        "lib.echanges",
        "lib.config",
        "lib.analytics",
        "lib.graphiques",
    },
    "lib/commandes": {"lib.commandes", "lib.services", "lib.domain", "lib.config"},
    "lib/serveur": {"lib.serveur", "lib.services", "lib.domain", "lib.config"},
    "lib/ui": {"lib.ui", "lib.services", "lib.domain", "lib.graphiques", "lib.analytics", "lib.config", "lib.serveur"},
    "pages": {"lib.ui", "lib.services", "lib.domain"},
}
FERMES = {
    "lib/domain": {"streamlit", "sqlalchemy", "pandas", "plotly", "numpy", "scipy", "statsmodels", "stdnum"},
    "lib/analytics": {"streamlit", "sqlalchemy"},
    "lib/graphiques": {"streamlit", "sqlalchemy"},
    "lib/db": {"streamlit"},
    "lib/echanges": {"streamlit", "sqlalchemy"},
    "lib/services": {"streamlit"},
    "lib/commandes": {"streamlit"},
    "lib/serveur": {"streamlit"},
    "lib/ui": set(),
    "pages": {"sqlalchemy", "os"},
}


def _fichiers() -> list[str]:
    lignes = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"], capture_output=True, text=True, cwd=RACINE, check=True
    )
    return [nom for nom in lignes.stdout.split() if (RACINE / nom).exists()]


def _dossier(fichier: str) -> str | None:
    return next((dossier for dossier in PERMIS if fichier.startswith(f"{dossier}/")), None)


def _imports(fichier: str) -> set[str]:
    arbre = ast.parse((RACINE / fichier).read_text(encoding="utf-8"))
    noms: set[str] = set()
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            noms |= {alias.name for alias in noeud.names}
        elif isinstance(noeud, ast.ImportFrom):
            assert noeud.level == 0, f"{fichier} : imports absolus seulement"
            noms.add(noeud.module or "")
            if noeud.module == "lib":
                noms |= {f"lib.{alias.name}" for alias in noeud.names}
    return noms - {"lib"}


@pytest.mark.parametrize("fichier", [f for f in _fichiers() if _dossier(f)])
def test_une_couche_n_importe_que_ce_qui_lui_est_permis(fichier: str) -> None:
    dossier = _dossier(fichier)
    assert dossier is not None
    for nom in _imports(fichier):
        if nom.startswith("lib."):
            assert any(nom == p or nom.startswith(f"{p}.") for p in PERMIS[dossier]), f"{fichier} importe {nom}"
        assert nom.split(".")[0] not in FERMES[dossier], f"{fichier} importe {nom}"


def test_personne_d_autre_que_la_configuration_ne_lit_l_environnement() -> None:
    lecteurs = [
        f
        for f in _fichiers()
        if not f.startswith("tests/") and "os.environ" in (RACINE / f).read_text(encoding="utf-8")
    ]
    assert lecteurs == ["lib/config.py"]


def test_aucune_page_directement_sous_pages() -> None:
    """Streamlit l'exécuterait sans app.py, donc sans garde, à la première requête après un démarrage."""
    assert list((RACINE / "pages").glob("*.py")) == []


def test_lib_n_est_pas_ignore_par_git() -> None:
    assert (
        subprocess.run(["git", "check-ignore", "-q", "lib/domain/erreurs.py"], cwd=RACINE, check=False).returncode == 1
    )


@pytest.mark.parametrize("fichier", [f for f in _fichiers() if not f.startswith("tests/")])
def test_les_fichiers_restent_courts(fichier: str) -> None:
    lignes = (RACINE / fichier).read_text(encoding="utf-8").count("\n")
    if "migrations/versions" not in fichier:
        assert lignes <= (60 if fichier.startswith("pages/") else 400), f"{fichier} : {lignes} lignes"


def test_aucun_html_d_utilisateur_ne_passe_tel_quel() -> None:
    fautifs = [
        f
        for f in _fichiers()
        if not f.startswith("tests/") and "unsafe_allow" in (RACINE / f).read_text(encoding="utf-8")
    ]
    assert fautifs == []
