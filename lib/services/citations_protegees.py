"""Les citations telles que les lit la visite de démonstration : jamais un lieu et un type d'acteur qui désignent."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import SEUIL, est_cache, situer_citation, sous_secret
from lib.domain.citations import TriCitations
from lib.domain.droits import Perimetre
from lib.domain.formats import typographier
from lib.domain.vocabulaire import TypeActeur
from lib.services.couverture import lire_couverture, publier_rencontres
from lib.services.recherche_citations import FiltresCitations

TYPE_TU = typographier("Type d'acteur masqué")


@dataclass(frozen=True, slots=True, kw_only=True)
class LieuxTus:
    """Les couples (terrain, type d'acteur) dont une citation dit le type ; `actifs` : la règle s'applique.

    Tout autre couple se tait, celui qu'aucun croisement ne publie compris.
    """

    actifs: bool = False
    dits: frozenset[tuple[int, TypeActeur]] = frozenset()

    def nommer(self, terrain_id: int, terrain: str, type_acteur: TypeActeur) -> str:
        """Le type d'acteur d'une citation, à côté de son terrain, ou ce qui en tient la place."""
        tait = self.actifs and (terrain_id, type_acteur) not in self.dits
        rencontres = 0 if tait else SEUIL
        lieu = situer_citation(commune=terrain, type_acteur=type_acteur.libelle, rencontres=rencontres)
        return lieu.type_acteur if lieu.commune is not None else TYPE_TU

    def restreindre(self, filtres: FiltresCitations) -> FiltresCitations:
        """Les filtres, sans ce qui rendrait un type tu : le choisir, s'y ranger, ou choisir un lieu plus fin."""
        if not self.actifs:
            return filtres
        tri = TriCitations.RECENTES if filtres.tri is TriCitations.TYPE_ACTEUR else filtres.tri
        return replace(filtres, tri=tri, parmi_terrains=self._ou_se_dit(filtres.type_acteur), dimension=None, lieu="")

    def _ou_se_dit(self, type_acteur: TypeActeur | None) -> tuple[int, ...] | None:
        if type_acteur is None:
            return None
        return tuple(sorted(terrain for terrain, type_ in self.dits if type_ is type_acteur))


def lire_lieux_tus(session: Session, perimetre: Perimetre) -> LieuxTus:
    """Les mêmes cases cachées que le tableau de bord et les statistiques publiques ; rien hors de la visite."""
    if not sous_secret(perimetre):
        return LieuxTus()
    cases = publier_rencontres(lire_couverture(session, perimetre)).cases
    return LieuxTus(actifs=True, dits=frozenset(couple for couple, texte in cases.items() if not est_cache(texte)))
