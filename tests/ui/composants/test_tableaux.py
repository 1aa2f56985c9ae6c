"""Tableaux : ce qu'on donne est ce qu'on lit, sans index ni passage par pandas."""

from streamlit.testing.v1 import AppTest

from lib.ui.composants.tableaux import _en_arrow


def test_le_tableau_montre_entetes_et_lignes() -> None:
    def ecran() -> None:
        from lib.ui.composants.tableaux import afficher_tableau

        afficher_tableau(
            ["Terrain", "Part"], [["Marseille", "3/8"], ["National", "n. d."]], legende="Parts par terrain"
        )

    (table,) = AppTest.from_function(ecran).run().table
    assert list(table.value.columns) == ["Terrain", "Part"]
    assert table.value.to_numpy().tolist() == [["Marseille", "3/8"], ["National", "n. d."]]
    assert table.proto.alt == "Parts par terrain"
    assert table.proto.hide_index and not table.proto.hide_header


def test_un_tableau_sans_ligne_garde_ses_entetes() -> None:
    assert _en_arrow(("Terrain", "Part"), ()).column_names == ["Terrain", "Part"]


def test_le_meme_tableau_ne_se_construit_qu_une_fois() -> None:
    assert _en_arrow(("A",), (("1",),)) is _en_arrow(("A",), (("1",),))
