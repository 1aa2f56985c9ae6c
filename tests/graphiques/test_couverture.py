"""Couverture du plan : un terrain en retard doit sauter aux yeux."""

from lib.analytics.couverture import CouvertureTerrain
from lib.graphiques import couverture

COUVERTURES = [
    CouvertureTerrain(terrain="Marseille", realises=4, prevus=12),
    CouvertureTerrain(terrain="Bourgogne-Franche-Comté", realises=13, prevus=12),
    CouvertureTerrain(terrain="Hors plan", realises=2, prevus=0),
]


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_realise_en_plein_prevu_en_contour() -> None:
    figure = couverture.figure(COUVERTURES)
    prevu, realise = [t for t in figure.data if t.type == "bar"]
    assert (list(realise.x), list(prevu.x)) == ([4, 13, 2], [12, 12, 0])
    assert prevu.marker.color == "rgba(0,0,0,0)"
    assert prevu.width > realise.width
    assert lisible(figure.layout.title.text) == "Où en est le plan d'entretiens ?"
    assert figure.layout.barmode == "overlay"


def test_etiquettes_qui_disent_le_manque() -> None:
    textes = couverture.figure(COUVERTURES).select_traces({"type": "scatter"})
    libelles, valeurs = ([lisible(texte) for texte in trace.text] for trace in textes)
    assert libelles == ["Marseille – il en manque 8", "Bourgogne-Franche-Comté", "Hors plan"]
    assert valeurs == [" <b>4 sur 12</b>", " <b>13 sur 12</b>", " <b>2 réalisés, aucun prévu</b>"]


def test_aucun_terrain() -> None:
    figure = couverture.figure([])
    assert figure.layout.annotations[0].text == "Aucun terrain dans le plan d'entretiens"


def test_texte_alternatif() -> None:
    assert lisible(couverture.description(COUVERTURES)) == (
        "Où en est le plan d'entretiens ? 19 entretiens réalisés sur 24 prévus. Reste à mener : 8 pour Marseille."
        " Par terrain, réalisés sur prévus : Marseille : 4 sur 12 ; Bourgogne-Franche-Comté : 13 sur 12 ;"
        " Hors plan : 2 réalisés, aucun prévu."
    )


def test_texte_alternatif_sans_terrain() -> None:
    assert lisible(couverture.description([])) == (
        "Où en est le plan d'entretiens ? 0 entretien réalisé, aucun prévu au plan."
    )


def test_table() -> None:
    tableau = couverture.table(COUVERTURES)
    assert tableau.entetes == ("Terrain", "Réalisés", "Prévus", "Restants", "Part du plan")
    assert [tuple(map(lisible, ligne)) for ligne in tableau.lignes] == [
        ("Marseille", "4", "12", "8", "33 %"),
        ("Bourgogne-Franche-Comté", "13", "12", "0", "108 %"),
        ("Hors plan", "2", "0", "0", "n. d."),
    ]
