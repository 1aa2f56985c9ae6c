"""Le menu : des pages bon marché à rebâtir, jamais partagées entre deux personnes."""

from streamlit.testing.v1 import AppTest

from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.ui.navigation import COMPTE, CONNEXION, ENTREES, menu


def test_chaque_passage_recoit_ses_propres_pages() -> None:
    """Streamlit note dans la page qu'elle peut s'exécuter : partagée, l'une arrêterait l'autre."""

    def deux_menus() -> None:
        import streamlit as st

        from lib.domain.droits import Perimetre
        from lib.domain.vocabulaire import Role
        from lib.ui.navigation import menu

        perimetre = Perimetre(compte_id=1, role=Role.ADMINISTRATEUR, investigation_id=1)
        un, autre = ([page for suite in menu(perimetre).values() for page in suite] for _ in range(2))
        st.text(f"{len(un)} {sum(a is b for a, b in zip(un, autre, strict=True))}")
        st.text(str([vars(a) for a in un] == [vars(b) for b in autre]))

    ecran = AppTest.from_function(deux_menus).run()
    nombre, communes = ecran.text[0].value.split()
    assert int(nombre) >= 1 and communes == "0"
    assert ecran.text[1].value == "True"


def test_une_page_construite_hors_d_un_passage_n_est_pas_gardee() -> None:
    menu(None)

    def un_menu() -> None:
        import streamlit as st

        from lib.ui.navigation import menu

        st.text(menu(None)[""][0].title)

    assert AppTest.from_function(un_menu).run().text[0].value == CONNEXION.titre


def test_le_menu_ne_montre_que_ce_que_le_role_ouvre() -> None:
    visite = Perimetre(compte_id=1, role=Role.DEMONSTRATION, investigation_id=1, fictive=True)
    assert "Administration" not in menu(visite)
    assert "Administration" not in menu(Perimetre(compte_id=1, role=Role.ENQUETEUR, investigation_id=1))


def test_chaque_adresse_mene_a_une_seule_page() -> None:
    def ecran() -> None:
        import streamlit as st

        from lib.ui.navigation import _ECRITES, chemin

        for entree in _ECRITES:
            voulue = chemin(entree.adresse)
            st.text(voulue.url_path == entree.adresse and str(voulue._page).endswith(f"/pages/{entree.fichier}.py"))

    vue = AppTest.from_function(ecran).run()
    assert not vue.exception and {texte.value for texte in vue.text} == {"True"}
    assert len({entree.adresse for entree in ENTREES}) == len(ENTREES)


def test_deux_pages_n_ont_pas_le_meme_titre() -> None:
    entrees = (*ENTREES, CONNEXION, COMPTE)
    assert len({entree.titre for entree in entrees}) == len(entrees)


def test_l_empreinte_connue_d_avance_est_celle_de_streamlit() -> None:
    """Une mise à jour de Streamlit qui la calculerait autrement se verrait ici, pas par des pages introuvables."""

    def ecran() -> None:
        import streamlit as st
        from streamlit.navigation.page import StreamlitPage

        from lib.ui.navigation import _ECRITES, page

        for entree in _ECRITES:
            voulue = page(entree)
            st.text(voulue._script_hash == StreamlitPage._script_hash.fget(voulue))

    vue = AppTest.from_function(ecran).run()
    assert not vue.exception and {texte.value for texte in vue.text} == {"True"}
