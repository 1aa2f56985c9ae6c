"""Annuler et rétablir : tout geste de codage se relit au journal et se défait, même après une session perdue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Etiquetage, Etiquette, LigneJournal, Texte, Verbatim, VerbatimVersion
from lib.db.perimetre import trouver
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, Introuvable
from lib.services.double_codage.garde import refuser_en_double_codage
from lib.services.gestes import TEXTE_CHANGE, Carnet, Geste
from lib.services.relecture_gestes import les_siens, relire
from lib.services.syntheses import suivre

M = TypeVar("M", Etiquetage, Verbatim)
GARDES = 100
RECENTES = 5
DEPUIS = timedelta(hours=24)
REPRIS_DEPUIS = "Ce passage a été repris entre-temps : rechargez la page pour voir où il en est."


@dataclass(frozen=True, slots=True)
class Retour:
    """Un geste que l'on peut défaire : sa clé au journal, et ce qu'il a fait."""

    geste: str
    message: str


@dataclass(frozen=True, slots=True)
class Retours:
    """Ce qu'une personne peut annuler, et rétablir ; le plus récent en dernier.

    recentes : les étiquettes qu'elle a posées, sur n'importe quel entretien, la dernière d'abord.
    """

    faits: tuple[Retour, ...] = ()
    defaits: tuple[Retour, ...] = ()
    recentes: tuple[int, ...] = ()


def ouvrir_geste(session: Session, *, suggestion: bool | None = None, revient_sur: str | None = None) -> str:
    """Marque au journal tout ce que la transaction écrira comme un seul geste ; rend sa clé.

    suggestion : l'étiquette posée était-elle proposée (None : rien ne l'était).
    """
    session.info["geste"] = uuid4().hex
    session.info["revient_sur"], session.info["suggestion"] = revient_sur, suggestion
    return str(session.info["geste"])


def lister_retours(session: Session, perimetre: Perimetre, *, entretien_id: int) -> Retours:
    """Les gestes de cette personne sur un entretien, des dernières vingt-quatre heures."""
    exiger(peut_consigner, perimetre)
    premieres = session.execute(
        select(LigneJournal.geste, func.min(LigneJournal.revient_sur), func.min(LigneJournal.id))
        .where(*les_siens(perimetre), LigneJournal.survenu_le >= maintenant() - DEPUIS)
        .group_by(LigneJournal.geste)
        .order_by(func.min(LigneJournal.id).desc())
        .limit(GARDES)
    ).all()
    retours: dict[str, str | None] = {str(cle): revient_sur for cle, revient_sur, _ in reversed(premieres)}
    gestes = relire(session, perimetre, list(retours))
    ici = {cle: geste for cle, geste in gestes.items() if geste.entretien_id == entretien_id}
    faits: list[str] = []
    defaits: list[str] = []
    for cle in ici:
        _empiler(cle, retours[cle], faits, defaits, annulation=_chaine(cle, retours)[1])
    messages = {cle: ici.get(_chaine(cle, retours)[0], ici[cle]).message for cle in ici}
    posees = (etiquette for cle in reversed(list(gestes)) for etiquette in gestes[cle].etiquettes)
    return Retours(
        tuple(Retour(cle, messages[cle]) for cle in faits),
        tuple(Retour(cle, messages[cle]) for cle in defaits),
        tuple(dict.fromkeys(posees))[:RECENTES],
    )


def _chaine(cle: str, retours: dict[str, str | None]) -> tuple[str, bool]:
    """Le premier geste d'une suite d'annulations et de rétablissements, et si celui-ci annule."""
    annule = False
    while (precedent := retours.get(cle)) is not None:
        cle, annule = precedent, not annule
    return cle, annule


def _empiler(cle: str, revient_sur: str | None, faits: list[str], defaits: list[str], *, annulation: bool) -> None:
    if revient_sur is None:
        defaits.clear()
        faits.append(cle)
        return
    quitte, rejoint = (faits, defaits) if annulation else (defaits, faits)
    if revient_sur in quitte:
        quitte.remove(revient_sur)
    rejoint.append(cle)


def revenir(session: Session, perimetre: Perimetre, *, geste: str) -> Geste:
    """Défait un de ses propres gestes, relu au journal. Demandé deux fois, il n'est défait qu'une.

    Lève Introuvable si ce n'est pas un de ses gestes, Conflit si le passage ou le texte a changé depuis.
    """
    exiger(peut_consigner, perimetre)
    a_defaire = relire(session, perimetre, [geste]).get(geste)
    if a_defaire is None:
        raise Introuvable("Ce geste n'est pas l'un des vôtres, ou n'a rien changé.")
    if session.scalar(select(LigneJournal.id).where(LigneJournal.revient_sur == geste, *les_siens(perimetre)).limit(1)):
        raise Conflit("Ce geste est déjà annulé.")
    ouvrir_geste(session, revient_sur=geste)
    return annuler(session, perimetre, a_defaire)


def annuler(session: Session, perimetre: Perimetre, geste: Geste) -> Geste:
    """Défait un geste et rend le geste inverse (qui, annulé à son tour, refait).

    Lève Conflit si le texte a été corrigé, ou le passage repris, depuis un geste qui en a changé les bornes ou le mémo.
    """
    exiger(peut_consigner, perimetre)
    trouver(session, Texte, geste.texte_id, perimetre)
    refuser_en_double_codage(session, geste.entretien_id)
    with suivre(session, geste.entretien_id):
        texte = session.get_one(Texte, geste.texte_id, populate_existing=True)
        carnet = Carnet(session, perimetre.compte_id, texte)
        _defaire(carnet, geste)
        return carnet.clore(session.get_one(Verbatim, geste.verbatim_id), geste.message)


def _defaire(carnet: Carnet, geste: Geste) -> None:
    """Retire avant de remettre : une place n'est jamais tenue deux fois."""
    carnet.decoller(_lire(carnet, Etiquetage, geste.poses))
    for verbatim in _lire(carnet, Verbatim, geste.crees):
        carnet.archiver(verbatim)
    for version in _versions(carnet.session, geste.versions):
        _remettre(carnet, version, texte_inchange=carnet.texte.version == geste.version_texte)
    for verbatim in _lire(carnet, Verbatim, geste.archives):
        carnet.retablir(verbatim)
    for etiquette in _etiquettes(carnet, geste.rangees):
        etiquette.archive_le = None
        carnet.nees.append(etiquette.id)
    carnet.session.flush()
    carnet.recoller(_lire(carnet, Etiquetage, geste.retires))
    _ranger(carnet, _etiquettes(carnet, geste.nees))


def _remettre(carnet: Carnet, version: VerbatimVersion, *, texte_inchange: bool) -> None:
    """Rend à un verbatim ce que le geste lui avait changé, si personne ne l'a repris depuis."""
    verbatim = carnet.session.get_one(Verbatim, version.verbatim_id)
    suivantes = select(VerbatimVersion).where(
        VerbatimVersion.verbatim_id == version.verbatim_id, VerbatimVersion.id > version.id
    )
    laisse = carnet.session.scalars(suivantes.order_by(VerbatimVersion.id).limit(1)).first() or verbatim
    deplace, annote = _place(version) != _place(laisse), version.memo != laisse.memo
    if deplace and not texte_inchange:
        raise Conflit(TEXTE_CHANGE)
    if (deplace and _place(verbatim) != _place(laisse)) or (annote and verbatim.memo != laisse.memo):
        raise Conflit(REPRIS_DEPUIS)
    carnet.remettre(verbatim, version, place=deplace, memo=annote)


def _place(ligne: Verbatim | VerbatimVersion) -> tuple[int, int, str, str]:
    return ligne.debut, ligne.fin, ligne.citation, ligne.ancrage


def _ranger(carnet: Carnet, nees: Iterable[Etiquette]) -> None:
    """Une étiquette créée par le geste quitte la grille avec lui, sauf si elle sert déjà ailleurs."""
    for etiquette in nees:
        posee = Etiquetage.etiquette_id == etiquette.id, Etiquetage.retire_le.is_(None)
        portee = Etiquette.parent_id == etiquette.id, Etiquette.archive_le.is_(None)
        sert = select(Etiquetage.id).where(*posee).limit(1), select(Etiquette.id).where(*portee).limit(1)
        if etiquette.archive_le is None and not any(carnet.session.scalar(requete) for requete in sert):
            etiquette.archive_le = maintenant()
            carnet.rangees.append(etiquette.id)
    carnet.session.flush()


def _lire(carnet: Carnet, modele: type[M], identifiants: tuple[int, ...]) -> list[M]:
    """Les lignes du geste, dans le seul entretien du geste."""
    dans_l_entretien = modele.id.in_(identifiants), modele.entretien_id == carnet.texte.entretien_id
    return list(carnet.session.scalars(select(modele).where(*dans_l_entretien).order_by(modele.id)))


def _versions(session: Session, identifiants: tuple[int, ...]) -> Sequence[VerbatimVersion]:
    return session.scalars(
        select(VerbatimVersion).where(VerbatimVersion.id.in_(identifiants)).order_by(VerbatimVersion.id.desc())
    ).all()


def _etiquettes(carnet: Carnet, identifiants: tuple[int, ...]) -> list[Etiquette]:
    ici = Etiquette.id.in_(identifiants), Etiquette.investigation_id == carnet.texte.investigation_id
    return list(carnet.session.scalars(select(Etiquette).where(*ici))) if identifiants else []
