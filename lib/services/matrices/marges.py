"""L'effectif de chaque colonne d'une matrice, hors de l'équipe : jamais plus que l'accueil et les chiffres publics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, est_cache, proteger, proteger_groupes
from lib.domain.droits import Perimetre
from lib.domain.formats import nombre
from lib.domain.matrices import AttributMatrice
from lib.domain.vocabulaire import TypeActeur
from lib.services.couverture import TerrainCouvert, lire_couverture, publier_rencontres


@dataclass(frozen=True, slots=True, kw_only=True)
class Marges:
    """Les entretiens réalisés de chaque colonne, tels qu'ils se publient ; une colonne absente se tait.

    total : celui de toutes. detaillee : l'effectif du seul type d'acteur que les colonnes détaillent, pour la taille.
    """

    ecrites: Mapping[Any, str]
    total: str
    detaillee: int | None = None
    marge_detaillee: str = ""

    def tait(self, cle: Any) -> bool:
        """Vrai si cet effectif se tait partout ; None désigne l'ensemble."""
        if cle is None:
            return est_cache(self.total)
        if self.detaillee is not None:
            return est_cache(self.marge_detaillee)
        return est_cache(self.ecrites.get(cle, CACHE))

    def ecrire(self, colonnes: Mapping[Any, tuple[int, int]]) -> dict[Any, str]:
        """Le N de chaque colonne, et de leur ensemble (None). colonnes : entretiens codés, et ceux qui ne le sont pas.

        « 8 codés » à côté de « 9 réalisés » dirait qu'un seul ne l'est pas : les deux se protègent ensemble.
        """
        tous_codes = not any(autres for _, autres in colonnes.values())
        proteges = proteger_groupes({} if tous_codes else {str(cle): cases for cle, cases in colonnes.items()})
        restes = self._restes({cle: codes for cle, (codes, _) in colonnes.items()})
        ecrits = {}
        for cle, (codes, _) in colonnes.items():
            clair = tous_codes or proteges.par_groupe[str(cle)].clair
            tait = not clair or self.tait(cle) or est_cache(restes.get(cle, ""))
            ecrits[cle] = CACHE if tait else nombre(codes)
        tait = not proteges.ensemble.clair or self.tait(None)
        return ecrits | {None: CACHE if tait else nombre(sum(codes for codes, _ in colonnes.values()))}

    def _restes(self, codes: Mapping[Any, int]) -> dict[Any, str]:
        """Des tailles, dont le type d'acteur a son effectif ailleurs : les entreprises sans taille s'en déduisent."""
        if self.detaillee is None:
            return {}
        tailles = {cle: n for cle, n in codes.items() if cle}
        reste = max(0, self.detaillee - sum(tailles.values()))
        cases = proteger([*tailles.values(), reste]).cases
        return dict(zip([*tailles, ""], cases, strict=True))


def lire_marges(session: Session, perimetre: Perimetre, attribut: AttributMatrice) -> Marges:
    """Une requête : la même protection que toutes les pages qui comptent les rencontres."""
    terrains = lire_couverture(session, perimetre)
    publies = publier_rencontres(terrains)
    if attribut is AttributMatrice.TERRAIN:
        return Marges(ecrites=publies.lignes, total=publies.total)
    if attribut is AttributMatrice.TYPE_ACTEUR:
        return Marges(ecrites=publies.colonnes, total=publies.total)
    return Marges(
        ecrites={},
        total=publies.total,
        detaillee=_entreprises(terrains),
        marge_detaillee=publies.colonnes.get(TypeActeur.ENTREPRISE, "0"),
    )


def _entreprises(terrains: tuple[TerrainCouvert, ...]) -> int:
    cellules = (cellule for terrain in terrains for cellule in terrain.cellules)
    return sum(cellule.realises for cellule in cellules if cellule.type_acteur is TypeActeur.ENTREPRISE)
