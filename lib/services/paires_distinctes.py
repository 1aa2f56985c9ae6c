"""Dire que deux fiches qui se ressemblent sont deux organisations ; et revenir dessus."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lib.db.base import maintenant
from lib.db.modeles import Organisation, PaireDistincte
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.horloge import a_paris


@dataclass(frozen=True, slots=True, kw_only=True)
class PaireEcartee:
    """Deux fiches que l'équipe a dites différentes, et quand."""

    id: int
    premiere: str
    seconde: str
    dite_le: date


def distinguer(session: Session, perimetre: Perimetre, *, une_id: int, autre_id: int) -> int:
    """Ces deux fiches ne se proposeront plus l'une pour l'autre ; rend le numéro qui sert à revenir dessus.

    Le dire deux fois ne l'écrit qu'une. Lève AccesRefuse, Introuvable, DonneeInvalide.
    """
    exiger(peut_consigner, perimetre)
    premiere, seconde = (trouver(session, Organisation, cle, perimetre) for cle in sorted((une_id, autre_id)))
    if premiere.id == seconde.id:
        raise DonneeInvalide("Il faut deux fiches : celle-ci est la même des deux côtés.")
    deja = select(PaireDistincte).where(
        PaireDistincte.premiere_id == premiere.id,
        PaireDistincte.seconde_id == seconde.id,
        PaireDistincte.annulee_le.is_(None),
    )
    if (connue := session.scalar(deja)) is not None:
        return connue.id
    paire = PaireDistincte(
        investigation_id=premiere.investigation_id,
        premiere_id=premiere.id,
        seconde_id=seconde.id,
        cree_par=perimetre.auteur_id,
    )
    session.add(paire)
    session.flush()
    return paire.id


def confondre(session: Session, perimetre: Perimetre, *, paire_id: int) -> None:
    """La paire se propose de nouveau. Lève AccesRefuse, Introuvable, Conflit si c'était déjà fait."""
    exiger(peut_consigner, perimetre)
    paire = trouver(session, PaireDistincte, paire_id, perimetre)
    for organisation_id in (paire.premiere_id, paire.seconde_id):
        trouver(session, Organisation, organisation_id, perimetre)
    if paire.annulee_le is not None:
        raise Conflit("Ces deux fiches se proposent déjà de nouveau.")
    paire.annulee_le, paire.annulee_par = maintenant(), perimetre.auteur_id
    session.flush()


def lister_distinctes(session: Session, perimetre: Perimetre, *, limite: int = 20) -> tuple[PaireEcartee, ...]:
    """Les paires dites différentes, la dernière d'abord, dont les deux fiches sont vivantes. Une lecture."""
    exiger(peut_consigner, perimetre)
    premiere, seconde = aliased(Organisation, name="premiere"), aliased(Organisation, name="seconde")
    requete = (
        select(PaireDistincte.id, PaireDistincte.cree_le, premiere.nom.label("une"), seconde.nom.label("autre"))
        .join(premiere, premiere.id == PaireDistincte.premiere_id)
        .join(seconde, seconde.id == PaireDistincte.seconde_id)
        .where(visible(PaireDistincte, perimetre), PaireDistincte.annulee_le.is_(None))
        .where(*_vivante(premiere, perimetre), *_vivante(seconde, perimetre))
        .order_by(PaireDistincte.id.desc())
        .limit(limite)
    )
    return tuple(
        PaireEcartee(id=ligne.id, premiere=ligne.une, seconde=ligne.autre, dite_le=a_paris(ligne.cree_le).date())
        for ligne in session.execute(requete)
    )


def _vivante(organisation: Any, perimetre: Perimetre) -> tuple[Any, ...]:
    return visible(organisation, perimetre), organisation.archive_le.is_(None)
