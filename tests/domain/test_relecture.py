"""Qui un message appelle : la ponctuation ne compte pas, une adresse n'appelle personne."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.relecture import mentions

CONNUS = {"lea", "karim.b", "a@exemple.fr"}


@pytest.mark.parametrize(
    ("texte", "trouves", "perdus"),
    [
        ("@lea, peux-tu relire ?", ("lea",), ()),
        ("Merci @karim.b. Et @LEA !", ("karim.b", "lea"), ()),
        ("(@lea) @lea", ("lea",), ()),
        ("Écrire à x@lea.fr ou lea@exemple.fr", (), ()),
        ("@a@exemple.fr : ici", ("a@exemple.fr",), ()),
        ("@inconnu et @lea", ("lea",), ("inconnu",)),
        ("seul @ ou @@", (), ()),
    ],
)
def test_les_personnes_appelees(texte: str, trouves: tuple[str, ...], perdus: tuple[str, ...]) -> None:
    assert mentions(texte, CONNUS) == (trouves, perdus)


@given(st.text())
def test_seuls_des_connus_sont_appeles(texte: str) -> None:
    trouves, perdus = mentions(texte, CONNUS)
    assert set(trouves) <= CONNUS and not set(perdus) & CONNUS and "" not in perdus
