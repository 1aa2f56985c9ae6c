"""Les entretiens sur lesquels s'appuie l'avis d'une ligne : ce que l'enquête ne compte pas, quelqu'un l'a dit."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.modeles import AppuiDecision, Entretien, LigneDecision
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.vocabulaire import TypeActeur
from lib.services.syntheses import compte_dans_les_chiffres

HORS_CHIFFRES = "il n'entre plus dans les chiffres, à relire"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppuiLu:
    """Un entretien cité. code, entretien_id : vides hors de l'équipe. compte : il entre encore dans les chiffres."""

    code: str
    type_acteur: TypeActeur
    terrain: str
    compte: bool
    entretien_id: int | None = None

    @property
    def public(self) -> str:
        """« Entretien : association, Marseille » : ni code, ni nom."""
        reserve = "" if self.compte else f" ({HORS_CHIFFRES})"
        return f"Entretien, {self.type_acteur.libelle.lower()}, {self.terrain}{reserve}"

    @property
    def dit(self) -> str:
        """La même chose, précédée du code quand il se lit."""
        return f"{self.code} – {self.public}" if self.code else self.public


def appuyer(session: Session, perimetre: Perimetre, ligne: LigneDecision, codes: Iterable[str]) -> bool:
    """Remplace les entretiens cités par ceux-ci ; vrai si l'un a changé. Lève DonneeInvalide (code inconnu)."""
    voulus = {_entretien(session, perimetre, code) for code in codes if code.strip()}
    poses = {
        a.entretien_id: a for a in session.scalars(select(AppuiDecision).where(AppuiDecision.ligne_id == ligne.id))
    }
    for entretien_id in poses.keys() - voulus:
        session.delete(poses[entretien_id])
    for entretien_id in sorted(voulus - poses.keys()):
        session.add(
            AppuiDecision(ligne_id=ligne.id, entretien_id=entretien_id, investigation_id=ligne.investigation_id)
        )
    return voulus != poses.keys()


def _entretien(session: Session, perimetre: Perimetre, code: str) -> int:
    requete = select(Entretien.id).where(
        visible(Entretien, perimetre), compte_dans_les_chiffres(), func.upper(Entretien.code) == code.strip().upper()
    )
    identifiant = session.scalar(requete)
    if identifiant is None:
        raise DonneeInvalide(f"Aucun entretien réalisé ne porte le code {guillemets(code.strip())}.", champ="appuis")
    return identifiant
