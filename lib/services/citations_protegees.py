"""Les citations telles que les lit la visite de démonstration : jamais un lieu et un type d'acteur qui désignent."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import SEUIL, est_cache, situer_citation, sous_secret
from lib.domain.citations import TriCitations
from lib.domain.droits import Perimetre
from lib.domain.formats import typographier
from lib.domain.vocabulaire import TypeActeur
from lib.services.cases_protegees import SANS, lire_cases_protegees
from lib.services.couverture import lire_couverture, publier_rencontres
from lib.services.filtres_citations import FiltresCitations

TYPE_TU = typographier("Type d'acteur masqué")


@dataclass(frozen=True, slots=True, kw_only=True)
class LieuxTus:
    """Les couples (terrain, type d'acteur) dont une citation dit le type ; `actifs` : la règle s'applique.

    Tout autre couple se tait, celui qu'aucun croisement ne publie compris. lisibles : les terrains et les types dont
    l'effectif se lit ; sous un autre, une étiquette ne s'ouvre pas.
    """

    actifs: bool = False
    dits: frozenset[tuple[int, TypeActeur]] = frozenset()
    lisibles: frozenset[int | TypeActeur] = frozenset()

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
        parmi = self._ou_se_dit(filtres.type_acteur)
        return replace(filtres, tri=tri, parmi_terrains=parmi, dimension=None, lieu="", verbatim_id=None)

    def _ou_se_dit(self, type_acteur: TypeActeur | None) -> tuple[int, ...] | None:
        if type_acteur is None:
            return None
        return tuple(sorted(terrain for terrain, type_ in self.dits if type_ is type_acteur))


def restreindre_filtres(
    session: Session, perimetre: Perimetre, tus: LieuxTus, filtres: FiltresCitations
) -> FiltresCitations:
    """Les filtres, sans ce qui rendrait un type tu, ni les étiquettes dont une matrice tait la case."""
    filtres = tus.restreindre(filtres)
    voulues = (SANS,) if filtres.sans_etiquette else filtres.etiquettes
    if not tus.actifs or voulues is None:
        return filtres
    cases = lire_cases_protegees(session, perimetre, voulues)
    terrain_id, type_acteur = filtres.terrain_id, filtres.type_acteur
    if any(cle is not None and cle not in tus.lisibles for cle in (terrain_id, type_acteur)):
        return replace(filtres, etiquettes=())
    ouvertes = tuple(e for e in voulues if cases.s_ouvre(e, terrain_id=terrain_id, type_acteur=type_acteur))
    if filtres.sans_etiquette and ouvertes:
        return filtres
    return replace(filtres, etiquettes=ouvertes)


def lire_lieux_tus(session: Session, perimetre: Perimetre) -> LieuxTus:
    """Les mêmes cases cachées que le tableau de bord et les statistiques publiques ; rien hors de la visite."""
    if not sous_secret(perimetre):
        return LieuxTus()
    publies = publier_rencontres(lire_couverture(session, perimetre))
    marges = (*publies.lignes.items(), *publies.colonnes.items())
    return LieuxTus(
        actifs=True,
        dits=frozenset(couple for couple, texte in publies.cases.items() if not est_cache(texte)),
        lisibles=frozenset(cle for cle, texte in marges if not est_cache(texte)),
    )
