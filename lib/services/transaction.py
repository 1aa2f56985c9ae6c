"""Une transaction par cas d'usage : tout s'enregistre avec sa ligne de journal, ou rien."""

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from lib.db.directe import RequeteDirecte
from lib.db.refus import traduire
from lib.domain.droits import Perimetre
from lib.domain.erreurs import BaseIndisponible, Conflit

SQLITE_INJOIGNABLE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_FULL")
journal_technique = logging.getLogger("associe.base")

Lecteur = Session | Connection
"""Ce dont une lecture en requêtes sur les tables a besoin : l'un ou l'autre."""

CONFLIT = (
    "Quelqu'un d'autre a enregistré cette fiche entre-temps. Votre saisie est gardée : relisez avant de reprendre."
)


@contextmanager
def lecture(moteur: Engine) -> Iterator[Session]:
    """Session de lecture ; rien n'y est enregistré."""
    with _erreurs_traduites(), Session(moteur, expire_on_commit=False) as session:
        yield session


@contextmanager
def lecture_directe(moteur: Engine) -> Iterator[Connection]:
    """Comme `lecture`, sans session de l'ORM : pour ce qui se lit à chaque passage, en requêtes sur les tables."""
    with _erreurs_traduites(), moteur.connect() as connexion:
        yield connexion


def lire_directement(moteur: Engine, requete: RequeteDirecte, parametres: Mapping[str, Any]) -> Sequence[Any]:
    """Lignes d'une requête compilée d'avance : pour ce que chaque passage de chaque personne relit."""
    with _erreurs_traduites():
        return requete.lire(moteur, parametres)


@contextmanager
def ecriture(moteur: Engine, perimetre: Perimetre | None, *, motif: str = "") -> Iterator[Session]:
    """Session d'écriture, validée à la sortie, annulée entière sur erreur.

    perimetre : qui écrit ; None pour l'exploitation en ligne de commande.
    motif : raison portée au journal.
    Lève Conflit, DonneeInvalide ou BaseIndisponible, jamais une erreur de SQLAlchemy.
    """
    avec_verrou = moteur.execution_options(ecriture=True)
    info = {
        "compte_id": perimetre.compte_id if perimetre else None,
        "investigation_id": perimetre.investigation_id if perimetre else None,
        "motif": motif,
    }
    with _erreurs_traduites(), Session(avec_verrou, info=info, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _erreurs_traduites() -> Iterator[None]:
    try:
        yield
    except StaleDataError as erreur:
        raise Conflit(CONFLIT) from erreur
    except IntegrityError as erreur:
        raise traduire(erreur) from erreur
    except DBAPIError as erreur:
        if not _injoignable(erreur):
            raise
        journal_technique.exception("base injoignable")
        raise BaseIndisponible(
            "La base ne répond pas. Votre saisie est gardée : réessayez dans un instant."
        ) from erreur


def _injoignable(erreur: DBAPIError) -> bool:
    """La base est occupée, coupée ou pleine — par opposition à une requête fausse, qui est un défaut de notre fait."""
    if erreur.connection_invalidated:
        return True
    if isinstance(erreur.orig, sqlite3.Error):
        return getattr(erreur.orig, "sqlite_errorname", "").startswith(SQLITE_INJOIGNABLE)
    return isinstance(erreur, OperationalError)
