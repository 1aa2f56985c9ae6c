"""Ce que chacun garde sous la main pour coder : étiquettes épinglées, et étiquettes réservées aux réponses."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.db.modeles import Epingle, Etiquette
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide

EPINGLES = 9


def lister_epinglees(session: Session, perimetre: Perimetre) -> tuple[int, ...]:
    """Les étiquettes que cette personne a épinglées, dans l'ordre des chiffres 1 à 9."""
    exiger(peut_consigner, perimetre)
    requete = (
        select(Epingle.etiquette_id)
        .join(Etiquette, Etiquette.id == Epingle.etiquette_id)
        .where(Epingle.compte_id == perimetre.compte_id, visible(Etiquette, perimetre), Etiquette.archive_le.is_(None))
        .order_by(Epingle.rang)
    )
    return tuple(session.scalars(requete))


def epingler(session: Session, perimetre: Perimetre, *, etiquettes: Sequence[int]) -> None:
    """Range ces étiquettes sous les chiffres 1 à 9, à la place des précédentes. Lève DonneeInvalide au-delà de neuf."""
    exiger(peut_consigner, perimetre)
    voulues = list(dict.fromkeys(etiquettes))
    if len(voulues) > EPINGLES:
        raise DonneeInvalide("Neuf étiquettes au plus : il n'y a que neuf chiffres.", champ="epinglees")
    connues = set(session.scalars(select(Etiquette.id).where(visible(Etiquette, perimetre), Etiquette.id.in_(voulues))))
    du_compte = Epingle.compte_id == perimetre.compte_id, Epingle.investigation_id == perimetre.investigation_id
    session.execute(delete(Epingle).where(*du_compte))
    for rang, etiquette_id in enumerate((i for i in voulues if i in connues), start=1):
        session.add(
            Epingle(
                compte_id=perimetre.compte_id,
                etiquette_id=etiquette_id,
                investigation_id=perimetre.investigation_id,
                rang=rang,
            )
        )
    session.flush()


def reserver(session: Session, perimetre: Perimetre, *, etiquettes: Sequence[int], montrees: Sequence[int]) -> None:
    """Réserve ces étiquettes aux paroles de la personne interrogée, et libère les autres ; ce qui est posé reste posé.

    montrees : celles que la personne voyait réservées. Seul ce qu'elle a changé change : le choix qu'une autre a fait
    entre-temps demeure.
    """
    exiger(peut_consigner, perimetre)
    changees = set(etiquettes) ^ set(montrees)
    for etiquette in session.scalars(
        select(Etiquette).where(visible(Etiquette, perimetre), Etiquette.id.in_(changees))
    ):
        etiquette.reservee = etiquette.id in set(etiquettes)
    session.flush()
