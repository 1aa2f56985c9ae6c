"""Les doubles codages tels qu'on les suit : qui code quoi, où l'on en est, ce qui attend ce compte."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

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
    """(une page de doubles codages, les derniers ouverts d'abord ; le nombre de pages). Une requête."""
    exiger(peut_consigner, perimetre)
    tous = select(DoubleCodage.id).where(visible(DoubleCodage, perimetre))
    choisis = tous.order_by(DoubleCodage.id.desc()).limit(PAR_PAGE).offset((page - 1) * PAR_PAGE).subquery()
    total = select(func.count()).select_from(tous.subquery()).scalar_subquery()
    requete = _requete(perimetre).where(DoubleCodage.id.in_(select(choisis.c.id)))
    lignes = session.execute(requete.add_columns(total.label("tous"))).all()
    return tuple(_lire(lignes)), max(1, -(-(lignes[0].tous if lignes else 0) // PAR_PAGE))


def lire_double(session: Session, perimetre: Perimetre, *, double_id: int) -> DoubleCodageLu:
    """Un double codage. Lève Introuvable."""
    exiger(peut_consigner, perimetre)
    lus = _lire(session.execute(_requete(perimetre).where(DoubleCodage.id == double_id)).all())
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
    """Une ligne par version, les deux d'un même double codage à la suite."""
    repris = exists().where(VerbatimEcarte.double_id == DoubleCodage.id)
    codeur, arbitre = aliased(Compte), aliased(Compte)
    return (
        select(
            DoubleCodage,
            VersionCodage,
            Entretien.code,
            codeur.nom_affiche.label("codeur"),
            arbitre.nom_affiche.label("arbitre"),
            repris.label("repris"),
        )
        .join(VersionCodage, VersionCodage.double_id == DoubleCodage.id)
        .join(codeur, codeur.id == VersionCodage.compte_id)
        .join(Entretien, Entretien.id == DoubleCodage.entretien_id)
        .outerjoin(arbitre, arbitre.id == DoubleCodage.arbitre_par)
        .where(visible(DoubleCodage, perimetre))
        .order_by(DoubleCodage.id.desc(), VersionCodage.id)
    )


def _lire(lignes: Sequence[Any]) -> list[DoubleCodageLu]:
    groupes = groupby(lignes, key=lambda ligne: ligne.DoubleCodage.id)
    return [_lu(list(siennes)) for _, siennes in groupes]


def _lu(lignes: list[Any]) -> DoubleCodageLu:
    double: DoubleCodage = lignes[0].DoubleCodage
    premiere, seconde = (
        VersionLue(
            compte_id=ligne.VersionCodage.compte_id,
            nom=ligne.codeur,
            rendue=ligne.VersionCodage.fini_le is not None,
        )
        for ligne in lignes
    )
    return DoubleCodageLu(
        id=double.id,
        entretien_id=double.entretien_id,
        code=lignes[0].code,
        version=double.version,
        etape=etape(double, [ligne.VersionCodage for ligne in lignes]),
        ouvert_le=double.cree_le,
        repris=lignes[0].repris,
        versions=(premiere, seconde),
        arbitre=lignes[0].arbitre or "",
    )
