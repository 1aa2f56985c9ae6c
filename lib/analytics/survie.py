"""Durée d'engagement : estimateur de Kaplan-Meier, avec ce qu'il faut de prudence pour de petits effectifs.

Jamais la moyenne des partenariats terminés : elle ne garde que les plus courts. Les fonctions prennent des
`Episodes` (mois) et rendent des résultats figés. S(t) et les effectifs à risque viennent de statsmodels ; la
variance de Greenwood est écrite ici parce que statsmodels rend celle de Tsiatis dès qu'on lui donne des effectifs.

Références : Klein et Moeschberger, *Survival Analysis*, 2e éd., 2003, § 4.2 à 4.6 (Kaplan-Meier, Greenwood,
intervalles, médiane de Brookmeyer et Crowley, troncature à gauche).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from lib.analytics.episodes import SANS_ENTREE, Episodes, Tableaux, suivis_apres, suivis_avant
from lib.domain.axes import UniteDuree

TypeIntervalle = Literal["log-log", "log"]

MINIMUM_A_RISQUE = 5
"""On arrête la courbe où moins de cinq partenariats sont encore suivis : au-delà, un seul départ la fait plonger."""

_TOLERANCE = 1e-9
"""Une survie calculée à 0,5 par produit de fractions ne tombe pas toujours sur 0,5 exactement."""


PAS = {
    UniteDuree.MOIS: (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200),
    UniteDuree.JOURS: (1, 5, 10, 30, 60, 90, 180, 365, 730, 1825, 3650, 7300, 18_250, 36_500),
}
"""Pas ronds d'un axe des durées, du plus fin au plus large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marche:
    """Une marche de la courbe : à `instant` mois, `evenements` fins parmi `a_risque` partenariats suivis.

    `survie` est la part encore en cours juste après ; `erreur_type` celle de Greenwood ; bornes absentes où
    l'intervalle ne se calcule pas (S = 0). `variation` est le terme d / (n (n − d)) de la somme de Greenwood,
    absent quand tous ceux qui restaient ont pris fin.
    """

    instant: float
    survie: float
    erreur_type: float | None
    bas: float | None
    haut: float | None
    a_risque: int
    evenements: int
    variation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """Durée (mois) à laquelle une part donnée a pris fin ; `None` se dit « non atteinte »."""

    valeur: float | None
    bas: float | None
    haut: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSurvie:
    """Part encore en cours à `instant` mois ; `survie` absente hors du domaine où la courbe s'estime."""

    instant: float
    survie: float | None
    bas: float | None
    haut: float | None
    a_risque: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Courbe:
    """Courbe de Kaplan-Meier entre `debut` et `fin` (mois), domaine où l'effectif à risque suffit.

    `debut` est 0, sauf entrées tardives trop peu nombreuses au départ : la courbe est alors conditionnelle au fait
    d'avoir duré `debut` mois, et cela doit se dire. `censures` : (instant, nombre) des suivis arrêtés en cours.
    """

    episodes: Episodes
    marches: tuple[Marche, ...]
    censures: tuple[tuple[float, int], ...]
    debut: float
    fin: float
    mediane: Quantile
    type_intervalle: TypeIntervalle
    niveau: float
    minimum_a_risque: int
    unite: UniteDuree = UniteDuree.MOIS

    @property
    def estimable(self) -> bool:
        """Faux quand l'effectif est trop faible pour tracer quoi que ce soit."""
        return self.fin > self.debut

    @property
    def conditionnelle(self) -> bool:
        """Vrai quand la courbe ne commence pas à la signature, faute d'effectif suivi dès le début."""
        return self.debut > 0


def estimer(
    episodes: Episodes,
    *,
    minimum_a_risque: int = MINIMUM_A_RISQUE,
    minimum_au_depart: int | None = None,
    type_intervalle: TypeIntervalle = "log-log",
    niveau: float = 0.95,
    unite: UniteDuree = UniteDuree.MOIS,
) -> Courbe:
    """Courbe de Kaplan-Meier, intervalle point par point, médiane.

    `minimum_a_risque` : la courbe s'arrête au dernier âge où autant d'épisodes sont suivis ; la médiane et son
    intervalle, eux, lisent tout le suivi, comme R et la ligne de commande. `minimum_au_depart` : avec
    des entrées tardives, elle commence au premier âge où autant le sont ; par défaut, le même nombre.
    `type_intervalle` : « log-log » (défaut, reste dans [0, 1]) ou « log » (défaut de R). `niveau` : 0,95.
    `unite` : celle des durées reçues ; rien ne s'en calcule, elle se lit.
    """
    colonnes = episodes.tableaux()
    depart = minimum_a_risque if minimum_au_depart is None else minimum_au_depart
    debut = _debut(colonnes, depart) if episodes.tronques else 0.0
    retenues = _depuis(colonnes, debut)
    fin = derniere_sortie(retenues, debut, minimum_a_risque)
    marches = _marches(retenues, NormalDist().inv_cdf((1 + niveau) / 2), type_intervalle)
    return Courbe(
        episodes=episodes,
        marches=tuple(marche for marche in marches if marche.instant <= fin),
        censures=_censures(retenues, fin),
        debut=debut,
        fin=fin,
        mediane=_quantile(marches if fin > debut else (), 0.5),
        type_intervalle=type_intervalle,
        niveau=niveau,
        minimum_a_risque=minimum_a_risque,
        unite=unite,
    )


def survie_aux(courbe: Courbe, instants: Sequence[float]) -> tuple[PointSurvie, ...]:
    """Part encore en cours à chacun des `instants` (mois), avec intervalle et effectif à risque."""
    effectifs = a_risque(courbe, instants)
    return tuple(_point(courbe, instant, n) for instant, n in zip(instants, effectifs, strict=True))


def a_risque(courbe: Courbe, instants: Sequence[float]) -> tuple[int, ...]:
    """Nombre d'épisodes suivis juste avant chaque instant (mois) ; au départ de la courbe, tous ceux qui y entrent."""
    import numpy as np

    retenues = _depuis(courbe.episodes.tableaux(), courbe.debut)
    dates = np.asarray(instants, dtype=float)
    effectifs = np.where(dates == courbe.debut, suivis_apres(retenues, dates), suivis_avant(retenues, dates))
    return tuple(int(effectif) for effectif in effectifs)


def graduations(fin: float, *, maximum: int = 6, unite: UniteDuree = UniteDuree.MOIS) -> tuple[int, ...]:
    """Dates rondes pour un axe ou un tableau d'effectifs à risque, de 0 à `fin`, au plus `maximum` + 1."""
    pas = next((p for p in PAS[unite] if fin / p <= maximum), 6000 if unite is UniteDuree.MOIS else 182_500)
    return tuple(range(0, int(fin) + 1, pas))


# --- Domaine de la courbe ---------------------------------------------------------------------------------------


def _debut(colonnes: Tableaux, minimum: int) -> float:
    """Premier âge où `minimum` épisodes sont suivis. Avant, un seul départ mettrait S à zéro pour toujours.

    Sans aucun âge qui convienne, la plus grande entrée : la courbe sera vide.
    """
    import numpy as np

    candidats = np.unique(np.concatenate(([0.0], colonnes.entrees[colonnes.entrees >= 0])))
    suffisants = np.flatnonzero(suivis_apres(colonnes, candidats) >= minimum)
    return float(candidats[suffisants[0] if len(suffisants) else -1])


def _depuis(colonnes: Tableaux, debut: float) -> Tableaux:
    """Les épisodes qui dépassent `debut`, suivis à partir de là (survie conditionnelle)."""
    import numpy as np

    if debut == 0:
        return colonnes
    garde = colonnes.durees > debut
    durees, termines, entrees, effectifs = (colonne[garde] for colonne in colonnes)
    return Tableaux(durees, termines, np.maximum(entrees, debut), effectifs)


def derniere_sortie(colonnes: Tableaux, debut: float, minimum: int) -> float:
    """Dernière sortie, dans l'unité des durées, avant que moins de `minimum` épisodes soient suivis ; sinon `debut`."""
    import numpy as np

    sorties = np.unique(colonnes.durees)
    insuffisants = np.flatnonzero(suivis_avant(colonnes, sorties) < minimum)
    suffisantes = sorties[: insuffisants[0]] if len(insuffisants) else sorties
    return float(suffisantes[-1]) if len(suffisantes) else debut


# --- Kaplan-Meier -----------------------------------------------------------------------------------------------


def _marches(colonnes: Tableaux, z: float, type_intervalle: TypeIntervalle) -> tuple[Marche, ...]:
    import numpy as np
    from statsmodels.duration.survfunc import SurvfuncRight

    if not colonnes.termines.any():
        return ()
    tardives = bool((colonnes.entrees > SANS_ENTREE).any())
    estimation = SurvfuncRight(
        colonnes.durees,
        colonnes.termines,
        entry=colonnes.entrees if tardives else None,
        freq_weights=colonnes.effectifs,
    )
    survies, suivis, fins = estimation.surv_prob, estimation.n_risk, estimation.n_events
    restants = suivis - fins
    variations = np.divide(fins, suivis * restants, out=np.full(len(fins), np.inf), where=restants > 0)
    ecarts = np.sqrt(np.cumsum(variations))
    return tuple(
        _marche(t, s, e, v, (int(n), int(d)), z, type_intervalle)
        for t, s, e, v, n, d in zip(
            estimation.surv_times.tolist(),
            survies.tolist(),
            ecarts.tolist(),
            variations.tolist(),
            suivis.tolist(),
            fins.tolist(),
            strict=True,
        )
    )


def _marche(
    instant: float,
    survie: float,
    ecart: float,
    variation: float,
    effectifs: tuple[int, int],
    z: float,
    type_intervalle: TypeIntervalle,
) -> Marche:
    epuisee = effectifs[0] == effectifs[1] or survie <= 0
    bas, haut = (None, None) if epuisee else _bornes(survie, z * ecart, type_intervalle)
    return Marche(
        instant=instant,
        survie=0.0 if epuisee else survie,
        erreur_type=None if epuisee else survie * ecart,
        bas=bas,
        haut=haut,
        a_risque=effectifs[0],
        evenements=effectifs[1],
        variation=None if epuisee else variation,
    )


def _bornes(survie: float, demi_largeur: float, type_intervalle: TypeIntervalle) -> tuple[float, float]:
    """Bornes de S(t) ; `demi_largeur` = z × erreur type de log S (Klein et Moeschberger, § 4.3)."""
    if type_intervalle == "log":
        return survie * math.exp(-demi_largeur), min(1.0, survie * math.exp(demi_largeur))
    exposant = math.exp(demi_largeur / -math.log(survie))
    return survie**exposant, survie ** (1 / exposant)


def _quantile(marches: Sequence[Marche], part: float) -> Quantile:
    """Première durée où S ≤ 1 − `part` ; intervalle de Brookmeyer et Crowley : mêmes lectures sur les deux bornes."""
    seuil = 1 - part + _TOLERANCE

    def premiere(valeurs: Sequence[float | None]) -> float | None:
        lues = zip(marches, valeurs, strict=True)
        return next((marche.instant for marche, v in lues if v is not None and v <= seuil), None)

    return Quantile(
        valeur=premiere([marche.survie for marche in marches]),
        bas=premiere([marche.bas for marche in marches]),
        haut=premiere([marche.haut for marche in marches]),
    )


def _censures(colonnes: Tableaux, fin: float) -> tuple[tuple[float, int], ...]:
    import numpy as np

    garde = (colonnes.termines == 0) & (colonnes.durees <= fin)
    instants, rangs = np.unique(colonnes.durees[garde], return_inverse=True)
    effectifs = np.bincount(rangs, weights=colonnes.effectifs[garde], minlength=len(instants))
    return tuple((float(instant), int(n)) for instant, n in zip(instants, effectifs, strict=True))


def _point(courbe: Courbe, instant: float, suivis: int) -> PointSurvie:
    if not courbe.estimable or not courbe.debut <= instant <= courbe.fin:
        return PointSurvie(instant=instant, survie=None, bas=None, haut=None, a_risque=suivis)
    marche = next((m for m in reversed(courbe.marches) if m.instant <= instant), None)
    if marche is None:
        return PointSurvie(instant=instant, survie=1.0, bas=None, haut=None, a_risque=suivis)
    return PointSurvie(instant=instant, survie=marche.survie, bas=marche.bas, haut=marche.haut, a_risque=suivis)
