"""« Mon compte » à l'écran."""

import html
import re

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Compte, Habilitation, Investigation, SessionOuverte
from lib.domain.vocabulaire import Role
from lib.services import mots_de_passe, sessions
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.fabriques import MOT_DE_PASSE
from tests.pages.conftest import Ouvrir

PAGE = "acces/compte"
NOUVEAU = "une tout autre phrase"


@pytest.fixture(autouse=True)
def peu_de_tours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mots_de_passe, "TOURS", 4)


@pytest.fixture
def ouverte(moteur: Engine) -> Investigation:
    with ecriture(moteur, None) as session:
        return fabriques.une_investigation(session, nom="Première <b>enquête</b>", fictive=True)


@pytest.fixture
def camille(moteur: Engine, ouverte: Investigation) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session, Role.ENQUETEUR, ouverte, identifiant="camille", nom_affiche="Camille & Co")


def _bouton(ecran: AppTest, libelle: str) -> AppTest:
    return next(bouton for bouton in ecran.button if bouton.label == libelle).click().run()


def _envoi(ecran: AppTest) -> tuple[str, dict[str, str]]:
    """La route et les champs du formulaire confié au serveur."""
    corps = next(bloc.proto.body for bloc in ecran.get("html") if "envoi-immediat" in bloc.proto.body)
    champs = {nom: html.unescape(valeur) for nom, valeur in re.findall(r'name="(\w+)" value="([^"]*)"', corps)}
    return re.findall(r'action="([^"]*)"', corps)[0], champs


def _changer(ecran: AppTest, actuel: str, nouveau: str, confirmation: str) -> AppTest:
    for champ, valeur in zip(ecran.text_input, (actuel, nouveau, confirmation), strict=True):
        champ.set_value(valeur)
    return _bouton(ecran, "Changer le mot de passe")


def test_le_bandeau_dit_qui_quel_role_quelle_investigation_et_que_c_est_fictif(
    ouvrir: Ouvrir, camille: Compte, ouverte: Investigation
) -> None:
    bandeau = " ".join(bloc.proto.body for bloc in ouvrir(PAGE, camille, ouverte).get("html"))
    assert "Camille &amp; Co – Équipe d&#x27;enquête – Première &lt;b&gt;enquête&lt;/b&gt;" in bandeau
    assert "Données fictives" in bandeau


def test_une_investigation_reelle_ne_se_dit_pas_fictive(ouvrir: Ouvrir, moteur: Engine, camille: Compte) -> None:
    with ecriture(moteur, None) as session:
        reelle = fabriques.une_investigation(session)
        session.add(Habilitation(compte_id=camille.id, investigation_id=reelle.id))
    bandeau = " ".join(bloc.proto.body for bloc in ouvrir(PAGE, camille, reelle).get("html"))
    assert "Données fictives" not in bandeau


def test_changer_de_mot_de_passe_rend_une_session_neuve(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte, ouverte: Investigation
) -> None:
    ecran = _changer(ouvrir(PAGE, camille, ouverte), MOT_DE_PASSE, NOUVEAU, NOUVEAU)
    route, champs = _envoi(ecran)
    assert (route, champs["destination"]) == ("/session/ouvrir", "/compte?fait=mot-de-passe")
    with lecture(moteur) as session:
        assert all(ouverte.revoquee_le for ouverte in session.scalars(select(SessionOuverte)))
        assert mots_de_passe.est_juste(NOUVEAU, session.get_one(Compte, camille.id).mot_de_passe)
    with ecriture(moteur, None) as session:
        assert sessions.echanger_billet(session, champs["billet"], fabriques.il_y_a(0))
    assert [titre.value for titre in ecran.run().title] == ["Connexion"]


@pytest.mark.parametrize(
    ("actuel", "nouveau", "confirmation", "phrase"),
    [
        ("faux", NOUVEAU, NOUVEAU, "actuel n'est pas le bon"),
        (MOT_DE_PASSE, "court", "court", "au moins 12"),
        (MOT_DE_PASSE, NOUVEAU, "autre chose", "diffèrent"),
    ],
)
def test_un_changement_refuse_le_dit_et_laisse_la_session(
    ouvrir: Ouvrir, camille: Compte, ouverte: Investigation, actuel: str, nouveau: str, confirmation: str, phrase: str
) -> None:
    ecran = _changer(ouvrir(PAGE, camille, ouverte), actuel, nouveau, confirmation)
    assert phrase in ecran.error[0].value
    assert [titre.value for titre in ecran.run().title] == ["Mon compte"]


def test_choisir_une_autre_investigation_change_toute_la_session(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte, ouverte: Investigation
) -> None:
    with ecriture(moteur, None) as session:
        autre = fabriques.une_investigation(session, nom="Seconde")
        session.add(Habilitation(compte_id=camille.id, investigation_id=autre.id))
    ecran = ouvrir(PAGE, camille, ouverte)
    ecran = ecran.selectbox(key="compte-investigation").select(autre.id).run()
    assert "Seconde" in ecran.success[0].value
    assert "Seconde" in " ".join(bloc.proto.body for bloc in ecran.get("html"))
    with lecture(moteur) as session:
        assert session.scalars(select(SessionOuverte.investigation_id)).one() == autre.id


def test_sans_investigation_permise_on_sait_a_qui_demander(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        isole = fabriques.un_compte(session, Role.RELECTEUR)
    assert "administre" in ouvrir(PAGE, isole).info[0].value


def test_un_mot_de_passe_provisoire_se_change_avant_tout(ouvrir: Ouvrir, moteur: Engine, camille: Compte) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Compte, camille.id).mot_de_passe_provisoire = True
    ecran = ouvrir(PAGE, camille)
    assert "choisissez le vôtre" in ecran.warning[0].value
    assert not ecran.selectbox
    assert _envoi(_changer(ecran, MOT_DE_PASSE, NOUVEAU, NOUVEAU))[0] == "/session/ouvrir"
    assert ouvrir(PAGE, camille).selectbox


def test_se_deconnecter_passe_par_la_route_qui_retire_le_temoin(
    ouvrir: Ouvrir, camille: Compte, ouverte: Investigation
) -> None:
    assert _envoi(_bouton(ouvrir(PAGE, camille, ouverte), "Se déconnecter")) == ("/session/fermer", {})


def test_fermer_les_autres_sessions_garde_celle_ci(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte, ouverte: Investigation
) -> None:
    with ecriture(moteur, None) as session:
        fabriques.une_session_ouverte(session, camille, ouverte, jeton="ailleurs")
    ecran = ouvrir(PAGE, camille, ouverte)
    assert sorted(ecran.table[0].value["Session"]) == ["Autre appareil ou navigateur", "Celle-ci"]
    ecran = _bouton(ecran, "Fermer les autres sessions")
    assert list(ecran.table[0].value["Session"]) == ["Celle-ci"]
    assert ecran.success[0].value == "Les autres sessions sont fermées."


def test_une_session_revoquee_perd_la_page_au_geste_suivant(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte, ouverte: Investigation
) -> None:
    ecran = ouvrir(PAGE, camille, ouverte, directement=True)
    with ecriture(moteur, None) as session:
        sessions.fermer_toutes(session, camille.id, fabriques.il_y_a(0))
    ecran = ecran.run()
    assert [erreur.value for erreur in ecran.error] == ["Connectez-vous pour ouvrir cette page."]
    assert [titre.value for titre in ecran.title] == ["Page fermée"]


def test_un_onglet_repris_par_une_autre_personne_oublie_la_premiere(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte, ouverte: Investigation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ecriture(moteur, None) as session:
        autre = fabriques.un_compte(session, Role.ENQUETEUR, ouverte)
        fabriques.une_session_ouverte(session, autre, ouverte, jeton="autre")
    ecran = ouvrir(PAGE, camille, ouverte)
    ecran.session_state["saisie"] = "ce que Camille tapait"
    monkeypatch.setattr("lib.ui.acces.lire_jeton", lambda: "autre")
    assert "saisie" not in ecran.run().session_state


def test_une_presence_se_note_a_cinq_minutes_pres(
    ouvrir: Ouvrir, moteur: Engine, camille: Compte, ouverte: Investigation
) -> None:
    ecran = ouvrir(PAGE, camille, ouverte)
    hier = fabriques.il_y_a(0) - sessions.PAS_DE_PRESENCE
    with ecriture(moteur, None) as session:
        session.scalars(select(SessionOuverte)).one().vue_le = hier
    ecran.run()
    with lecture(moteur) as session:
        assert session.scalars(select(SessionOuverte.vue_le)).one() > hier
