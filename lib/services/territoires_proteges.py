"""La comparaison telle que la lit la visite de démonstration : aucun effectif de un ou deux, ni lu ni déduit.

La protection se calcule sur tous les groupes de la dimension, jamais sur les seuls choisis : comparer deux vues ne rend
rien. La spontanéité, l'intensité et le type d'acteur, plus fins, ne s'y montrent pas.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lib.analytics.confidentialite import (
    CACHE,
    PETIT,
    REGLE,
    GroupeProtege,
    GroupesProteges,
    est_cache,
    proteger_groupes,
)
from lib.analytics.lecture import lire_comparaison, lire_part
from lib.analytics.proportions import EFFECTIF_MINIMUM, Comparaison, Part, comparer, wilson
from lib.analytics.releves import comparables, taire_petits
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.formats import compter, effectif, pluriel, typographier
from lib.domain.matrices import AttributMatrice
from lib.graphiques import intervalles
from lib.graphiques.commun import Tableau
from lib.services.cases_protegees import CasesProtegees
from lib.services.couverture import TerrainCouvert, publier_rencontres
from lib.services.groupes import GroupesLus
from lib.services.territoires_details import Comparee, DetailEtiquette, Details, dire_ecart
from lib.services.territoires_dits import dire_detectables, dire_situation

if TYPE_CHECKING:
    from lib.services.territoires import VueTerrains

Proteges = Mapping[str, GroupesProteges]
"""Par étiquette."""
ENSEMBLE = "Tous réunis"
TU = GroupeProtege(evoques=CACHE, clair=False)
NON_PUBLIE = typographier("Écart non publié : l'un des côtés compte un ou deux acteurs.")


def proteger_vue(
    vue: "VueTerrains",
    lus: GroupesLus,
    comparee: Comparee,
    terrains: Sequence[TerrainCouvert],
    cases: CasesProtegees | None,
) -> "VueTerrains":
    """La vue, sans ce qui laisserait lire ou déduire un effectif de un ou deux.

    Un terrain dont l'effectif se tait à l'accueil se tait ici, dénominateurs compris. cases : pour un codage, que les
    matrices publient aussi par type d'acteur et par taille ; ce qu'elles taisent se tait.
    """
    publies = publier_rencontres(terrains).lignes
    marges = {terrain.nom: publies.get(terrain.terrain_id, "0") for terrain in terrains}
    tus = {nom for nom in lus.rencontres if est_cache(marges.get(nom, CACHE))}
    proteges = {e.nom: _taire(proteger_groupes(_cases(lus, e.id)), tus) for e in comparee.etiquettes}
    if cases is not None:
        ids = {terrain.nom: terrain.terrain_id for terrain in terrains}
        proteges = {e.nom: _rapprocher(proteges[e.nom], cases, e.id, ids) for e in comparee.etiquettes}
    rencontres = {nom: marges.get(nom, CACHE) for nom in vue.rencontres}
    publiee, mots = _publier(comparee, proteges), comparee.mots
    dite = taire_petits(publiee)
    tracee = replace(dite, lignes=comparables(dite))
    ordre = [*(ligne.irritant for ligne in dite.par_ecart()), *(nom for nom in proteges if not proteges[nom].clair)]
    ensembles = {e.nom: _reunir(lus, e.id) for e in comparee.etiquettes}
    detectables = () if any(map(est_cache, rencontres.values())) else dire_detectables(vue.rencontres)
    tableau = intervalles.table(taire_petits(comparee.comparaison), mots=mots)
    verdicts = {ligne[0]: ligne[-1] for ligne in intervalles.table(dite, mots=mots).lignes}
    return replace(
        vue,
        regle=REGLE,
        famille=publiee.taille_famille,
        situation=dire_situation(vue.au, rencontres),
        resume=" ".join([*_resumer(publiee, len(ordre), mots), *detectables]),
        details=Details(ordre, lambda nom: _detail(vue.details.ecrire(nom), comparee, publiee, proteges)),
        figure=intervalles.figure(tracee, titre=mots.titre) if tracee.lignes else None,
        alternative=intervalles.description(tracee, titre=mots.titre, mots=mots) if tracee.lignes else "",
        tableau=_tableau(tableau, ordre, verdicts, comparee.comparaison, proteges, ensembles),
        non_traces=len(ordre) - len(tracee.lignes),
    )


def _publier(comparee: Comparee, proteges: Proteges) -> Comparaison:
    """La comparaison refaite sur les seules étiquettes dont tout se lit.

    Une valeur q dépend de tous les tests de la famille, et le rang d'une ligne de son écart : laissées dans la famille,
    les étiquettes tues se reliraient dans les q, dans les comptes de verdicts et dans l'ordre des autres.
    """
    claires = [etiquette.nom for etiquette in comparee.etiquettes if proteges[etiquette.nom].clair]
    return comparer(r.observer(nom) for nom in claires for r in comparee.releves[nom])


def _resumer(publiee: Comparaison, lignes: int, mots: MotsComparaison) -> Iterable[str]:
    if publiee.lignes:
        yield lire_comparaison(publiee, mots=mots)
    if tues := lignes - len(publiee.lignes):
        verbe = pluriel(tues, "ne se compare pas ici", "ne se comparent pas ici")
        yield typographier(f"{compter(tues, 'ligne')} du tableau {verbe} : effectifs trop petits pour être publiés.")


def _taire(proteges: GroupesProteges, tus: Collection[str]) -> GroupesProteges:
    groupes = {nom: TU if nom in tus else groupe for nom, groupe in proteges.par_groupe.items()}
    return replace(proteges, par_groupe=groupes)


def _rapprocher(
    proteges: GroupesProteges, cases: CasesProtegees, etiquette_id: int, ids: Mapping[str, int]
) -> GroupesProteges:
    """Ce que les matrices écrivent de l'étiquette, quand elles en taisent plus que les terrains seuls ne l'exigent."""
    ligne, ensemble = cases.ligne(etiquette_id, AttributMatrice.TERRAIN), cases.ensemble(etiquette_id)
    return GroupesProteges(
        par_groupe={
            nom: _le_plus_tu(groupe, ligne.get(str(ids.get(nom)), CACHE)) for nom, groupe in proteges.par_groupe.items()
        },
        ensemble=_le_plus_tu(proteges.ensemble, ensemble),
    )


def _le_plus_tu(groupe: GroupeProtege, ecrit: str) -> GroupeProtege:
    return TU if est_cache(ecrit) and not est_cache(groupe.evoques) else groupe


def _cases(lus: GroupesLus, etiquette_id: int) -> dict[str, tuple[int, int]]:
    releves = [lus.relever(etiquette_id, nom) for nom in lus.rencontres]
    return {r.terrain: (r.evoques, r.ecartes) for r in releves}


def _reunir(lus: GroupesLus, etiquette_id: int) -> Part:
    """La part de tous les groupes réunis, celle que la protection suppose connue."""
    cases = _cases(lus, etiquette_id).values()
    evoques = sum(n for n, _ in cases)
    return wilson(evoques, evoques + sum(n for _, n in cases))


def _detail(detail: DetailEtiquette, comparee: Comparee, publiee: Comparaison, proteges: Proteges) -> DetailEtiquette:
    ligne = next(ligne for ligne in comparee.comparaison.lignes if ligne.irritant == detail.nom)
    siens = proteges[detail.nom].par_groupe
    par_groupe = tuple(
        typographier(f"{nom} : {_part(part) if _est_clair(siens, nom) else _petit(siens[nom])}.")
        for nom, part in ligne.parts.items()
    )
    ecarts = next((ligne.ecarts for ligne in publiee.lignes if ligne.irritant == detail.nom), None)
    dits = (NON_PUBLIE,) if ecarts is None else tuple(dire_ecart(ecart, comparee) for ecart in ecarts)
    return replace(detail, par_groupe=par_groupe, ecarts=dits)


def _part(part: Part) -> str:
    """Sous l'effectif minimum, ni pourcentage ni intervalle, comme dans le tableau."""
    if 0 < part.denominateur < EFFECTIF_MINIMUM:
        return f"{effectif(part.numerateur, part.denominateur)}, effectif insuffisant pour une part"
    return lire_part(part)


def _est_clair(siens: Mapping[str, GroupeProtege], nom: str) -> bool:
    """Un terrain jamais visité n'a rien à cacher."""
    return nom not in siens or siens[nom].clair


def _petit(protege: GroupeProtege) -> str:
    if protege.evoques == PETIT:
        return f"{PETIT} l'évoquent"
    return protege.evoques if est_cache(protege.evoques) else f"{protege.evoques} l'évoquent, sur un total masqué"


def _tableau(
    tableau: Tableau,
    ordre: Sequence[str],
    verdicts: Mapping[str, str],
    comparaison: Comparaison,
    proteges: Proteges,
    ensembles: Mapping[str, Part],
) -> Tableau:
    """Une colonne réunit tous les groupes : elle dit ce que l'enquête a entendu quand leur détail se tait."""
    par_nom = {nom: cases for nom, *cases, _ in tableau.lignes}
    lignes = []
    for nom in ordre:
        siens, ensemble = proteges[nom].par_groupe, proteges[nom].ensemble
        tous = _part(ensembles[nom]) if ensemble.clair else _petit(ensemble)
        ecrites = [
            case if _est_clair(siens, groupe) else typographier(_petit(siens[groupe]))
            for groupe, case in zip(comparaison.groupes, par_nom[nom], strict=True)
        ]
        lignes.append((nom, *ecrites, typographier(tous), verdicts.get(nom, "non publié")))
    *entetes, derniere = tableau.entetes
    return replace(tableau, entetes=(*entetes, ENSEMBLE, derniere), lignes=tuple(lignes))
