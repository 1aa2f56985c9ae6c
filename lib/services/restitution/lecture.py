"""Lire une scène, ou toutes ; savoir s'il y a quelque chose à restituer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Investigation, Partenariat
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.formats import typographier
from lib.domain.horloge import aujourd_hui
from lib.domain.scenes import CodeScene, Scene
from lib.services.partenariats_suivis import suivi
from lib.services.restitution import durees, fond, irritants, rencontres
from lib.services.restitution.commun import exiger_entiere
from lib.services.syntheses import compte_dans_les_chiffres

VIDE = typographier(
    "Cette investigation est vide : la restitution naîtra avec le premier entretien réalisé, ou le premier partenariat "
    "consigné."
)
Lire = Callable[[Session, Perimetre, date], Scene]
SCENES: Mapping[CodeScene, Lire] = {
    CodeScene.RENCONTRES: rencontres.lire,
    CodeScene.IRRITANTS: irritants.lire_irritants,
    CodeScene.DIFFERENCES: irritants.lire_differences,
    CodeScene.DUREES: durees.lire_durees,
    CodeScene.FINS: durees.lire_fins,
    CodeScene.EXISTANT: fond.lire_existant,
    CodeScene.CONCLUSION: fond.lire_conclusion,
}


def lire_scene(session: Session, perimetre: Perimetre, *, code: CodeScene) -> Scene | None:
    """La scène, ou None si l'investigation est vide. Neuf requêtes au plus. Lève AccesRefuse."""
    restitue = replace(perimetre, restitue=True)
    au = lire_arret(session, restitue)
    return SCENES[code](session, restitue, au) if au else None


def lire_arret(session: Session, perimetre: Perimetre) -> date | None:
    """Date d'arrêt des chiffres ; None tant que rien n'a été recueilli. Une requête. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    entretien = exists().where(visible(Entretien, perimetre), compte_dans_les_chiffres())
    partenariat = exists().where(visible(Partenariat, perimetre), suivi())
    requete = select(Investigation.date_arret, entretien | partenariat)
    arret, recueilli = session.execute(requete.where(Investigation.id == perimetre.investigation_id)).one()
    return (arret or aujourd_hui()) if recueilli else None
