"""Les mots à chercher se tiennent seuls : chaque écriture de l'ORM sur un texte ou une citation les récrit."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import ClauseElement, bindparam, delete, event, exists, insert, inspect, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement
from sqlalchemy.types import Integer

from lib.db.modeles import Entretien, MotsIndexes, Texte, Verbatim
from lib.db.racines import racine
from lib.domain.mots import NatureIndexee, Recherche, Suite, jetons, morceaux

LOT = 5_000
COMPTES = 20_000
# Ce que l'on cherche de chaque modèle : la colonne, et sa nature.
COLONNES: dict[type[Texte] | type[Verbatim], tuple[tuple[str, NatureIndexee], ...]] = {
    Texte: (("contenu", NatureIndexee.TEXTE),),
    Verbatim: (("citation", NatureIndexee.CITATION), ("memo", NatureIndexee.MEMO)),
}


# --- Tenir ------------------------------------------------------------------------------------------------------


@event.listens_for(Session, "after_flush")
def tenir_index(session: Session, _: Any) -> None:
    """Récrit les mots de ce qui vient de changer, dans la même transaction."""
    perimes: list[tuple[NatureIndexee, int]] = []
    lignes: list[dict[str, Any]] = []
    for objet, nature, texte in _changes(session):
        if objet not in session.new:
            perimes.append((nature, objet.id))
        if objet not in session.deleted:
            lignes += _lignes(nature, objet.id, objet.investigation_id, objet.entretien_id, texte)
    if perimes:
        cle = tuple_(MotsIndexes.nature, MotsIndexes.objet_id)
        session.execute(delete(MotsIndexes).where(cle.in_(perimes)).execution_options(synchronize_session=False))
    if lignes:
        session.execute(insert(MotsIndexes), lignes)


def _changes(session: Session) -> Iterator[tuple[Any, NatureIndexee, str]]:
    for objets in (session.new, session.dirty, session.deleted):
        for objet in objets:
            for colonne, nature in COLONNES.get(type(objet), ()):
                if objets is session.deleted or inspect(objet).attrs[colonne].history.has_changes():
                    yield objet, nature, getattr(objet, colonne) or ""


def _lignes(
    nature: NatureIndexee, objet_id: int, investigation_id: int, entretien_id: int, texte: str
) -> Iterator[dict[str, Any]]:
    for morceau in morceaux(jetons(texte)):
        yield {
            "investigation_id": investigation_id,
            "entretien_id": entretien_id,
            "nature": nature,
            "objet_id": objet_id,
            "formes": " ".join(morceau),
            "racines": " ".join(map(racine, morceau)),
        }


def refaire_index(session: Session, investigation_id: int) -> None:
    """Récrit tous les mots d'une investigation, par lots. À lancer dans une transaction d'écriture."""
    session.flush()
    session.execute(delete(MotsIndexes).where(MotsIndexes.investigation_id == investigation_id))
    for modele, colonnes in COLONNES.items():
        for colonne, nature in colonnes:
            lues = select(modele.id, modele.entretien_id, getattr(modele, colonne))
            lues = lues.where(modele.investigation_id == investigation_id).order_by(modele.id)
            _indexer(session, investigation_id, nature, session.execute(lues.execution_options(yield_per=LOT)))


def _indexer(session: Session, investigation_id: int, nature: NatureIndexee, lues: Iterable[Any]) -> None:
    lignes = (
        ligne
        for objet_id, entretien_id, texte in lues
        if texte
        for ligne in _lignes(nature, objet_id, investigation_id, entretien_id, texte)
    )
    while lot := list(islice(lignes, LOT)):
        session.execute(insert(MotsIndexes), lot)


# --- Chercher ---------------------------------------------------------------------------------------------------


class _Porte(FunctionElement[bool]):
    """Le morceau porte tous ces jetons : écrit comme chaque base le comprend, jamais à partir d'une saisie brute.

    Sans type booléen : SQLite comparerait l'appartenance à 1, et relirait tous les morceaux au lieu de suivre l'index.
    """

    inherit_cache = True
    colonne = ""

    def __init__(self, suites: Iterable[Suite], depuis: int = 0) -> None:
        pour_sqlite = " AND ".join(f'"{" ".join(suite)}"' for suite in suites)
        pour_postgresql = " & ".join(f"({' <-> '.join(suite)})" for suite in suites)
        super().__init__(
            bindparam(None, f"{{{self.colonne}}} : ({pour_sqlite})", unique=True),
            bindparam(None, pour_postgresql, unique=True),
            bindparam(None, depuis, unique=True),
        )


class _PorteRacines(_Porte):
    inherit_cache = True
    colonne = "racines"


class _PorteFormes(_Porte):
    inherit_cache = True
    colonne = "formes"


@compiles(_PorteRacines, "sqlite")
@compiles(_PorteFormes, "sqlite")
def _en_fts5(element: _Porte, compilateur: SQLCompiler, **options: Any) -> str:
    cherche, _, depuis = (_ecrire(clause, compilateur, options) for clause in element.clauses)
    table = "mots_indexes_plein"
    return f"mots_indexes.id IN (SELECT rowid FROM {table} WHERE {table} MATCH {cherche} AND rowid >= {depuis})"  # noqa: S608 - paramètres liés


@compiles(_PorteRacines, "postgresql")
@compiles(_PorteFormes, "postgresql")
def _en_tsquery(element: _Porte, compilateur: SQLCompiler, **options: Any) -> str:
    _, cherche, depuis = (_ecrire(clause, compilateur, options) for clause in element.clauses)
    porte = f"mots_indexes.vecteur_{element.colonne} @@ to_tsquery('simple', {cherche})"
    return f"({porte} AND mots_indexes.id >= {depuis})"


class _Frequence(FunctionElement[int]):
    """Combien de morceaux, toutes natures et investigations réunies ; PostgreSQL s'arrête à COMPTES."""

    type = Integer()
    inherit_cache = True

    def __init__(self, porte: _Porte) -> None:
        super().__init__(porte)


@compiles(_Frequence, "sqlite")
def _compter_en_fts5(element: _Frequence, compilateur: SQLCompiler, **options: Any) -> str:
    (porte,) = element.clauses
    cherche = _ecrire(next(iter(porte.clauses)), compilateur, options)
    return f"(SELECT count(*) FROM mots_indexes_plein WHERE mots_indexes_plein MATCH {cherche})"  # noqa: S608 - paramètre lié


@compiles(_Frequence, "postgresql")
def _compter_en_tsquery(element: _Frequence, compilateur: SQLCompiler, **options: Any) -> str:
    (porte,) = element.clauses
    borne = f"SELECT 1 FROM mots_indexes WHERE {_ecrire(porte, compilateur, options)} LIMIT {COMPTES}"  # noqa: S608 - paramètre lié
    return f"(SELECT count(*) FROM ({borne}) AS bornes)"  # noqa: S608 - paramètre lié


def frequences(recherche: Recherche) -> list[ColumnElement[int]]:
    """Combien de morceaux portent les mots voulus, combien les expressions ; rien si rien n'est voulu."""
    return [_Frequence(voulue) for voulue in _voulues(recherche)]


def _ecrire(element: ClauseElement, compilateur: SQLCompiler, options: dict[str, Any]) -> str:
    return str(compilateur.process(element, **options))


def objets_qui_repondent(
    recherche: Recherche, nature: NatureIndexee, investigation_id: int | None, colonne: Any, *, depuis: int = 0
) -> list[ColumnElement[bool]]:
    """Conditions sur l'identifiant de ce qui est cherché : porte tout ce qui l'est, rien de ce qui est exclu.

    depuis : les morceaux d'avant ne se lisent pas ; à l'appelant de ne chercher que ce que les suivants portent.
    """
    conditions: list[ColumnElement[bool]] = []
    conditions += [colonne.in_(_porteurs(voulue, nature, investigation_id)) for voulue in _voulues(recherche, depuis)]
    conditions += [
        colonne.not_in(_porteurs(exclue, nature, investigation_id)) for exclue in _exclues(recherche, depuis)
    ]
    return conditions


def entretiens_qui_repondent(
    recherche: Recherche, nature: NatureIndexee, investigation_id: int | None
) -> list[ColumnElement[bool]]:
    """Conditions : l'entretien porte tout ce qui est cherché, quelque part."""
    ici = MotsIndexes.nature == nature, MotsIndexes.investigation_id == investigation_id
    return [Entretien.id.in_(select(MotsIndexes.entretien_id).where(*ici, v)) for v in _voulues(recherche)]


def objets_qui_disent(
    recherche: Recherche, nature: NatureIndexee, investigation_id: int | None, colonne: Any
) -> list[ColumnElement[bool]]:
    """Les mêmes objets que `objets_qui_repondent`, jugés un à un sur leurs mots : pour en lire quelques-uns."""
    racines, formes = MotsIndexes.racines, MotsIndexes.formes

    def disent(lus: Any, suites: Iterable[Suite]) -> ColumnElement[bool]:
        ici = MotsIndexes.nature == nature, MotsIndexes.objet_id == colonne
        portes = ((" " + lus + " ").contains(f" {' '.join(suite)} ", autoescape=True) for suite in suites)
        return (
            exists()
            .where(*ici, MotsIndexes.investigation_id == investigation_id, *portes)
            .correlate_except(MotsIndexes)
        )

    conditions = [disent(racines, [(racine(mot),) for mot in recherche.mots])] if recherche.mots else []
    conditions += [disent(formes, recherche.expressions)] if recherche.expressions else []
    conditions += [~disent(racines, [(racine(mot),)]) for mot in recherche.mots_exclus]
    return conditions + [~disent(formes, [expression]) for expression in recherche.expressions_exclues]


def _voulues(recherche: Recherche, depuis: int = 0) -> list[_Porte]:
    mots = [(racine(mot),) for mot in recherche.mots]
    voulues: list[_Porte] = [_PorteRacines(mots, depuis)] if mots else []
    return voulues + ([_PorteFormes(recherche.expressions, depuis)] if recherche.expressions else [])


def _exclues(recherche: Recherche, depuis: int = 0) -> list[_Porte]:
    mots: list[_Porte] = [_PorteRacines([(racine(mot),)], depuis) for mot in recherche.mots_exclus]
    return mots + [_PorteFormes([expression], depuis) for expression in recherche.expressions_exclues]


def _porteurs(porte: _Porte, nature: NatureIndexee, investigation_id: int | None) -> Any:
    ici = MotsIndexes.nature == nature, MotsIndexes.investigation_id == investigation_id
    return select(MotsIndexes.objet_id).where(*ici, porte)
