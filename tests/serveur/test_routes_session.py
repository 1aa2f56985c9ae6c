"""Ouvrir et fermer la session par HTTP : témoin, usage unique, origine, rejeu."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, select
from starlette.applications import Starlette

from lib.config import Reglages, reglages
from lib.db.modeles import Compte, SessionOuverte
from lib.domain.vocabulaire import Role
from lib.serveur import routes_session
from lib.services import sessions
from lib.services.comptes import changer_mot_de_passe
from lib.services.sessions import DUREE_ABSOLUE, DUREE_INACTIVE
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.asgi import demander
from tests.outils.serveur import Reponse

ORIGINE = "http://essai.fr"


@dataclass
class Navigateur:
    """Un navigateur réduit à ce qui compte ici : il garde ses témoins et dit d'où vient la demande."""

    temoins: dict[str, str] = field(default_factory=dict)

    def envoyer(
        self,
        route: str,
        champs: Mapping[str, str] | None = None,
        *,
        origine: str | None = ORIGINE,
        methode: str = "POST",
        parametres: str = "",
        **entetes: str,
    ) -> Reponse:
        """Envoie un formulaire et retient le témoin rendu."""
        recus = {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
        recus |= {"origin": origine} if origine else {}
        recus |= {"cookie": "; ".join(f"{n}={v}" for n, v in self.temoins.items())} if self.temoins else {}
        corps = urlencode(champs or {}).encode()
        reponse = demander(APPLICATION, route, methode=methode, entetes=recus, parametres=parametres, corps=corps)
        for nom, morceau in SimpleCookie(reponse.entetes.get("set-cookie", "")).items():
            self.temoins.pop(nom, None)
            self.temoins |= {nom: morceau.value} if morceau["max-age"] != "0" else {}
        return reponse

    def ouvrir(self, billet: str, **champs: str) -> Reponse:
        """Échange un billet."""
        return self.envoyer("/session/ouvrir", {"billet": billet, **champs})

    @property
    def jeton(self) -> str:
        """Le jeton de session porté."""
        return self.temoins["associe_session"]


APPLICATION = Starlette(routes=routes_session.ROUTES)


@pytest.fixture
def compte(moteur: Engine) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session, Role.ENQUETEUR, fabriques.une_investigation(session))


@pytest.fixture
def navigateur(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Navigateur:
    monkeypatch.setattr(routes_session, "base", lambda: moteur)
    return Navigateur()


def _regler(monkeypatch: pytest.MonkeyPatch, **changes: object) -> Reglages:
    regles = replace(reglages(), **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(routes_session, "reglages", lambda: regles)
    return regles


def _billet(moteur: Engine, compte: Compte) -> str:
    with ecriture(moteur, None) as session:
        return sessions.creer_billet(session, compte.id, datetime.now(UTC))


def _est_ouverte(moteur: Engine, jeton: str, apres: timedelta = timedelta(0)) -> bool:
    with lecture(moteur) as session:
        return sessions.lire_acces(session, jeton, datetime.now(UTC) + apres) is not None


def test_un_billet_ouvre_la_session_et_mene_a_la_page_demandee(
    navigateur: Navigateur, moteur: Engine, compte: Compte
) -> None:
    reponse = navigateur.ouvrir(_billet(moteur, compte), destination="/entretien?entretien=3")
    assert (reponse.statut, reponse.entetes["location"]) == (303, "/entretien?entretien=3")
    assert reponse.entetes["cache-control"] == "no-store"
    assert _est_ouverte(moteur, navigateur.jeton)


def test_le_temoin_est_illisible_par_script_et_reste_sur_le_site(
    navigateur: Navigateur, moteur: Engine, compte: Compte
) -> None:
    temoin = _temoin(navigateur.ouvrir(_billet(moteur, compte)), "associe_session")
    assert (temoin["httponly"], temoin["samesite"], temoin["path"]) == (True, "lax", "/")
    assert temoin["max-age"] == str(12 * 3600)
    assert (temoin["secure"], temoin["domain"]) == ("", "")


def test_derriere_tls_le_temoin_est_secure_et_lie_a_l_hote(
    navigateur: Navigateur, moteur: Engine, compte: Compte, monkeypatch: pytest.MonkeyPatch
) -> None:
    _regler(monkeypatch, derriere_tls=True)
    billet = _billet(moteur, compte)
    assert navigateur.ouvrir(billet).statut == 403
    reponse = navigateur.envoyer("/session/ouvrir", {"billet": billet}, origine="https://essai.fr")
    temoin = _temoin(reponse, "__Host-associe_session")
    assert (temoin["httponly"], temoin["secure"], temoin["path"], temoin["domain"]) == (True, True, "/", "")


def test_un_billet_rejoue_n_ouvre_rien(navigateur: Navigateur, moteur: Engine, compte: Compte) -> None:
    billet = _billet(moteur, compte)
    navigateur.ouvrir(billet)
    reponse = Navigateur().ouvrir(billet)
    assert reponse.statut == 400
    assert "expiré" in reponse.texte and "set-cookie" not in reponse.entetes
    assert "script-src" not in reponse.entetes["content-security-policy"]


@pytest.mark.parametrize("billet", ["", "inconnu", "a" * 4000, "\0", "é"])
def test_un_billet_quelconque_est_refuse_en_une_phrase(navigateur: Navigateur, billet: str) -> None:
    reponse = navigateur.ouvrir(billet)
    assert reponse.statut == 400
    assert "identifiez-vous à nouveau" in reponse.texte


def test_le_billet_ne_se_donne_pas_dans_l_adresse(navigateur: Navigateur, moteur: Engine, compte: Compte) -> None:
    parametres = f"billet={_billet(moteur, compte)}"
    assert navigateur.envoyer("/session/ouvrir", methode="GET", parametres=parametres).statut == 405
    assert navigateur.envoyer("/session/ouvrir", parametres=parametres).statut == 400


@pytest.mark.parametrize(
    ("origine", "provenance"),
    [
        (None, "same-origin"),
        ("null", "same-origin"),
        ("https://ailleurs.example", "same-origin"),
        ("http://essai.fr.ailleurs.example", "same-origin"),
        ("http://essai.fr:8080", "same-origin"),
        ("ftp://essai.fr", "same-origin"),
        (ORIGINE, "cross-site"),
        (ORIGINE, "same-site"),
    ],
)
@pytest.mark.parametrize("route", ["/session/ouvrir", "/session/fermer"])
def test_une_demande_venue_d_ailleurs_ne_fait_rien(
    navigateur: Navigateur, moteur: Engine, compte: Compte, origine: str | None, provenance: str, route: str
) -> None:
    navigateur.ouvrir(_billet(moteur, compte))
    jeton, billet = navigateur.jeton, _billet(moteur, compte)
    reponse = navigateur.envoyer(route, {"billet": billet}, origine=origine, sec_fetch_site=provenance)
    assert reponse.statut == 403
    assert "set-cookie" not in reponse.entetes
    assert _est_ouverte(moteur, jeton)
    assert navigateur.ouvrir(billet).statut == 303


@pytest.mark.parametrize("destination", ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example", ""])
def test_on_ne_sort_pas_de_l_application(
    navigateur: Navigateur, moteur: Engine, compte: Compte, destination: str
) -> None:
    assert navigateur.ouvrir(_billet(moteur, compte), destination=destination).entetes["location"] == "/"


def test_fermer_revoque_puis_retire_le_temoin(navigateur: Navigateur, moteur: Engine, compte: Compte) -> None:
    navigateur.ouvrir(_billet(moteur, compte))
    jeton = navigateur.jeton
    reponse = navigateur.envoyer("/session/fermer")
    assert (reponse.statut, reponse.entetes["location"]) == (303, "/")
    assert _temoin(reponse, "associe_session")["max-age"] == "0"
    assert navigateur.temoins == {}
    assert not _est_ouverte(moteur, jeton)


def test_fermer_sans_session_ne_casse_rien(navigateur: Navigateur) -> None:
    assert navigateur.envoyer("/session/fermer").statut == 303


def test_se_reconnecter_ferme_la_session_precedente_du_navigateur(
    navigateur: Navigateur, moteur: Engine, compte: Compte
) -> None:
    navigateur.ouvrir(_billet(moteur, compte))
    premier = navigateur.jeton
    navigateur.ouvrir(_billet(moteur, compte))
    assert (_est_ouverte(moteur, premier), _est_ouverte(moteur, navigateur.jeton)) == (False, True)


def test_deux_heures_sans_geste_ou_douze_heures_ferment_la_session(
    navigateur: Navigateur, moteur: Engine, compte: Compte
) -> None:
    navigateur.ouvrir(_billet(moteur, compte))
    assert not _est_ouverte(moteur, navigateur.jeton, DUREE_INACTIVE + timedelta(seconds=1))
    with ecriture(moteur, None) as session:
        session.scalars(select(SessionOuverte)).one().vue_le = datetime.now(UTC) + DUREE_ABSOLUE
    assert _est_ouverte(moteur, navigateur.jeton, DUREE_ABSOLUE - timedelta(minutes=1))
    assert not _est_ouverte(moteur, navigateur.jeton, DUREE_ABSOLUE)


def test_changer_de_mot_de_passe_ferme_la_session_ouverte_ici(
    navigateur: Navigateur, moteur: Engine, compte: Compte
) -> None:
    navigateur.ouvrir(_billet(moteur, compte))
    perimetre = fabriques.un_perimetre(compte, None)
    nouveau = {"nouveau": "une tout autre phrase", "confirmation": "une tout autre phrase"}
    billet = changer_mot_de_passe(moteur, perimetre, actuel=fabriques.MOT_DE_PASSE, adresse="locale", **nouveau)
    ancien = navigateur.jeton
    assert not _est_ouverte(moteur, ancien)
    navigateur.ouvrir(billet)
    assert _est_ouverte(moteur, navigateur.jeton)


def test_un_corps_demesure_est_refuse(navigateur: Navigateur) -> None:
    assert navigateur.ouvrir("a" * 100_000).statut == 413


def test_trop_de_champs_sont_refuses(navigateur: Navigateur) -> None:
    assert navigateur.ouvrir("x", **{f"champ{rang}": "x" for rang in range(50)}).statut == 400


def _temoin(reponse: Reponse, nom: str) -> Morsel[str]:
    return SimpleCookie(reponse.entetes["set-cookie"])[nom]
