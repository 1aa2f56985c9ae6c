"""D'où vient la personne : de quoi ralentir des essais de mot de passe, jamais de quoi la reconnaître."""

from ipaddress import IPv6Address, ip_address, ip_network

import streamlit as st

from lib.config import reglages

LOCALE = "locale"


def adresse_de_la_personne() -> str:
    """Adresse réseau vue par le serveur, ou par le plus lointain des relais de confiance."""
    relayees = ",".join(st.context.headers.get_all("X-Forwarded-For")).split(",")
    return adresse_retenue(st.context.ip_address, relayees, reglages().relais)


def adresse_retenue(directe: str | None, relayees: list[str], relais: int) -> str:
    """L'adresse qui compte.

    directe : celle de la liaison ; None sur le poste même. relayees : `X-Forwarded-For`, dans l'ordre ; chaque
    relais y ajoute à droite l'adresse qui lui parle, et ce qui précède a pu être écrit par la personne.
    relais : nombre de relais de confiance.
    """
    if 0 < relais <= len(relayees):
        return _reseau(relayees[-relais].strip())
    return _reseau(directe or LOCALE)


def _reseau(adresse: str) -> str:
    """Une personne dispose de tout un réseau IPv6 de 64 bits : c'est lui que l'on compte."""
    try:
        lue = ip_address(adresse)
    except ValueError:
        return adresse[:80]
    if isinstance(lue, IPv6Address):
        return str(lue.ipv4_mapped or ip_network((lue, 64), strict=False))
    return str(lue)
