"""Les écarts entre terrains tels qu'ils se publient : des effectifs protégés, un verdict qui ne les trahit pas.

Un verdict se calcule sur des effectifs, dont certains sont cachés. Il ne se publie que si d'autres effectifs,
compatibles avec tout ce qui se lit, le donneraient aussi : sinon, qui referait le test retrouverait ce qui est caché.
À défaut, sa forme grossière (« démontré ou possible ») ; à défaut, rien.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations

from lib.analytics.confidentialite import CACHE, PETIT, TableauProtege, est_cache, proteger_tableau, publier_part
from lib.analytics.proportions import Ecart, Observation, Verdict, comparer
from lib.analytics.releves import Releves

RelevesParIrritant = Mapping[str, Sequence[Releves]]
MARQUANTS = (Verdict.ECART_DEMONTRE, Verdict.ECART_POSSIBLE)
ENSEMBLE_POSSIBLE = "démontré ou possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class IrritantPublie:
    """Un irritant, ses effectifs écrits. `par_terrain` : ceux qui l'évoquent ; vide si un terrain se tait.

    ecarts : (terrain, « plus » ou « moins », force) des écarts qui se publient. numerateur, denominateur : les mêmes
    effectifs en nombres, zéro quand ils se taisent.
    """

    nom: str
    evoques: str
    abordes: str
    par_terrain: tuple[str, ...]
    ecarts: tuple[tuple[str, str, str], ...] = ()
    numerateur: int = 0
    denominateur: int = 0

    @property
    def lisible(self) -> bool:
        """Vrai si l'on peut dire combien l'évoquent."""
        return not est_cache(self.evoques)


def publier_irritants(releves: RelevesParIrritant, *, par_terrain: bool) -> tuple[IrritantPublie, ...]:
    """Chaque irritant, protégé en un seul tableau croisé : ses terrains, et leur total.

    par_terrain : faux si l'effectif d'un terrain ne se publie pas ; alors seul le total se donne, sans comparaison.
    """
    publies = []
    for nom, rangee in releves.items():
        evoques, ecartes = sum(r.evoques for r in rangee), sum(r.ecartes for r in rangee)
        exclus = sum(r.non_abordes for r in rangee)
        ecrit, sur = publier_part(evoques, ecartes, exclus=exclus)
        tableau = _proteger(rangee) if par_terrain else None
        ecrit = tableau.totaux_lignes[0] if tableau else ecrit
        sur = CACHE if est_cache(ecrit) else sur
        publies.append(
            IrritantPublie(
                nom=nom,
                evoques=ecrit,
                abordes=sur,
                par_terrain=tableau.lignes[0] if tableau else (),
                ecarts=_ecarts_publiables(releves, nom, tableau) if tableau and len(rangee) > 1 else (),
                numerateur=0 if est_cache(ecrit) else evoques,
                denominateur=0 if est_cache(sur) else evoques + ecartes,
            )
        )
    return tuple(publies)


def _proteger(rangee: Sequence[Releves]) -> TableauProtege:
    """Ceux qui l'évoquent, et tous les autres : les deux font l'effectif du terrain, que le lecteur connaît."""
    return proteger_tableau([[r.evoques for r in rangee], [r.rencontres - r.evoques for r in rangee]])


# --- Verdicts ---------------------------------------------------------------------------------------------------

Enonce = tuple[tuple[str, str, str], ...]


Monde = tuple[frozenset[int], Enonce]
"""Les terrains dont l'effectif change, et ce qui se dirait alors."""


def _ecarts_publiables(releves: RelevesParIrritant, nom: str, tableau: TableauProtege) -> Enonce:
    vrai = _enoncer(releves, nom)
    petits = {rang for rang, textes in enumerate(zip(*tableau.lignes, strict=True)) if PETIT in textes}
    if not any(map(est_cache, tableau.lignes[0])):
        return vrai
    mondes = [(ou, _enoncer({**releves, nom: monde}, nom)) for ou, monde in _autres_mondes(releves[nom], tableau)]
    if _reste_ambigu(petits, vrai, mondes):
        return vrai
    grossiers = [(ou, _grossir(enonce)) for ou, enonce in mondes]
    return _grossir(vrai) if _reste_ambigu(petits, _grossir(vrai), grossiers) else ()


def _reste_ambigu(petits: Collection[int], enonce: Enonce, mondes: Sequence[Monde]) -> bool:
    """Chaque petit effectif garde une autre valeur possible sous cet énoncé."""
    return bool(mondes) and all(any(rang in ou and dit == enonce for ou, dit in mondes) for rang in petits)


def _enoncer(releves: RelevesParIrritant, nom: str) -> Enonce:
    observations = tuple(releve.observer(irritant) for irritant, rangee in releves.items() for releve in rangee)
    return _enonces(observations)[nom]


@lru_cache(maxsize=1024)
def _enonces(observations: tuple[Observation, ...]) -> Mapping[str, Enonce]:
    """Ce qui se dit de chaque irritant ; les mêmes effectifs se comparent plusieurs fois, d'un monde à l'autre."""
    return {
        ligne.irritant: tuple(_dire(ecart) for ecart in ligne.ecarts if ecart.verdict in MARQUANTS)
        for ligne in comparer(observations).lignes
    }


def _dire(ecart: Ecart) -> tuple[str, str, str]:
    sens = "plus" if (ecart.difference or 0) > 0 else "moins"
    return ecart.groupe, sens, "démontré" if ecart.verdict is Verdict.ECART_DEMONTRE else "possible"


def _grossir(enonce: Enonce) -> Enonce:
    return tuple((terrain, sens, ENSEMBLE_POSSIBLE) for terrain, sens, _ in enonce)


def _autres_mondes(
    rangee: Sequence[Releves], tableau: TableauProtege
) -> Iterator[tuple[frozenset[int], Sequence[Releves]]]:
    """Les effectifs voisins que le lecteur ne peut pas écarter : un acteur passe d'un terrain caché à un autre."""
    caches = [rang for rang, texte in enumerate(tableau.lignes[0]) if est_cache(texte)]
    pas = [{plus: 1, moins: -1} for plus, moins in permutations(caches, 2)]
    if est_cache(tableau.totaux_lignes[0]):
        pas += [{rang: un} for rang in caches for un in (1, -1)]
    for deplacement in pas:
        if monde := _deplacer(rangee, tableau, deplacement):
            yield frozenset(deplacement), monde


def _deplacer(rangee: Sequence[Releves], tableau: TableauProtege, pas: Mapping[int, int]) -> list[Releves] | None:
    """Le monde voisin, s'il est possible et se publierait par le même tableau."""
    monde = list(rangee)
    for rang, ecart in pas.items():
        releve = rangee[rang]
        evoques = releve.evoques + ecart
        if not 0 <= evoques <= releve.rencontres:
            return None
        ecartes = min(max(0, releve.ecartes - ecart), releve.rencontres - evoques)
        monde[rang] = replace(releve, spontanes=evoques, relances=0, ecartes=ecartes)
    return monde if _proteger(monde) == tableau else None
