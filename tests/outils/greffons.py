"""Lire ce qu'une page confie à nos propres éléments d'écran."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def donnees(ecran: AppTest, nom: str) -> list[dict[str, Any]]:
    """Ce que montre chaque élément de ce nom (« surligneur », « citations »), dans l'ordre de la page."""
    elements = [element.proto for element in ecran.get("bidi_component")]
    return [json.loads(proto.json) for proto in elements if proto.component_name.endswith(f".{nom}")]
