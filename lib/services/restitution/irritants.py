"""Ce qui fait mal, et où cela diffère : les irritants, protégés en une fois pour que l'un ne trahisse pas l'autre."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import est_cache
from lib.analytics.ecarts_publics import ENSEMBLE_POSSIBLE, IrritantPublie, publier_irritants
from lib.analytics.proportions import wilson
from lib.domain.droits import Perimetre
from lib.domain.formats import ABSENT, compter, enumeration, guillemets, intervalle, nombre, pourcentage, typographier
from lib.domain.scenes import BarreScene, CodeScene, FigureScene, Scene
from lib.services.couverture import lire_couverture, publier_rencontres
from lib.services.groupes import lire_releves
from lib.services.restitution.commun import (
    barre,
    effacer_les_noms,
    exiger_entiere,
    regle_si_cache,
    situer,
    tableau,
)

TRACES, COMPARES = 7, 2
"""Irritants dans une figure, au plus : elle se lit de loin. Le tableau des irritants les donne tous."""
EN_TABLEAU = 6
PREVALENCE = typographier(
    "Abordé avec : ceux qui l'évoquent, spontanément ou sur relance, et ceux qui l'écartent. « Non abordé » n'est pas "
    "« non » : il est exclu. Part et intervalle de Wilson à 95 %."
)
VERDICTS = typographier(
    "Chaque terrain face aux autres. Écart démontré : le hasard seul l'expliquerait mal (q ≤ 0,05, test de Fisher "
    "corrigé pour le nombre de comparaisons). Écart possible : il reste à confirmer. Un verdict qui laisserait "
    "retrouver un effectif caché ne se publie pas."
)
RIEN = typographier("Aucun irritant n'a encore été relevé.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lus:
    """terrains : ceux où quelqu'un a été rencontré, dont l'effectif se publie. publie : l'effectif de tous, écrit."""

    terrains: tuple[tuple[str, int], ...]
    irritants: tuple[IrritantPublie, ...]
    rencontres: int
    publie: str


def lire_irritants(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Du plus évoqué au moins évoqué. Sept requêtes."""
    lus = _lire(session, perimetre)
    classes = sorted(lus.irritants, key=lambda irritant: (not irritant.lisible, -irritant.numerateur))
    return Scene(
        code=CodeScene.IRRITANTS,
        phrase=_dire_irritants(classes),
        figure=_figure_irritants(classes[:TRACES], lus) if classes else None,
        tableaux=tableau(
            "Irritants évoqués par les acteurs rencontrés",
            ("Irritant", "L'évoquent", "Abordé avec", typographier("Part [intervalle à 95 %]")),
            [(i.nom, i.evoques, i.abordes, _part(i)) for i in classes],
        ),
        notes=(situer(au), PREVALENCE, *regle_si_cache(t for i in classes for t in (i.evoques, i.abordes))),
    )


def lire_differences(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Les irritants qui distinguent un terrain des autres. Sept requêtes."""
    lus = _lire(session, perimetre)
    distincts = _choisir(lus.irritants)
    noms = [nom for nom, _ in lus.terrains]
    return Scene(
        code=CodeScene.DIFFERENCES,
        phrase=_dire_differences(lus, distincts),
        figure=_figure_differences(distincts[:COMPARES], lus.terrains) if distincts else None,
        tableaux=tableau(
            "Acteurs qui évoquent l'irritant, sur tous ceux rencontrés, terrain par terrain",
            ("Irritant", *noms, "Ce qui se démontre"),
            [(i.nom, *_sur_terrains(i, lus.terrains), _dire_ecarts(i, noms)) for i in distincts],
        ),
        notes=(situer(au), VERDICTS, *regle_si_cache(texte for i in distincts for texte in i.par_terrain)),
    )


def _lire(session: Session, perimetre: Perimetre) -> _Lus:
    exiger_entiere(perimetre)
    releves = lire_releves(session, perimetre)
    visites = [terrain for terrain in lire_couverture(session, perimetre) if terrain.realises]
    rencontres = publier_rencontres(visites)
    comparables = len(visites) > 1 and not any(map(est_cache, (*rencontres.lignes.values(), rencontres.total)))
    publies = publier_irritants(releves, par_terrain=comparables)
    noms = effacer_les_noms(session, perimetre, [irritant.nom for irritant in publies])
    return _Lus(
        terrains=tuple((r.terrain, r.rencontres) for r in next(iter(releves.values()), ())) if comparables else (),
        irritants=tuple(map(_renommer, publies, noms)),
        rencontres=sum(terrain.realises for terrain in visites),
        publie=rencontres.total,
    )


def _renommer(irritant: IrritantPublie, nom: str) -> IrritantPublie:
    return replace(irritant, nom=nom)


# --- Ce qui fait mal --------------------------------------------------------------------------------------------


def _dire_irritants(classes: Sequence[IrritantPublie]) -> str:
    lisibles = [irritant for irritant in classes if irritant.numerateur]
    if not classes:
        return RIEN
    if not lisibles:
        return typographier("Trop peu d'acteurs évoquent chaque irritant : aucun effectif ne se publie.")
    premier, *suite = lisibles
    phrase = f"{guillemets(premier.nom)} revient le plus : {_dire_part(premier)} l'évoquent."
    puis = [guillemets(irritant.nom) for irritant in suite[:2]]
    return typographier(phrase + (f" Viennent ensuite {enumeration(puis)}." if puis else ""))


def _dire_part(irritant: IrritantPublie) -> str:
    if est_cache(irritant.abordes):
        return f"{irritant.evoques} acteurs rencontrés"
    return f"{irritant.evoques} des {irritant.abordes} acteurs avec qui le sujet a été abordé"


def _part(irritant: IrritantPublie) -> str:
    if not irritant.denominateur:
        return ABSENT
    part = wilson(irritant.numerateur, irritant.denominateur)
    return f"{pourcentage(part.valeur)} {intervalle(part.bas, part.haut, pourcentage)}"


def _figure_irritants(irritants: Sequence[IrritantPublie], lus: _Lus) -> FigureScene:
    qui = "acteurs rencontrés" if est_cache(lus.publie) else f"{lus.publie} acteurs rencontrés"
    return FigureScene(
        titre=typographier(f"Combien des {qui} l'évoquent ?"),
        barres=tuple(barre(i.nom, i.evoques, i.numerateur, lus.rencontres, texte=_au_bout(i)) for i in irritants),
    )


def _au_bout(irritant: IrritantPublie) -> str:
    return irritant.evoques if est_cache(irritant.abordes) else f"{irritant.evoques} sur {irritant.abordes}"


# --- Où cela diffère --------------------------------------------------------------------------------------------


def _choisir(irritants: Sequence[IrritantPublie]) -> list[IrritantPublie]:
    """Ceux dont un écart se publie, les démontrés d'abord ; puis ceux dont le plus d'effectifs se lisent."""
    compares = [irritant for irritant in irritants if irritant.par_terrain]
    return sorted(compares, key=lambda i: (_rang(i), sum(map(est_cache, i.par_terrain))))[:EN_TABLEAU]


def _rang(irritant: IrritantPublie) -> int:
    if not irritant.ecarts:
        return 2
    return 0 if _est_demontre(irritant) else 1


def _est_demontre(irritant: IrritantPublie) -> bool:
    return any(force == "démontré" for *_, force in irritant.ecarts)


def _dire_differences(lus: _Lus, distincts: Sequence[IrritantPublie]) -> str:
    if not lus.irritants:
        return RIEN
    if not any(irritant.par_terrain for irritant in lus.irritants):
        return typographier(
            "Les terrains ne se comparent pas ici : il en faut deux, avec trois acteurs rencontrés au moins sur chacun."
        )
    demontres = list(filter(_est_demontre, distincts))
    if demontres:
        cites = enumeration(guillemets(irritant.nom) for irritant in demontres[:3])
        combien = compter(len(demontres), "irritant distingue", "irritants distinguent")
        return typographier(f"{combien} nettement un terrain des autres : {cites}.")
    grossiers = [i for i in distincts if any(force == ENSEMBLE_POSSIBLE for *_, force in i.ecarts)]
    if grossiers:
        cites = enumeration(guillemets(irritant.nom) for irritant in grossiers[:3])
        combien = compter(len(grossiers), "irritant distingue", "irritants distinguent")
        return typographier(f"{combien} un terrain des autres, par un écart démontré ou possible : {cites}.")
    if any(irritant.ecarts for irritant in distincts):
        return typographier("Des écarts possibles entre terrains, qu'il faudrait plus d'entretiens pour confirmer.")
    return typographier(
        "Aucun écart entre terrains ne se démontre avec ce nombre d'entretiens : rien ne dit qu'il n'y en a pas."
    )


def _figure_differences(irritants: Sequence[IrritantPublie], terrains: Sequence[tuple[str, int]]) -> FigureScene:
    return FigureScene(
        titre=typographier("Combien l'évoquent, sur chaque terrain ?"),
        barres=tuple(
            _barre_terrain(irritant, rang, terrain) for irritant in irritants for rang, terrain in enumerate(terrains)
        ),
    )


def _barre_terrain(irritant: IrritantPublie, rang: int, terrain: tuple[str, int]) -> BarreScene:
    nom, rencontres = terrain
    ecrit = irritant.par_terrain[rang]
    valeur = 0 if est_cache(ecrit) else int(ecrit.replace("\u202f", ""))
    return barre(f"{irritant.nom} – {nom}", ecrit, valeur, rencontres, texte=f"{ecrit} sur {nombre(rencontres)}")


def _sur_terrains(irritant: IrritantPublie, terrains: Sequence[tuple[str, int]]) -> list[str]:
    return [f"{ecrit} sur {nombre(n)}" for ecrit, (_, n) in zip(irritant.par_terrain, terrains, strict=True)]


def _dire_ecarts(irritant: IrritantPublie, terrains: Sequence[str]) -> str:
    if not irritant.ecarts:
        return "Aucun écart à publier" if any(map(est_cache, irritant.par_terrain)) else "Aucun écart démontré"
    par_force: dict[str, list[str]] = {}
    for terrain, sens, force in irritant.ecarts:
        reference = next((nom for nom in terrains if nom != terrain), "") if len(terrains) == 2 else ""
        lieu = f"{terrain} {sens} souvent" + (f" que {reference}" if reference else "")
        par_force.setdefault(force, []).append(lieu)
    ordre = ("démontré", ENSEMBLE_POSSIBLE, "possible")
    forces = sorted(par_force, key=ordre.index)
    return typographier(" ; ".join(f"Écart {force} : {enumeration(par_force[force])}" for force in forces))
