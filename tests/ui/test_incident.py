"""La phrase que voit la personne quand un script échoue."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    from lib.ui.incident import afficher_incident

    afficher_incident("1a2b3c4d")


def test_la_phrase_porte_le_repere_et_dit_quoi_faire() -> None:
    page = AppTest.from_function(_page).run()
    assert "repère 1a2b3c4d" in page.error[0].value
    assert "rechargez la page" in page.error[0].value
