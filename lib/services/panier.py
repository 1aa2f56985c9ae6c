"""Le panier : retenir des citations, une à une ou toutes celles d'une recherche, pour les sortir ensemble."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, insert, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import CitationRetenue, Entretien, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_exporter, peut_lire_identites
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import nombre
from lib.domain.vocabulaire import AccordCitation
from lib.services.syntheses import compte_dans_les_chiffres

MAXIMUM = 1_000


def lire_panier(session: Session, perimetre: Perimetre) -> frozenset[int]:
    """Les citations retenues qui se lisent encore ; aucune pour qui n'exporte pas."""
    if not peut_exporter(perimetre):
        return frozenset()
    retenues = select(CitationRetenue.verbatim_id).where(_le_sien(perimetre))
    return frozenset(session.scalars(_lisibles(perimetre, retenues)))


def retenir(session: Session, perimetre: Perimetre, *, verbatims: Collection[int]) -> int:
    """Ajoute des citations lisibles au panier et rend combien y entrent.

    Lève AccesRefuse pour qui n'exporte pas, DonneeInvalide au-delà de mille.
    """
    exiger(peut_exporter, perimetre)
    lisibles = set(session.scalars(_lisibles(perimetre, verbatims)))
    deja = set(session.scalars(select(CitationRetenue.verbatim_id).where(_le_sien(perimetre))))
    nouvelles = sorted(lisibles - deja)
    if len(deja) + len(nouvelles) > MAXIMUM:
        raise DonneeInvalide(
            f"Un panier tient {nombre(MAXIMUM)} citations : videz-le, affinez les filtres, ou exportez toute la table."
        )
    commun = {"compte_id": perimetre.compte_id, "investigation_id": perimetre.investigation_id}
    if nouvelles:
        lignes = [commun | {"verbatim_id": verbatim, "retenue_le": maintenant()} for verbatim in nouvelles]
        session.execute(insert(CitationRetenue), lignes)
    return len(nouvelles)


def laisser(session: Session, perimetre: Perimetre, *, verbatims: Collection[int]) -> None:
    """Retire des citations du panier."""
    exiger(peut_exporter, perimetre)
    session.execute(delete(CitationRetenue).where(_le_sien(perimetre), CitationRetenue.verbatim_id.in_(verbatims)))


def vider(session: Session, perimetre: Perimetre) -> None:
    """Vide le panier ; les citations elles-mêmes ne changent pas."""
    exiger(peut_exporter, perimetre)
    session.execute(delete(CitationRetenue).where(_le_sien(perimetre)))


def du_panier(compte_id: int, investigation_id: int | None) -> ColumnElement[bool]:
    """Condition : la citation est au panier de ce compte."""
    retenues = select(CitationRetenue.verbatim_id).where(
        CitationRetenue.compte_id == compte_id, CitationRetenue.investigation_id == investigation_id
    )
    return Verbatim.id.in_(retenues)


def _le_sien(perimetre: Perimetre) -> ColumnElement[bool]:
    return and_(
        CitationRetenue.compte_id == perimetre.compte_id,
        CitationRetenue.investigation_id == perimetre.investigation_id,
    )


def _lisibles(perimetre: Perimetre, parmi: Any) -> Select[int]:
    """Les citations que ce compte peut lire : mêmes règles que la page qui les montre."""
    conditions = [visible(Entretien, perimetre), compte_dans_les_chiffres(), Verbatim.archive_le.is_(None)]
    if not peut_lire_identites(perimetre):
        conditions.append(Entretien.accord_citation != AccordCitation.NON)
    requete = select(Verbatim.id).join(Entretien, Entretien.id == Verbatim.entretien_id)
    return requete.where(*conditions, Verbatim.id.in_(parmi))
