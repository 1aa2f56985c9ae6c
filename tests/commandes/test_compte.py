"""Comptes en ligne de commande : le mot de passe ne passe jamais par un argument."""

from collections.abc import Callable
from io import StringIO

import pytest
from click.testing import Result
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from lib.commandes import application, compte
from lib.db.modeles import Compte, LigneJournal
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.vocabulaire import Role
from lib.services import demarrage, mots_de_passe
from lib.services.transaction import ecriture, lecture
from tests import fabriques

PHRASE = "une phrase facile à retenir"
Lancer = Callable[..., Result]


@pytest.fixture
def lancer(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Lancer:
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    monkeypatch.setattr(mots_de_passe, "TOURS", 4)

    def executer(*arguments: str, entree: str = "") -> Result:
        return CliRunner().invoke(application, arguments, input=entree)

    return executer


def _comptes(moteur: Engine) -> dict[str, Compte]:
    with lecture(moteur) as session:
        return {lu.identifiant: lu for lu in session.scalars(select(Compte))}


def test_le_premier_compte_administre_et_son_mot_de_passe_vient_de_l_entree_standard(
    lancer: Lancer, moteur: Engine
) -> None:
    resultat = lancer("compte", "creer", "--identifiant", "Chef", "--nom", "La Cheffe", entree=f"{PHRASE}\n")
    assert resultat.exit_code == 0
    assert PHRASE not in resultat.output
    cree = _comptes(moteur)["chef"]
    assert (cree.role, cree.mot_de_passe_provisoire, cree.demonstration) == (Role.ADMINISTRATEUR, False, False)
    assert mots_de_passe.est_juste(PHRASE, cree.mot_de_passe)
    with lecture(moteur) as session:
        assert session.scalars(select(LigneJournal.motif)).first() == "Création en ligne de commande"


def test_un_mot_de_passe_en_argument_n_existe_pas(lancer: Lancer, moteur: Engine) -> None:
    resultat = lancer("compte", "creer", "--identifiant", "chef", "--nom", "La Cheffe", "--mot-de-passe", PHRASE)
    assert resultat.exit_code != 0
    assert _comptes(moteur) == {}


def test_un_mot_de_passe_trop_court_ne_cree_rien(lancer: Lancer, moteur: Engine) -> None:
    resultat = lancer("compte", "creer", "--identifiant", "chef", "--nom", "La Cheffe", entree="court\n")
    assert isinstance(resultat.exception, DonneeInvalide)
    assert _comptes(moteur) == {}


def test_devant_un_terminal_deux_saisies_sans_echo_doivent_coincider(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    saisies = iter([PHRASE, PHRASE, PHRASE, "autre chose"])
    monkeypatch.setattr(compte, "getpass", lambda _: next(saisies))
    assert compte.lire_mot_de_passe() == PHRASE
    with pytest.raises(DonneeInvalide, match="diffèrent"):
        compte.lire_mot_de_passe()


def test_lister_desactiver_et_remplacer_le_mot_de_passe(lancer: Lancer, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        fabriques.un_compte(session, Role.ADMINISTRATEUR, identifiant="chef")
        fabriques.un_compte(session, Role.RELECTEUR, identifiant="lectrice")
    assert lancer("compte", "desactiver", "Lectrice").exit_code == 0
    liste = lancer("compte", "lister").output
    assert "lectrice" in liste and "désactivé" in liste and "Relecture DIPLP" in liste
    assert lancer("compte", "mot-de-passe", "chef", entree=f"{PHRASE}\n").exit_code == 0
    assert mots_de_passe.est_juste(PHRASE, _comptes(moteur)["chef"].mot_de_passe)


def test_un_identifiant_inconnu_se_dit_avant_de_demander_un_mot_de_passe(lancer: Lancer) -> None:
    assert isinstance(lancer("compte", "mot-de-passe", "personne").exception, Introuvable)
    assert isinstance(lancer("compte", "desactiver", "personne").exception, Introuvable)


def test_la_ligne_de_commande_ne_retire_pas_la_derniere_administration(lancer: Lancer, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        fabriques.un_compte(session, Role.ADMINISTRATEUR, identifiant="chef")
    assert "dernier compte" in str(lancer("compte", "desactiver", "chef").exception)
    assert _comptes(moteur)["chef"].actif
