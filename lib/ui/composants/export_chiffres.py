"""Sous une figure, de quoi sortir ses chiffres : le fichier s'écrit et se journalise au clic."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from lib.domain.droits import Perimetre, peut_exporter
from lib.domain.erreurs import AccesRefuse
from lib.domain.mesures import Mesure
from lib.services.exports_chiffres import Chiffres, nommer, sortir
from lib.services.sessions import Acces
from lib.ui.acces import relecture
from lib.ui.ressources import moteur


def bouton_chiffres(
    acces: Acces, *, code: str, au: date, filtre: str, unite: str, mesures: tuple[Mesure, ...], quoi: str
) -> None:
    """Le bouton, pour qui peut exporter et s'il y a des chiffres. quoi : la figure, dite aux lecteurs d'écran."""
    if not mesures or not peut_exporter(acces.perimetre):
        return
    chiffres = Chiffres(code=code, au=au, filtre=filtre, unite=unite, mesures=mesures)
    perimetre, relire = acces.perimetre, relecture()
    nom, nature = nommer(perimetre, chiffres)
    st.download_button(
        f"Exporter ces chiffres : {quoi}",
        data=lambda: servir(chiffres, perimetre, relire),
        file_name=nom,
        mime=nature,
        key=f"chiffres-{code}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def servir(chiffres: Chiffres, perimetre: Perimetre, relire: Callable[[], Acces | None]) -> bytes:
    """Le fichier, au clic : hors de tout passage, les droits se relisent ici. Lève AccesRefuse s'ils ont changé."""
    acces = relire()
    if acces is None or acces.perimetre != perimetre:
        raise AccesRefuse("Votre session ne permet plus de prendre ce fichier : rien n'est sorti.")
    return sortir(moteur(), perimetre, chiffres)
