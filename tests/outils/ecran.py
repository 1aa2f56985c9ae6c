"""Tout ce qu'une page donne à lire, telle qu'elle est envoyée au navigateur."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToJson
from streamlit.testing.v1 import AppTest


def lire_ecran(ecran: AppTest) -> str:
    """Le texte de chaque élément (titres, liens et leurs adresses, messages), espaces ordinaires, sans échappement."""
    messages = "\n".join(MessageToJson(proto, ensure_ascii=False) for proto in _protos(ecran.main))
    tableaux = "\n".join(tableau.value.to_string() for tableau in ecran.table)
    return (messages + tableaux).translate({0xA0: " ", 0x202F: " ", 0x5C: None})


def _protos(bloc: Any) -> Iterator[Any]:
    for element in bloc:
        proto = getattr(element, "proto", None)
        if proto is not None and not getattr(element, "children", None):
            yield proto
