"""Ce que toutes les matrices partagent : leur forme une fois lues, et les étiquettes qui en font les lignes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lib.db.modeles import Etiquette, SyntheseEtiquette
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.formats import date_longue, typographier
from lib.domain.matrices import Case
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services.couverture import lire_dates

if TYPE_CHECKING:
    import plotly.graph_objects as go

PAR_PAGE = 50
SANS = "Sans étiquette"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLue:
    """Une case déjà écrite. precision : son intervalle ; ouvre : ses citations, None s'il n'y a rien à ouvrir."""

    texte: str
    precision: str = ""
    ouvre: Case | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneMatrice:
    """Une ligne. total : elle récapitule les autres. entretien_id : celui dont toutes ses cases sont les citations."""

    nom: str
    cases: tuple[CaseLue, ...]
    total: bool = False
    entretien_id: int | None = None

    def ouvre(self, rang: int) -> Case | None:
        """Ce qu'ouvre une case de la ligne."""
        case = self.cases[rang].ouvre
        return case and replace(case, entretien_id=self.entretien_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrice:
    """Une matrice prête à montrer, cinquante lignes au plus. notes : comment la lire. figure : sa carte de chaleur.

    tranche, tranches : quand les étiquettes sont en colonnes, lesquelles.
    """

    legende: str
    coin: str
    entetes: tuple[str, ...]
    lignes: tuple[LigneMatrice, ...]
    notes: tuple[str, ...]
    page: int = 1
    pages: int = 1
    tranche: int = 1
    tranches: int = 1
    figure: "go.Figure | None" = None
    alternative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquetteDeLigne:
    """Une étiquette de la page."""

    id: int
    nom: str


def lister_lignes(
    session: Session, perimetre: Perimetre, page: int, *, famille: FamilleEtiquette | None = None
) -> tuple[list[EtiquetteDeLigne], int]:
    """(les étiquettes de la page, le nombre de pages). Une archivée reste tant que des citations la portent."""
    portees = select(SyntheseEtiquette.etiquette_id).where(
        visible(SyntheseEtiquette, perimetre), SyntheseEtiquette.verbatims > 0
    )
    gardees = or_(Etiquette.archive_le.is_(None), Etiquette.id.in_(portees))
    requete = (
        select(Etiquette.id, Etiquette.nom, Etiquette.archive_le, func.count().over().label("toutes"))
        .where(visible(Etiquette, perimetre), gardees)
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    if famille is not None:
        requete = requete.where(Etiquette.famille == famille)
    lignes = session.execute(paginer(requete, page)).all()
    noms = [EtiquetteDeLigne(id=e.id, nom=f"{e.nom} (archivée)" if e.archive_le else e.nom) for e in lignes]
    return noms, nombre_de_pages(lignes[0].toutes if lignes else 0)


def paginer(requete: Select[*tuple[Any, ...]], page: int) -> Select[*tuple[Any, ...]]:
    """La requête bornée à une page."""
    return requete.limit(PAR_PAGE).offset((page - 1) * PAR_PAGE)


def nombre_de_pages(total: int) -> int:
    """Une au moins."""
    return max(1, -(-total // PAR_PAGE))


def dater(session: Session, perimetre: Perimetre) -> str:
    """La date d'arrêt des chiffres et ce qui y entre."""
    _, au = lire_dates(session, perimetre)
    return typographier(
        f"Données au {date_longue(au)} : entretiens réalisés, notice remise, non archivés. "
        "Parmi les acteurs rencontrés."
    )


def sommes(modele: Any, noms: Sequence[str]) -> list[Any]:
    """Les colonnes sommées d'une table de synthèse, à leur nom."""
    return [func.coalesce(func.sum(getattr(modele, nom)), 0).label(nom) for nom in noms]
