"""Point d'entrée du serveur : `streamlit run asgi.py`. Pose l'enveloppe HTTP autour de l'application (app.py)."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit import net_util
from streamlit.runtime.pages_manager import PagesManager

from lib.config import reglages
from lib.serveur.chiffres_publics import fournisseur
from lib.serveur.enveloppe import composer_enveloppe
from lib.serveur.erreurs import journaliser_incident
from lib.serveur.pages_legales import Exploitant
from lib.serveur.reserve import Reserve
from lib.serveur.routes_session import ROUTES as ROUTES_DE_SESSION
from lib.services.bilan.preparations import balayer
from lib.services.demarrage import verifier_ou_quitter
from lib.services.sante import sonder
from lib.ui.incident import afficher_incident
from lib.ui.ressources import moteur
from lib.ui.theme import garder_le_theme


def annoncer_adresse() -> str:
    """L'adresse à ouvrir, une fois le port connu."""
    return f"http://{st.get_option('browser.serverAddress')}:{st.get_option('server.port')}"


def signaler_erreur(erreur: Exception) -> bool:
    """Trace au journal, phrase française à l'écran ; `True` retire l'affichage de Streamlit."""
    afficher_incident(journaliser_incident(erreur, deja_tracee=True))
    return True


verifier_ou_quitter()

# Sinon la toute première visite passe par le menu que Streamlit déduit de pages/, sans notre garde ni nos adresses.
PagesManager.uses_pages_directory = False

# Sans cela, une liaison d'origine inconnue ferait demander notre adresse publique à un site tiers.
net_util._external_ip = net_util._internal_ip = "127.0.0.1"  # noqa: SLF001

# Soixante-dix réglages relus à chaque passage de chaque personne, sinon.
garder_le_theme()

enveloppe = composer_enveloppe(
    exploitant=Exploitant(contact=reglages().contact),
    adresse=annoncer_adresse,
    toujours_tls=reglages().derriere_tls,
    fournir_statistiques=fournisseur(moteur),
    verifier_sante=lambda: sonder(moteur()),
    menage=lambda: balayer(moteur()),
    autres_routes=ROUTES_DE_SESSION,
    autres_intergiciels=[Middleware(Reserve)],
)

app = st.App(
    "app.py",
    routes=enveloppe.routes,
    middleware=enveloppe.intergiciels,
    lifespan=enveloppe.cycle_de_vie,
    on_script_error=signaler_erreur,
)
