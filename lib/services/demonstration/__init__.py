"""Le jeu de démonstration : une investigation fictive, toujours la même, à l'échelle voulue."""

import random

import bcrypt
from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.indexation import refaire_index
from lib.db.journalisation import avancer_version
from lib.db.modeles import Compte, Investigation, LigneJournal
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services import syntheses
from lib.services.demonstration.conclusions import poser_conclusions, poser_relecture
from lib.services.demonstration.depot import Depot
from lib.services.demonstration.doubles import poser_doubles
from lib.services.demonstration.episodes import poser_partenariats
from lib.services.demonstration.monde import Monde
from lib.services.indicateurs import lire_indicateurs

GRAINE = 51  # choisie pour montrer une médiane non atteinte et un écart entre terrains
MOT_DE_PASSE = "demonstration-associe"
ENTRETIENS_ECRITS = 27


def base_vide(session: Session) -> bool:
    """Vrai si la base ne porte encore ni investigation ni compte."""
    return not session.scalar(select(exists().where(Investigation.id > 0) | exists().where(Compte.id > 0)))


def charger(session: Session, echelle: int = 1) -> int:
    """Charge l'investigation fictive et rend son identifiant.

    echelle : nombre d'entretiens voulu ; en deçà de 27, les 27 écrits à la main.
    Lève DonneeInvalide si la base n'est pas vide : du fictif ne se mêle jamais à du réel.
    """
    if not base_vide(session):
        raise DonneeInvalide("La base n'est pas vide : la démonstration ne se charge que dans une base neuve.")
    depot, alea = Depot(session), random.Random(GRAINE)  # noqa: S311 - données fictives
    empreinte = bcrypt.hashpw(MOT_DE_PASSE.encode(), bcrypt.gensalt(10)).decode()
    monde = Monde(depot, alea, empreinte)
    monde.peupler(max(echelle, ENTRETIENS_ECRITS))
    poser_partenariats(monde, 90 if echelle <= ENTRETIENS_ECRITS else 3 * echelle)
    poser_conclusions(monde)
    poser_doubles(session, depot, monde)
    depot.finir()
    syntheses.refaire(session, monde.investigation_id)
    poser_relecture(monde, lire_indicateurs(session, _exploitation(monde)))
    depot.finir()
    refaire_index(session, monde.investigation_id)
    _journaliser(session, monde.investigation_id, echelle)
    return monde.investigation_id


def _exploitation(monde: Monde) -> Perimetre:
    """Toute l'investigation fictive, sous le compte de personne."""
    return Perimetre(compte_id=0, role=Role.ADMINISTRATEUR, investigation_id=monde.investigation_id, fictive=True)


def _journaliser(session: Session, investigation_id: int, echelle: int) -> None:
    ligne = {
        "survenu_le": maintenant(),
        "investigation_id": investigation_id,
        "action": ActionJournal.CHARGEMENT,
        "objet": "demonstration",
        "apres": {"echelle": echelle},
        "motif": "Chargement de l'investigation fictive",
    }
    session.execute(insert(LigneJournal), [ligne])
    avancer_version(session, investigation_id)
