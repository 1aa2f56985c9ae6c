"""Le pied de page légal, tel que la page le reçoit."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    from lib.ui.pied_de_page import pied_de_page

    pied_de_page()


def test_le_pied_de_page_est_une_navigation_nommee_avec_les_quatre_liens() -> None:
    page = AppTest.from_function(_page).run()
    assert not page.exception
    corps = page.get("html")[0].proto.body
    assert '<nav aria-label="Liens légaux">' in corps and "<footer" not in corps
    for adresse in ("/mentions-legales", "/confidentialite", "/accessibilite", "/statistiques"):
        assert f'href="{adresse}"' in corps
    assert "Accessibilité : non conforme" in corps
