"""Couleurs : contraste mesuré, accord avec le thème de l'application et avec le mécanisme de Streamlit."""

import tomllib
from pathlib import Path

import pytest
from streamlit.elements.lib import streamlit_plotly_theme as theme_streamlit

from lib.graphiques.palette import CLAIRE, ECRAN, SOMBRE, SYMBOLES, TIRETS, Palette, style

RACINE = Path(__file__).parents[2]


def luminance(couleur: str) -> float:
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    rouge, vert, bleu = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def contraste(une: str, autre: str) -> float:
    claire, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


@pytest.mark.parametrize(("palette", "fond"), [(CLAIRE, "#ffffff"), (SOMBRE, "#161616")])
def test_contrastes_sur_le_fond(palette: Palette, fond: str) -> None:
    """RGAA 3.3 : 3:1 pour un trait ; 3.2 : 4,5:1 pour un texte."""
    assert min(contraste(couleur, fond) for couleur in (*palette.series, palette.neutre)) >= 3
    assert contraste(palette.texte, fond) >= 4.5


@pytest.mark.parametrize(("mode", "palette"), [("light", CLAIRE), ("dark", SOMBRE)])
def test_memes_couleurs_dans_un_fichier_et_a_l_ecran(mode: str, palette: Palette) -> None:
    reglages = tomllib.loads((RACINE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert tuple(reglages["theme"][mode]["chartCategoricalColors"]) == palette.series


def test_les_couleurs_d_ecran_sont_celles_que_streamlit_remplace() -> None:
    """Si ce test échoue après une montée de version, les figures s'affichent presque noires : adapter `ECRAN`."""
    assert ECRAN.series == tuple(getattr(theme_streamlit, f"CATEGORY_{rang}") for rang in range(8))
    assert ECRAN.texte == theme_streamlit.GRAY_90


def test_chaque_serie_se_distingue_sans_la_couleur() -> None:
    styles = [style(rang, CLAIRE) for rang in range(8)]
    assert len({s.couleur for s in styles}) == len({s.tiret for s in styles}) == len({s.symbole for s in styles}) == 8
    assert (styles[0].tiret, styles[0].symbole) == (TIRETS[0], SYMBOLES[0])


@pytest.mark.parametrize("rang", [-1, 8])
def test_au_plus_huit_series(rang: int) -> None:
    with pytest.raises(ValueError, match="Autres"):
        style(rang)
