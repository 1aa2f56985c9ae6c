"""Le formulaire de connexion : celui de streamlit-authenticator, posé sur notre vérification.

Voir docs/decisions/0001-connexion.md : la bibliothèque dessine, elle ne décide de rien et ne garde rien.
"""

from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from lib.domain.adresses import ACCUEIL, chemin_interne
from lib.serveur.routes_session import OUVRIR
from lib.services.comptes import authentifier
from lib.ui.envoi import envoyer_au_serveur
from lib.ui.erreurs import afficher_erreurs
from lib.ui.reseau import adresse_de_la_personne
from lib.ui.ressources import moteur

LIBELLES = {
    "Form name": "Vos identifiants",
    "Username": "Identifiant",
    "Password": "Mot de passe",
    "Login": "Se connecter",
}


class _SansTemoin:
    """À la place du gestionnaire de témoins de la bibliothèque, qui pose un cadre et un témoin lisible par script."""

    def get_cookie(self) -> None:
        """Aucun témoin de la bibliothèque n'est lu."""

    def set_cookie(self) -> None:
        """Aucun témoin de la bibliothèque n'est posé."""


class _NotreVerification:
    """À la place du contrôleur de la bibliothèque : la vérification est celle de nos comptes."""

    billet: str | None = None

    def login(self, identifiant: str, mot_de_passe: str, *_: Any, **__: Any) -> bool:
        """Appelée quand le formulaire part. Lève AccesRefuse ou TropDEssais."""
        self.billet = authentifier(
            moteur(), identifiant=identifiant, mot_de_passe=mot_de_passe, adresse=adresse_de_la_personne()
        )
        return True


def se_connecter() -> None:
    """Le formulaire, puis le passage à la route qui ouvre la session et mène à la page demandée."""
    verification = _NotreVerification()
    zone = st.empty()
    with zone.container(key="connexion", width=480), afficher_erreurs():
        _formulaire()(verification).login(key="formulaire-connexion", fields=LIBELLES)
    if verification.billet:
        zone.empty()
        envoyer_au_serveur(OUVRIR, billet=verification.billet, destination=page_demandee())


def page_demandee() -> str:
    """L'adresse ouverte avant la connexion, paramètres compris : on y revient une fois connecté."""
    chemin = urlsplit(st.context.url or "").path or ACCUEIL
    if chemin == "/connexion":
        return ACCUEIL
    parametres = [(nom, valeur) for nom in st.query_params for valeur in st.query_params.get_all(nom)]
    return chemin_interne(f"{chemin}?{urlencode(parametres)}" if parametres else chemin)


@cache
def _formulaire() -> Any:
    """Chargée au premier formulaire affiché : la bibliothèque coûte un tiers de seconde à importer."""
    from streamlit_authenticator import Authenticate

    class Formulaire(Authenticate):  # type: ignore[misc]
        """Le formulaire seul : la construction d'origine lirait un fichier et poserait un cadre caché."""

        def __init__(self, verification: _NotreVerification) -> None:
            self.path = None
            self.attrs = {"login_sleep_time": 0}
            self.cookie_controller = _SansTemoin()
            self.authentication_controller = verification

    return Formulaire
