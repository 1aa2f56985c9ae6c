"""Se connecter à l'écran : le formulaire est celui de la bibliothèque, la décision est la nôtre."""

import html
import re
import subprocess
import sys
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Compte, SessionOuverte
from lib.domain.vocabulaire import Role
from lib.services import mots_de_passe, sessions
from lib.services.tentatives import SEUIL_COMPTE
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.fabriques import MOT_DE_PASSE
from tests.pages.conftest import RACINE, Ouvrir

PAGE = "acces/connexion"


@pytest.fixture(autouse=True)
def peu_de_tours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mots_de_passe, "TOURS", 4)


@pytest.fixture
def camille(moteur: Engine) -> Compte:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        return fabriques.un_compte(session, Role.ENQUETEUR, investigation, identifiant="camille")


def _se_connecter(ecran: AppTest, identifiant: str, mot_de_passe: str) -> AppTest:
    ecran.text_input[0].set_value(identifiant)
    ecran.text_input[1].set_value(mot_de_passe)
    return ecran.button[0].click().run()


def _envoi(ecran: AppTest) -> dict[str, str]:
    """Les champs du formulaire confié au serveur ; vide s'il n'y en a pas."""
    corps = "".join(bloc.proto.body for bloc in ecran.get("html") if "envoi-immediat" in bloc.proto.body)
    return {nom: html.unescape(valeur) for nom, valeur in re.findall(r'name="(\w+)" value="([^"]*)"', corps)}


def test_le_formulaire_est_francais_et_ne_pose_ni_cadre_ni_temoin(ouvrir: Ouvrir) -> None:
    ecran = ouvrir(PAGE)
    assert [champ.label for champ in ecran.text_input] == ["Identifiant", "Mot de passe"]
    assert [bouton.label for bouton in ecran.button] == ["Se connecter"]
    assert ecran.get("component_instance") == [] and ecran.get("iframe") == []
    assert not ecran.error and not ecran.exception


def test_la_bibliotheque_ne_se_charge_qu_au_premier_formulaire() -> None:
    """Un tiers de seconde d'import, que le démarrage n'a pas à payer."""
    programme = "import sys, lib.ui.connexion; sys.exit('streamlit_authenticator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", programme], cwd=RACINE, check=False).returncode == 0


def test_le_bon_mot_de_passe_remet_un_billet_au_serveur(ouvrir: Ouvrir, moteur: Engine, camille: Compte) -> None:
    ecran = _se_connecter(ouvrir(PAGE), "Camille", MOT_DE_PASSE)
    envoi = _envoi(ecran)
    assert envoi["destination"] == "/"
    assert not ecran.text_input
    with ecriture(moteur, None) as session:
        jeton = sessions.echanger_billet(session, envoi["billet"], fabriques.il_y_a(0))
    with lecture(moteur) as session:
        assert session.scalars(select(SessionOuverte.empreinte)).all() == [sessions.empreinte(jeton)]


@pytest.mark.parametrize(("identifiant", "mot_de_passe"), [("camille", "faux"), ("inconnue", MOT_DE_PASSE), ("", "")])
def test_un_refus_dit_une_phrase_et_laisse_reessayer(
    ouvrir: Ouvrir, camille: Compte, identifiant: str, mot_de_passe: str
) -> None:
    ecran = _se_connecter(ouvrir(PAGE), identifiant, mot_de_passe)
    assert [erreur.value for erreur in ecran.error] == ["Identifiant ou mot de passe incorrect."]
    assert _envoi(ecran) == {}
    assert _envoi(_se_connecter(ecran, "camille", MOT_DE_PASSE))


def test_trop_d_essais_font_attendre(ouvrir: Ouvrir, camille: Compte) -> None:
    ecran = ouvrir(PAGE)
    for _ in range(SEUIL_COMPTE):
        ecran = _se_connecter(ecran, "camille", "faux")
    assert "Trop d'essais" in _se_connecter(ecran, "camille", MOT_DE_PASSE).error[0].value


def test_la_session_streamlit_ne_decide_de_rien(ouvrir: Ouvrir, camille: Compte) -> None:
    """La bibliothèque range « authentication_status » dans la session : l'y écrire n'ouvre rien."""
    ecran = ouvrir(PAGE)
    for cle, valeur in {"authentication_status": True, "username": "camille", "roles": ["administrateur"]}.items():
        ecran.session_state[cle] = valeur
    ecran = ecran.run()
    assert [titre.value for titre in ecran.title] == ["Connexion"]
    assert _envoi(ecran) == {}


@pytest.mark.parametrize(
    ("adresse", "params", "destination"),
    [
        ("http://testserver/entretien", {"entretien": "12"}, "/entretien?entretien=12"),
        ("http://testserver/citations", {"q": "délai & coût"}, "/citations?q=d%C3%A9lai+%26+co%C3%BBt"),
        ("http://testserver/connexion", {}, "/"),
        ("http://testserver//ailleurs.example", {}, "/"),
    ],
)
def test_la_page_demandee_se_retrouve_et_reste_dans_l_application(
    ouvrir: Ouvrir,
    camille: Compte,
    monkeypatch: pytest.MonkeyPatch,
    adresse: str,
    params: dict[str, str],
    destination: str,
) -> None:
    monkeypatch.setattr(type(st.context), "url", property(lambda _: adresse))
    ecran = _se_connecter(ouvrir(PAGE, **params), "camille", MOT_DE_PASSE)
    assert _envoi(ecran)["destination"] == destination


def test_une_personne_connectee_qui_revient_a_la_connexion_le_lit(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte
) -> None:
    ecran = ouvrir(PAGE, camille)
    assert ecran.info[0].value == "Vous êtes déjà connecté."
    assert not ecran.text_input


def _mesurer_les_attentes(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    attentes: list[Any] = []
    monkeypatch.setattr("time.sleep", attentes.append)
    return attentes


def test_le_formulaire_ne_fait_pas_dormir_le_serveur(ouvrir: Ouvrir, monkeypatch: pytest.MonkeyPatch) -> None:
    ouvrir(PAGE)
    attentes = _mesurer_les_attentes(monkeypatch)
    ouvrir(PAGE)
    assert max(attentes, default=0) <= 0.1
