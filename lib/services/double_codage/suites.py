"""Un texte corrigé après l'arbitrage : les deux versions suivent, pour que l'accord se relise sur les mêmes mots."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Arbitrage, PoseAveugle, Texte
from lib.domain.correspondances import Correspondance


def suivre_les_poses(session: Session, texte: Texte, ancien: str, nouveau: str) -> None:
    """Déplace poses et arbitrages avec leurs mots ; ceux dont les mots ont changé gardent la place la plus proche."""
    poses: list[PoseAveugle | Arbitrage] = [
        *session.scalars(select(PoseAveugle).where(PoseAveugle.texte_id == texte.id, PoseAveugle.retire_le.is_(None))),
        *session.scalars(select(Arbitrage).where(Arbitrage.texte_id == texte.id)),
    ]
    if not poses:
        return
    correspondance = Correspondance(ancien, nouveau)
    for pose in poses:
        place = correspondance.suivre(pose.debut, pose.fin) or correspondance.approcher(pose.debut, pose.fin)
        pose.debut, pose.fin = place
    session.flush()
