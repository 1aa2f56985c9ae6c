"""Comparer des durées d'engagement : durée moyenne restreinte à un horizon commun, et test du log-rank.

La durée moyenne restreinte se lit en mois et reste juste quand les courbes se croisent ; le log-rank dit si l'écart
peut n'être que le hasard, et se tait quand les fins observées sont trop rares pour répondre.

Références : Klein et Moeschberger, *Survival Analysis*, 2e éd., 2003, § 4.5 et § 7.3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from lib.analytics.episodes import Episodes, Tableaux, suivis_avant
from lib.analytics.survie import Courbe

if TYPE_CHECKING:
    import numpy as np

MINIMUM_EVENEMENTS = 10
"""Moins de dix fins dans un groupe : pas de valeur p, des mots seulement."""

SEUIL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DureeMoyenne:
    """Durée moyenne (mois) passée en partenariat entre `debut` et `horizon` ; aire sous la courbe."""

    debut: float
    horizon: float
    valeur: float
    erreur_type: float
    bas: float
    haut: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EcartDurees:
    """Différence de deux durées moyennes restreintes (mois) au même horizon, et son intervalle."""

    horizon: float
    difference: float
    erreur_type: float
    bas: float
    haut: float

    @property
    def exclut_zero(self) -> bool:
        """Vrai quand l'intervalle est tout entier d'un côté de zéro."""
        return self.bas > 0 or self.haut < 0


class RaisonSansTest(StrEnum):
    """Pourquoi aucun test n'est donné."""

    UN_SEUL_GROUPE = "un_seul_groupe"
    TROP_PEU_DE_FINS = "trop_peu_de_fins"
    SUIVIS_DISJOINTS = "suivis_disjoints"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Test du log-rank ; `chi2` et `p` absents quand `raison` dit pourquoi. `fins` : nombre de fins par groupe."""

    fins: Mapping[str, int]
    chi2: float | None = None
    degres: int | None = None
    p: float | None = None
    raison: RaisonSansTest | None = None
    minimum_evenements: int = MINIMUM_EVENEMENTS

    @property
    def significatif(self) -> bool:
        """Vrai si p est strictement sous le seuil de 5 %."""
        return self.p is not None and self.p < SEUIL


def horizon_commun(courbes: Iterable[Courbe]) -> float | None:
    """Le plus long horizon (mois) où toutes les courbes ont assez d'effectif ; `None` s'il n'y en a pas."""
    liste = list(courbes)
    if not liste or not all(courbe.estimable for courbe in liste):
        return None
    horizon = min(courbe.fin for courbe in liste)
    return horizon if horizon > max(courbe.debut for courbe in liste) else None


def duree_moyenne(courbe: Courbe, horizon: float) -> DureeMoyenne:
    """Durée moyenne restreinte à `horizon` mois (RMST), erreur type de Klein et Moeschberger, § 4.5.

    Var = Σ Aᵢ² dᵢ / (nᵢ (nᵢ − dᵢ)), Aᵢ l'aire sous la courbe de tᵢ à l'horizon. Lève `ValueError` si l'horizon sort
    du domaine où la courbe s'estime : on ne prolonge pas une courbe.
    """
    if not courbe.debut < horizon <= courbe.fin:
        raise ValueError(f"Horizon de {horizon} mois hors du domaine estimé : {courbe.debut} à {courbe.fin} mois.")
    marches = [marche for marche in courbe.marches if marche.instant <= horizon]
    bornes = [courbe.debut, *(marche.instant for marche in marches), horizon]
    hauteurs = [1.0, *(marche.survie for marche in marches)]
    aires = [hauteur * (bornes[i + 1] - bornes[i]) for i, hauteur in enumerate(hauteurs)]
    total, *apres = reversed(list(accumulate(reversed(aires))))
    variance = sum(aire**2 * (marche.variation or 0) for aire, marche in zip(apres, marches, strict=True))
    return _duree_moyenne(courbe, horizon, total, sqrt(variance))


def ecart_durees(gauche: DureeMoyenne, droite: DureeMoyenne, *, niveau: float = 0.95) -> EcartDurees:
    """`gauche` moins `droite`, intervalle normal. Lève `ValueError` si les deux n'ont pas le même domaine."""
    if (gauche.debut, gauche.horizon) != (droite.debut, droite.horizon):
        raise ValueError("Deux durées moyennes ne se comparent qu'au même départ et au même horizon.")
    difference = gauche.valeur - droite.valeur
    erreur_type = sqrt(gauche.erreur_type**2 + droite.erreur_type**2)
    demi_largeur = NormalDist().inv_cdf((1 + niveau) / 2) * erreur_type
    return EcartDurees(
        horizon=gauche.horizon,
        difference=difference,
        erreur_type=erreur_type,
        bas=difference - demi_largeur,
        haut=difference + demi_largeur,
    )


def log_rank(groupes: Mapping[str, Episodes], *, minimum_evenements: int = MINIMUM_EVENEMENTS) -> LogRank:
    """Test du log-rank entre deux groupes ou plus, entrées tardives comprises.

    Pas de valeur p si un groupe compte moins de `minimum_evenements` fins : le test n'aurait presque aucune chance
    de voir un écart réel, et « non significatif » se lirait « pas d'écart ».
    """
    return log_rank_stratifie({nom: {"": episodes} for nom, episodes in groupes.items()}, minimum_evenements)


def log_rank_stratifie(
    groupes: Mapping[str, Mapping[str, Episodes]], minimum_evenements: int = MINIMUM_EVENEMENTS
) -> LogRank:
    """Log-rank où l'on ne compare que des épisodes d'une même strate (taille d'entreprise, par exemple).

    groupes : les épisodes par groupe, puis par strate. Écarts et covariances s'additionnent de strate en strate
    (Klein et Moeschberger, § 7.5).
    """
    fins = {nom: sum(episodes.termines for episodes in strates.values()) for nom, strates in groupes.items()}
    if len(groupes) < 2:
        return _sans_test(fins, RaisonSansTest.UN_SEUL_GROUPE, minimum_evenements)
    if min(fins.values()) < minimum_evenements:
        return _sans_test(fins, RaisonSansTest.TROP_PEU_DE_FINS, minimum_evenements)
    return _tester(groupes, fins, minimum_evenements)


def _duree_moyenne(courbe: Courbe, horizon: float, valeur: float, erreur_type: float) -> DureeMoyenne:
    demi_largeur = NormalDist().inv_cdf((1 + courbe.niveau) / 2) * erreur_type
    return DureeMoyenne(
        debut=courbe.debut,
        horizon=horizon,
        valeur=valeur,
        erreur_type=erreur_type,
        bas=max(0.0, valeur - demi_largeur),
        haut=min(horizon - courbe.debut, valeur + demi_largeur),
    )


def _sans_test(fins: Mapping[str, int], raison: RaisonSansTest, minimum_evenements: int) -> LogRank:
    return LogRank(fins=fins, raison=raison, minimum_evenements=minimum_evenements)


def _tester(groupes: Mapping[str, Mapping[str, Episodes]], fins: Mapping[str, int], minimum_evenements: int) -> LogRank:
    """χ² = Z' V⁻¹ Z, Z les fins observées moins attendues de chaque groupe sauf le dernier, V leur covariance
    hypergéométrique (Klein et Moeschberger, § 7.3). Écrit ici parce que `survdiff` de statsmodels n'accepte pas
    d'effectifs ; elle juge dans les tests, entrées tardives et strates comprises.
    """
    import numpy as np
    from scipy.stats import chi2

    vide = Episodes(groupes=())
    noms = {strate for strates in groupes.values() for strate in strates}
    sommes = [_ecarts([strates.get(nom, vide).tableaux() for strates in groupes.values()]) for nom in sorted(noms)]
    ecarts = np.sum([ecart for ecart, _ in sommes], axis=0)[:-1]
    covariance = np.sum([covariance for _, covariance in sommes], axis=0)[:-1, :-1]
    degres = len(groupes) - 1
    if np.linalg.matrix_rank(covariance) < degres:  # des groupes jamais suivis aux mêmes âges ne se comparent pas
        return _sans_test(fins, RaisonSansTest.SUIVIS_DISJOINTS, minimum_evenements)
    statistique = float(ecarts @ np.linalg.solve(covariance, ecarts))
    return LogRank(
        fins=fins,
        chi2=statistique,
        degres=degres,
        p=float(chi2.sf(statistique, degres)),
        minimum_evenements=minimum_evenements,
    )


def _ecarts(tableaux: Sequence[Tableaux]) -> "tuple[np.ndarray, np.ndarray]":
    """Dans une strate : fins observées moins attendues par groupe, et leur covariance."""
    import numpy as np

    suivis, finis = _effectifs_aux_fins(tableaux)
    total, fins_totales = suivis.sum(axis=0), finis.sum(axis=0)
    parts = suivis / total
    poids = fins_totales * (total - fins_totales) / np.maximum(total - 1, 1)
    ecarts: np.ndarray = (finis - parts * fins_totales).sum(axis=1)
    return ecarts, np.diag((parts * poids).sum(axis=1)) - (parts * poids) @ parts.T


def _effectifs_aux_fins(tableaux: Sequence[Tableaux]) -> "tuple[np.ndarray, np.ndarray]":
    """Par groupe (lignes) et par date où une fin est observée (colonnes) : effectif à risque, nombre de fins."""
    import numpy as np

    dates = np.unique(np.concatenate([t.durees[t.termines > 0] for t in tableaux]))
    suivis = np.array([suivis_avant(t, dates) for t in tableaux], dtype=float)
    finis = np.zeros_like(suivis)
    for ligne, t in zip(finis, tableaux, strict=True):
        garde = t.termines > 0
        np.add.at(ligne, np.searchsorted(dates, t.durees[garde]), t.effectifs[garde])
    return suivis, finis
