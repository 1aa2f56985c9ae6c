"""Le fichier de réglages de Streamlit : chaque clé commentée et connue, durci, lisible en clair et en sombre."""

import itertools
import re
import tomllib

import pytest
from streamlit import config

from tests.outils.couleurs import VISIONS, contraste, ecart
from tests.outils.serveur import RACINE

TEXTE = (RACINE / ".streamlit" / "config.toml").read_text(encoding="utf-8")
REGLAGES = tomllib.loads(TEXTE)
MODES = ("light", "dark")
COULEURS = ("blue", "green", "yellow", "orange", "red", "violet", "gray")


def test_chaque_cle_a_son_commentaire() -> None:
    lignes = TEXTE.splitlines()
    sans = [cle for avant, cle in itertools.pairwise(lignes) if re.match(r"\w+ = ", cle) and not avant.startswith("# ")]
    assert sans == []


def test_chaque_cle_est_connue_de_streamlit() -> None:
    assert all(cle in config._config_options_template for cle in _cles(REGLAGES))


def _cles(table: dict[str, object], prefixe: str = "") -> list[str]:
    cles: list[str] = []
    for nom, valeur in table.items():
        cles += _cles(valeur, f"{prefixe}{nom}.") if isinstance(valeur, dict) else [f"{prefixe}{nom}"]
    return cles


@pytest.mark.parametrize(
    ("section", "cle", "attendu"),
    [
        ("server", "port", 8501),
        ("server", "headless", True),
        ("server", "enableCORS", True),
        ("server", "enableXsrfProtection", True),
        ("server", "maxUploadSize", 5),
        ("server", "maxMessageSize", 20),
        ("server", "websocketPingInterval", 20),
        ("server", "disconnectedSessionTTL", 900),
        ("server", "enableAgentApi", False),
        ("server", "fileWatcherType", "none"),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "showErrorLinks", False),
        ("client", "toolbarMode", "minimal"),
        ("client", "disableDataExport", True),
        ("runner", "postScriptGC", False),
        ("logger", "enableRich", False),
    ],
)
def test_le_durcissement_est_en_place(section: str, cle: str, attendu: object) -> None:
    assert REGLAGES[section][cle] == attendu


@pytest.mark.parametrize("mode", MODES)
def test_le_texte_se_lit_sur_tous_les_fonds(mode: str) -> None:
    theme = REGLAGES["theme"][mode]
    for fond in (theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["dataframeHeaderBackgroundColor"]):
        assert contraste(theme["textColor"], fond) >= 7
        assert contraste(theme["linkColor"], fond) >= 4.5
    assert contraste(theme["codeTextColor"], theme["codeBackgroundColor"]) >= 4.5
    assert contraste(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_le_bouton_principal_se_lit_et_se_voit(mode: str) -> None:
    theme = REGLAGES["theme"][mode]
    assert contraste("#ffffff", theme["primaryColor"]) >= 4.5
    assert contraste(theme["primaryColor"], theme["backgroundColor"]) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_le_contour_des_champs_se_voit(mode: str) -> None:
    theme = REGLAGES["theme"][mode]
    for fond in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contraste(REGLAGES["theme"]["borderColor"], fond) >= 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("couleur", COULEURS)
def test_un_message_colore_se_lit_sur_son_fond_et_sur_la_page(mode: str, couleur: str) -> None:
    theme = REGLAGES["theme"][mode]
    for fond in (theme[f"{couleur}BackgroundColor"], theme["backgroundColor"]):
        assert contraste(theme[f"{couleur}TextColor"], fond) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_les_series_se_voient_sur_le_fond(mode: str) -> None:
    theme = REGLAGES["theme"][mode]
    assert len(theme["chartCategoricalColors"]) == 8
    assert all(contraste(serie, theme["backgroundColor"]) >= 3 for serie in theme["chartCategoricalColors"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vision", VISIONS)
def test_deux_series_se_distinguent_pour_chaque_vision(mode: str, vision: str) -> None:
    series = REGLAGES["theme"][mode]["chartCategoricalColors"]
    assert min(ecart(a, b, vision) for a, b in itertools.combinations(series, 2)) >= 9


@pytest.mark.parametrize("mode", MODES)
def test_les_degrades_ont_les_dix_pas_exiges_et_vont_du_peu_au_beaucoup(mode: str) -> None:
    theme = REGLAGES["theme"][mode]
    forces = [contraste(pas, theme["backgroundColor"]) for pas in theme["chartSequentialColors"]]
    assert len(forces) == len(theme["chartDivergingColors"]) == 10
    assert forces == sorted(forces)


def test_aucune_police_ni_adresse_exterieure() -> None:
    assert "http" not in TEXTE.replace("HTTP/MCP", "") and "fontFaces" not in TEXTE
