"""Administrer les comptes à l'écran."""

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Compte, Investigation
from lib.domain.vocabulaire import Role
from lib.services import mots_de_passe
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.pages.conftest import Ouvrir

PAGE = "administration/comptes"


@pytest.fixture(autouse=True)
def peu_de_tours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mots_de_passe, "TOURS", 4)


@pytest.fixture
def investigation(moteur: Engine) -> Investigation:
    with ecriture(moteur, None) as session:
        return fabriques.une_investigation(session, nom="Solidarité *locale*")


@pytest.fixture
def admin(moteur: Engine, investigation: Investigation) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session, Role.ADMINISTRATEUR, identifiant="admin")


@pytest.fixture
def camille(moteur: Engine, investigation: Investigation) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(
            session, Role.ENQUETEUR, investigation, identifiant="camille", nom_affiche="Camille *R*"
        )


def _relire(moteur: Engine, identifiant: str) -> Compte:
    with lecture(moteur) as session:
        return session.scalars(select(Compte).where(Compte.identifiant == identifiant)).one()


def _bouton(ecran: AppTest, libelle: str) -> AppTest:
    return next(bouton for bouton in ecran.button if bouton.label == libelle).click().run()


def _champ(ecran: AppTest, libelle: str, rang: int = 0) -> object:
    return [champ for champ in (*ecran.text_input, *ecran.selectbox, *ecran.multiselect) if champ.label == libelle][
        rang
    ]


def test_la_liste_montre_les_noms_tels_quels(ouvrir: Ouvrir, admin: Compte, camille: Compte) -> None:
    tableau = ouvrir(PAGE, admin).table[0].value
    assert list(tableau["Identifiant"]) == ["admin", "camille"]
    assert list(tableau["Nom"]) == ["Camille Test", r"Camille \*R\*"]
    assert list(tableau["Ouvre"]) == ["tout", r"Solidarité \*locale\* – tous les terrains"]
    assert list(tableau["Dernière connexion"])[1] == "jamais"


def test_creer_un_compte_montre_son_mot_de_passe_provisoire_une_fois(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte
) -> None:
    ecran = ouvrir(PAGE, admin)
    _champ(ecran, "Identifiant").set_value("dominique")  # type: ignore[attr-defined]
    _champ(ecran, "Nom à afficher").set_value("Dominique R.")  # type: ignore[attr-defined]
    _champ(ecran, "Rôle").select(Role.RELECTEUR)  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Créer le compte")
    provisoire = ecran.code[0].value
    cree = _relire(moteur, "dominique")
    assert (cree.role, cree.mot_de_passe_provisoire) == (Role.RELECTEUR, True)
    assert mots_de_passe.est_juste(provisoire, cree.mot_de_passe)
    assert ecran.success[0].value == "Le compte est créé."
    ecran = _bouton(ecran, "Je l'ai transmis")
    assert not ecran.code


def test_une_creation_refusee_garde_la_saisie(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    ecran = ouvrir(PAGE, admin)
    _champ(ecran, "Identifiant").set_value("ADMIN")  # type: ignore[attr-defined]
    _champ(ecran, "Nom à afficher").set_value("Un homonyme")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Créer le compte")
    assert "déjà pris" in ecran.error[0].value
    assert _champ(ecran, "Nom à afficher").value == "Un homonyme"  # type: ignore[attr-defined]
    assert not ecran.code


def test_le_compte_choisi_est_dans_l_adresse_sans_son_nom(ouvrir: Ouvrir, admin: Compte, camille: Compte) -> None:
    ecran = ouvrir(PAGE, admin)
    ecran = ecran.selectbox(key="comptes-choisi").select(camille.id).run()
    assert ecran.query_params == {"numero": str(camille.id)}
    assert [titre.value for titre in ecran.header] == ["camille"]
    assert [titre.value for titre in ouvrir(PAGE, admin, numero=camille.id).header] == ["camille"]


@pytest.mark.parametrize("inconnu", ["99999", "-1", "abc", "1' OR 1=1"])
def test_un_compte_inconnu_dans_l_adresse_ne_montre_que_la_liste(ouvrir: Ouvrir, admin: Compte, inconnu: str) -> None:
    ecran = ouvrir(PAGE, admin, numero=inconnu)
    assert not ecran.header and not ecran.error and not ecran.exception


def test_modifier_le_role_et_les_ouvertures(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte, camille: Compte, investigation: Investigation
) -> None:
    ecran = ouvrir(PAGE, admin, numero=camille.id)
    _champ(ecran, "Rôle", 1).select(Role.RELECTEUR)  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Enregistrer")
    assert ecran.success[0].value == "Le compte est enregistré."
    assert _relire(moteur, "camille").role is Role.RELECTEUR


def test_le_second_a_enregistrer_garde_sa_saisie_et_peut_relire(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte, camille: Compte
) -> None:
    ecran = ouvrir(PAGE, admin, numero=camille.id)
    with ecriture(moteur, None) as session:
        session.get_one(Compte, camille.id).nom_affiche = "Renommée ailleurs"
    _champ(ecran, "Nom à afficher", 1).set_value("Ma saisie")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Enregistrer")
    assert "entre-temps" in ecran.error[0].value
    assert _champ(ecran, "Nom à afficher", 1).value == "Ma saisie"  # type: ignore[attr-defined]
    assert _relire(moteur, "camille").nom_affiche == "Renommée ailleurs"
    ecran = _bouton(ecran, "Abandonner ma saisie et voir la fiche enregistrée")
    assert _champ(ecran, "Nom à afficher", 1).value == "Renommée ailleurs"  # type: ignore[attr-defined]


def test_desactiver_demande_confirmation_puis_se_defait(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte, camille: Compte
) -> None:
    ecran = _bouton(ouvrir(PAGE, admin, numero=camille.id), "Désactiver le compte")
    assert _relire(moteur, "camille").actif
    ecran = _bouton(ecran, "Confirmer")
    assert not _relire(moteur, "camille").actif
    assert ecran.success[0].value == "Le compte est désactivé."
    assert not ecran.warning
    ecran = _bouton(_bouton(ecran, "Réactiver le compte"), "Confirmer")
    assert _relire(moteur, "camille").actif


def test_renoncer_ne_change_rien(ouvrir: Ouvrir, moteur: Engine, admin: Compte, camille: Compte) -> None:
    ecran = _bouton(ouvrir(PAGE, admin, numero=camille.id), "Désactiver le compte")
    _bouton(ecran, "Annuler")
    assert _relire(moteur, "camille").actif


def test_on_ne_se_desactive_pas_soi_meme(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    ecran = _bouton(_bouton(ouvrir(PAGE, admin, numero=admin.id), "Désactiver le compte"), "Confirmer")
    assert "vous retirer l'administration" in ecran.error[0].value
    assert _relire(moteur, "admin").actif


def test_une_session_revoquee_ne_confirme_rien(ouvrir: Ouvrir, moteur: Engine, admin: Compte, camille: Compte) -> None:
    ecran = _bouton(ouvrir(PAGE, admin, numero=camille.id), "Désactiver le compte")
    with ecriture(moteur, None) as session:
        session.get_one(Compte, admin.id).actif = False
    ecran = _bouton(ecran, "Confirmer")
    assert _relire(moteur, "camille").actif
    assert [titre.value for titre in ecran.title] == ["Connexion"]


def test_donner_un_mot_de_passe_provisoire(ouvrir: Ouvrir, moteur: Engine, admin: Compte, camille: Compte) -> None:
    ecran = _bouton(_bouton(ouvrir(PAGE, admin, numero=camille.id), "Donner un mot de passe provisoire"), "Confirmer")
    relu = _relire(moteur, "camille")
    assert relu.mot_de_passe_provisoire
    assert not [alerte for alerte in ecran.warning if "changé" in alerte.value]
    assert mots_de_passe.est_juste(ecran.code[0].value, relu.mot_de_passe)
