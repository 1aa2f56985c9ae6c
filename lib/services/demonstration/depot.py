"""Insertion par lots, identifiants donnés d'avance : un million de lignes en quelques dizaines de secondes."""

from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from lib.db.base import Base

LOT = 20_000


class Depot:
    """Garde des lignes par modèle et les insère dans l'ordre des dépendances."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lignes: dict[str, list[dict[str, Any]]] = {}
        self._derniers: dict[str, int] = {}
        self._attente = 0

    def ajouter(self, modele: type[Base], **valeurs: Any) -> int:
        """Prépare une ligne et rend son identifiant (0 pour une table sans colonne `id`)."""
        table = modele.__tablename__
        identifiant = 0
        if "id" in modele.__table__.columns:
            identifiant = self._suivant(modele)
            valeurs["id"] = identifiant
        self._lignes.setdefault(table, []).append(valeurs)
        self._attente += 1
        if self._attente >= LOT:
            self.vider()
        return identifiant

    def vider(self) -> None:
        """Insère ce qui attend."""
        for table in Base.metadata.sorted_tables:
            if lignes := self._lignes.pop(table.name, None):
                for groupe in _memes_colonnes(lignes):
                    self._session.execute(insert(table), groupe)
        self._attente = 0

    def finir(self) -> None:
        """Insère le reste et recale les compteurs de PostgreSQL sur les identifiants donnés."""
        self.vider()
        if self._session.get_bind().dialect.name == "postgresql":
            for table in self._derniers:
                ordre = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 - noms des modèles
                self._session.execute(text(ordre))

    def _suivant(self, modele: type[Base]) -> int:
        table = modele.__tablename__
        if table not in self._derniers:
            plus_grand = self._session.scalar(select(func.max(modele.__table__.columns["id"])))
            self._derniers[table] = plus_grand or 0
        self._derniers[table] += 1
        return self._derniers[table]


def _memes_colonnes(lignes: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Une insertion groupée veut les mêmes colonnes dans chaque ligne."""
    groupes: dict[frozenset[str], list[dict[str, Any]]] = {}
    for ligne in lignes:
        groupes.setdefault(frozenset(ligne), []).append(ligne)
    return list(groupes.values())
