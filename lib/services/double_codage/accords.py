"""L'accord entre codeurs, mesuré sur tout ce que deux personnes ont fini de coder chacune de leur côté."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lib.analytics.double_codage import Mesures, mesurer
from lib.db.modeles import DoubleCodage, VersionCodage
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.services.double_codage.versions import comparer_versions, lire_grille

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
    versions = _rendues(session, perimetre)
    doubles = sorted({version.double_id for version in versions}, reverse=True)
    grille = lire_grille(session, perimetre)
    mesurees = [version for version in versions if version.double_id in doubles[:MAXIMUM]]
    textes = [compare for _, compare in comparer_versions(session, grille, mesurees)]
    if not textes:
        return VueAccords(doubles=0, plafonne=False, ensemble=None, etiquettes=())
    ensemble, mesures = mesurer(textes)
    par_etiquette = {m.etiquette_id: m for m in mesures}
    return VueAccords(
        doubles=len(doubles[:MAXIMUM]),
        plafonne=len(doubles) > MAXIMUM,
        ensemble=ensemble,
        etiquettes=tuple(
            AccordLu(nom=nom, mesures=par_etiquette[identifiant])
            for identifiant, nom in grille.noms.items()
            if identifiant in par_etiquette
        ),
    )


def _rendues(session: Session, perimetre: Perimetre) -> list[VersionCodage]:
    """Les versions des derniers doubles codages que les deux ont rendus, un de plus que le maximum."""
    attend = exists().where(VersionCodage.double_id == DoubleCodage.id, VersionCodage.fini_le.is_(None))
    rendus = visible(DoubleCodage, perimetre), DoubleCodage.archive_le.is_(None), ~attend
    derniers = select(DoubleCodage.id).where(*rendus).order_by(DoubleCodage.id.desc()).limit(MAXIMUM + 1).subquery()
    return list(session.scalars(select(VersionCodage).where(VersionCodage.double_id.in_(select(derniers.c.id)))))
