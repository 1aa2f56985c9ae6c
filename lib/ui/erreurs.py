"""Deux sortes d'erreurs : une phrase pour la personne, une trace pour nous."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.domain.erreurs import ErreurMetier
from lib.ui.textes import phrase

journal_technique = logging.getLogger("associe.ecran")


@contextmanager
def afficher_erreurs() -> Iterator[None]:
    """Montre la phrase d'une erreur du métier ; garde la trace d'un défaut, avec un repère à nous donner."""
    try:
        yield
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
    except Exception:  # noqa: BLE001 - dernier rempart : tracé au journal, jamais à l'écran
        repere = secrets.token_hex(4)
        journal_technique.exception("défaut %s", repere)
        st.error(
            f"Cette page a rencontré un défaut de notre fait (repère {repere}). "
            "Rien de ce que vous avez enregistré n'est perdu : rechargez la page, ou signalez le repère."
        )
