"""Irritants par terrain : points, intervalles, effectifs, verdicts."""

from dataclasses import replace
from typing import Any

import pytest

from lib.analytics.proportions import Comparaison, Observation, comparer
from lib.graphiques import intervalles
from lib.graphiques.palette import CLAIRE

IRRITANTS = {
    "Engagements ponctuels": (7, 13, 6, 11, 5, 8),
    "Outils payants": (2, 11, 9, 12, 2, 8),
    "Pas de relais local": (0, 0, 8, 12, 1, 6),
}
TERRAINS = ("Marseille", "Bourgogne-Franche-Comté", "National")


def comparaison(nombre: int) -> Comparaison:
    return comparer(
        Observation(irritant=irritant, groupe=terrain, evoques=valeurs[2 * rang], abordes=valeurs[2 * rang + 1])
        for irritant, valeurs in IRRITANTS.items()
        for rang, terrain in enumerate(TERRAINS[:nombre])
    )


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def textes(figure: Any, rang: int) -> list[str]:
    return [lisible(texte) for texte in [t for t in figure.data if t.mode == "text"][rang].text]


def test_points_et_intervalles_de_wilson_par_ecart_decroissant() -> None:
    figure = intervalles.figure(comparaison(2), palette=CLAIRE)
    marseille, bfc = figure.data[:2]
    assert (marseille.name, bfc.name) == TERRAINS[:2]
    assert list(marseille.x) == pytest.approx([2 / 11, 7 / 13])
    assert list(bfc.x) == pytest.approx([9 / 12, 6 / 11, 8 / 12])
    part = comparaison(2).par_ecart()[0].parts["Marseille"]
    assert part.bas is not None
    assert part.haut is not None
    assert marseille.error_x.array[0] == pytest.approx(part.haut - 2 / 11)
    assert marseille.error_x.arrayminus[0] == pytest.approx(2 / 11 - part.bas)
    assert not marseille.error_x.symmetric


def test_chaque_terrain_a_sa_couleur_et_son_symbole() -> None:
    figure = intervalles.figure(comparaison(3), palette=CLAIRE)
    assert [(t.marker.color, t.marker.symbol) for t in figure.data[:3]] == [
        ("#000091", "circle"), ("#00a95f", "square"), ("#c9191e", "diamond"),
    ]  # fmt: skip


def test_titre_de_chaque_irritant_avec_son_verdict() -> None:
    assert textes(intervalles.figure(comparaison(2)), 0) == [
        "<b>Outils payants</b><br>Écart démontré",
        "<b>Engagements ponctuels</b><br>Écart non démontré",
        "<b>Pas de relais local</b><br>Effectif insuffisant",
    ]


def test_a_trois_terrains_le_verdict_nomme_ceux_qui_se_distinguent() -> None:
    titres = textes(intervalles.figure(comparaison(3)), 0)
    assert titres[0] == "<b>Outils payants</b><br>Écart démontré (Bourgogne-Franche-Comté)"
    assert titres[2] == "<b>Engagements ponctuels</b><br>Écart non démontré"


def test_effectifs_au_bout_et_non_aborde_a_la_place_du_point() -> None:
    figure = intervalles.figure(comparaison(2))
    effectifs = [t for t in figure.data if t.mode == "text"][1]
    assert list(effectifs.text) == ["2/11", "9/12", "7/13", "6/11", "non abordé", "8/12"]
    assert list(effectifs.x) == [1.06, 1.06, 1.06, 1.06, 0, 1.06]


def test_une_part_retiree_garde_ses_effectifs_et_dit_pourquoi() -> None:
    entiere = comparaison(2)
    ligne = entiere.lignes[0]
    parts = {**ligne.parts, "Marseille": replace(ligne.parts["Marseille"], valeur=None, bas=None, haut=None)}
    tue = replace(entiere, lignes=(replace(ligne, parts=parts),))
    figure = intervalles.figure(tue)
    assert "7/13, effectif insuffisant" in [texte for rang in (0, 1) for texte in textes(figure, rang)]
    assert len(figure.data[0].x) == 0
    assert "7/13, effectif insuffisant" in lisible(intervalles.table(tue).lignes[0][1])
    assert "Marseille 7/13, effectif insuffisant" in lisible(intervalles.description(tue))


def test_chaque_rangee_porte_le_nom_de_son_terrain_de_haut_en_bas() -> None:
    mise = intervalles.figure(comparaison(2)).layout
    assert list(mise.yaxis.ticktext) == ["Marseille", "Bourgogne-<br>Franche-Comté"] * 3
    assert list(mise.yaxis.tickvals) == sorted(mise.yaxis.tickvals)
    assert mise.yaxis.range[0] > mise.yaxis.range[1] == 0
    assert list(mise.xaxis.range) == [0, 1.06]
    assert mise.margin.l + mise.margin.r < 200


def test_un_maximum_d_irritants_et_la_hauteur_suit() -> None:
    grande, petite = intervalles.figure(comparaison(2)), intervalles.figure(comparaison(2), maximum=1)
    assert textes(petite, 0) == ["<b>Outils payants</b><br>Écart démontré"]
    assert petite.layout.height < grande.layout.height


def test_un_seul_terrain_sans_verdict() -> None:
    figure = intervalles.figure(comparaison(1))
    assert "<b>Outils payants</b>" in textes(figure, 0)


def test_aucun_irritant() -> None:
    figure = intervalles.figure(comparer([]))
    assert figure.layout.annotations[0].text == "Aucun irritant relevé pour ces critères"


def test_survol() -> None:
    texte = lisible(intervalles.figure(comparaison(2)).data[0].hovertext[0])
    assert texte == "Outils payants<br>Marseille : 2/11, 18 % [5 % ; 48 %]"


def test_texte_alternatif() -> None:
    assert lisible(intervalles.description(comparaison(2))) == (
        "Les irritants diffèrent-ils d'un terrain à l'autre ? Part des acteurs qui évoquent chaque irritant parmi ceux"
        " avec qui il a été abordé, par terrain, avec intervalle à 95 %."
        " Outils payants : Marseille 2/11 (18 %), Bourgogne-Franche-Comté 9/12 (75 %). Écart démontré."
        " Engagements ponctuels : Marseille 7/13 (54 %), Bourgogne-Franche-Comté 6/11 (55 %). Écart non démontré."
        " Pas de relais local : Marseille non abordé, Bourgogne-Franche-Comté 8/12 (67 %). Effectif insuffisant."
        " 3 irritants comparés, 2 tests corrigés ensemble (Benjamini-Hochberg) :"
        " 1 écart démontré, 1 écart non démontré et 1 effectif insuffisant."
        " Ces parts décrivent les acteurs rencontrés, choisis et non tirés au sort."
    )


def test_table_de_tous_les_irritants() -> None:
    tableau = intervalles.table(comparaison(2))
    assert tableau.entetes == ("Irritant", "Marseille", "Bourgogne-Franche-Comté", "Écart")
    assert [tuple(map(lisible, ligne)) for ligne in tableau.lignes] == [
        ("Outils payants", "2/11, 18 % [5 % ; 48 %]", "9/12, 75 % [47 % ; 91 %]", "Écart démontré"),
        ("Engagements ponctuels", "7/13, 54 % [29 % ; 77 %]", "6/11, 55 % [28 % ; 79 %]", "Écart non démontré"),
        ("Pas de relais local", "non abordé", "8/12, 67 % [39 % ; 86 %]", "Effectif insuffisant"),
    ]
