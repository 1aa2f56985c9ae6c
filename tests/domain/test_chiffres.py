"""Deux états d'un chiffre : ce qui a changé se dit, et ce qui ne se compare pas ne se compare pas."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.chiffres import (
    DEFINITION_CHANGEE,
    DISPARU,
    INCHANGE,
    NOUVEAU,
    REMPLACE,
    Chiffre,
    dire_combien,
    dire_tendance,
)
from lib.domain.formats import typographier

PART = Chiffre(
    definition="Où l'on en est.",
    numerateur_definition="Faits",
    denominateur_definition="Prévus",
    unite="part",
    numerateur=23,
    denominateur=32,
    valeur=23 / 32,
)
MOIS = replace(PART, unite="mois", valeur=12.0)
COMPTE = replace(PART, unite="compte", numerateur=None, denominateur=None, valeur=2.0)


@pytest.mark.parametrize(
    ("avant", "apres", "dite"),
    [
        (PART, replace(PART, numerateur=27, valeur=27 / 32), "+13 points, était 72 % (23/32)"),
        (PART, replace(PART, numerateur=46, denominateur=64), "stable, était 72 % (23/32)"),
        (MOIS, replace(MOIS, valeur=9.0), "−3 mois, était 12 mois (23/32)"),
        (COMPTE, replace(COMPTE, valeur=3.0), "+1, était 2"),
        (MOIS, replace(MOIS, valeur=None), "était 12 mois (23/32)"),
        (replace(PART, precision="« A »"), replace(PART, precision="« B »"), "était « A », 72 % (23/32)"),
        (PART, replace(PART, definition="Autre."), DEFINITION_CHANGEE),
        (PART, PART, INCHANGE),
        (None, PART, NOUVEAU),
        (PART, None, DISPARU),
    ],
)
def test_ce_qui_a_change_se_dit(avant: Chiffre | None, apres: Chiffre | None, dite: str) -> None:
    assert dire_tendance(avant, apres).translate({0xA0: " ", 0x202F: " "}) == dite.replace(" :", " :")


def test_sans_rappel_seul_l_ecart_se_dit() -> None:
    assert dire_tendance(COMPTE, replace(COMPTE, valeur=3.0), rappel=False) == "+1"
    assert dire_tendance(MOIS, replace(MOIS, valeur=None), rappel=False) == REMPLACE


@given(st.integers(0, 50), st.integers(1, 50))
def test_un_chiffre_ne_bouge_pas_de_lui_meme(numerateur: int, denominateur: int) -> None:
    chiffre = replace(PART, numerateur=numerateur, denominateur=denominateur, valeur=numerateur / denominateur)
    assert dire_tendance(chiffre, replace(chiffre)) == INCHANGE


@given(st.floats(0, 1), st.floats(0, 1))
def test_l_aller_et_le_retour_sont_de_signe_contraire(avant: float, apres: float) -> None:
    a, b = replace(PART, valeur=avant, numerateur=1), replace(PART, valeur=apres, numerateur=2)
    aller, retour = dire_tendance(a, b), dire_tendance(b, a)
    assert aller.startswith("stable") == retour.startswith("stable")
    assert aller.startswith("+") == retour.startswith("−")


def test_combien_de_chiffres_ont_change() -> None:
    assert dire_combien(0, 14) == "Aucun des 14\N{NO-BREAK SPACE}chiffres n'a changé."
    assert dire_combien(1, 14) == "1\N{NO-BREAK SPACE}chiffre a changé sur 14."
    assert typographier(dire_combien(3, 14)).startswith("3")
