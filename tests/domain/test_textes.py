"""Le pliage sert à retrouver un nom quelle que soit la manière de le taper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.erreurs import DonneeInvalide
from lib.domain.textes import LONGUEUR_MAXIMALE, normaliser, normaliser_ligne, plier


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("", ""),
        ("Besançon", "besancon"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("l’hay les roses", "l hay les roses"),
        ("Provence-Alpes-Côte d'Azur", "provence alpes cote d azur"),
        ("Œuilly", "oeuilly"),
        ("SŒURS", "soeurs"),
        ("Lætitia", "laetitia"),
        ("Saint\u2011Étienne", "saint etienne"),
        ("E\u0301tienne", "etienne"),
        ("  deux\u00a0\u202fespaces\t\n", "deux espaces"),
        ("cé\u00adsure", "cesure"),
        ("Ay-Champagne — Aÿ", "ay champagne ay"),
        ("straße", "strasse"),
        ("№ 5", "no 5"),
        ("2A004", "2a004"),
    ],
)
def test_plier(texte: str, attendu: str) -> None:
    assert plier(texte) == attendu


@given(st.text())
def test_plier_deux_fois_ne_change_rien(texte: str) -> None:
    plie = plier(texte)
    assert plier(plie) == plie


@given(st.text(alphabet="abcéèçœÀÉÎÔ'’- "))
def test_plier_ignore_la_casse(texte: str) -> None:
    assert plier(texte.upper()) == plier(texte) == plier(texte.lower())


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("", ""),
        ("un\r\ndeux\rtrois\n", "un\ndeux\ntrois\n"),
        ("\ufeffnotes", "notes"),
        ("\r\n\r\n", "\n\n"),
        ("😡 colère 👩🏽‍🚒", "😡 colère 👩🏽‍🚒"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("«\u00a0dix\u202f000\u00a0»", "«\u00a0dix\u202f000\u00a0»"),
        ("=1+1", "=1+1"),
    ],
)
def test_normaliser_ne_touche_qu_aux_fins_de_ligne(texte: str, attendu: str) -> None:
    assert normaliser(texte) == attendu


@given(st.text())
def test_normaliser_deux_fois_ne_change_rien(texte: str) -> None:
    try:
        propre = normaliser(texte)
    except DonneeInvalide:
        assert any(c == "\0" or "\ud800" <= c <= "\udfff" for c in texte)
        return
    assert normaliser(propre) == propre
    assert "\r" not in propre


@pytest.mark.parametrize("illisible", ["\0", "\ud83d"])
def test_un_caractere_illisible_se_dit_en_une_phrase(illisible: str) -> None:
    with pytest.raises(DonneeInvalide, match="après «\u00a0nous perdons\u00a0»") as refus:
        normaliser(f"nous perdons {illisible}deux heures", champ="notes")
    assert refus.value.champ == "notes"


def test_un_texte_d_un_million_de_caracteres_passe_et_pas_un_de_plus() -> None:
    assert normaliser("é" * LONGUEUR_MAXIMALE) == "é" * LONGUEUR_MAXIMALE
    with pytest.raises(DonneeInvalide, match="1\u202f000\u202f001 caractères"):
        normaliser("é" * (LONGUEUR_MAXIMALE + 1))


def test_une_ligne_n_a_ni_saut_ni_blanc_au_bord() -> None:
    assert normaliser_ligne("  L'Épicerie \n des  Calanques\t") == "L'Épicerie des Calanques"
    with pytest.raises(DonneeInvalide, match="300 caractères"):
        normaliser_ligne("x" * 301)
