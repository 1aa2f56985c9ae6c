"""Nos propres éléments d'écran : du JavaScript et du CSS servis comme des fichiers, à notre origine.

Donné en texte à Streamlit, le script passerait par une adresse `blob:` que notre politique de contenu refuse.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest


class Greffon:
    """Un élément d'écran écrit par nous.

    nom : nom du script et de la feuille de style (`<nom>.js`, `<nom>.css`) dans `dossier`, servi en entier : n'y
    mettre que cela. html : squelette écrit par nous, jamais un texte d'utilisateur.
    """

    def __init__(self, nom: str, dossier: Path, html: str) -> None:
        self._nom = nom
        self._dossier = dossier
        self._html = html
        # L'adresse change avec le contenu : aucun navigateur ne garde un ancien script après une mise à jour.
        self._projet = f"associe-{_empreinte(dossier)}"
        self._composant: Callable[..., Any] | None = None

    def monter(self, *, key: str, data: dict[str, Any], **rappels: Any) -> Any:
        """Place l'élément. data : ce qu'il montre, en types JSON. rappels : fonctions `on_<évènement>_change`."""
        self._declarer(get_bidi_component_manager())
        if self._composant is None:
            self._composant = st.components.v2.component(
                self.cle, html=self._html, js=f"{self._nom}.js", css=f"{self._nom}.css"
            )
        return self._composant(key=key, data=data, **rappels)

    @property
    def cle(self) -> str:
        """Nom sous lequel Streamlit connaît l'élément."""
        return f"{self._projet}.{self._nom}"

    def _declarer(self, gerant: BidiComponentManager) -> None:
        """Dit à Streamlit d'où servir les fichiers ; il ne l'apprend sinon que des paquets installés."""
        if gerant.get_component_asset_root(self.cle) is None:
            fiche = ComponentConfig(name=self._nom, asset_dir=self._dossier.name)
            manifeste = ComponentManifest(name=self._projet, version="1", components=[fiche])
            gerant.register_from_manifest(manifeste, self._dossier.parent)


def _empreinte(dossier: Path) -> str:
    contenu = b"".join(fichier.read_bytes() for fichier in sorted(dossier.iterdir()) if fichier.is_file())
    return hashlib.sha256(contenu).hexdigest()[:10]
