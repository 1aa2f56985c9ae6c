"""Comparer des groupes d'entretiens, étiquette par étiquette, sans rien affirmer de plus que ce qu'ils disent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import sous_secret
from lib.analytics.lecture import lire_comparaison
from lib.analytics.proportions import Comparaison, comparer
from lib.analytics.releves import (
    Releves,
    comparables,
    dire_intensite,
    dire_spontaneite,
    taire_petits,
)
from lib.domain.axes import Dimension
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.formats import FINE, typographier
from lib.domain.vocabulaire import FamilleEtiquette, TypeActeur
from lib.graphiques import intervalles
from lib.graphiques.commun import Tableau
from lib.graphiques.palette import ECRAN
from lib.services.cases_protegees import lire_cases_protegees
from lib.services.couverture import TerrainCouvert, lire_cadre
from lib.services.groupes import GroupesLus, dimensions_ouvertes, lire_groupes, lister_noms
from lib.services.terrains import lister_terrains
from lib.services.territoires_details import Comparee, Details, detailler
from lib.services.territoires_dits import avertir, dire_detectables, dire_rien, dire_situation, remarquer
from lib.services.territoires_proteges import proteger_vue

if TYPE_CHECKING:
    import plotly.graph_objects as go

SUITE = f"{FINE}; "
"""Déjà à la française : un grand tableau n'a pas à se relire case par case."""
TRACES = 8
"""Étiquettes dans la figure, au plus ; le tableau les donne toutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteresTerrains:
    """Ce que l'on compare. groupes : noms choisis, dans l'ordre voulu ; vide : tous ceux où l'on a rencontré."""

    dimension: Dimension = Dimension.TERRAIN
    famille: FamilleEtiquette = FamilleEtiquette.IRRITANT
    type_acteur: TypeActeur | None = None
    groupes: tuple[str, ...] = ()

    @property
    def mots(self) -> MotsComparaison:
        """De quoi le dire."""
        return MotsComparaison(famille=self.famille, dimension=self.dimension)


@dataclass(frozen=True, slots=True, kw_only=True)
class VueTerrains:
    """La comparaison prête à afficher.

    rencontres : entretiens réalisés par groupe comparé, pour ce type d'acteur. avertissements : terrains prévus et
    peu ou pas visités, côtés vides. remarques : ce que la dimension ou la famille ne permet pas de dire.
    rien : pourquoi il n'y a rien à comparer. details : du plus grand écart au plus petit ; chacun s'écrit s'il se lit.
    figure : les étiquettes dont au moins deux groupes ont l'effectif minimum ; absente s'il n'y en a pas.
    non_traces : combien ne sont que dans le tableau.
    regle : à écrire au bas quand les petits effectifs sont cachés ; vide sinon.
    """

    au: date
    mots: MotsComparaison
    rencontres: Mapping[str, int]
    situation: str
    famille: int
    resume: str
    avertissements: tuple[str, ...]
    remarques: tuple[str, ...]
    rien: str
    details: Details
    figure: "go.Figure | None"
    alternative: str
    tableau: Tableau
    non_traces: int
    regle: str = ""


def comparer_terrains(session: Session, perimetre: Perimetre, *, criteres: CriteresTerrains) -> VueTerrains:
    """Toutes les étiquettes d'une famille, entre les groupes choisis ou entre tous. Quatre requêtes, cinq en visite.

    À deux groupes, l'un contre l'autre ; à trois ou plus, chacun contre les autres réunis. Lève Introuvable si un
    groupe n'existe pas ou n'est pas ouvert au compte, AccesRefuse pour un croisement fermé à la visite.
    """
    exiger(peut_lire_indicateurs, perimetre)
    _refuser_les_communes(perimetre, criteres.dimension)
    secret = sous_secret(perimetre)
    if secret and criteres != CriteresTerrains(famille=criteres.famille, groupes=criteres.groupes):
        raise AccesRefuse("Ce croisement n'est pas ouvert à la visite : il laisserait deviner de petits effectifs.")
    cadre = lire_cadre(session, perimetre)
    lus = lire_groupes(session, perimetre, criteres.mots)
    groupes = _choisir(lus, cadre.terrains, criteres)
    comparee = _comparer(lus, groupes, criteres)
    vue = _composer(lus, comparee, {nom: lus.effectif(nom, criteres.type_acteur) for nom in groupes}, cadre.au)
    tus = [nom for nom, n in vue.rencontres.items() if not n]
    vue = replace(
        vue,
        avertissements=(
            *avertir(cadre, groupes if criteres.dimension is Dimension.TERRAIN else None, secret=secret),
            *(typographier(f"{nom} : aucun entretien réalisé pour ces critères, rien ne s'y compare.") for nom in tus),
        ),
    )
    if not secret:
        return vue
    portees = [etiquette.id for etiquette in comparee.etiquettes]
    cases = lire_cases_protegees(session, perimetre, portees) if criteres.mots.codage else None
    return proteger_vue(vue, lus, comparee, cadre.terrains, cases)


def lister_groupes(session: Session, perimetre: Perimetre, *, dimension: Dimension) -> tuple[str, ...]:
    """Les groupes que l'on peut comparer : tous les terrains du compte, ou les lieux où quelqu'un a été rencontré."""
    exiger(peut_lire_indicateurs, perimetre)
    _refuser_les_communes(perimetre, dimension)
    if dimension is Dimension.TERRAIN:
        return tuple(terrain.nom for terrain in lister_terrains(session, perimetre))
    return lister_noms(session, perimetre, dimension)


def _refuser_les_communes(perimetre: Perimetre, dimension: Dimension) -> None:
    if dimension not in dimensions_ouvertes(perimetre):
        raise AccesRefuse("Les communes ne se comparent que dans l'équipe : elles désigneraient qui a été rencontré.")


def _choisir(lus: GroupesLus, terrains: Sequence[TerrainCouvert], criteres: CriteresTerrains) -> tuple[str, ...]:
    """Les groupes demandés, ou tous ceux où quelqu'un a été rencontré. Un terrain jamais visité peut se demander."""
    connus = {*lus.rencontres, *(t.nom for t in terrains if criteres.dimension is Dimension.TERRAIN)}
    if not connus.issuperset(criteres.groupes):
        raise Introuvable("L'un de ces groupes n'existe pas, ou n'est pas ouvert à votre compte.")
    return tuple(dict.fromkeys(criteres.groupes)) if len(criteres.groupes) > 1 else tuple(lus.rencontres)


def _comparer(lus: GroupesLus, groupes: Sequence[str], criteres: CriteresTerrains) -> Comparee:
    releves = {e.nom: tuple(lus.relever(e.id, nom, criteres.type_acteur) for nom in groupes) for e in lus.etiquettes}
    abordees = tuple(e for e in lus.etiquettes if _est_dite(releves[e.nom], criteres.mots))
    return Comparee(
        mots=criteres.mots,
        type_acteur=criteres.type_acteur,
        etiquettes=abordees,
        releves={etiquette.nom: releves[etiquette.nom] for etiquette in abordees},
        comparaison=comparer(r.observer(etiquette.nom) for etiquette in abordees for r in releves[etiquette.nom]),
    )


def _est_dite(releves: Iterable[Releves], mots: MotsComparaison) -> bool:
    """Abordée au moins une fois ; pour un codage, portée au moins une fois."""
    return any(r.evoques if mots.codage else r.abordes for r in releves)


def _composer(lus: GroupesLus, comparee: Comparee, rencontres: Mapping[str, int], au: date) -> VueTerrains:
    entiere, mots = comparee.comparaison, comparee.mots
    dite = taire_petits(entiere)
    tracee = replace(dite, lignes=comparables(dite)[:TRACES])
    tracable = bool(tracee.lignes) and len(rencontres) <= len(ECRAN.series)
    return VueTerrains(
        au=au,
        mots=mots,
        rencontres=rencontres,
        situation=dire_situation(au, rencontres),
        famille=entiere.taille_famille,
        resume=" ".join([lire_comparaison(entiere, mots=mots), *dire_detectables(rencontres)]),
        avertissements=(),
        remarques=tuple(remarquer(lus, groupes=len(rencontres), tracable=len(rencontres) <= len(ECRAN.series))),
        rien="" if comparee.etiquettes else dire_rien(lus, rencontres),
        details=detailler(comparee, lus, [ligne.irritant for ligne in dite.par_ecart()]),
        figure=intervalles.figure(tracee, titre=mots.titre) if tracable else None,
        alternative=intervalles.description(tracee, titre=mots.titre, mots=mots) if tracable else "",
        tableau=_tableau(dite, comparee.releves, mots),
        non_traces=len(dite.lignes) - len(tracee.lignes),
    )


# --- Tableau ----------------------------------------------------------------------------------------------------


def _tableau(comparaison: Comparaison, releves: Mapping[str, Sequence[Releves]], mots: MotsComparaison) -> Tableau:
    """Les chiffres de la figure ; dans chaque case, spontanéité et intensité à côté de la fréquence, et ce qui sort."""
    tableau = intervalles.table(comparaison, mots=mots)
    return replace(
        tableau,
        lignes=tuple((nom, *_completer(cases, releves[nom]), ecart) for nom, *cases, ecart in tableau.lignes),
    )


def _completer(cases: Sequence[str], releves: Sequence[Releves]) -> Iterable[str]:
    for case, r in zip(cases, releves, strict=True):
        morceaux = [case]
        if r.evoques and not r.codage:
            morceaux.append(f"spontanément {dire_spontaneite(r)}")
        if r.notes:
            morceaux.append(f"intensité {dire_intensite(r)}")
        if r.non_abordes and r.abordes:
            morceaux.append(f"{'non codé' if r.codage else 'non abordé'} {r.non_abordes}")
        yield SUITE.join(morceaux)
