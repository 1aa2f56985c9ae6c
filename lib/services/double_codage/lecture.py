"""Les doubles codages tels qu'on les suit : qui code quoi, où l'on en est, ce qui attend ce compte."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, DoubleCodage, Entretien, Organisation, Texte, VerbatimEcarte, VersionCodage
from lib.db.perimetre import visible
from lib.domain.double_codage import EtapeDoubleCodage
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Introuvable
from lib.services.double_codage.garde import ouvert
from lib.services.double_codage.ouverture import etape

PAR_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLue:
    """Une version : à qui elle est confiée, et si elle est rendue. Rien de ce qu'elle contient."""

    compte_id: int
    nom: str
    rendue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleCodageLu:
    """Un double codage. repris : l'entretien était déjà codé à l'ouverture, l'autre personne a pu le lire."""

    id: int
    entretien_id: int
    code: str
    version: int
    etape: EtapeDoubleCodage
    ouvert_le: datetime
    repris: bool
    versions: tuple[VersionLue, VersionLue]
    arbitre: str

    def mienne(self, compte_id: int) -> VersionLue | None:
        """La version confiée à ce compte."""
        return next((version for version in self.versions if version.compte_id == compte_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntretienACoder:
    """Un entretien que l'on peut confier à deux personnes."""

    id: int
    code: str
    source: str


def lister_doubles(session: Session, perimetre: Perimetre, *, page: int = 1) -> tuple[tuple[DoubleCodageLu, ...], int]:
    """(une page de doubles codages, les derniers ouverts d'abord ; le nombre de pages). Trois requêtes."""
    exiger(peut_consigner, perimetre)
    requete = _requete(perimetre).add_columns(func.count().over().label("tous"))
    lignes = session.execute(requete.limit(PAR_PAGE).offset((page - 1) * PAR_PAGE)).all()
    return tuple(_lire(session, lignes)), max(1, -(-(lignes[0].tous if lignes else 0) // PAR_PAGE))


def lire_double(session: Session, perimetre: Perimetre, *, double_id: int) -> DoubleCodageLu:
    """Un double codage. Lève Introuvable."""
    exiger(peut_consigner, perimetre)
    lus = _lire(session, session.execute(_requete(perimetre).where(DoubleCodage.id == double_id)).all())
    if not lus:
        raise Introuvable("Ce double codage n'existe pas, ou n'est pas ouvert à votre compte.")
    return lus[0]


def double_ouvert(session: Session, perimetre: Perimetre, *, entretien_id: int) -> int | None:
    """Le double codage ouvert sur un entretien, s'il y en a un."""
    requete = select(DoubleCodage.id).where(visible(DoubleCodage, perimetre), ouvert(entretien_id))
    return session.scalars(requete).one_or_none()


def entretiens_a_confier(session: Session, perimetre: Perimetre) -> tuple[EntretienACoder, ...]:
    """Les deux cents derniers entretiens qui ont un texte et aucun double codage ouvert."""
    exiger(peut_consigner, perimetre)
    requete = (
        select(Entretien.id, Entretien.code, Entretien.type_acteur, Organisation.nom)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(
            visible(Entretien, perimetre),
            Entretien.archive_le.is_(None),
            exists().where(Texte.entretien_id == Entretien.id, Texte.contenu != ""),
            ~exists().where(ouvert(Entretien.id)),  # type: ignore[arg-type]
        )
        .order_by(Entretien.tenu_le.desc(), Entretien.id.desc())
        .limit(200)
    )
    return tuple(
        EntretienACoder(id=ligne.id, code=ligne.code, source=ligne.nom or ligne.type_acteur.libelle)
        for ligne in session.execute(requete)
    )


def _requete(perimetre: Perimetre) -> Any:
    repris = exists().where(VerbatimEcarte.double_id == DoubleCodage.id)
    return (
        select(DoubleCodage, Entretien.code, Compte.nom_affiche, repris.label("repris"))
        .join(Entretien, Entretien.id == DoubleCodage.entretien_id)
        .outerjoin(Compte, Compte.id == DoubleCodage.arbitre_par)
        .where(visible(DoubleCodage, perimetre))
        .order_by(DoubleCodage.id.desc())
    )


def _lire(session: Session, lignes: Sequence[Any]) -> list[DoubleCodageLu]:
    confiees: dict[int, list[tuple[VersionCodage, str]]] = defaultdict(list)
    versions = (
        select(VersionCodage, Compte.nom_affiche)
        .join(Compte, Compte.id == VersionCodage.compte_id)
        .where(VersionCodage.double_id.in_([ligne.DoubleCodage.id for ligne in lignes]))
        .order_by(VersionCodage.id)
    )
    for version, nom in session.execute(versions):
        confiees[version.double_id].append((version, nom))
    return [_lu(ligne, confiees[ligne.DoubleCodage.id]) for ligne in lignes]


def _lu(ligne: Any, confiees: list[tuple[VersionCodage, str]]) -> DoubleCodageLu:
    double: DoubleCodage = ligne.DoubleCodage
    premiere, seconde = (
        VersionLue(compte_id=version.compte_id, nom=nom, rendue=version.fini_le is not None)
        for version, nom in confiees
    )
    return DoubleCodageLu(
        id=double.id,
        entretien_id=double.entretien_id,
        code=ligne.code,
        version=double.version,
        etape=etape(double, [version for version, _ in confiees]),
        ouvert_le=double.cree_le,
        repris=ligne.repris,
        versions=(premiere, seconde),
        arbitre=ligne.nom_affiche or "",
    )
