"""Ralentir les essais de mot de passe, par compte et par adresse ; tout se déverrouille seul."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lib.config import reglages
from lib.db.modeles import Tentative
from lib.db.verrou import attendre_son_tour
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter

FENETRE = timedelta(hours=1)
ATTENTE_MAXIMALE = timedelta(minutes=15)
# Échecs permis dans l'heure avant d'attendre. Un bureau entier peut partager une adresse.
SEUIL_COMPTE = 5
SEUIL_ADRESSE = 20


class TropDEssais(ErreurMetier):
    """Il faut attendre avant d'essayer à nouveau."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Essai:
    """Un essai réservé : compté comme un échec tant que rien ne l'efface."""

    cle_compte: str
    lignes: tuple[int, ...]


def reserver(session: Session, *, identifiant: str, adresse: str, instant: datetime) -> Essai:
    """Compte un essai avant de l'examiner : cent essais lancés ensemble ne passent pas comme un seul.

    identifiant : tel que saisi, qu'un compte le porte ou non. adresse : celle de la personne.
    Lève TropDEssais, avec l'attente qui reste.
    """
    cles = {_cle("compte", identifiant): SEUIL_COMPTE, _cle("adresse", adresse): SEUIL_ADRESSE}
    attendre_son_tour(session, *cles)
    session.execute(delete(Tentative).where(Tentative.survenue_le < instant - FENETRE))
    reste = max(_reste(session, cle, seuil, instant) for cle, seuil in cles.items())
    if reste > timedelta(0):
        raise TropDEssais(f"Trop d'essais : réessayez dans {_lisible(reste)}.")
    lignes = [Tentative(cle=cle, survenue_le=instant) for cle in cles]
    session.add_all(lignes)
    session.flush()
    return Essai(cle_compte=next(iter(cles)), lignes=tuple(ligne.id for ligne in lignes))


def oublier(session: Session, essai: Essai) -> None:
    """Une réussite efface les échecs du compte, et de l'adresse ce seul essai."""
    efface = (Tentative.cle == essai.cle_compte) | Tentative.id.in_(essai.lignes)
    session.execute(delete(Tentative).where(efface))


def _reste(session: Session, cle: str, seuil: int, instant: datetime) -> timedelta:
    """Attente restante : une seconde au seuil, puis le double à chaque échec, un quart d'heure au plus."""
    requete = select(func.count(), func.max(Tentative.survenue_le)).where(Tentative.cle == cle)
    nombre, derniere = session.execute(requete).one()
    if nombre < seuil:
        return timedelta(0)
    attente = min(timedelta(seconds=2 ** min(nombre - seuil, 20)), ATTENTE_MAXIMALE)
    return derniere + attente - instant


def _lisible(reste: timedelta) -> str:
    secondes = -(-reste // timedelta(seconds=1))
    return compter(secondes, "seconde") if secondes < 100 else compter(-(-secondes // 60), "minute")


def _cle(nature: str, valeur: str) -> str:
    """Empreinte à clé secrète : la base ne garde ni identifiant tapé, ni adresse."""
    return hmac.new(reglages().secret.encode(), f"{nature}:{valeur}".encode(), hashlib.sha256).hexdigest()
