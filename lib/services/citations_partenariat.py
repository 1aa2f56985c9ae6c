"""Les passages d'entretien qui parlent d'un partenariat : ceux qu'on y a rattachés, ceux que l'on peut y rattacher."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import CitationPartenariat, Entretien, EvenementPartenariat, Partenariat, Verbatim
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_identites
from lib.domain.erreurs import DonneeInvalide

PROPOSEES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationLue:
    """Un passage, l'entretien où il se lit, et le lien qui le rattache (zéro s'il n'est que proposé)."""

    verbatim_id: int
    citation: str
    entretien_id: int
    code: str
    lien_id: int = 0


def citer(session: Session, perimetre: Perimetre, *, partenariat_id: int, verbatim_id: int) -> None:
    """Rattache un passage. Déjà rattaché, il n'est pas répété. Lève Introuvable, DonneeInvalide, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    partenariat = trouver(session, Partenariat, partenariat_id, perimetre)
    verbatim = trouver(session, Verbatim, verbatim_id, perimetre)
    if verbatim.archive_le is not None:
        raise DonneeInvalide("Ce passage vient d'être retiré de son entretien : choisissez-en un autre.")
    deja = _liens(partenariat_id).where(CitationPartenariat.verbatim_id == verbatim_id)
    if session.scalars(deja).first() is None:
        session.add(
            CitationPartenariat(
                investigation_id=partenariat.investigation_id,
                partenariat_id=partenariat_id,
                verbatim_id=verbatim_id,
                cree_par=perimetre.auteur_id,
            )
        )
        session.flush()


def retirer(session: Session, perimetre: Perimetre, *, lien_id: int) -> None:
    """Détache un passage du partenariat ; l'entretien garde le passage. Lève Introuvable, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    lien = trouver(session, CitationPartenariat, lien_id, perimetre)
    if lien.retiree_le is None:
        lien.retiree_le, lien.retiree_par = maintenant(), perimetre.auteur_id


def lire_citations(session: Session, perimetre: Perimetre, *, partenariat_id: int) -> tuple[CitationLue, ...]:
    """Les passages rattachés, dans l'ordre où ils l'ont été. Rien pour qui ne lit pas les identités."""
    if not peut_lire_identites(perimetre):
        return ()
    requete = (
        _passages(perimetre)
        .add_columns(CitationPartenariat.id.label("lien_id"))
        .join(CitationPartenariat, CitationPartenariat.verbatim_id == Verbatim.id)
        .where(CitationPartenariat.partenariat_id == partenariat_id, CitationPartenariat.retiree_le.is_(None))
        .order_by(CitationPartenariat.id)
    )
    return tuple(CitationLue(**ligne._asdict()) for ligne in session.execute(requete))


def proposer_citations(session: Session, perimetre: Perimetre, *, partenariat_id: int) -> tuple[CitationLue, ...]:
    """Les passages des entretiens sources et de ceux des deux organisations, sauf ceux déjà rattachés."""
    exiger(peut_lire_identites, perimetre)
    partenariat = trouver(session, Partenariat, partenariat_id, perimetre)
    rattaches = select(CitationPartenariat.verbatim_id).where(
        CitationPartenariat.partenariat_id == partenariat_id, CitationPartenariat.retiree_le.is_(None)
    )
    requete = (
        _passages(perimetre)
        .where(_entretiens_voisins(partenariat), Verbatim.id.not_in(rattaches))
        .order_by(Entretien.tenu_le.desc(), Entretien.id.desc(), Verbatim.texte_id, Verbatim.debut)
        .limit(PROPOSEES)
    )
    return tuple(CitationLue(**ligne._asdict()) for ligne in session.execute(requete))


def _liens(partenariat_id: int) -> Select[CitationPartenariat]:
    c = CitationPartenariat
    return select(c).where(c.partenariat_id == partenariat_id, c.retiree_le.is_(None))


def _passages(perimetre: Perimetre) -> Select[int, str, int, str]:
    return (
        select(Verbatim.id.label("verbatim_id"), Verbatim.citation, Verbatim.entretien_id, Entretien.code)
        .join(Entretien, Entretien.id == Verbatim.entretien_id)
        .where(visible(Entretien, perimetre), Entretien.archive_le.is_(None), Verbatim.archive_le.is_(None))
    )


def _entretiens_voisins(partenariat: Partenariat) -> ColumnElement[bool]:
    sources = select(EvenementPartenariat.source_entretien_id).where(
        EvenementPartenariat.partenariat_id == partenariat.id, EvenementPartenariat.source_entretien_id.is_not(None)
    )
    organisations: Sequence[int] = (partenariat.entreprise_id, partenariat.association_id)
    return or_(
        Entretien.id == partenariat.source_entretien_id,
        Entretien.id.in_(sources),
        Entretien.organisation_id.in_(organisations),
    )
