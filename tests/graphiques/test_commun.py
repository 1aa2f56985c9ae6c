"""Ce que toutes les figures partagent."""

import pytest

from lib.graphiques.commun import (
    Cadre,
    composer,
    decouper,
    dire_vide,
    ecrire,
    habiller,
    largeur_pixels,
    nommer_les_ordonnees,
)
from lib.graphiques.palette import CLAIRE


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Marseille", ["Marseille"]),
        ("Bourgogne-Franche-Comté", ["Bourgogne-", "Franche-Comté"]),
        ("Acteurs nationaux", ["Acteurs", "nationaux"]),
        ("Anticonstitutionnellement", ["Anticonstitutionnellement"]),
        ("", [""]),
    ],
)
def test_decouper(texte: str, attendu: list[str]) -> None:
    assert decouper(texte, 14) == attendu


def test_une_espace_insecable_ne_se_coupe_pas() -> None:
    assert decouper("Combien de\u202f?", 10) == ["Combien", "de\u202f?"]


def test_un_nom_n_apporte_pas_de_balise() -> None:
    assert habiller("<a href='x'>A & B</a>", 60) == "&lt;a href='x'&gt;A &amp; B&lt;/a&gt;"


def test_largeur_de_la_plus_longue_ligne() -> None:
    assert largeur_pixels(["Bourgogne-Franche-Comté"]) == round(7.5 * len("Franche-Comté"))
    assert largeur_pixels([]) == 0


def test_mise_en_page_lisible_dans_les_deux_themes_et_au_doigt() -> None:
    titre = "Les partenariats durent-ils plus longtemps à Marseille ?"
    cadre = Cadre(hauteur=300, marges={"l": 40, "b": 30}, axe_x={"range": [0, 2]}, axe_y={}, reglages={"bargap": 0})
    mise = composer([{"type": "scatter", "x": [1], "y": [1]}], titre=titre, cadre=cadre, palette=CLAIRE).layout
    assert mise.paper_bgcolor == mise.plot_bgcolor == "rgba(0,0,0,0)"
    assert mise.title.text == "Les partenariats durent-ils plus longtemps à<br>Marseille ?"
    assert (mise.margin.l, mise.margin.r, mise.margin.b, mise.margin.pad) == (40, 8, 30, 0)
    assert mise.height == 300 + mise.margin.t + 30
    assert mise.separators == ",\u202f"
    assert not mise.showlegend
    assert mise.xaxis.fixedrange
    assert mise.yaxis.fixedrange
    assert (mise.xaxis.range, mise.bargap) == ((0, 2), 0)


def test_figure_vide_dit_pourquoi() -> None:
    figure = dire_vide("Question ?", "Rien encore", CLAIRE)
    assert [annotation.text for annotation in figure.layout.annotations] == ["Rien encore"]
    assert not figure.layout.xaxis.visible


def test_nom_des_ordonnees_a_l_horizontale_au_bord_gauche() -> None:
    annotation = nommer_les_ordonnees("Part encore en cours", marge=50)
    assert (annotation["text"], annotation["xshift"], annotation["xref"]) == ("Part encore en cours", -46, "paper")


def test_textes_a_droite_de_leur_point() -> None:
    trace = ecrire([(0, 10, "a"), (1, 20, "b")])
    assert (trace["x"], trace["y"], trace["text"]) == ([0, 1], [10, 20], ["a", "b"])
    assert (trace["mode"], trace["textposition"], trace["cliponaxis"]) == ("text", "middle right", False)
