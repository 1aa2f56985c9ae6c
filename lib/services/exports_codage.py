"""Tables exportées du codage : citations, étiquetages, grille, irritants relevés."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, distinct, exists, func, literal, select, true, union_all
from sqlalchemy.orm import aliased

from lib.db.modeles import Compte, Entretien, Etiquetage, Etiquette, IrritantReleve, Terrain, Texte, Verbatim
from lib.db.perimetre import visible
from lib.services.exports_colonnes import Contexte, Niveau, Requete, TableExportee, acteur, brute, jour, libre
from lib.services.exports_entretiens import SEPARATEUR, SITUATION, citable, exportable, parole
from lib.services.panier import du_panier

SANS_ETIQUETTE = "Sans étiquette"


def _sorties(contexte: Contexte) -> tuple[ColumnElement[bool], ...]:
    """Les citations qui sortent. L'investigation, répétée, laisse la base lire dans l'ordre sans trier."""
    return (
        Verbatim.investigation_id == contexte.perimetre.investigation_id,
        Verbatim.archive_le.is_(None),
        exportable(contexte),
        citable(contexte),
        true() if contexte.panier_de is None else du_panier(contexte.panier_de, contexte.perimetre.investigation_id),
    )


def _citations(contexte: Contexte) -> Requete:
    return (
        select(
            Verbatim.id.label("verbatim_id"),
            *SITUATION,
            Entretien.accord_citation,
            Verbatim.entretien_id,
            Texte.nature,
            Verbatim.debut,
            Verbatim.fin,
            Verbatim.citation,
            Verbatim.locuteur,
            Verbatim.memo,
            Verbatim.ancrage,
        )
        .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .join(Texte, Texte.id == Verbatim.texte_id)
        .where(*_sorties(contexte))
    )


def _citations_et_etiquettes(contexte: Contexte) -> Requete:
    """Une ligne par citation et par étiquette ; jointure externe, une citation sans étiquette garde sa ligne."""
    return (
        _citations(contexte)
        .add_columns(Etiquette.nom.label("etiquette"))
        .outerjoin(Etiquetage, and_(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None)))
        .outerjoin(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .order_by(Verbatim.id, Etiquette.ordre, Etiquette.id)
    )


def _regrouper(lignes: Iterable[Any]) -> Iterator[Any]:
    """Une citation et toutes ses étiquettes, d'après des lignes qui se suivent.

    Une étiquette posée par deux personnes n'y compte qu'une fois. La requête commence par le numéro de la citation et
    finit par son étiquette : par leur rang, ils se lisent trois fois plus vite que par leur nom.
    """
    precedente: Any = None
    portees: dict[str, None] = {}
    fabriquer: Callable[[Iterable[Any]], Any] = tuple
    for ligne in lignes:
        if precedente is None:
            fabriquer = _classe_de_citation(ligne._fields)._make
        elif ligne[0] != precedente[0]:
            yield fabriquer((*precedente, SEPARATEUR.join(portees), len(portees)))
            portees = {}
        precedente = ligne
        if (etiquette := ligne[-1]) is not None:
            portees[etiquette] = None
    if precedente is not None:
        yield fabriquer((*precedente, SEPARATEUR.join(portees), len(portees)))


@lru_cache(maxsize=4)
def _classe_de_citation(champs: tuple[str, ...]) -> Any:
    """Des noms connus à l'exécution seulement ; un n-uplet nommé se lit bien plus vite qu'une ligne de requête."""
    return namedtuple("Citation", (*champs, "etiquettes", "nombre"))  # noqa: PYI024


CITATIONS = TableExportee(
    code="citations",
    nom="Citations",
    aide="Une citation par ligne, avec toutes ses étiquettes ; celles qui n'en ont pas y sont aussi.",
    requete=_citations_et_etiquettes,
    compter=_citations,
    assembler=_regrouper,
    colonnes=(
        brute("Citation n°", "verbatim_id"),
        brute("Entretien", "code"),
        brute("Terrain", "terrain"),
        acteur(),
        jour("Date", "tenu_le"),
        parole("Citation", "citation"),
        brute("Étiquettes", "etiquettes"),
        brute("Nombre d'étiquettes", "nombre"),
        brute("Accord de citation", "accord_citation"),
        brute("Texte", "nature"),
        brute("Début", "debut", Niveau.EQUIPE),
        brute("Fin", "fin", Niveau.EQUIPE),
        libre("Qui parle", "locuteur"),
        parole("Mémo", "memo", Niveau.EQUIPE),
        brute("Place dans le texte", "ancrage", Niveau.EQUIPE),
    ),
)


def _etiquetages(contexte: Contexte) -> Requete:
    """Jointures externes : une citation sans étiquette y a sa ligne, qui le dit."""
    return (
        select(
            Verbatim.id.label("verbatim_id"),
            Entretien.code,
            Etiquette.code.label("etiquette_code"),
            func.coalesce(Etiquette.nom, SANS_ETIQUETTE).label("etiquette"),
            Etiquette.famille,
            Etiquetage.pose_le,
            Etiquetage.compte_id,
            Compte.nom_affiche,
        )
        .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
        .outerjoin(Etiquetage, and_(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None)))
        .outerjoin(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .outerjoin(Compte, Compte.id == Etiquetage.compte_id)
        .where(*_sorties(contexte))
        .order_by(Verbatim.id, Etiquetage.id)
    )


ETIQUETAGES = TableExportee(
    code="etiquetages",
    nom="Étiquetages",
    aide="Une étiquette posée sur une citation par une personne, une ligne pour celles qui n'en ont pas : de quoi "
    "recompter et mesurer l'accord.",
    requete=_etiquetages,
    colonnes=(
        brute("Citation n°", "verbatim_id"),
        brute("Entretien", "code"),
        brute("Code de l'étiquette", "etiquette_code"),
        brute("Étiquette", "etiquette"),
        brute("Famille", "famille"),
        brute("Compte n°", "compte_id"),
        brute("Posée par", "nom_affiche", Niveau.IDENTIFIE),
        brute("Posée le", "pose_le", Niveau.EQUIPE),
    ),
)


def _etiquettes(contexte: Contexte) -> Requete:
    """La grille avec ses comptes, puis la ligne de ce que nulle étiquette ne porte : rien ne se perd en route."""
    reunies = union_all(_grille(contexte), _sans_etiquette(contexte)).subquery()
    return select(reunies).order_by(reunies.c.derniere, reunies.c.ordre, reunies.c.id)


def _grille(contexte: Contexte) -> Requete:
    mere, heritiere, comptes = aliased(Etiquette), aliased(Etiquette), _comptes(contexte)
    return (
        select(
            literal(0).label("derniere"),
            Etiquette.ordre,
            Etiquette.id,
            Etiquette.code,
            Etiquette.famille,
            Etiquette.nom,
            mere.code.label("mere"),
            Etiquette.definition,
            Etiquette.inclusion,
            Etiquette.exclusion,
            Etiquette.exemples,
            heritiere.code.label("fusionnee_dans"),
            Etiquette.archive_le,
            func.coalesce(comptes.c.citations, 0).label("citations"),
            func.coalesce(comptes.c.entretiens, 0).label("entretiens"),
        )
        .join_from(Etiquette, mere, mere.id == Etiquette.parent_id, isouter=True)
        .join(heritiere, heritiere.id == Etiquette.fusionnee_dans_id, isouter=True)
        .join(comptes, comptes.c.etiquette_id == Etiquette.id, isouter=True)
        .where(visible(Etiquette, contexte.perimetre))
    )


def _comptes(contexte: Contexte) -> Subquery:
    """Par étiquette, les citations qui sortent et leurs entretiens ; posée deux fois, une étiquette compte une fois."""
    return (
        select(
            Etiquetage.etiquette_id,
            func.count(distinct(Verbatim.id)).label("citations"),
            func.count(distinct(Verbatim.entretien_id)).label("entretiens"),
        )
        .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
        .join(Etiquetage, and_(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None)))
        .where(*_sorties(contexte))
        .group_by(Etiquetage.etiquette_id)
        .subquery()
    )


def _sans_etiquette(contexte: Contexte) -> Requete:
    posee = exists().where(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None))
    vide = [literal("").label(nom) for nom in ("definition", "inclusion", "exclusion", "exemples")]
    return (
        select(
            literal(1).label("derniere"),
            literal(0).label("ordre"),
            literal(0).label("id"),
            literal("").label("code"),
            literal(None, Etiquette.famille.type).label("famille"),
            literal(SANS_ETIQUETTE).label("nom"),
            literal(None, Etiquette.code.type).label("mere"),
            *vide,
            literal(None, Etiquette.code.type).label("fusionnee_dans"),
            literal(None, Etiquette.archive_le.type).label("archive_le"),
            func.count(Verbatim.id).label("citations"),
            func.count(distinct(Verbatim.entretien_id)).label("entretiens"),
        )
        .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
        .where(*_sorties(contexte), ~posee)
    )


ETIQUETTES = TableExportee(
    code="etiquettes",
    nom="Étiquettes",
    aide="La grille de codage entière, avec ses définitions et ses comptes ; les étiquettes archivées y sont marquées, "
    "et les citations sans étiquette ont leur ligne.",
    requete=_etiquettes,
    colonnes=(
        brute("Code", "code"),
        brute("Famille", "famille"),
        brute("Nom", "nom"),
        brute("Citations", "citations"),
        brute("Entretiens", "entretiens"),
        brute("Rangée sous", "mere"),
        brute("Définition", "definition"),
        brute("On la pose quand", "inclusion"),
        brute("On ne la pose pas quand", "exclusion"),
        libre("Exemples", "exemples"),
        brute("Fusionnée dans", "fusionnee_dans"),
        brute("Archivée le", "archive_le"),
    ),
)


def _irritants(contexte: Contexte) -> Requete:
    return (
        select(
            *SITUATION,
            Etiquette.code.label("etiquette_code"),
            Etiquette.nom.label("irritant"),
            IrritantReleve.releve,
            IrritantReleve.intensite,
        )
        .join_from(IrritantReleve, Entretien, Entretien.id == IrritantReleve.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .join(Etiquette, Etiquette.id == IrritantReleve.etiquette_id)
        .where(exportable(contexte))
        .order_by(IrritantReleve.entretien_id, Etiquette.ordre, IrritantReleve.id)
    )


IRRITANTS = TableExportee(
    code="irritants_releves",
    nom="Irritants relevés",
    aide="Par entretien et par irritant : évoqué spontanément, sur relance, écarté, non abordé.",
    requete=_irritants,
    colonnes=(
        brute("Entretien", "code"),
        brute("Terrain", "terrain"),
        acteur(),
        brute("Code de l'irritant", "etiquette_code"),
        brute("Irritant", "irritant"),
        brute("Relevé", "releve"),
        brute("Intensité", "intensite"),
    ),
)
