"""Les figures du document : natives, décrites, avec leur feuille de calcul, et sans ce qui est masqué."""

import io
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.scenes import BarreScene, FigureScene
from lib.echanges.rapport_graphiques import ecrire_classeur, ecrire_graphique, inserer_figure

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FIGURE = FigureScene(
    titre="Combien l'évoquent ?",
    barres=(
        BarreScene(libelle="Temps & « argent »", texte="8 sur 23", longueur=8.0, fond=23.0),
        BarreScene(libelle="=1+1", texte="< 3", longueur=None, fond=9.0),
        BarreScene(libelle="Rien", texte="0 sur 9", longueur=0.0, fond=9.0),
    ),
)


def lire_series(graphique: str) -> list[list[tuple[str, str]]]:
    """Par série, (nom de la barre, valeur écrite ou rien)."""
    racine, lues = ET.fromstring(graphique), []  # noqa: S314 - écrit par nous
    for serie in racine.iter(f"{C}ser"):
        noms = {pt.get("idx"): pt.findtext(f"{C}v") for pt in serie.find(f"{C}cat").iter(f"{C}pt")}  # type: ignore[union-attr]
        valeurs = {pt.get("idx"): pt.findtext(f"{C}v") for pt in serie.find(f"{C}val").iter(f"{C}pt")}  # type: ignore[union-attr]
        lues.append([(str(nom), valeurs.get(rang) or "") for rang, nom in noms.items()])
    return lues


def test_chaque_barre_se_lit_et_une_valeur_masquee_n_y_est_pas() -> None:
    valeurs, reste = lire_series(ecrire_graphique(FIGURE, classeur="rId1"))
    assert valeurs == [
        ("Temps & « argent »\N{NO-BREAK SPACE}: 8\N{NO-BREAK SPACE}sur\N{NO-BREAK SPACE}23", "8.0"),
        ("=1+1\N{NO-BREAK SPACE}: <\N{NO-BREAK SPACE}3", ""),
        ("Rien\N{NO-BREAK SPACE}: 0\N{NO-BREAK SPACE}sur\N{NO-BREAK SPACE}9", "0.0"),
    ]
    assert [valeur for _, valeur in reste] == ["15.0", "9.0", "9.0"]


def test_une_barre_masquee_est_tiretee_et_elle_seule() -> None:
    racine = ET.fromstring(ecrire_graphique(FIGURE, classeur="rId1"))  # noqa: S314 - écrit par nous
    assert [point.find(f"{C}idx").get("val") for point in racine.iter(f"{C}dPt")] == ["1"]  # type: ignore[union-attr]


def test_la_feuille_de_calcul_porte_les_memes_nombres_et_nulle_formule() -> None:
    feuille = openpyxl.load_workbook(io.BytesIO(ecrire_classeur(FIGURE)))["Figure"]
    lignes = list(feuille.iter_rows(values_only=True))
    assert [ligne[1:] for ligne in lignes] == [("Valeur", "Reste"), (8, 15), (None, 9), (0, 9)]
    assert lignes[2][0].startswith("=1+1") and feuille["A3"].data_type == "s"


def test_deux_figures_ont_chacune_leur_graphique_et_leur_texte() -> None:
    document, tampon = Document(), io.BytesIO()
    for rang in (1, 2):
        inserer_figure(document, FIGURE, rang=rang)
    document.save(tampon)
    relu = Document(tampon)
    assert [forme._inline.docPr.get("descr") for forme in relu.inline_shapes] == [FIGURE.alternative] * 2
    with zipfile.ZipFile(tampon) as archive:
        noms = archive.namelist()
        types = archive.read("[Content_Types].xml").decode()
    for rang in (1, 2):
        assert {f"word/charts/chart{rang}.xml", f"word/charts/_rels/chart{rang}.xml.rels"} <= set(noms)
        assert f"word/embeddings/figure{rang}.xlsx" in noms and f"/word/charts/chart{rang}.xml" in types


@pytest.mark.parametrize("figure", [FigureScene(titre="Rien", barres=())])
def test_une_figure_sans_barre_reste_un_document_valable(figure: FigureScene) -> None:
    assert lire_series(ecrire_graphique(figure, classeur="rId1")) == [[], []]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40), st.floats(0, 1e6))
def test_aucun_texte_ne_casse_le_graphique(libelle: str, valeur: float) -> None:
    barre = BarreScene(libelle=libelle, texte="1", longueur=valeur, fond=valeur)
    (((nom, ecrit),), _) = lire_series(ecrire_graphique(FigureScene(titre="?", barres=(barre,)), classeur="rId1"))
    assert nom == f"{libelle}\N{NO-BREAK SPACE}: 1" and float(ecrit) == valeur
