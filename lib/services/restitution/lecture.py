"""Lire une scène, ou toutes ; savoir s'il y a quelque chose à restituer."""

from collections.abc import Callable, Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Partenariat
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.formats import typographier
from lib.domain.scenes import CodeScene, Scene
from lib.services.partenariats_suivis import suivi
from lib.services.restitution import durees, fond, irritants, rencontres
from lib.services.restitution.commun import exiger_entiere
from lib.services.syntheses import compte_dans_les_chiffres

VIDE = typographier(
    "Cette investigation est vide : la restitution naîtra avec le premier entretien réalisé, ou le premier partenariat "
    "consigné."
)
SCENES: Mapping[CodeScene, Callable[[Session, Perimetre], Scene]] = {
    CodeScene.RENCONTRES: rencontres.lire,
    CodeScene.IRRITANTS: irritants.lire_irritants,
    CodeScene.DIFFERENCES: irritants.lire_differences,
    CodeScene.DUREES: durees.lire_durees,
    CodeScene.FINS: durees.lire_fins,
    CodeScene.EXISTANT: fond.lire_existant,
    CodeScene.CONCLUSION: fond.lire_conclusion,
}


def lire_scene(session: Session, perimetre: Perimetre, *, code: CodeScene) -> Scene | None:
    """La scène, ou None si l'investigation est vide. Huit requêtes au plus. Lève AccesRefuse."""
    return SCENES[code](session, perimetre) if a_restituer(session, perimetre) else None


def a_restituer(session: Session, perimetre: Perimetre) -> bool:
    """Faux tant que rien n'a été recueilli. Une requête. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    entretien = exists().where(visible(Entretien, perimetre), compte_dans_les_chiffres())
    partenariat = exists().where(visible(Partenariat, perimetre), suivi())
    return bool(session.scalar(select(entretien | partenariat)))
