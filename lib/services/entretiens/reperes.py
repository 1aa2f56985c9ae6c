"""Ce qu'il faut sous la main pour consigner : terrains, équipe, irritants de la grille, version de la notice."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import Compte, Etiquette, Habilitation, Investigation
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import FamilleEtiquette, Role
from lib.services.terrains import TerrainLu, lister_terrains


@dataclass(frozen=True, slots=True, kw_only=True)
class IrritantDeGrille:
    """Un irritant à relever (une feuille de la grille) et le titre sous lequel il se range."""

    id: int
    nom: str
    definition: str
    groupe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reperes:
    """De quoi remplir les listes du formulaire."""

    terrains: tuple[TerrainLu, ...]
    irritants: tuple[IrritantDeGrille, ...]
    notice_version: str


def lire_reperes(session: Session, perimetre: Perimetre) -> Reperes:
    """Terrains, irritants et version de la notice de l'investigation ouverte."""
    exiger(peut_consigner, perimetre)
    requete = select(Investigation.notice_version).where(Investigation.id == perimetre.investigation_id)
    return Reperes(
        terrains=lister_terrains(session, perimetre),
        irritants=lister_irritants(session, perimetre),
        notice_version=session.scalar(requete) or "",
    )


def lister_irritants(session: Session, perimetre: Perimetre) -> tuple[IrritantDeGrille, ...]:
    """Les feuilles de la famille « irritant », rangées sous leur parent, dans l'ordre de la grille."""
    parent, enfant = aliased(Etiquette), aliased(Etiquette)
    feuille = ~exists().where(
        enfant.parent_id == Etiquette.id, enfant.archive_le.is_(None), enfant.fusionnee_dans_id.is_(None)
    )
    requete = (
        select(Etiquette.id, Etiquette.nom, Etiquette.definition, parent.nom.label("groupe"))
        .outerjoin(parent, parent.id == Etiquette.parent_id)
        .where(
            visible(Etiquette, perimetre),
            Etiquette.famille == FamilleEtiquette.IRRITANT,
            Etiquette.archive_le.is_(None),
            Etiquette.fusionnee_dans_id.is_(None),
            feuille,
        )
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    return tuple(
        IrritantDeGrille(id=ligne.id, nom=ligne.nom, definition=ligne.definition, groupe=ligne.groupe or "Autres")
        for ligne in session.execute(requete)
    )


def lister_enqueteurs(session: Session, perimetre: Perimetre) -> dict[int, str]:
    """Comptes qui peuvent mener un entretien de cette investigation : identifiant → nom affiché."""
    exiger(peut_consigner, perimetre)
    requete = select(Compte.id, Compte.nom_affiche).where(*_peut_enqueter(perimetre)).order_by(Compte.nom_affiche)
    return {ligne.id: ligne.nom_affiche for ligne in session.execute(requete)}


def exiger_enqueteurs(session: Session, perimetre: Perimetre, comptes: Iterable[int]) -> None:
    """Lève DonneeInvalide si l'un des comptes ne peut pas mener d'entretien ici."""
    voulus = set(comptes)
    if not voulus:
        return
    requete = select(Compte.id).where(Compte.id.in_(sorted(voulus)), *_peut_enqueter(perimetre))
    if voulus - set(session.scalars(requete)):
        raise DonneeInvalide("L'un des enquêteurs n'est plus ouvert à cette investigation.", champ="enqueteurs")


def _peut_enqueter(perimetre: Perimetre) -> tuple[ColumnElement[bool], ...]:
    habilite = exists().where(
        Habilitation.compte_id == Compte.id, Habilitation.investigation_id == perimetre.investigation_id
    )
    return (
        Compte.actif.is_(True),
        or_(Compte.role == Role.ADMINISTRATEUR, (Compte.role == Role.ENQUETEUR) & habilite),
    )
