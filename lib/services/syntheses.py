"""Comptes tenus à l'écriture : combien de citations et d'entretiens par étiquette, combien par irritant relevé.

Compter un million d'étiquetages prend des dizaines de millisecondes ; lire une ligne tenue à jour, aucune.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, distinct, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib.db.journalisation import avancer_version
from lib.db.modeles import Entretien, Etiquetage, IrritantReleve, SyntheseEtiquette, SyntheseIrritant, Verbatim
from lib.domain.vocabulaire import AccordCitation, StatutEntretien

Requete = Select[*tuple[Any, ...]]
Cle = tuple[Any, ...]
Comptes = dict[Cle, Counter[str]]
_SUIVIS = "entretiens_suivis"


@contextmanager
def suivre(session: Session, entretien_id: int) -> Iterator[None]:
    """Entoure toute modification d'un entretien, de ses verbatims, étiquetages ou irritants relevés.

    À la sortie, les comptes bougent de la différence entre ce que l'entretien apportait et ce qu'il apporte.
    Imbriqué sur le même entretien, il ne compte qu'une fois. Sur erreur, rien ne bouge (la transaction s'annule).
    """
    suivis: set[int] = session.info.setdefault(_SUIVIS, set())
    if entretien_id in suivis:
        yield
        return
    suivis.add(entretien_id)
    try:
        avant = _apport_verrouille(session, entretien_id)
        yield
        session.flush()
        _reporter(session, avant, _apport(session, entretien_id))
    finally:
        suivis.discard(entretien_id)


def refaire(session: Session, investigation_id: int) -> None:
    """Recompte tout pour une investigation. À lancer dans une transaction d'écriture."""
    avancer_version(session, investigation_id)  # prend le rang : aucune écriture ne se glisse entre les deux ordres
    for table in _TABLES:
        session.execute(delete(table.modele).where(table.modele.investigation_id == investigation_id))
        source = table.compter(Entretien.investigation_id == investigation_id)
        session.execute(insert(table.modele).from_select([*table.cles, *table.mesures], source))


def verifier(session: Session, investigation_id: int) -> list[str]:
    """Une phrase par compte qui s'écarte de ce que disent les lignes ; liste vide si tout est juste."""
    ecarts = []
    for table in _TABLES:
        tenus = _lire(session, table, table.relire(investigation_id))
        justes = _lire(session, table, table.compter(Entretien.investigation_id == investigation_id))
        ecarts += [_phrase(table, cle, tenus, justes) for cle in _differents(tenus, justes)]
    return ecarts


def compte_dans_les_chiffres() -> ColumnElement[bool]:
    """Condition SQL : l'entretien est réalisé, sa notice remise, et il n'est pas archivé."""
    return and_(
        Entretien.statut == StatutEntretien.REALISE,
        Entretien.notice_remise_le.is_not(None),
        Entretien.archive_le.is_(None),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Une table de synthèse : sa clé, ses mesures (dans l'ordre de la requête) et comment la recompter."""

    modele: type[SyntheseEtiquette] | type[SyntheseIrritant]
    cles: tuple[str, ...]
    mesures: tuple[str, ...]
    compter: Callable[[ColumnElement[bool]], Requete]

    def relire(self, investigation_id: int) -> Requete:
        colonnes = [getattr(self.modele, nom) for nom in (*self.cles, *self.mesures)]
        return select(*colonnes).where(self.modele.investigation_id == investigation_id)


def _compter_etiquettes(ou: ColumnElement[bool]) -> Requete:
    groupes = (Etiquetage.etiquette_id, Entretien.terrain_id, Entretien.type_acteur, Entretien.investigation_id)
    citable = case((Entretien.accord_citation != AccordCitation.NON, Verbatim.id))
    return (
        select(
            *groupes,
            func.count(distinct(Verbatim.id)),
            func.count(distinct(citable)),
            func.count(distinct(Entretien.id)),
        )
        .join_from(Entretien, Verbatim, Verbatim.entretien_id == Entretien.id)
        .join(Etiquetage, Etiquetage.verbatim_id == Verbatim.id)
        .where(ou, compte_dans_les_chiffres(), Verbatim.archive_le.is_(None), Etiquetage.retire_le.is_(None))
        .group_by(*groupes)
    )


def _compter_irritants(ou: ColumnElement[bool]) -> Requete:
    groupes = (
        IrritantReleve.etiquette_id,
        Entretien.terrain_id,
        Entretien.type_acteur,
        Entretien.investigation_id,
        IrritantReleve.releve,
    )
    intensite = IrritantReleve.intensite
    return (
        select(
            *groupes,
            func.count(distinct(Entretien.id)),
            func.count(intensite),
            func.coalesce(func.sum(intensite), 0),
        )
        .join_from(Entretien, IrritantReleve, IrritantReleve.entretien_id == Entretien.id)
        .where(ou, compte_dans_les_chiffres())
        .group_by(*groupes)
    )


_CLES = ("etiquette_id", "terrain_id", "type_acteur", "investigation_id")
_TABLES = (
    _Table(SyntheseEtiquette, _CLES, ("verbatims", "citables", "entretiens"), _compter_etiquettes),
    _Table(SyntheseIrritant, (*_CLES, "releve"), ("entretiens", "notes", "intensites"), _compter_irritants),
)


def _apport_verrouille(session: Session, entretien_id: int) -> list[Comptes]:
    """Ce que l'entretien apporte, sa ligne tenue : une autre personne qui le code attend son tour."""
    session.flush()
    session.execute(select(Entretien.id).where(Entretien.id == entretien_id).with_for_update(key_share=True))
    return _apport(session, entretien_id)


def _apport(session: Session, entretien_id: int) -> list[Comptes]:
    return [_lire(session, table, table.compter(Entretien.id == entretien_id)) for table in _TABLES]


def _lire(session: Session, table: _Table, requete: Requete) -> Comptes:
    """Comptes par clé ; une ligne à zéro vaut une ligne absente."""
    taille = len(table.cles)
    return {
        tuple(ligne[:taille]): Counter(dict(zip(table.mesures, ligne[taille:], strict=True)))
        for ligne in session.execute(requete)
    }


def _differents(avant: Comptes, apres: Comptes) -> list[Cle]:
    """Clés dont les comptes diffèrent, triées : deux écritures simultanées prennent les lignes dans le même ordre."""
    return [
        cle for cle in sorted(avant.keys() | apres.keys()) if avant.get(cle, Counter()) != apres.get(cle, Counter())
    ]


def _reporter(session: Session, avant: list[Comptes], apres: list[Comptes]) -> None:
    for table, anciens, nouveaux in zip(_TABLES, avant, apres, strict=True):
        for cle in _differents(anciens, nouveaux):
            ecart = nouveaux.get(cle, Counter()).copy()
            ecart.subtract(anciens.get(cle, Counter()))
            _ajouter(session, table, cle, ecart)


def _ajouter(session: Session, table: _Table, cle: Cle, ecart: Counter[str]) -> None:
    """Crée la ligne de synthèse ou y ajoute l'écart, d'un seul ordre."""
    creer: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    valeurs = dict(zip(table.cles, cle, strict=True)) | {nom: ecart[nom] for nom in table.mesures}
    session.execute(
        creer(table.modele)
        .values(valeurs)
        .on_conflict_do_update(
            index_elements=list(table.modele.__table__.primary_key),
            set_={nom: getattr(table.modele, nom) + ecart[nom] for nom in table.mesures},
        )
    )


def _phrase(table: _Table, cle: Cle, tenus: Comptes, justes: Comptes) -> str:
    ou = ", ".join(f"{nom} {valeur}" for nom, valeur in zip(table.cles, cle, strict=True))
    nom_table = table.modele.__tablename__
    return f"{nom_table} ({ou}) : {_dire(table, tenus.get(cle))} au lieu de {_dire(table, justes.get(cle))}"


def _dire(table: _Table, mesures: Counter[str] | None) -> str:
    return ", ".join(f"{(mesures or Counter())[nom]} {nom}" for nom in table.mesures)
