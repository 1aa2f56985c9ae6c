"""L'en-tête de l'application : son nom, et rien de la personne tant qu'elle n'est pas connectée."""

from base64 import b64decode

from streamlit.testing.v1 import AppTest

from lib.ui.entete import ENSEIGNE


def _page() -> None:
    from lib.ui.entete import bandeau, enseigne

    enseigne()
    bandeau(None)


def test_sans_connexion_l_en_tete_ne_dit_rien_de_personne() -> None:
    page = AppTest.from_function(_page).run()
    assert not page.exception
    assert page.get("html") == []


def _visite() -> None:
    from datetime import UTC, datetime

    from lib.domain.droits import Perimetre
    from lib.domain.vocabulaire import Role
    from lib.services.sessions import Acces
    from lib.ui.entete import bandeau

    bandeau(
        Acces(
            perimetre=Perimetre(compte_id=1, role=Role.DEMONSTRATION, investigation_id=1, fictive=True),
            session_id=1,
            identifiant="visite",
            nom="Visite de démonstration",
            investigation="ASSO'CIE",
            version=1,
            vue_le=datetime(2026, 11, 20, tzinfo=UTC),
        )
    )


def test_un_compte_qui_porte_le_nom_de_son_role_ne_le_dit_qu_une_fois() -> None:
    (rappel,) = AppTest.from_function(_visite).run().get("html")
    assert str(rappel.proto.body).count("Visite de démonstration") == 1


def test_l_enseigne_se_lit_en_clair_et_en_sombre_sans_marque_d_etat() -> None:
    image = b64decode(ENSEIGNE.split(",")[1]).decode()
    assert "prefers-color-scheme: dark" in image and "<title>ASSO'CIE</title>" in image
    assert "http" not in image.replace("http://www.w3.org/2000/svg", "") and "Marianne.svg" not in image
