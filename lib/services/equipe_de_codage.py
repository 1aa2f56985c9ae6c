"""Qui a mené les entretiens et qui a posé les étiquettes : de quoi filtrer des citations."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Entretien, EntretienEnqueteur, Etiquetage
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner


def lister_meneurs(session: Session, perimetre: Perimetre) -> dict[int, str]:
    """Comptes qui ont mené un entretien visible : identifiant → nom affiché. Pour l'équipe seule."""
    exiger(peut_consigner, perimetre)
    menes = select(EntretienEnqueteur.compte_id).join(Entretien, Entretien.id == EntretienEnqueteur.entretien_id)
    return _nommer(session, Compte.id.in_(menes.where(visible(Entretien, perimetre))))


def lister_codeurs(session: Session, perimetre: Perimetre) -> dict[int, str]:
    """Comptes qui ont posé une étiquette dans l'investigation : identifiant → nom affiché. Pour l'équipe seule."""
    exiger(peut_consigner, perimetre)
    pose = Etiquetage.compte_id == Compte.id, Etiquetage.investigation_id == perimetre.investigation_id
    return _nommer(session, exists().where(*pose))


def _nommer(session: Session, condition: ColumnElement[bool]) -> dict[int, str]:
    requete = select(Compte.id, Compte.nom_affiche).where(condition).order_by(Compte.nom_affiche)
    return dict(session.execute(requete).all())
