"""La préparation d'un bilan, gardée en base : un redémarrage du serveur n'en perd ni le résultat, ni l'attente.

Une par personne et par investigation, propre à elle, effacée après un délai. Hors journal et sans effet sur les vues :
ce n'est pas un fait de l'enquête ; chaque fichier, lui, est au journal dès qu'il est écrit.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import FichierPrepare, PreparationBilan
from lib.db.verrou import attendre_son_tour
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide, ErreurMetier
from lib.domain.formats import taille_fichier
from lib.services.bilan.fichiers import FichierBilan, FormatBilan, produire_bilan, verifier_bilan
from lib.services.exports_fichier import Suivre
from lib.services.transaction import ecriture, lecture

ATTENTE = timedelta(hours=24)
"""Délai pendant lequel un bilan attend qu'on le prenne ; dit à l'écran."""
SILENCE = timedelta(minutes=2)
"""Sans nouvelle depuis ce temps, une préparation menée ailleurs est tenue pour interrompue."""
MAXIMUM = 50
"""Préparations gardées par le serveur ; au-delà, les plus anciennes s'effacent."""
TAILLE_MAXIMUM = 10_000_000
"""Octets d'un bilan, ses quatre fichiers ensemble."""
FORMATS = list(FormatBilan)


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierAttendu:
    """Un fichier prêt, sans son contenu. taille : en octets."""

    format: FormatBilan
    nom: str
    taille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationLue:
    """Où en est le bilan de cette personne. refus : la phrase à dire s'il a échoué. fichiers : vides avant la fin."""

    id: int
    etape: str
    part: float
    finie: bool
    refus: str
    demandee_le: datetime
    vue_le: datetime
    fichiers: tuple[FichierAttendu, ...] = ()

    @property
    def jusqu_a(self) -> datetime:
        """Quand elle s'efface."""
        return self.demandee_le + ATTENTE

    @property
    def muette(self) -> bool:
        """Vrai si elle n'est pas finie et ne donne plus de nouvelles : le serveur qui la menait s'est arrêté."""
        return not self.finie and maintenant() - self.vue_le > SILENCE


# --- Préparer ---------------------------------------------------------------------------------------------------


def demander(session: Session, perimetre: Perimetre) -> int:
    """Ouvre une préparation à la place de la précédente, et efface celles qui ont trop attendu. Lève AccesRefuse."""
    verifier_bilan(perimetre)
    attendre_son_tour(session, "preparations-bilan")
    oublier(session, perimetre)
    effacer_perimees(session)
    instant = maintenant()
    ligne = {
        "compte_id": perimetre.compte_id,
        "investigation_id": perimetre.investigation_id,
        "droits": _droits(perimetre),
        "etape": "",
        "part": 0.0,
        "finie": False,
        "refus": "",
        "demandee_le": instant,
        "vue_le": instant,
    }
    return int(session.scalars(insert(PreparationBilan).returning(PreparationBilan.id), [ligne]).one())


def mener(moteur: Engine, perimetre: Perimetre, *, preparation_id: int, auteur: str, suivre: Suivre) -> None:
    """Produit le bilan et le garde ; chaque étape s'écrit en base, où un autre passage la lira.

    Un refus du métier se garde aussi, puis se relance : ErreurMetier.
    """

    def avancer(table: str, faites: int, total: int) -> None:
        suivre(table, faites, total)
        part = faites / total if total else 0.0
        with ecriture(moteur, perimetre) as session:
            _noter(session, preparation_id, etape=table, part=part, vue_le=maintenant())

    try:
        fichiers = produire_bilan(moteur, perimetre, auteur=auteur, suivre=avancer)
        with ecriture(moteur, perimetre) as session:
            garder(session, preparation_id=preparation_id, fichiers=fichiers)
    except ErreurMetier as erreur:
        with ecriture(moteur, perimetre) as session:
            _noter(session, preparation_id, finie=True, refus=str(erreur), vue_le=maintenant())
        raise


def garder(session: Session, *, preparation_id: int, fichiers: Sequence[FichierBilan]) -> None:
    """Garde le résultat jusqu'à ce qu'on le prenne. Lève DonneeInvalide s'il est trop lourd pour attendre."""
    octets = sum(len(fichier.octets) for fichier in fichiers)
    if octets > TAILLE_MAXIMUM:
        raise DonneeInvalide(
            f"Le bilan pèse {taille_fichier(octets)}, plus que les {taille_fichier(TAILLE_MAXIMUM)} qui peuvent "
            "attendre ici : demandez à l'exploitation de l'écrire en ligne de commande."
        )
    if _noter(session, preparation_id, finie=True, part=1.0, vue_le=maintenant()):
        lignes = [
            {"preparation_id": preparation_id, "format": f.format, "nom": f.nom, "octets": f.octets} for f in fichiers
        ]
        session.execute(insert(FichierPrepare), lignes)


# --- Lire et prendre --------------------------------------------------------------------------------------------


def lire(session: Session, perimetre: Perimetre) -> PreparationLue | None:
    """La préparation de cette personne ; None s'il n'y en a pas, si elle a trop attendu, ou si ses droits ont changé.

    Une requête, une de plus pour les fichiers d'une préparation finie. Lève AccesRefuse.
    """
    verifier_bilan(perimetre)
    ligne = session.scalars(select(PreparationBilan).where(_vivante(perimetre))).one_or_none()
    if ligne is None:
        return None
    return PreparationLue(
        id=ligne.id,
        etape=ligne.etape,
        part=ligne.part,
        finie=ligne.finie,
        refus=ligne.refus,
        demandee_le=ligne.demandee_le,
        vue_le=ligne.vue_le,
        fichiers=_attendus(session, ligne.id) if ligne.finie and not ligne.refus else (),
    )


def prendre(session: Session, perimetre: Perimetre) -> tuple[FichierBilan, ...]:
    """Les fichiers qui attendent cette personne, contenu compris ; aucun s'ils se sont effacés. Lève AccesRefuse."""
    verifier_bilan(perimetre)
    lignes = session.execute(
        select(FichierPrepare.format, FichierPrepare.nom, FichierPrepare.octets)
        .join(PreparationBilan, PreparationBilan.id == FichierPrepare.preparation_id)
        .where(_vivante(perimetre))
    )
    lus = [FichierBilan(format=FormatBilan(ligne.format), nom=ligne.nom, octets=ligne.octets) for ligne in lignes]
    return tuple(sorted(lus, key=lambda fichier: FORMATS.index(fichier.format)))


def oublier(session: Session, perimetre: Perimetre) -> None:
    """Efface la préparation de cette personne et ses fichiers. Lève AccesRefuse."""
    verifier_bilan(perimetre)
    _effacer(session, session.scalars(select(PreparationBilan.id).where(_la_sienne(perimetre))).all())


def effacer_perimees(session: Session) -> None:
    """Efface celles qui ont trop attendu, de qui que ce soit, et les plus anciennes au-delà du maximum."""
    perimees = session.scalars(
        select(PreparationBilan.id).where(PreparationBilan.demandee_le <= maintenant() - ATTENTE)
    )
    anciennes = select(PreparationBilan.id).order_by(PreparationBilan.demandee_le.desc()).offset(MAXIMUM)
    _effacer(session, [*perimees, *session.scalars(anciennes)])


def balayer(moteur: Engine) -> None:
    """Efface ce qui a trop attendu, s'il y en a : personne ne reviendra forcément redemander un bilan."""
    with lecture(moteur) as session:
        reste = session.scalar(select(PreparationBilan.id).where(_perimee()).limit(1))
    if reste is not None:
        with ecriture(moteur, None) as session:
            effacer_perimees(session)


def _perimee() -> ColumnElement[bool]:
    return PreparationBilan.demandee_le <= maintenant() - ATTENTE


def _attendus(session: Session, preparation_id: int) -> tuple[FichierAttendu, ...]:
    lignes = session.execute(
        select(FichierPrepare.format, FichierPrepare.nom, func.length(FichierPrepare.octets).label("taille")).where(
            FichierPrepare.preparation_id == preparation_id
        )
    )
    lus = [FichierAttendu(format=FormatBilan(ligne.format), nom=ligne.nom, taille=ligne.taille) for ligne in lignes]
    return tuple(sorted(lus, key=lambda fichier: FORMATS.index(fichier.format)))


def _vivante(perimetre: Perimetre) -> ColumnElement[bool]:
    return and_(
        _la_sienne(perimetre),
        PreparationBilan.droits == _droits(perimetre),
        PreparationBilan.demandee_le > maintenant() - ATTENTE,
    )


def _la_sienne(perimetre: Perimetre) -> ColumnElement[bool]:
    return and_(
        PreparationBilan.compte_id == perimetre.compte_id,
        PreparationBilan.investigation_id == perimetre.investigation_id,
    )


def _droits(perimetre: Perimetre) -> str:
    """Empreinte de ce que la personne pouvait voir : changé, ce qui a été préparé ne se remet plus."""
    terrains = sorted(perimetre.terrains) if perimetre.terrains is not None else None
    vus = (perimetre.role.value, perimetre.investigation_id, perimetre.fictive, terrains)
    return hashlib.sha256(repr(vus).encode()).hexdigest()


def _noter(session: Session, preparation_id: int, **valeurs: object) -> bool:
    """Sur la table, sans journal ni version des données ; faux si la préparation n'existe plus."""
    ordre = (
        update(PreparationBilan)
        .where(PreparationBilan.id == preparation_id)
        .values(**valeurs)
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(ordre).rowcount == 1


def _effacer(session: Session, numeros: Sequence[int]) -> None:
    if not numeros:
        return
    for ordre in (
        delete(FichierPrepare).where(FichierPrepare.preparation_id.in_(numeros)),
        delete(PreparationBilan).where(PreparationBilan.id.in_(numeros)),
    ):
        session.execute(ordre.execution_options(synchronize_session=False))
