"""Après une connexion, on ne va que dans l'application."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.adresses import chemin_interne


@pytest.mark.parametrize(
    "adresse", ["/", "/entretiens", "/entretien?entretien=12", "/citations?familles=irritant&q=d%C3%A9lai", "/a#b"]
)
def test_un_chemin_de_l_application_est_garde(adresse: str) -> None:
    assert chemin_interne(adresse) == adresse


@pytest.mark.parametrize(
    "adresse",
    [
        "",
        "entretiens",
        "//ailleurs.example",
        "///ailleurs.example",
        "/\\ailleurs.example",
        "\\\\ailleurs.example",
        "https://ailleurs.example",
        "https:ailleurs.example",
        "javascript:alert(1)",
        "/\tailleurs",
        "/a\r\nSet-Cookie: x=y",
        " /entretiens",
        "/é",
        "/" + "a" * 2_000,
        "//[mauvais",
    ],
)
def test_tout_le_reste_ramene_a_l_accueil(adresse: str) -> None:
    assert chemin_interne(adresse) == "/"


@given(st.text(alphabet="/\\:@?#.ab \t\n%[]", max_size=20))
def test_aucune_adresse_ne_fait_sortir_du_site(adresse: str) -> None:
    cible = urlsplit(urljoin("https://associe.example/connexion", chemin_interne(adresse)))
    assert (cible.scheme, cible.netloc) == ("https", "associe.example")
