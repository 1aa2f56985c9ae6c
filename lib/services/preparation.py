"""Préparer une base neuve : schéma, territoires officiels, démonstration si elle est vide."""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lib.config import Reglages
from lib.db.modeles import Compte
from lib.services import demonstration
from lib.services.demarrage import migrer_base
from lib.services.referentiels import charger_territoires, territoires_presents
from lib.services.transaction import ecriture, lecture

MOT_DE_PASSE_DE_DEMONSTRATION = demonstration.MOT_DE_PASSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Ce que la base porte après préparation.

    territoires : nombre de territoires chargés cette fois. comptes : nombre de comptes.
    demonstration : comptes de démonstration, identifiant → rôle.
    """

    territoires: int
    comptes: int
    demonstration: dict[str, str]


def preparer(reglages: Reglages, moteur: Engine) -> Preparation:
    """Amène la base en état de servir ; sûr à relancer. La démonstration ne se charge jamais en production."""
    migrer_base(moteur)
    with ecriture(moteur, None, motif="Préparation de la base") as session:
        charges = 0 if territoires_presents(session) else charger_territoires(session)
        if not reglages.production and demonstration.base_vide(session):
            demonstration.charger(session)
    with lecture(moteur) as session:
        return Preparation(
            territoires=charges,
            comptes=session.scalar(select(func.count()).select_from(Compte)) or 0,
            demonstration=_comptes_de_demonstration(session),
        )


def _comptes_de_demonstration(session: Session) -> dict[str, str]:
    requete = select(Compte.identifiant, Compte.role).where(Compte.demonstration, Compte.actif).order_by(Compte.id)
    return {identifiant: role.libelle for identifiant, role in session.execute(requete)}
