"""N'importe quel texte tient dans des cellules et en ressort à l'identique."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.echanges.tableur_cellules import (
    CARACTERES_PAR_CELLULE,
    PREMIER_MORCEAU,
    decouper,
    desechapper,
    echapper,
    poids,
    renvoi,
    sans_renvoi,
    tient,
)

INTERDIT_EN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TOUT_CARACTERE = st.characters()
PIEGES = st.sampled_from(["_x0041_", "_x", "_x000D_", "_", "x005F_", "<r>", "</r>", "\r", "\x01", "\ufffe", "\ud83d"])
TEXTES = st.lists(PIEGES | st.text(TOUT_CARACTERE, max_size=5), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("été\n\tici", "été\n\tici"),
        ("a\rb", "a_x000D_b"),
        ("\x00", "_x0000_"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("_x41_", "_x41_"),
        ("<r>a</r>", "_x003C_r>a</r>"),
        ("a<r>", "a<r>"),
        ("\ud800", "_xD800_"),
    ],
)
def test_echapper(texte: str, attendu: str) -> None:
    assert echapper(texte) == attendu
    assert desechapper(attendu) == texte


@given(TEXTES)
def test_desechapper_est_l_inverse(texte: str) -> None:
    assert desechapper(echapper(texte)) == texte
    assert not INTERDIT_EN_XML.search(echapper(texte))


@given(TEXTES)
def test_le_poids_ne_depasse_pas_l_expansion_annoncee(texte: str) -> None:
    assert poids(texte) <= 7 * len(texte)


@pytest.mark.parametrize("motif", ["a", "é", "😀", "\x01", "_x0041_", "\r\n", "a😀"])
@pytest.mark.parametrize("longueur", [0, 1, CARACTERES_PAR_CELLULE, CARACTERES_PAR_CELLULE + 1, 100_000])
def test_decouper_ne_perd_rien(motif: str, longueur: int) -> None:
    texte = (motif * longueur)[:longueur]
    morceaux = decouper(texte)
    assert "".join(morceaux) == texte
    assert all(poids(morceau) <= CARACTERES_PAR_CELLULE for morceau in morceaux)
    assert all(poids(premier) <= PREMIER_MORCEAU for premier in morceaux[:1])


def test_decouper_remplit_les_cellules() -> None:
    assert len(decouper("a" * 2 * CARACTERES_PAR_CELLULE)) == 3
    assert [len(morceau) for morceau in decouper("a" * 40_000)] == [PREMIER_MORCEAU, 40_000 - PREMIER_MORCEAU]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("a" * 32_767, True),
        ("a" * 32_768, False),
        ("😀" * 16_383, True),
        ("😀" * 16_384, False),
        ("\x01" * 4_681, True),
        ("\x01" * 4_682, False),
    ],
)
def test_tient(texte: str, attendu: bool) -> None:
    assert tient(texte) is attendu


def test_le_renvoi_tient_avec_le_premier_morceau() -> None:
    assert poids("a" * PREMIER_MORCEAU + renvoi(1_048_576)) == CARACTERES_PAR_CELLULE


def test_sans_renvoi_ne_retire_que_le_dernier() -> None:
    cite = "un texte qui cite" + renvoi(3) + " puis continue"
    assert sans_renvoi(cite + renvoi(8)) == cite
