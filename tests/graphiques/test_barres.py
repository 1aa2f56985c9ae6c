"""Barres horizontales."""

from typing import Any

import pytest

from lib.graphiques import barres
from lib.graphiques.barres import Barre
from lib.graphiques.palette import CLAIRE

BARRES = [
    Barre(libelle="Temps perdu à chercher un partenaire qui convienne vraiment", valeur=1900, total=2700),
    Barre(libelle="Don en nature", valeur=0, total=2700),
]


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def textes(figure: Any) -> list[list[str]]:
    return [[lisible(texte) for texte in t.text] for t in figure.select_traces({"type": "scatter"})]


def test_une_barre_par_categorie_dans_l_ordre_recu() -> None:
    figure = barres.figure(BARRES, titre="Quels irritants reviennent ?", palette=CLAIRE)
    fond, plein = [t for t in figure.data if t.type == "bar"]
    assert list(plein.x) == [1900, 0]
    assert list(plein.y) == sorted(plein.y)
    assert plein.marker.color == "#000091"
    assert list(fond.x) == [0, 0]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert list(figure.layout.xaxis.range) == [0, 1900]


def test_libelle_au_dessus_valeur_au_bout() -> None:
    libelles, valeurs = textes(barres.figure(BARRES, titre="Question ?"))
    assert libelles == ["Temps perdu à chercher un partenaire qui<br>convienne vraiment", "Don en nature"]
    assert valeurs == [" <b>1 900/2 700</b>", " <b>0/2 700</b>"]


@pytest.mark.parametrize(
    ("barre", "attendu"),
    [
        (Barre(libelle="a", valeur=1200), "1 200"),
        (Barre(libelle="a", valeur=12, total=27), "12/27"),
        (Barre(libelle="a", valeur=4, fond=10, texte="4 sur 10"), "4 sur 10"),
    ],
)
def test_etiquette(barre: Barre, attendu: str) -> None:
    assert lisible(barre.etiquette) == attendu


def test_des_effectifs_tous_nuls_gardent_un_axe() -> None:
    figure = barres.figure([Barre(libelle="a", valeur=0)], titre="Question ?")
    assert list(figure.layout.xaxis.range) == [0, 1]


def test_rien_a_compter() -> None:
    figure = barres.figure([], titre="Question ?", vide="Aucun entretien")
    assert figure.layout.annotations[0].text == "Aucun entretien"


def test_texte_alternatif() -> None:
    assert lisible(barres.description(BARRES, titre="Quels irritants reviennent ?")) == (
        "Quels irritants reviennent ? Temps perdu à chercher un partenaire qui convienne vraiment : 1 900/2 700 ;"
        " Don en nature : 0/2 700."
    )
    assert barres.description([], titre="Q ?").endswith("Rien à compter.")


def test_table_avec_ou_sans_parts() -> None:
    avec = barres.table(BARRES, legende="Irritants", categorie="Irritant", quantite="Entretiens")
    assert avec.entetes == ("Irritant", "Entretiens", "Part")
    assert [tuple(map(lisible, ligne[1:])) for ligne in avec.lignes] == [("1 900/2 700", "70 %"), ("0/2 700", "0 %")]
    sans = barres.table([Barre(libelle="a", valeur=3)], legende="L", categorie="C", quantite="Q")
    assert (sans.entetes, sans.lignes) == (("C", "Q"), (("a", "3"),))
