"""La conclusion tient-elle ? Les mêmes médianes, en changeant ce qui pourrait la faire."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from lib.analytics.durees import LigneDuree, analyser
from lib.analytics.lecture import lire_sensibilite
from lib.analytics.survie import Courbe, survie_aux
from lib.domain.axes import AxeDuree, LectureDates, UniteDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_le_detail
from lib.domain.formats import nombre, pourcentage, typographier
from lib.graphiques import survie
from lib.graphiques.commun import Tableau
from lib.services.durees.bloc import BlocDurees
from lib.services.durees.criteres import CriteresDurees, ages, limiter, reunir
from lib.services.durees.lecture import EpisodesLus, FiltresDurees, lire_episodes
from lib.services.durees.mesures import SENSIBILITE, des_courbes, sans_marches
from lib.services.memoire.vues import tenue_par_les_partenariats

AGE = 24
SANS_SURVIVANTS = "Sans ceux que l'on ne connaît que parce qu'ils duraient"


@dataclass(frozen=True, slots=True, kw_only=True)
class VueSensibilite:
    """`bloc` absent s'il n'y a rien à mesurer."""

    au: date
    bloc: BlocDurees | None


@tenue_par_les_partenariats
def preparer(session: Session, perimetre: Perimetre, *, criteres: CriteresDurees) -> VueSensibilite:
    """Six lectures, agrégées en SQL : tout, sans les à vérifier, sans les survivants, par forme, dates extrêmes."""
    exiger(peut_lire_le_detail, perimetre)
    tous = lire_episodes(session, perimetre, unite=criteres.unite, au=criteres.au, filtres=criteres.filtres)
    if not tous.mesures:
        return VueSensibilite(au=tous.au, bloc=None)
    lire = partial(lire_episodes, session, perimetre, unite=criteres.unite, au=tous.au)
    variantes = {"Tous les épisodes mesurés": tous.lignes} | _variantes(lire, criteres.filtres)
    unite = criteres.unite
    courbes = {nom: courbe for nom, lignes in variantes.items() for courbe in _courbes(reunir(lignes), unite)}
    formes = lire(axe=AxeDuree.FORME, filtres=criteres.filtres).lignes
    par_forme = {f"Seulement : {nom}": courbe for nom, courbe in _par_nom(limiter(formes), unite)}
    return VueSensibilite(au=tous.au, bloc=_bloc(courbes, par_forme, criteres))


def _variantes(lire: Callable[..., EpisodesLus], filtres: FiltresDurees) -> dict[str, tuple[LigneDuree, ...]]:
    """Les mêmes épisodes, lus autrement ; les deux lectures des dates viennent en dernier."""
    return {
        typographier("Sans ceux « à vérifier »"): lire(filtres=replace(filtres, a_verifier=False)).lignes,
        SANS_SURVIVANTS: lire(filtres=replace(filtres, survivants=False)).lignes,
        "Dates imprécises lues au plus court": lire(filtres=filtres, dates=LectureDates.COURTE).lignes,
        "Dates imprécises lues au plus long": lire(filtres=filtres, dates=LectureDates.LONGUE).lignes,
    }


def _bloc(courbes: dict[str, Courbe], par_forme: dict[str, Courbe], criteres: CriteresDurees) -> BlocDurees:
    courtes, longues = list(courbes.values())[-2:]
    bornes = lire_sensibilite([courtes.mediane.valeur, longues.mediane.valeur], criteres.unite)
    toutes = courbes | par_forme
    return BlocDurees(
        phrases=(bornes, _conclure(courbes.values(), criteres.unite)),
        tableaux=(survie.table_medianes(toutes), _a_deux_ans(toutes, criteres)),
        code=SENSIBILITE,
        mesures=sans_marches(des_courbes(toutes, ages(criteres, [AGE]))),
    )


def _courbes(lignes: Sequence[LigneDuree], unite: UniteDuree) -> list[Courbe]:
    return [groupe.courbe for groupe in analyser(lignes, instants=(), unite=unite).groupes]


def _par_nom(lignes: Sequence[LigneDuree], unite: UniteDuree) -> list[tuple[str, Courbe]]:
    return [(groupe.nom, groupe.courbe) for groupe in analyser(lignes, instants=(), unite=unite).groupes]


def _conclure(courbes: Iterable[Courbe], unite: UniteDuree) -> str:
    """L'étendue des médianes, ou ce qui empêche de la dire."""
    medianes = [courbe.mediane.valeur if courbe.estimable else None for courbe in courbes]
    connues = [mediane for mediane in medianes if mediane is not None]
    if not connues:
        return "Aucune de ces lectures n'atteint sa médiane."
    if len(connues) < len(medianes):
        return "La médiane n'existe pas dans toutes ces lectures : la conclusion dépend de ce que l'on garde."
    etendue = f"{nombre(min(connues))} à {nombre(max(connues))} {unite.value}"
    return typographier(f"D'une lecture à l'autre, la durée médiane va de {etendue}.")


def _a_deux_ans(courbes: dict[str, Courbe], criteres: CriteresDurees) -> Tableau:
    (age,) = ages(criteres, [AGE])
    a_cet_age = f"{nombre(age)} {criteres.unite.value}"
    lignes = [(nom, survie_aux(courbe, [age])[0]) for nom, courbe in courbes.items()]
    return Tableau(
        legende=f"Part encore en cours à {a_cet_age} selon ce que l'on garde",
        entetes=("Lecture", f"À {a_cet_age}", "Encore suivis"),
        lignes=tuple(
            (nom, pourcentage(point.survie) if point.survie is not None else "n. d.", nombre(point.a_risque))
            for nom, point in lignes
        ),
    )
