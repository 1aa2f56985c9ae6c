"""Scinder une étiquette : relire ses citations une à une et envoyer chacune vers une autre."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Etiquetage, Etiquette, Texte, Verbatim
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets
from lib.services.syntheses import suivre

ALENTOUR = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationASituer:
    """Une citation de l'étiquette, avec ce qui l'entoure dans le texte."""

    verbatim_id: int
    entretien_id: int
    code: str
    avant: str
    citation: str
    apres: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scission:
    """Où en est la lecture. reste : citations que l'étiquette porte encore ; suivante : celle à situer."""

    reste: int
    suivante: CitationASituer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renvoi:
    """Une citation envoyée d'une étiquette à l'autre, et de quoi la ramener."""

    verbatim_id: int
    de_id: int
    vers_id: int
    passes: tuple[int, ...]
    doublons: tuple[int, ...]


def lire_scission(session: Session, perimetre: Perimetre, *, etiquette_id: int, apres: int = 0) -> Scission:
    """La citation suivante d'une étiquette, dans l'ordre où elles ont été surlignées.

    apres : dernière citation laissée en place ; celles d'avant ne se remontrent pas.
    """
    exiger(peut_consigner, perimetre)
    porteurs = select(Etiquetage.verbatim_id).where(
        Etiquetage.etiquette_id == etiquette_id, Etiquetage.retire_le.is_(None)
    )
    vivants = visible(Verbatim, perimetre), Verbatim.archive_le.is_(None), Verbatim.id.in_(porteurs)
    suivante = session.execute(
        select(Verbatim, Texte.contenu, Entretien.code)
        .join(Texte, Texte.id == Verbatim.texte_id)
        .join(Entretien, Entretien.id == Verbatim.entretien_id)
        .where(*vivants, Verbatim.id > apres)
        .order_by(Verbatim.id)
        .limit(1)
    ).one_or_none()
    reste = session.scalar(select(func.count()).select_from(Verbatim).where(*vivants)) or 0
    return Scission(reste=reste, suivante=_situer(*suivante) if suivante else None)


def _situer(verbatim: Verbatim, contenu: str, code: str) -> CitationASituer:
    return CitationASituer(
        verbatim_id=verbatim.id,
        entretien_id=verbatim.entretien_id,
        code=code,
        avant=contenu[max(0, verbatim.debut - ALENTOUR) : verbatim.debut],
        citation=verbatim.citation,
        apres=contenu[verbatim.fin : verbatim.fin + ALENTOUR],
    )


def renvoyer(session: Session, perimetre: Perimetre, *, verbatim_id: int, de_id: int, vers_id: int) -> Renvoi:
    """Remplace une étiquette par une autre sur une citation, pour toutes les personnes qui l'y avaient posée.

    Lève DonneeInvalide si l'arrivée est l'étiquette elle-même ou une archivée. Renvoyée deux fois, rien de plus.
    """
    exiger(peut_consigner, perimetre)
    verbatim = trouver(session, Verbatim, verbatim_id, perimetre)
    arrivee = trouver(session, Etiquette, vers_id, perimetre)
    trouver(session, Etiquette, de_id, perimetre)
    if arrivee.archive_le is not None or vers_id == de_id:
        raise DonneeInvalide(
            f"{guillemets(arrivee.nom)} ne peut pas recevoir cette citation : choisissez-en une autre."
        )
    with suivre(session, verbatim.entretien_id):
        deja = {pose.compte_id for pose in _poses(session, verbatim_id, vers_id)}
        passes, doublons = [], []
        for pose in _poses(session, verbatim_id, de_id):
            if pose.compte_id in deja:
                pose.retire_le, pose.retire_par = maintenant(), perimetre.auteur_id
                doublons.append(pose.id)
            else:
                pose.etiquette_id = vers_id
                passes.append(pose.id)
        session.flush()
    return Renvoi(verbatim_id=verbatim_id, de_id=de_id, vers_id=vers_id, passes=tuple(passes), doublons=tuple(doublons))


def ramener(session: Session, perimetre: Perimetre, renvoi: Renvoi) -> None:
    """Défait un renvoi : la citation retrouve l'étiquette d'où elle vient, sauf ce qui a changé depuis."""
    exiger(peut_consigner, perimetre)
    verbatim = trouver(session, Verbatim, renvoi.verbatim_id, perimetre)
    with suivre(session, verbatim.entretien_id):
        deja = {pose.compte_id for pose in _poses(session, renvoi.verbatim_id, renvoi.de_id)}
        concernes = Etiquetage.id.in_((*renvoi.passes, *renvoi.doublons)), Etiquetage.verbatim_id == verbatim.id
        for pose in session.scalars(select(Etiquetage).where(*concernes)):
            if pose.compte_id in deja:
                continue
            if pose.id in renvoi.doublons:
                pose.retire_le = pose.retire_par = None
            elif pose.etiquette_id == renvoi.vers_id:
                pose.etiquette_id = renvoi.de_id
        session.flush()


def _poses(session: Session, verbatim_id: int, etiquette_id: int) -> list[Etiquetage]:
    vivants = select(Etiquetage).where(
        Etiquetage.verbatim_id == verbatim_id,
        Etiquetage.etiquette_id == etiquette_id,
        Etiquetage.retire_le.is_(None),
    )
    return list(session.scalars(vivants.order_by(Etiquetage.id)))
