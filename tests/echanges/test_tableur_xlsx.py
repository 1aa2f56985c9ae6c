"""Le classeur .xlsx : tout texte revient au caractère près, et Excel y trouve de vraies valeurs."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from lib.echanges import tableur_xlsx
from lib.echanges.tableur import Table, Valeur, ecrire_xlsx, relire_xlsx, xlsx_en_octets

PIEGES = st.sampled_from(
    ["=1+1", "'", "_x0041_", "_x", "<r>", "</r>", "&amp;", "\r", "\n", "\t", " ", "\x01", "\ufeff"]
)
TEXTES = st.lists(PIEGES | st.text(st.characters(), max_size=5), max_size=8).map("".join)
LONG = "Une phrase, un émoji 😀 et un retour.\r\n" * 2_000


def _aller_retour(*valeurs: Valeur) -> list[Valeur]:
    classeur = relire_xlsx(xlsx_en_octets([Table("Essai", ["a"], [(valeur,) for valeur in valeurs])]))
    return [ligne[0] for ligne in classeur["Essai"][1:]]


def _ouvrir(octets: bytes) -> Workbook:
    return load_workbook(io.BytesIO(octets))


# --- Textes -----------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTES, TEXTES), min_size=1, max_size=12))
@example([("=1+1", "'apostrophe initiale"), ("😀👩‍👩‍👧", "שלום עולם"), ("a\r\nb\rc\nd", "")])
@example([("<r>a</r>", "<r><t>&</r>"), ("_x0041_x0042_", "_x005F_"), ("\0", "\ud800")])
def test_relire_rend_ce_qui_est_ecrit(lignes: list[tuple[str, str]]) -> None:
    classeur = relire_xlsx(xlsx_en_octets([Table("Essai", ["=a", "b"], lignes)]))
    assert classeur == {"Essai": [["=a", "b"], *map(list, lignes)]}


@pytest.mark.parametrize(
    "texte",
    [
        "x" * 32_767,
        "x" * 32_768,
        "y" * 40_000,
        "😀" * 20_000,
        "_x0041_" * 10_000,
        "\x01" * 5_000,
        "z" * 1_000_000,
        LONG,
    ],
    ids=["limite", "limite+1", "40 000", "emoji", "echappes", "controles", "million", "phrases"],
)
def test_un_texte_long_revient_entier(texte: str) -> None:
    assert _aller_retour("avant", texte, "après", texte) == ["avant", texte, "après", texte]


def test_un_texte_long_dit_ou_est_sa_suite() -> None:
    feuilles = _ouvrir(xlsx_en_octets([Table("Notes", ["a", "b"], [("x", "y" * 40_000), ("z" * 70_000, "t")])]))
    assert feuilles.sheetnames == ["Notes", "Suites"]
    assert feuilles["Notes"]["B2"].value.endswith("la suite est dans l'onglet « Suites », ligne 2.]")
    assert feuilles["Notes"]["A3"].value.endswith("la suite est dans l'onglet « Suites », ligne 3.]")
    reperes = [ligne[:3] for ligne in feuilles["Suites"].iter_rows(values_only=True)]
    assert reperes == [("Onglet", "Cellule", "Partie"), ("Notes", "B2", 2), ("Notes", "A3", 2), ("Notes", "A3", 3)]


def test_aucune_cellule_ne_depasse_la_limite_d_excel() -> None:
    feuilles = _ouvrir(xlsx_en_octets([Table("Notes", ["a"], [("😀" * 50_000,), ("\x01" * 50_000,)])]))
    textes = [cellule for feuille in feuilles for ligne in feuille.iter_rows(values_only=True) for cellule in ligne]
    assert max(len(str(texte).encode("utf-16-le")) // 2 for texte in textes) <= 32_767


def test_sans_texte_long_pas_d_onglet_de_suites() -> None:
    assert _ouvrir(xlsx_en_octets([Table("Notes", ["a"], [("court",)])])).sheetnames == ["Notes"]


@pytest.mark.parametrize("texte", ["=1+1", "+1", "-1", "@a", '=HYPERLINK("http://x")', "http://exemple.fr", "0123"])
def test_un_texte_n_est_jamais_une_formule_un_lien_ni_un_nombre(texte: str) -> None:
    octets = xlsx_en_octets([Table("Essai", ["a"], [(texte,)])])
    cellule = _ouvrir(octets)["Essai"]["A2"]
    assert (cellule.value, cellule.data_type, cellule.hyperlink) == (texte, "s", None)
    assert cellule.quotePrefix is (texte[0] in "=+-@")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


# --- Valeurs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (None, None),
        ("", ""),
        (True, True),
        (False, False),
        (0, 0),
        (-12, -12),
        (1.5, 1.5),
        (10**15 - 1, 10**15 - 1),
        (10**15, "1000000000000000"),
        (float("nan"), None),
        (float("inf"), "∞"),
        (1.7e308, "1,7E+308"),
        (date(2026, 9, 3), date(2026, 9, 3)),
        (date(1900, 1, 1), date(1900, 1, 1)),
        (date(1899, 12, 31), "31/12/1899"),
        (datetime(2026, 9, 3, 14, 5, 7), datetime(2026, 9, 3, 14, 5, 7)),  # noqa: DTZ001 — sans fuseau, à dessein
        (datetime(2026, 9, 3), datetime(2026, 9, 3)),  # noqa: DTZ001
        (datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 14)),  # noqa: DTZ001
    ],
)
def test_valeurs(valeur: Valeur, attendu: Valeur) -> None:
    (lu, fin) = _aller_retour(valeur, "fin")
    assert (lu, type(lu), fin) == (attendu, type(attendu), "fin")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.dates(min_value=date(1900, 1, 1)), min_size=1))
def test_toute_date_depuis_1900_revient(dates: list[date]) -> None:
    assert _aller_retour(*dates) == dates


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(-9e307, 9e307, allow_subnormal=False), min_size=1))
def test_un_nombre_garde_quinze_chiffres(nombres: list[float]) -> None:
    assert _aller_retour(*nombres) == pytest.approx(nombres, rel=1e-15, abs=0)


def test_les_dates_sont_de_vraies_dates_au_format_francais() -> None:
    feuille = _ouvrir(xlsx_en_octets([Table("Essai", ["a"], [(date(2026, 9, 3),)])]))["Essai"]
    assert feuille["A2"].is_date
    assert feuille["A2"].number_format == "dd/mm/yyyy"


def test_une_valeur_inattendue_est_refusee() -> None:
    with pytest.raises(TypeError, match="« Essai », ligne 2 : valeur inattendue"):
        _aller_retour(timedelta(days=1))  # type: ignore[arg-type]


# --- Onglets ----------------------------------------------------------------------------------------------------


def test_premiere_ligne_figee_filtre_et_largeurs() -> None:
    table = Table("Essai", ["Nom", "Un en-tête plutôt long"], [("x" * 300, 1), ("y", 2)])
    feuille = _ouvrir(xlsx_en_octets([table]))["Essai"]
    assert feuille.freeze_panes == "A2"
    assert feuille.auto_filter.ref == "A1:B3"
    assert feuille["A1"].font.bold
    assert 59 < feuille.column_dimensions["A"].width < 62
    assert 20 < feuille.column_dimensions["B"].width < 30


def test_une_table_vide_garde_ses_en_tetes() -> None:
    assert relire_xlsx(xlsx_en_octets([Table("Vide", ["a", "b"], [])])) == {"Vide": [["a", "b"]]}


@pytest.mark.parametrize(
    ("noms", "attendus"),
    [
        (["Irritants", "irritants"], ["Irritants", "irritants (2)"]),
        (["a/b:c*d?[e]\\"], ["a b c d  e"]),
        (["'guillemets'", ""], ["guillemets", "Onglet"]),
        (["Suites", "Lisez-moi", "Historique"], ["Suites (2)", "Lisez-moi (2)", "Historique (2)"]),
        (["x" * 40, "x" * 50], ["x" * 31, "x" * 27 + " (2)"]),
        (["😀" * 20], ["😀" * 15]),
    ],
)
def test_noms_d_onglets_acceptes_par_excel(noms: list[str], attendus: list[str]) -> None:
    assert list(relire_xlsx(xlsx_en_octets([Table(nom, ["a"], []) for nom in noms]))) == attendus


def test_une_table_plus_longue_qu_un_onglet_continue_dans_le_suivant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tableur_xlsx, "LIGNES_PAR_ONGLET", 4)
    long = "x" * 40_000
    lignes: list[tuple[Valeur]] = [(1,), (2,), (3,), (4,), (long,), (6,), (7,)]
    classeur = relire_xlsx(xlsx_en_octets([Table("T", ["n"], lignes), Table("U", ["n"], [(0,)])]))
    assert classeur == {
        "T": [["n"], [1], [2], [3]],
        "U": [["n"], [0]],
        "T (suite 2)": [["n"], [4], [long], [6]],
        "T (suite 3)": [["n"], [7]],
    }


def test_trop_de_colonnes_se_dit() -> None:
    with pytest.raises(ValueError, match="« T » a 16385 colonnes"):
        xlsx_en_octets([Table("T", ["c"] * 16_385, [])])


def test_lisez_moi() -> None:
    origine: dict[str, Valeur] = {
        "investigation": "ASSO'CIE",
        "date": date(2026, 11, 23),
        "auteur": "=Léa",
        "filtre": "terrain : Marseille",
        "n": 2,
        "Motif": "revue",
    }
    tables = [Table("Notes", ["a"], [("x",), ("y" * 40_000,)]), Table("Vide", ["a"], [])]
    classeur = relire_xlsx(xlsx_en_octets(tables, origine))
    assert list(classeur) == ["Lisez-moi", "Notes", "Vide"]
    assert classeur["Lisez-moi"] == [
        ["Rubrique", "Contenu"],
        ["Investigation", "ASSO'CIE"],
        ["Date de l'export", date(2026, 11, 23)],
        ["Exporté par", "=Léa"],
        ["Filtre appliqué", "terrain : Marseille"],
        ["Nombre de lignes", 2],
        ["Motif", "revue"],
        ["Lignes de l'onglet « Notes »", 2],
        ["Lignes de l'onglet « Vide »", 0],
        ["Dates et heures", "Heure de Paris."],
        ["Textes longs", "Une cellule tient 32\u202f767 caractères ; la suite est dans « Suites »."],
    ]


# --- Flux et fichiers de travail --------------------------------------------------------------------------------


def test_le_flux_reste_ouvert_et_peut_etre_un_fichier(tmp_path: Path) -> None:
    with (tmp_path / "essai.xlsx").open("wb") as fichier:
        ecrire_xlsx([Table("T", ["a"], [("x",)])], fichier)
        assert not fichier.closed
    with (tmp_path / "essai.xlsx").open("rb") as fichier:
        assert relire_xlsx(fichier) == {"T": [["a"], ["x"]]}


def test_une_erreur_en_cours_ne_laisse_aucun_fichier_de_travail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sortie = io.BytesIO()
    vus: list[Any] = []

    def lignes() -> Iterator[tuple[str]]:
        for _ in range(200):
            yield ("x",)
        vus.extend(tmp_path.iterdir())
        raise OSError("base perdue")

    with pytest.raises(OSError, match="base perdue"):
        ecrire_xlsx([Table("T", ["a"], lignes())], sortie)
    assert len(vus) == 1
    assert list(tmp_path.iterdir()) == []
    assert sortie.getvalue() == b""
