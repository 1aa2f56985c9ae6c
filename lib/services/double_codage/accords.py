"""L'accord entre codeurs, mesuré sur tout ce que deux personnes ont fini de coder chacune de leur côté."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lib.analytics.double_codage import Mesures, mesurer
from lib.db.modeles import DoubleCodage, Etiquette, VersionCodage
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.services.double_codage.comparaison import comparer_textes

MAXIMUM = 40
"""Doubles codages mesurés, les derniers d'abord : la page coûte pareil à toute échelle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccordLu:
    """L'accord sur une étiquette."""

    nom: str
    mesures: Mesures


@dataclass(frozen=True, slots=True, kw_only=True)
class VueAccords:
    """L'accord d'ensemble et par étiquette. doubles : entretiens codés deux fois ; plafonne : il y en a davantage."""

    doubles: int
    plafonne: bool
    ensemble: Mesures | None
    etiquettes: tuple[AccordLu, ...]


def lire_accords(session: Session, perimetre: Perimetre) -> VueAccords:
    """Les coefficients sur les versions rendues des deux côtés, telles qu'elles étaient avant tout arbitrage."""
    exiger(peut_lire_indicateurs, perimetre)
    doubles = _rendus(session, perimetre)
    versions = _versions(session, doubles[:MAXIMUM])
    textes = [
        compare
        for (_, entretien_id), siennes in versions.items()
        for _, compare in comparer_textes(session, entretien_id, siennes)
    ]
    if not textes:
        return VueAccords(doubles=0, plafonne=False, ensemble=None, etiquettes=())
    ensemble, mesures = mesurer(textes)
    noms = {
        ligne.id: ligne.nom
        for ligne in session.execute(
            select(Etiquette.id, Etiquette.nom)
            .where(visible(Etiquette, perimetre), Etiquette.id.in_([m.etiquette_id for m in mesures]))
            .order_by(Etiquette.ordre, Etiquette.id)
        )
    }
    par_etiquette = {m.etiquette_id: m for m in mesures}
    return VueAccords(
        doubles=len(versions),
        plafonne=len(doubles) > MAXIMUM,
        ensemble=ensemble,
        etiquettes=tuple(AccordLu(nom=nom, mesures=par_etiquette[identifiant]) for identifiant, nom in noms.items()),
    )


def _rendus(session: Session, perimetre: Perimetre) -> list[int]:
    attend = exists().where(VersionCodage.double_id == DoubleCodage.id, VersionCodage.fini_le.is_(None))
    requete = select(DoubleCodage.id).where(
        visible(DoubleCodage, perimetre), DoubleCodage.archive_le.is_(None), ~attend
    )
    return list(session.scalars(requete.order_by(DoubleCodage.id.desc()).limit(MAXIMUM + 1)))


def _versions(session: Session, doubles: list[int]) -> dict[tuple[int, int], list[int]]:
    lignes = session.execute(
        select(VersionCodage.double_id, VersionCodage.entretien_id, VersionCodage.id)
        .where(VersionCodage.double_id.in_(doubles))
        .order_by(VersionCodage.double_id, VersionCodage.id)
    )
    versions: dict[tuple[int, int], list[int]] = defaultdict(list)
    for double_id, entretien_id, version_id in lignes:
        versions[double_id, entretien_id].append(version_id)
    return versions
