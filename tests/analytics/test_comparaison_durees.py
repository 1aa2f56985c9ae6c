"""Durée moyenne restreinte et log-rank : valeurs de R (survRM2, survival 3.5-3), puis les refus de conclure."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import survdiff

from lib.analytics.comparaison_durees import (
    DureeMoyenne,
    RaisonSansTest,
    duree_moyenne,
    ecart_durees,
    horizon_commun,
    log_rank,
    log_rank_stratifie,
)
from lib.analytics.episodes import Episodes, GroupeEpisodes
from lib.analytics.survie import estimer

DONNEES = Path(__file__).parents[1] / "donnees"
AML_MAINTENU = Episodes.depuis_durees(
    [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161],
    [True, True, False, True, True, False, True, True, False, True, False],
)
AML_NON_MAINTENU = Episodes.depuis_durees(
    [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
    [True, True, True, True, True, False, True, True, True, True, True, True],
)


def lung(sexe: str = "HF") -> Episodes:
    with (DONNEES / "lung.csv").open(encoding="utf-8") as fichier:
        lignes = [ligne for ligne in csv.DictReader(fichier) if ligne["sexe"] in sexe]
    return Episodes.depuis_durees(
        [float(ligne["temps"]) for ligne in lignes], [ligne["deces"] == "1" for ligne in lignes]
    )


def rossi(aide: str) -> Episodes:
    with (DONNEES / "rossi_fin.csv").open(encoding="utf-8") as fichier:
        return Episodes.depuis_groupes(
            GroupeEpisodes(
                duree=float(ligne["semaine"]), termine=ligne["arrestation"] == "1", effectif=int(ligne["effectif"])
            )
            for ligne in csv.DictReader(fichier)
            if ligne["aide"] == aide
        )


# --- Durée moyenne restreinte -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("episodes", "horizon", "valeur", "erreur_type"),
    [
        (lung(), 365, 263.22187, 7.79886),
        (lung("H"), 365, 241.49509, 10.35823),
        (lung("F"), 365, 297.46541, 10.79132),
        (AML_MAINTENU, 30, 24.60227, 2.31315),
        (AML_NON_MAINTENU, 30, 19.69444, 3.05420),
    ],
    ids=["lung", "lung hommes", "lung femmes", "aml maintenu", "aml non maintenu"],
)
def test_duree_moyenne_publiee(episodes: Episodes, horizon: float, valeur: float, erreur_type: float) -> None:
    moyenne = duree_moyenne(estimer(episodes, minimum_a_risque=1), horizon)
    assert moyenne.valeur == pytest.approx(valeur, abs=6e-6)
    assert moyenne.erreur_type == pytest.approx(erreur_type, abs=6e-6)


def test_ecart_de_durees_lung() -> None:
    femmes, hommes = (duree_moyenne(estimer(lung(sexe)), 365) for sexe in ("F", "H"))
    ecart = ecart_durees(femmes, hommes)
    assert ecart.difference == pytest.approx(297.46541 - 241.49509, abs=1e-5)
    assert ecart.erreur_type == pytest.approx((10.79132**2 + 10.35823**2) ** 0.5, abs=1e-5)
    assert (ecart.bas, ecart.haut) == (pytest.approx(26.65, abs=0.01), pytest.approx(85.29, abs=0.01))
    assert ecart.exclut_zero


def test_un_ecart_dont_l_intervalle_contient_zero() -> None:
    maintenu, non_maintenu = (duree_moyenne(estimer(e), 27) for e in (AML_MAINTENU, AML_NON_MAINTENU))
    assert not ecart_durees(maintenu, non_maintenu).exclut_zero


def test_sans_aucune_fin_la_moyenne_est_l_horizon_sans_erreur() -> None:
    moyenne = duree_moyenne(estimer(Episodes.depuis_durees([24.0] * 8, [False] * 8)), 24)
    assert (moyenne.valeur, moyenne.erreur_type, moyenne.bas, moyenne.haut) == (24, 0, 24, 24)


def test_une_survie_tombee_a_zero_n_ajoute_ni_aire_ni_variance() -> None:
    """Six épisodes d'exactement 3 mois, puis plus rien : l'horizon ne peut dépasser 3."""
    courbe = estimer(Episodes.depuis_durees([3.0] * 6, [True] * 6))
    moyenne = duree_moyenne(courbe, 3)
    assert (moyenne.valeur, moyenne.erreur_type) == (3, 0)


@pytest.mark.parametrize("horizon", [0, 32, 161])
def test_on_ne_prolonge_pas_une_courbe(horizon: float) -> None:
    with pytest.raises(ValueError, match="hors du domaine"):
        duree_moyenne(estimer(AML_MAINTENU), horizon)


def test_deux_horizons_differents_ne_se_comparent_pas() -> None:
    courbe = estimer(AML_MAINTENU)
    with pytest.raises(ValueError, match="même horizon"):
        ecart_durees(duree_moyenne(courbe, 20), duree_moyenne(courbe, 30))


def test_deux_departs_differents_ne_se_comparent_pas() -> None:
    def moyenne(debut: float) -> DureeMoyenne:
        return DureeMoyenne(debut=debut, horizon=30, valeur=20, erreur_type=1, bas=18, haut=22)

    with pytest.raises(ValueError, match="même départ"):
        ecart_durees(moyenne(0), moyenne(12))


def test_horizon_commun() -> None:
    maintenu, non_maintenu = estimer(AML_MAINTENU), estimer(AML_NON_MAINTENU)
    assert (maintenu.fin, non_maintenu.fin) == (31, 27)
    assert horizon_commun([maintenu, non_maintenu]) == 27


def test_pas_d_horizon_commun_si_une_courbe_est_vide_ou_commence_trop_tard() -> None:
    vide = estimer(Episodes.depuis_durees([1.0], [True]))
    tardive = estimer(Episodes.depuis_groupes([GroupeEpisodes(duree=60, termine=False, effectif=9, entree=40)]))
    assert tardive.debut == 40
    assert horizon_commun([]) is None
    assert horizon_commun([estimer(AML_MAINTENU), vide]) is None
    assert horizon_commun([estimer(AML_MAINTENU), tardive]) is None


# --- Log-rank ---------------------------------------------------------------------------------------------------


def test_log_rank_lung() -> None:
    resultat = log_rank({"Hommes": lung("H"), "Femmes": lung("F")})
    assert resultat.chi2 == pytest.approx(10.326742, abs=1e-6)
    assert resultat.p == pytest.approx(0.00131116, abs=1e-8)
    assert (resultat.degres, resultat.significatif, resultat.fins) == (1, True, {"Hommes": 112, "Femmes": 53})


def test_log_rank_aml() -> None:
    resultat = log_rank({"Maintenu": AML_MAINTENU, "Non maintenu": AML_NON_MAINTENU}, minimum_evenements=7)
    assert resultat.chi2 == pytest.approx(3.396389, abs=1e-6)
    assert resultat.p == pytest.approx(0.0653393, abs=1e-7)


def test_log_rank_rossi_juste_non_significatif() -> None:
    resultat = log_rank({"Sans aide": rossi("0"), "Avec aide": rossi("1")})
    assert resultat.chi2 == pytest.approx(3.83756958, abs=1e-7)
    assert resultat.p == pytest.approx(0.05011612, abs=1e-8)
    assert not resultat.significatif


def test_moins_de_dix_fins_dans_un_groupe_pas_de_valeur_p() -> None:
    resultat = log_rank({"Maintenu": AML_MAINTENU, "Non maintenu": AML_NON_MAINTENU})
    assert (resultat.chi2, resultat.p, resultat.raison) == (None, None, RaisonSansTest.TROP_PEU_DE_FINS)
    assert not resultat.significatif


def test_un_seul_groupe_ne_se_compare_a_rien() -> None:
    assert log_rank({"Tous": lung()}).raison is RaisonSansTest.UN_SEUL_GROUPE


def test_trois_groupes_deux_degres_de_liberte() -> None:
    resultat = log_rank({"H": lung("H"), "F": lung("F"), "Tous": lung()})
    assert resultat.degres == 2
    assert resultat.p is not None


def test_entrees_tardives_nulles_sans_effet() -> None:
    """Une entrée à zéro est une présence dès le début : même statistique que sans entrée."""

    def depuis_zero(episodes: Episodes) -> Episodes:
        return Episodes.depuis_groupes(
            GroupeEpisodes(duree=g.duree, termine=g.termine, effectif=g.effectif, entree=0) for g in episodes.groupes
        )

    resultat = log_rank({"H": depuis_zero(lung("H")), "F": depuis_zero(lung("F"))})
    assert resultat.chi2 == pytest.approx(10.326742, abs=1e-6)


Suivi = tuple[int, bool, int | None]


@st.composite
def groupes_suivis(draw: st.DrawFn) -> list[list[Suivi]]:
    def suivi() -> st.SearchStrategy[Suivi]:
        return st.tuples(st.integers(2, 20), st.booleans(), st.none() | st.integers(0, 1))

    return draw(st.lists(st.lists(suivi(), min_size=2, max_size=25), min_size=2, max_size=4))


@given(groupes_suivis())
def test_log_rank_vaut_celui_de_statsmodels(groupes: list[list[Suivi]]) -> None:
    resultat = log_rank(
        {
            str(rang): Episodes.depuis_groupes(
                GroupeEpisodes(duree=duree, termine=fini, entree=entree) for duree, fini, entree in suivis
            )
            for rang, suivis in enumerate(groupes)
        },
        minimum_evenements=1,
    )
    assume(resultat.chi2 is not None)
    lignes = [
        (duree, fini, -1 if entree is None else entree, rang)
        for rang, g in enumerate(groupes)
        for duree, fini, entree in g
    ]
    durees, finis, entrees, rangs = (np.array(colonne) for colonne in zip(*lignes, strict=True))
    chi2, p = survdiff(durees, finis.astype(int), rangs, entry=entrees)
    assert resultat.chi2 == pytest.approx(chi2, rel=1e-6, abs=1e-9)
    assert resultat.p == pytest.approx(p, rel=1e-6, abs=1e-9)


def test_groupes_jamais_suivis_aux_memes_ages() -> None:
    courts = Episodes.depuis_durees([float(n) for n in range(1, 12)], [True] * 11)
    vieux = Episodes.depuis_durees([float(n) for n in range(60, 72)], [True] * 12, [50.0] * 12)
    assert log_rank({"Courts": courts, "Vieux": vieux}).raison is RaisonSansTest.SUIVIS_DISJOINTS


# --- Log-rank stratifié -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 1), st.integers(0, 2)), min_size=20))
def test_stratifie_comme_statsmodels(sujets: list[tuple[int, bool, int, int]]) -> None:
    groupes = {
        f"groupe {g}": {
            f"strate {s}": Episodes.depuis_durees(
                [temps for temps, _, gg, ss in sujets if (gg, ss) == (g, s)],
                [fin for _, fin, gg, ss in sujets if (gg, ss) == (g, s)],
            )
            for s in range(3)
        }
        for g in range(2)
    }
    resultat = log_rank_stratifie(groupes, minimum_evenements=1)
    assume(resultat.chi2 is not None)
    temps, fins, appartenances, strates = (np.array(colonne) for colonne in zip(*sujets, strict=True))
    # Une strate d'un seul groupe n'a rien à comparer ; statsmodels la refuse, elle ne compte pas ici.
    gardes = np.isin(strates, [s for s in range(3) if len(set(appartenances[strates == s])) == 2])
    chi2, p = survdiff(temps[gardes], fins[gardes].astype(int), appartenances[gardes], strata=strates[gardes])
    assert resultat.chi2 == pytest.approx(chi2) and resultat.p == pytest.approx(p)


def test_une_strate_qui_explique_tout_ne_laisse_pas_d_ecart() -> None:
    """Les grandes entreprises durent plus ; un terrain en a davantage. À taille égale, rien ne les distingue."""
    courts, longs = list(range(1, 11)), list(range(31, 41))
    jeu = lambda durees, fois: Episodes.depuis_durees(durees * fois, [True] * len(durees) * fois)  # noqa: E731
    groupes = {
        "nord": {"tpe": jeu(courts, 3), "ge": jeu(longs, 1)},
        "sud": {"tpe": jeu(courts, 1), "ge": jeu(longs, 3)},
    }
    brut = log_rank(
        {nom: Episodes.depuis_groupes(g for e in s.values() for g in e.groupes) for nom, s in groupes.items()}
    )
    assert brut.significatif and not log_rank_stratifie(groupes).significatif
