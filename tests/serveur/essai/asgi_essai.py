"""L'enveloppe de l'application autour d'un script d'essai qui montre un peu de tout."""

import os

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lib.serveur.enveloppe import composer_enveloppe
from lib.serveur.erreurs import journaliser_incident
from lib.serveur.pages_legales import Exploitant
from lib.ui.incident import afficher_incident


def signaler_erreur(erreur: Exception) -> bool:
    afficher_incident(journaliser_incident(erreur, deja_tracee=True))
    return True


async def echouer(_: Request) -> PlainTextResponse:
    raise ValueError("propos confidentiel de route")


enveloppe = composer_enveloppe(
    exploitant=Exploitant(contact="contact@exemple.fr"),
    adresse=lambda: "http://essai",
    autres_routes=[Route("/echec", echouer)],
    intervalle_ramassage=float(os.environ.get("ESSAI_RAMASSAGE", "300")),
)
app = st.App(
    "app_essai.py",
    routes=enveloppe.routes,
    middleware=enveloppe.intergiciels,
    lifespan=enveloppe.cycle_de_vie,
    on_script_error=signaler_erreur,
)
