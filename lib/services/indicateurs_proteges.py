"""Les indicateurs tels que les lit la visite de démonstration : rien qui rende ce qu'une autre page cache."""

from collections.abc import Mapping
from dataclasses import replace

from lib.analytics.confidentialite import proteger_groupes
from lib.analytics.survie import Courbe
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import Releve
from lib.services.indicateur import DES_SURVIES, Indicateur, Indicateurs, Source, cacher, taire_petits
from lib.services.restitution.durees import points_publiables

DES_DUREES = {CodeIndicateur.DUREE_MEDIANE, *DES_SURVIES}
Comptes = Mapping[tuple[int, Releve], int]
"""(terrain, relevé) → entretiens, pour un irritant."""


def proteger_indicateurs(lues: Indicateurs, *, courbe: Courbe | None, irritants: Mapping[int, Comptes]) -> Indicateurs:
    """Les mêmes, sans ceux qui laissent lire ou déduire un effectif de un ou deux.

    Les durées se disent sans leurs effectifs, aux seuls âges que la présentation donne ; le premier irritant, si la
    page des territoires publie son ensemble.
    """
    ages = {int(point.instant) for point in points_publiables(courbe)} if courbe else set()
    dites = {code for code, age in DES_SURVIES.items() if age in ages}
    tues = taire_petits(lues)
    if not _ensemble_est_clair(irritants):
        tues = replace(tues, tous=tuple(map(_sans_premier, tues.tous)))
    par_code = {indicateur.code: indicateur for indicateur in lues.tous}
    tous = (_sans_effectifs(par_code[i.code]) if i.code in dites else i for i in tues.tous)
    return replace(tues, tous=tuple(map(_vers_la_courbe, tous)))


def _vers_la_courbe(indicateur: Indicateur) -> Indicateur:
    """Une durée s'ouvre sur ce que la page des durées en publie : la liste de ses épisodes reste à l'équipe."""
    if indicateur.code not in DES_DUREES:
        return indicateur
    return replace(indicateur, source=Source(page="durees", libelle="Lire les durées publiées", parametres={}))


def _sans_effectifs(indicateur: Indicateur) -> Indicateur:
    return replace(indicateur, numerateur=None, denominateur=None)


def _sans_premier(indicateur: Indicateur) -> Indicateur:
    return cacher(indicateur) if indicateur.code is CodeIndicateur.PREMIER_IRRITANT else indicateur


def _ensemble_est_clair(irritants: Mapping[int, Comptes]) -> bool:
    """Le même tableau que la page des territoires : par terrain, ceux qui évoquent et ceux qui écartent."""
    cases = [_par_terrain(comptes) for comptes in irritants.values()]
    abordes = [case for case in cases if any(map(sum, case.values()))]
    if not abordes:
        return True
    premier = max(abordes, key=lambda case: sum(evoques for evoques, _ in case.values()))
    return proteger_groupes(premier).ensemble.clair


def _par_terrain(comptes: Comptes) -> dict[str, tuple[int, int]]:
    evoques = (Releve.SPONTANE, Releve.RELANCE)
    terrains = sorted({terrain for terrain, _ in comptes})
    return {
        str(terrain): (
            sum(comptes.get((terrain, releve), 0) for releve in evoques),
            comptes.get((terrain, Releve.ECARTE), 0),
        )
        for terrain in terrains
    }
