"""Une requête relue à chaque passage de chaque personne : compilée une fois, portée au pilote sans détour.

SQLAlchemy prépare chaque exécution (cache de compilation, transaction, évènements, lignes) pour trois fois le prix de
la lecture elle-même. Les types restent les siens. Au moindre refus du pilote, la voie ordinaire reprend : c'est elle
qui retrouve une base redémarrée, ou qui dit l'erreur.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Engine, Select

Conversion = Callable[[Any], Any]


class RequeteDirecte:
    """Une lecture sur des tables, aux paramètres nommés (`bindparam`), sans ordre qui change d'une fois à l'autre."""

    def __init__(self, requete: Select[*tuple[Any, ...]]) -> None:
        self._requete = requete
        self._formes: dict[str, _Forme] = {}

    def lire(self, moteur: Engine, parametres: Mapping[str, Any]) -> Sequence[Any]:
        """Les lignes, dont les colonnes se lisent par leur nom. Lève une erreur de SQLAlchemy si la base refuse."""
        try:
            return self._lire_au_pilote(moteur, parametres)
        except moteur.dialect.loaded_dbapi.Error:
            with moteur.connect() as connexion:
                return connexion.execute(self._requete, parametres).all()

    def _lire_au_pilote(self, moteur: Engine, parametres: Mapping[str, Any]) -> Sequence[Any]:
        forme = self._forme(moteur.dialect)
        connexion = moteur.raw_connection()
        try:
            curseur = connexion.cursor()
            curseur.execute(forme.sql, forme.ecrire(parametres))
            return [forme.relire(ligne) for ligne in curseur.fetchall()]
        except moteur.dialect.loaded_dbapi.Error:
            connexion.invalidate()
            raise
        finally:
            connexion.close()

    def _forme(self, dialecte: Dialect) -> "_Forme":
        if dialecte.name not in self._formes:
            self._formes[dialecte.name] = _Forme(self._requete, dialecte)
        return self._formes[dialecte.name]


class _Forme:
    """La requête telle que l'attend un pilote, et de quoi traduire ses valeurs à l'aller et au retour."""

    def __init__(self, requete: Select[*tuple[Any, ...]], dialecte: Dialect) -> None:
        compilee = requete.compile(dialect=dialecte)
        self.sql = str(compilee)
        self._ordre = compilee.positiontup
        self._ecrire = {
            nom: parametre.type.dialect_impl(dialecte).bind_processor(dialecte) or _telle_quelle
            for nom, parametre in compilee.binds.items()
        }
        colonnes = list(requete.selected_columns)
        self._relire: list[Conversion] = [
            colonne.type.dialect_impl(dialecte).result_processor(dialecte, None) or _telle_quelle
            for colonne in colonnes
        ]
        self._ligne = _classe_de_ligne([colonne.name for colonne in colonnes])

    def ecrire(self, parametres: Mapping[str, Any]) -> Any:
        valeurs = {nom: ecrire(parametres[nom]) for nom, ecrire in self._ecrire.items()}
        return tuple(valeurs[nom] for nom in self._ordre) if self._ordre else valeurs

    def relire(self, ligne: Sequence[Any]) -> Any:
        return self._ligne._make(relire(valeur) for relire, valeur in zip(self._relire, ligne, strict=True))


def _classe_de_ligne(noms: list[str]) -> Any:
    """Des noms connus à l'exécution seulement : aucun type statique ne peut les dire."""
    return namedtuple("Ligne", noms)  # noqa: PYI024


def _telle_quelle(valeur: Any) -> Any:
    return valeur
