"""Choisir un entretien et ses deux codeurs, rendre sa version, abandonner."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import (
    Compte,
    DoubleCodage,
    Entretien,
    Etiquetage,
    Habilitation,
    PoseAveugle,
    Texte,
    Verbatim,
    VerbatimEcarte,
    VersionCodage,
)
from lib.db.perimetre import trouver, visible
from lib.domain.double_codage import EtapeDoubleCodage
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import enumeration
from lib.domain.vocabulaire import AncrageVerbatim, Role
from lib.services.double_codage.garde import refuser_en_double_codage
from lib.services.syntheses import suivre
from lib.services.transaction import CONFLIT

ROLES = (Role.ENQUETEUR, Role.ADMINISTRATEUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codeur:
    """Une personne de l'équipe à qui confier une version."""

    id: int
    nom: str


def codeurs_possibles(session: Session, perimetre: Perimetre) -> tuple[Codeur, ...]:
    """L'équipe de l'investigation, par nom."""
    exiger(peut_consigner, perimetre)
    ouverte = exists().where(
        Habilitation.compte_id == Compte.id, Habilitation.investigation_id == perimetre.investigation_id
    )
    requete = (
        select(Compte.id, Compte.nom_affiche)
        .where(Compte.actif, Compte.role.in_(ROLES), or_(ouverte, Compte.id == perimetre.compte_id))
        .order_by(Compte.nom_affiche, Compte.id)
    )
    return tuple(Codeur(id=ligne.id, nom=ligne.nom_affiche) for ligne in session.execute(requete))


def ouvrir(session: Session, perimetre: Perimetre, *, entretien_id: int, codeurs: tuple[int, int]) -> int:
    """Ouvre un double codage et rend son identifiant.

    Ce qui est déjà codé quitte les citations, les exports et les chiffres jusqu'à l'arbitrage ; ce que les deux
    personnes y avaient posé devient le début de leur version. Lève DonneeInvalide : mêmes personnes, pas de texte,
    double codage déjà ouvert, ou codage d'une troisième personne.
    """
    exiger(peut_consigner, perimetre)
    entretien = trouver(session, Entretien, entretien_id, perimetre)
    _verifier(session, perimetre, entretien, codeurs)
    with suivre(session, entretien.id):
        refuser_en_double_codage(session, entretien.id)
        double = DoubleCodage(
            investigation_id=entretien.investigation_id, entretien_id=entretien.id, cree_par=perimetre.auteur_id
        )
        session.add(double)
        session.flush()
        versions = {compte_id: _version(session, double, compte_id) for compte_id in codeurs}
        _mettre_de_cote(session, double, versions)
    return double.id


def _verifier(session: Session, perimetre: Perimetre, entretien: Entretien, codeurs: tuple[int, int]) -> None:
    if len(set(codeurs)) < 2:
        raise DonneeInvalide("Un double codage demande deux personnes différentes.", champ="codeurs")
    if not set(codeurs) <= {codeur.id for codeur in codeurs_possibles(session, perimetre)}:
        raise DonneeInvalide("Choisissez deux personnes de l'équipe de cette investigation.", champ="codeurs")
    if entretien.archive_le is not None:
        raise DonneeInvalide("Cet entretien est archivé : rétablissez-le avant de le coder.")
    if not session.scalar(select(exists().where(Texte.entretien_id == entretien.id, Texte.contenu != ""))):
        raise DonneeInvalide("Cet entretien n'a encore ni notes ni transcription à coder.")
    autres = session.scalars(
        select(Compte.nom_affiche)
        .join(Etiquetage, Etiquetage.compte_id == Compte.id)
        .join(Verbatim, Verbatim.id == Etiquetage.verbatim_id)
        .where(
            Etiquetage.entretien_id == entretien.id,
            Etiquetage.retire_le.is_(None),
            Verbatim.archive_le.is_(None),
            Compte.id.not_in(codeurs),
        )
        .distinct()
        .order_by(Compte.nom_affiche)
    ).all()
    if autres:
        raise DonneeInvalide(
            f"{enumeration(autres)} a déjà codé cet entretien : confiez-lui l'une des deux versions, ou choisissez un "
            "entretien que personne d'autre n'a codé."
        )


def _version(session: Session, double: DoubleCodage, compte_id: int) -> VersionCodage:
    version = VersionCodage(
        investigation_id=double.investigation_id,
        entretien_id=double.entretien_id,
        double_id=double.id,
        compte_id=compte_id,
    )
    session.add(version)
    session.flush()
    return version


def _mettre_de_cote(session: Session, double: DoubleCodage, versions: dict[int, VersionCodage]) -> None:
    """Archive ce qui était codé, en gardant de quoi le rétablir ; chacune des deux retrouve son travail."""
    vivants = select(Verbatim).where(Verbatim.entretien_id == double.entretien_id, Verbatim.archive_le.is_(None))
    verbatims = {verbatim.id: verbatim for verbatim in session.scalars(vivants)}
    poses = select(Etiquetage).where(Etiquetage.entretien_id == double.entretien_id, Etiquetage.retire_le.is_(None))
    for pose in session.scalars(poses.order_by(Etiquetage.id)):
        verbatim = verbatims.get(pose.verbatim_id)
        if verbatim is not None and verbatim.ancrage is AncrageVerbatim.SUR:
            session.add(_reprendre(versions[pose.compte_id], verbatim, pose.etiquette_id))
    for verbatim in verbatims.values():
        verbatim.archive_le = maintenant()
        session.add(VerbatimEcarte(double_id=double.id, verbatim_id=verbatim.id))
    session.flush()


def _reprendre(version: VersionCodage, verbatim: Verbatim, etiquette_id: int) -> PoseAveugle:
    return PoseAveugle(
        investigation_id=version.investigation_id,
        entretien_id=version.entretien_id,
        version_id=version.id,
        texte_id=verbatim.texte_id,
        debut=verbatim.debut,
        fin=verbatim.fin,
        etiquette_id=etiquette_id,
    )


def rendre(session: Session, perimetre: Perimetre, *, double_id: int) -> None:
    """« J'ai fini » : la version ne change plus ; quand les deux sont rendues, chacune voit l'autre."""
    version = _ma_version(session, perimetre, double_id)
    version.fini_le = version.fini_le or maintenant()
    session.flush()


def reprendre(session: Session, perimetre: Perimetre, *, double_id: int) -> None:
    """Rouvre sa version, tant que l'autre n'est pas rendue. Lève DonneeInvalide : elle est déjà lue."""
    version = _ma_version(session, perimetre, double_id)
    versions = _versions(session, double_id)
    if etape(session.get_one(DoubleCodage, double_id), versions) is not EtapeDoubleCodage.CODAGE:
        raise DonneeInvalide("Les deux versions sont rendues : elles se voient, et ne changent plus. Arbitrez.")
    version.fini_le = None
    session.flush()


def abandonner(session: Session, perimetre: Perimetre, *, double_id: int, version: int) -> None:
    """Referme sans arbitrer : le codage d'avant revient. Les versions restent gardées. Lève Conflit, Introuvable."""
    exiger(peut_consigner, perimetre)
    double = trouver(session, DoubleCodage, double_id, perimetre)
    if double.version != version:
        raise Conflit(CONFLIT)
    with suivre(session, double.entretien_id):
        if double.arbitre_le is not None or double.archive_le is not None:
            raise DonneeInvalide("Ce double codage est déjà refermé.")
        double.archive_le = maintenant()
        for verbatim in verbatims_ecartes(session, double.id):
            verbatim.archive_le = None


def verbatims_ecartes(session: Session, double_id: int) -> list[Verbatim]:
    """Ce qui a été mis de côté à l'ouverture."""
    ecartes = select(VerbatimEcarte.verbatim_id).where(VerbatimEcarte.double_id == double_id)
    return list(session.scalars(select(Verbatim).where(Verbatim.id.in_(ecartes)).order_by(Verbatim.id)))


def etape(double: DoubleCodage, versions: Iterable[VersionCodage]) -> EtapeDoubleCodage:
    """Où en est un double codage."""
    if double.archive_le is not None:
        return EtapeDoubleCodage.ABANDONNE
    if double.arbitre_le is not None:
        return EtapeDoubleCodage.ARBITRE
    rendues = all(version.fini_le is not None for version in versions)
    return EtapeDoubleCodage.ARBITRAGE if rendues else EtapeDoubleCodage.CODAGE


def _versions(session: Session, double_id: int) -> list[VersionCodage]:
    requete = select(VersionCodage).where(VersionCodage.double_id == double_id).order_by(VersionCodage.id)
    return list(session.scalars(requete))


def _ma_version(session: Session, perimetre: Perimetre, double_id: int) -> VersionCodage:
    """La mienne, double codage ouvert ; les deux lignes tenues, pour que rendre et reprendre s'attendent."""
    exiger(peut_consigner, perimetre)
    double = trouver(session, DoubleCodage, double_id, perimetre)
    if double.arbitre_le is not None or double.archive_le is not None:
        raise DonneeInvalide("Ce double codage est refermé.")
    siennes = select(VersionCodage).where(VersionCodage.double_id == double_id, visible(VersionCodage, perimetre))
    versions = session.scalars(siennes.order_by(VersionCodage.id).with_for_update()).all()
    mienne = next((version for version in versions if version.compte_id == perimetre.compte_id), None)
    if mienne is None:
        raise DonneeInvalide("Cet entretien est confié à deux autres personnes : vous n'y avez pas de version.")
    return mienne
