"""Dire ce qui diffère : court, en clair, sans rien interpréter."""

import pytest

from lib.ui.composants.entretiens_conflit import LONGUEUR_MONTREE, Noms, dire, seules_differences

NOMS = Noms(terrains={1: "Marseille"}, equipe={2: "Léa", 3: "Karim"}, irritants={4: "Manque de temps"})


@pytest.mark.parametrize(
    ("un", "autre", "attendu"),
    [
        ("a\nb\nc", "a\nX\nc", ("…\nb\n…", "…\nX\n…")),
        ("a\nb", "a\nb\nc", ("…\n(rien)", "…\nc")),
        ("a", "b", ("a", "b")),
        ("", "b", ("(rien)", "b")),
        ("x\nx", "x", ("…\nx", "…\n(rien)")),
    ],
)
def test_deux_textes_se_reduisent_a_leurs_differences(un: str, autre: str, attendu: tuple[str, str]) -> None:
    assert seules_differences(un, autre) == attendu


def test_une_longue_difference_est_coupee() -> None:
    un, autre = seules_differences("a" * 5000, "b")
    assert len(un) == LONGUEUR_MONTREE + 1 and un.endswith("…") and autre == "b"


@pytest.mark.parametrize(
    ("champ", "valeur", "attendu"),
    [
        ("terrain_id", 1, "Marseille"),
        ("terrain_id", 9, "Terrain retiré"),
        ("tenu_le", "2026-10-01", "1er\u00a0octobre\u00a02026"),
        ("mode", "visio", "Visioconférence"),
        ("duree_minutes", 50, "50\u00a0minutes"),
        ("enqueteurs", [2, 3, 9], "Léa, Karim et Compte fermé"),
        ("releves", {"4": "ecarte", "5": "relance"}, "Manque de temps : écarté\nIrritant retiré : évoqué sur relance"),
        ("accord_enregistrement", False, "Non"),
        ("accord_enregistrement", None, "(rien)"),
        ("nouveaux", [{"nom": "Camille"}, {"nom": ""}], "Camille et sans nom"),
        ("notes", "**x**", "**x**"),
        ("releves", {}, "(rien)"),
    ],
)
def test_une_valeur_se_dit_en_clair(champ: str, valeur: object, attendu: str) -> None:
    assert dire(champ, valeur, NOMS) == attendu
