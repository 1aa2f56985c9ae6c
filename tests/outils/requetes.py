"""Compter les requêtes SQL d'un bloc : le coût d'un écran ne doit pas dépendre du nombre de lignes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def compter_requetes(moteur: Engine) -> Iterator[list[str]]:
    """La liste des ordres SQL envoyés pendant le bloc, sans les débuts et fins de transaction."""
    ordres: list[str] = []

    def noter(*arguments: Any) -> None:
        if not str(arguments[2]).startswith("BEGIN"):
            ordres.append(str(arguments[2]))

    event.listen(moteur, "before_cursor_execute", noter)
    try:
        yield ordres
    finally:
        event.remove(moteur, "before_cursor_execute", noter)
