"""Comparer des parts entre terrains quand les effectifs sont petits, sans rien affirmer de plus que les chiffres.

L'unité est l'acteur rencontré, jamais le verbatim. Le dénominateur d'une part est le nombre d'acteurs avec qui
l'irritant a été abordé : « non abordé » n'est pas « non ». Les parts décrivent les acteurs rencontrés, choisis et non
tirés au sort ; intervalles et tests disent l'ordre de grandeur du hasard, pas une précision sur la population.

Références : Wilson, *JASA* 22, 1927 ; Newcombe, *Statistics in Medicine* 17, 1998, p. 873-890 (méthode 10) ;
Benjamini et Hochberg, *JRSS B* 57, 1995. Calculs de statsmodels et de scipy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lib.domain.vocabulaire import Vocabulaire

if TYPE_CHECKING:
    import numpy as np

EFFECTIF_MINIMUM = 8
"""Avec moins de huit acteurs d'un côté, même un écart de 0 à 100 % resterait fragile : on ne teste pas."""

SEUIL = 0.05
NIVEAU = 0.95
ECART_MARQUANT = 0.30
"""Trente points d'écart méritent d'être signalés, même quand l'effectif ne permet pas de conclure."""


class Verdict(Vocabulaire):
    """Ce que l'on peut dire d'un écart. « Non démontré » n'est pas « pas d'écart »."""

    ECART_DEMONTRE = "ecart_demontre", "Écart démontré", "Le hasard seul l'expliquerait mal (q ≤ 0,05)"
    ECART_POSSIBLE = "ecart_possible", "Écart possible", "Marqué, mais l'effectif ne suffit pas à conclure"
    ECART_NON_DEMONTRE = "ecart_non_demontre", "Écart non démontré", "Le hasard suffirait à l'expliquer"
    EFFECTIF_INSUFFISANT = "effectif_insuffisant", "Effectif insuffisant", "Moins de huit acteurs d'un côté"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`numerateur` sur `denominateur`, et l'intervalle de Wilson ; sans dénominateur, tout est absent."""

    numerateur: int
    denominateur: int
    valeur: float | None
    bas: float | None
    haut: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Dans un `groupe` (terrain), `evoques` acteurs ont évoqué l'`irritant` parmi `abordes` avec qui il l'a été."""

    irritant: str
    groupe: str
    evoques: int
    abordes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecart:
    """`groupe` comparé à `reference` : différence des parts, intervalle de Newcombe, p de Fisher, q, verdict.

    `p` et `q` absents quand l'effectif est insuffisant. `reference` nomme l'autre groupe, ou est `None` pour
    « tous les autres groupes réunis ».
    """

    irritant: str
    groupe: str
    reference: str | None
    part: Part
    part_reference: Part
    difference: float | None
    bas: float | None
    haut: float | None
    p: float | None
    q: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneIrritant:
    """Un irritant : sa part dans chaque groupe et les écarts mesurés."""

    irritant: str
    parts: Mapping[str, Part]
    ecarts: tuple[Ecart, ...]

    @property
    def ecart_maximal(self) -> float:
        """Plus grande différence entre deux groupes, en valeur absolue : clé de tri."""
        valeurs = [part.valeur for part in self.parts.values() if part.valeur is not None]
        return max(valeurs) - min(valeurs) if valeurs else 0.0

    @property
    def ecart_teste(self) -> float:
        """Plus grande différence testée, en valeur absolue ; un groupe trop petit pour un test n'y compte pas."""
        return max(
            (abs(e.difference) for e in self.ecarts if e.p is not None and e.difference is not None), default=0.0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparaison:
    """Une famille d'irritants comparés entre groupes ; `taille_famille` est le nombre de tests corrigés ensemble."""

    groupes: tuple[str, ...]
    lignes: tuple[LigneIrritant, ...]
    taille_famille: int
    effectif_minimum: int
    seuil: float

    def par_ecart(self) -> tuple[LigneIrritant, ...]:
        """Du plus grand écart au plus petit ; à égalité, celui dont un test montre le plus, puis l'ordre reçu."""
        return tuple(sorted(self.lignes, key=lambda ligne: (-ligne.ecart_maximal, -ligne.ecart_teste)))


Fraction = tuple[int, int]
"""Numérateur et dénominateur."""


def wilson(numerateur: int, denominateur: int) -> Part:
    """Part et intervalle de Wilson. Lève `ValueError` si le numérateur n'est pas entre 0 et le dénominateur."""
    return _parts([(numerateur, denominateur)])[numerateur, denominateur]


def newcombe(gauche: Part, droite: Part) -> tuple[float, float] | None:
    """Intervalle de la différence `gauche − droite` (Newcombe, méthode 10) ; `None` si un dénominateur est nul."""
    return _differences([(gauche, droite)])[0]


@lru_cache(maxsize=4096)
def fisher(evoques: int, abordes: int, evoques_reference: int, abordes_reference: int) -> float:
    """Valeur p bilatérale du test exact de Fisher : somme des tables au plus aussi probables que celle observée.

    Loi hypergéométrique écrite avec des logarithmes de coefficients binomiaux, même tolérance sur les ex æquo que
    `scipy.stats.fisher_exact` (10⁻⁷), qui juge dans les tests : dix fois plus rapide, et un écran en demande cent.
    """
    import numpy as np
    from scipy.special import betaln

    _verifier(evoques, abordes)
    _verifier(evoques_reference, abordes_reference)
    total = evoques + evoques_reference
    tables = np.arange(max(0, total - abordes_reference), min(total, abordes) + 1)
    logs = -betaln(tables + 1, abordes - tables + 1)
    logs -= betaln(total - tables + 1, abordes_reference - total + tables + 1)
    poids = np.exp(logs - logs.max())
    rares = poids <= poids[evoques - tables[0]] * (1 + 1e-7)
    return float(poids[rares].sum() / poids.sum())


TABLEAUX_DE_BOSCHLOO = 40_000


@lru_cache(maxsize=512)
def boschloo(evoques: int, abordes: int, evoques_reference: int, abordes_reference: int) -> float | None:
    """Valeur p bilatérale du test exact de Boschloo, plus puissant que Fisher et plus lent (`boschloo_exact` de scipy).

    Absente quand tous répondent pareil : il n'y a rien à tester ; et au-delà de `TABLEAUX_DE_BOSCHLOO` tableaux
    possibles, où le calcul dure sans rien ajouter à Fisher.
    """
    from math import isfinite

    from scipy.stats import boschloo_exact

    _verifier(evoques, abordes)
    _verifier(evoques_reference, abordes_reference)
    unanimes = evoques + evoques_reference in (0, abordes + abordes_reference)
    if unanimes or abordes * abordes_reference > TABLEAUX_DE_BOSCHLOO:
        return None
    tableau = [[evoques, evoques_reference], [abordes - evoques, abordes_reference - evoques_reference]]
    p = float(boschloo_exact(tableau).pvalue)
    return p if isfinite(p) else None


@lru_cache(maxsize=1024)
def plus_petit_ecart(abordes: int, abordes_reference: int, seuil: float = SEUIL) -> int | None:
    """Combien doivent évoquer du second côté, quand personne ne l'évoque du premier, pour que Fisher le démontre.

    `None` si même tous n'y suffiraient pas. Le test ne faiblit pas quand ils sont plus nombreux : le premier suffit.
    """
    possibles = range(1, abordes_reference + 1)
    return next((k for k in possibles if fisher(0, abordes, k, abordes_reference) <= seuil), None)


def benjamini_hochberg(valeurs_p: Sequence[float]) -> tuple[float, ...]:
    """Valeurs q, dans l'ordre reçu : la part attendue de fausses découvertes si l'on retient jusqu'à celle-ci."""
    from scipy.stats import false_discovery_control

    return tuple(float(q) for q in false_discovery_control(list(valeurs_p))) if valeurs_p else ()


def comparer(
    observations: Iterable[Observation], *, effectif_minimum: int = EFFECTIF_MINIMUM, seuil: float = SEUIL
) -> Comparaison:
    """Compare une famille d'irritants entre deux groupes ou plus.

    Deux groupes : le premier rencontré contre le second. Trois ou plus : chaque groupe contre tous les autres réunis.
    C'est la question que l'on pose (« ce terrain se distingue-t-il ? ») ; aucun terrain n'y sert de référence, et il
    y a autant de tests que de groupes, là où les paires croissent comme leur carré et épuisent de petits effectifs.

    La correction porte sur tous les tests faits (irritants × groupes comparés) ; un écart dont un côté compte moins
    de `effectif_minimum` acteurs n'est pas testé et n'alourdit pas la correction. Lève `ValueError` pour un effectif
    impossible ou une observation en double.
    """
    tableau = _tableau(observations)
    groupes = tuple(dict.fromkeys(groupe for ligne in tableau.values() for groupe in ligne))
    paires = [paire for irritant, ligne in tableau.items() for paire in _paires(irritant, ligne, groupes)]
    ecarts = _ecarts(paires, max(1, effectif_minimum), seuil)
    par_irritant: dict[str, list[Ecart]] = {irritant: [] for irritant in tableau}
    for ecart in ecarts:
        par_irritant[ecart.irritant].append(ecart)
    parts = _parts([*(fraction for ligne in tableau.values() for fraction in ligne.values()), (0, 0)])
    return Comparaison(
        groupes=groupes,
        lignes=tuple(
            LigneIrritant(
                irritant=irritant,
                parts={groupe: parts[ligne.get(groupe, (0, 0))] for groupe in groupes},
                ecarts=tuple(par_irritant[irritant]),
            )
            for irritant, ligne in tableau.items()
        ),
        taille_famille=sum(ecart.p is not None for ecart in ecarts),
        effectif_minimum=effectif_minimum,
        seuil=seuil,
    )


# --- Calculs en lot : un appel à la bibliothèque pour tout un tableau -------------------------------------------


def _parts(fractions: Iterable[Fraction]) -> dict[Fraction, Part]:
    from statsmodels.stats.proportion import proportion_confint

    distinctes = list(dict.fromkeys(fractions))
    for fraction in distinctes:
        _verifier(*fraction)
    connues = [fraction for fraction in distinctes if fraction[1]]
    bas, haut = proportion_confint(*_colonnes(connues, 2), alpha=1 - NIVEAU, method="wilson")
    parts = {f: _part(f, float(b), float(h)) for f, b, h in zip(connues, bas, haut, strict=True)}
    return {(0, 0): Part(numerateur=0, denominateur=0, valeur=None, bas=None, haut=None)} | parts


def _part(fraction: Fraction, bas: float, haut: float) -> Part:
    """À 0 % et à 100 %, la borne extrême est exacte : le bruit binaire n'a pas à s'y voir."""
    numerateur, denominateur = fraction
    return Part(
        numerateur=numerateur,
        denominateur=denominateur,
        valeur=numerateur / denominateur,
        bas=0.0 if numerateur == 0 else bas,
        haut=1.0 if numerateur == denominateur else haut,
    )


def _differences(paires: Sequence[tuple[Part, Part]]) -> list[tuple[float, float] | None]:
    from statsmodels.stats.proportion import confint_proportions_2indep

    connues = [(g, d) for g, d in paires if g.denominateur and d.denominateur]
    fractions = [(g.numerateur, g.denominateur, d.numerateur, d.denominateur) for g, d in connues]
    bas, haut = confint_proportions_2indep(*_colonnes(fractions, 4), method="newcomb", alpha=1 - NIVEAU)
    bornes = iter([(max(-1.0, float(b)), min(1.0, float(h))) for b, h in zip(bas, haut, strict=True)])
    return [next(bornes) if g.denominateur and d.denominateur else None for g, d in paires]


def _colonnes(lignes: Sequence[Sequence[int]], largeur: int) -> "np.ndarray":
    import numpy as np

    return np.array(lignes, dtype=float).reshape(-1, largeur).T


# --- Écarts -----------------------------------------------------------------------------------------------------


class _Paire(NamedTuple):
    irritant: str
    groupe: str
    reference: str | None
    fraction: Fraction
    fraction_reference: Fraction


def _paires(irritant: str, ligne: Mapping[str, Fraction], groupes: Sequence[str]) -> list[_Paire]:
    """Les comparaisons d'un irritant ; à deux groupes une seule, l'autre serait son opposée."""
    if len(groupes) < 2:
        return []
    if len(groupes) == 2:
        gauche, droite = groupes
        return [_Paire(irritant, gauche, droite, ligne.get(gauche, (0, 0)), ligne.get(droite, (0, 0)))]
    total = (sum(k for k, _ in ligne.values()), sum(n for _, n in ligne.values()))
    presents = [(groupe, ligne[groupe]) for groupe in groupes if groupe in ligne]
    return [_Paire(irritant, groupe, None, (k, n), (total[0] - k, total[1] - n)) for groupe, (k, n) in presents]


def _ecarts(paires: Sequence[_Paire], effectif_minimum: int, seuil: float) -> list[Ecart]:
    """Chaque écart, sa valeur q et son verdict : tout se calcule en lot, chaque écart se construit une fois."""
    parts = _parts(fraction for paire in paires for fraction in (paire.fraction, paire.fraction_reference))
    couples = [(parts[paire.fraction], parts[paire.fraction_reference]) for paire in paires]
    valeurs_p = [
        fisher(*paire.fraction, *paire.fraction_reference)
        if min(paire.fraction[1], paire.fraction_reference[1]) >= effectif_minimum
        else None
        for paire in paires
    ]
    valeurs_q = iter(benjamini_hochberg([p for p in valeurs_p if p is not None]))
    return [
        _ecart(paire, couple, bornes or (None, None), p, None if p is None else next(valeurs_q), seuil)
        for paire, couple, bornes, p in zip(paires, couples, _differences(couples), valeurs_p, strict=True)
    ]


def _ecart(
    paire: _Paire,
    couple: tuple[Part, Part],
    bornes: tuple[float | None, float | None],
    p: float | None,
    q: float | None,
    seuil: float,
) -> Ecart:
    part, reference = couple
    difference = None if part.valeur is None or reference.valeur is None else part.valeur - reference.valeur
    return Ecart(
        irritant=paire.irritant,
        groupe=paire.groupe,
        reference=paire.reference,
        part=part,
        part_reference=reference,
        difference=difference,
        bas=bornes[0],
        haut=bornes[1],
        p=p,
        q=q,
        verdict=_verdict(difference, bornes, q, seuil),
    )


def _verifier(numerateur: int, denominateur: int) -> None:
    if not 0 <= numerateur <= denominateur:
        raise ValueError(f"Part impossible : {numerateur} sur {denominateur}.")


def _tableau(observations: Iterable[Observation]) -> dict[str, dict[str, Fraction]]:
    tableau: dict[str, dict[str, Fraction]] = {}
    for observation in observations:
        ligne = tableau.setdefault(observation.irritant, {})
        if observation.groupe in ligne:
            raise ValueError(f"Observation en double : {observation.irritant}, {observation.groupe}.")
        _verifier(observation.evoques, observation.abordes)
        ligne[observation.groupe] = (observation.evoques, observation.abordes)
    return tableau


def _verdict(
    difference: float | None, bornes: tuple[float | None, float | None], q: float | None, seuil: float
) -> Verdict:
    bas, haut = bornes
    if difference is None or bas is None or haut is None or q is None:
        return Verdict.EFFECTIF_INSUFFISANT
    if q <= seuil:
        return Verdict.ECART_DEMONTRE
    # 0,6 − 0,3 vaut 0,29999… en binaire : l'écart marquant se juge à l'arrondi près
    marque = round(abs(difference), 9) >= ECART_MARQUANT
    return Verdict.ECART_POSSIBLE if marque or bas > 0 or haut < 0 else Verdict.ECART_NON_DEMONTRE
