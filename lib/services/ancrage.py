"""Après la correction d'un texte, chaque verbatim retrouve sa place, ou attend qu'une personne la dise."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.db.modeles import Texte, Verbatim
from lib.domain.correspondances import Correspondance
from lib.domain.vocabulaire import AncrageVerbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class BilanAncrage:
    """Ce qu'une correction a fait aux verbatims d'un texte."""

    en_place: int = 0
    suivis: int = 0
    a_verifier: int = 0


@dataclass(frozen=True, slots=True)
class _Placement:
    verbatim: Verbatim
    bornes: tuple[int, int]
    ancrage: AncrageVerbatim

    @property
    def change(self) -> bool:
        return self.bornes != (self.verbatim.debut, self.verbatim.fin) or self.ancrage is not self.verbatim.ancrage


def reancrer(session: Session, texte: Texte, ancien: str, nouveau: str) -> BilanAncrage:
    """Fait suivre les verbatims d'un texte corrigé. À appeler dans la transaction qui change le contenu.

    Les bornes ne suivent que des mots restés identiques ; sinon le verbatim passe « à vérifier », sa citation
    gardée telle quelle, ses bornes sur ce qui a pris sa place. Les verbatims archivés suivent aussi.
    """
    verbatims = session.scalars(select(Verbatim).where(Verbatim.texte_id == texte.id)).all()
    if ancien == nouveau or not verbatims:
        return BilanAncrage(en_place=len(verbatims))
    placements = _sans_doublon(_placer(verbatims, ancien, nouveau))
    bilan = _bilan(placements)
    _deplacer(session, [placement for placement in placements if placement.change])
    return bilan


def _placer(verbatims: Iterable[Verbatim], ancien: str, nouveau: str) -> list[_Placement]:
    correspondance = Correspondance(ancien, nouveau)
    placements = []
    for verbatim in verbatims:
        bornes = _retrouver(verbatim, correspondance, ancien, nouveau)
        if bornes:
            placements.append(_Placement(verbatim, bornes, AncrageVerbatim.SUR))
        else:
            voisines = correspondance.approcher(verbatim.debut, verbatim.fin)
            placements.append(_Placement(verbatim, voisines, AncrageVerbatim.A_VERIFIER))
    return placements


def _retrouver(verbatim: Verbatim, correspondance: Correspondance, ancien: str, nouveau: str) -> tuple[int, int] | None:
    """Bornes sûres dans le nouveau texte : toujours celles des mots mêmes de la citation."""
    if ancien[verbatim.debut : verbatim.fin] == verbatim.citation:
        return correspondance.suivre(verbatim.debut, verbatim.fin)
    # Des mots disparus qui reviennent (correction annulée), sans homonyme ailleurs : le passage est de retour.
    if ancien.count(verbatim.citation) or nouveau.count(verbatim.citation) != 1:
        return None
    debut = nouveau.index(verbatim.citation)
    return debut, debut + len(verbatim.citation)


def _sans_doublon(placements: list[_Placement]) -> list[_Placement]:
    """Deux verbatims vivants ne tiennent pas le même passage : celui qui y était déjà le garde."""
    pris: set[tuple[int, int]] = set()
    retenus = []
    for placement in sorted(placements, key=lambda p: p.verbatim.ancrage is AncrageVerbatim.A_VERIFIER):
        if placement.ancrage is AncrageVerbatim.SUR and placement.verbatim.archive_le is None:
            if placement.bornes in pris:
                retenus.append(_Placement(placement.verbatim, placement.bornes, AncrageVerbatim.A_VERIFIER))
                continue
            pris.add(placement.bornes)
        retenus.append(placement)
    return retenus


def _deplacer(session: Session, placements: list[_Placement]) -> None:
    """Pose les nouvelles bornes, sorties de l'index d'unicité le temps d'échanger leurs places."""
    session.flush()
    _marquer(session, placements, AncrageVerbatim.A_VERIFIER)
    for placement in placements:
        verbatim = placement.verbatim
        verbatim.debut, verbatim.fin = placement.bornes
        verbatim.ancrage = placement.ancrage
    session.flush()
    _marquer(session, [p for p in placements if p.ancrage is AncrageVerbatim.SUR], AncrageVerbatim.SUR)


def _marquer(session: Session, placements: list[_Placement], ancrage: AncrageVerbatim) -> None:
    """Sans passer par l'ORM : un passage par un état intermédiaire n'est pas un fait à journaliser."""
    session.execute(
        update(Verbatim)
        .where(Verbatim.id.in_([placement.verbatim.id for placement in placements]))
        .values(ancrage=ancrage)
        .execution_options(synchronize_session=False)
    )


def _bilan(placements: list[_Placement]) -> BilanAncrage:
    douteux = sum(placement.ancrage is AncrageVerbatim.A_VERIFIER for placement in placements)
    suivis = sum(placement.change and placement.ancrage is AncrageVerbatim.SUR for placement in placements)
    return BilanAncrage(en_place=len(placements) - douteux - suivis, suivis=suivis, a_verifier=douteux)
