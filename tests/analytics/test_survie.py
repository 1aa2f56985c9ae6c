"""Kaplan-Meier : les valeurs publiées (R, survival 3.5-3), puis les règles de prudence."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.episodes import Episodes, GroupeEpisodes
from lib.analytics.survie import Courbe, Quantile, a_risque, estimer, graduations, survie_aux

DONNEES = Path(__file__).parents[1] / "donnees"
AML_MAINTENU = Episodes.depuis_durees(
    [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161],
    [True, True, False, True, True, False, True, True, False, True, False],
)
AML_NON_MAINTENU = Episodes.depuis_durees(
    [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
    [True, True, True, True, True, False, True, True, True, True, True, True],
)


def lung(garde: Callable[[dict[str, str]], bool] = lambda _: True) -> Episodes:
    with (DONNEES / "lung.csv").open(encoding="utf-8") as fichier:
        lignes = [ligne for ligne in csv.DictReader(fichier) if garde(ligne)]
    return Episodes.depuis_durees(
        [float(ligne["temps"]) for ligne in lignes], [ligne["deces"] == "1" for ligne in lignes]
    )


def entiere(episodes: Episodes, **options: Any) -> Courbe:
    """La courbe sans arrêt de tracé : celle que publie R."""
    return estimer(episodes, minimum_a_risque=1, **options)


def survies(courbe: Courbe) -> dict[float, float]:
    return {marche.instant: round(marche.survie, 3) for marche in courbe.marches}


# --- Valeurs publiées -------------------------------------------------------------------------------------------


def test_lung_effectifs_et_survies_publiees() -> None:
    courbe = estimer(lung())
    assert (courbe.episodes.effectif, courbe.episodes.termines, courbe.episodes.en_cours) == (228, 165, 63)
    points = survie_aux(courbe, [90, 180, 365])
    assert [point.survie for point in points] == pytest.approx([0.88158, 0.72167, 0.40924], abs=5e-6)


@pytest.mark.parametrize(("type_intervalle", "bas", "haut"), [("log", 285, 363), ("log-log", 284, 361)])
def test_lung_mediane_et_type_d_intervalle_nomme(type_intervalle: Any, bas: float, haut: float) -> None:
    courbe = estimer(lung(), type_intervalle=type_intervalle)
    assert courbe.type_intervalle == type_intervalle
    assert (courbe.mediane.valeur, courbe.mediane.bas, courbe.mediane.haut) == (310, bas, haut)


@pytest.mark.parametrize(("sexe", "effectif", "deces", "mediane"), [("H", 138, 112, 270), ("F", 90, 53, 426)])
def test_lung_par_sexe(sexe: str, effectif: int, deces: int, mediane: float) -> None:
    courbe = estimer(lung(lambda ligne: ligne["sexe"] == sexe))
    assert (courbe.episodes.effectif, courbe.episodes.termines) == (effectif, deces)
    assert courbe.mediane.valeur == mediane


def test_aml_a_la_main() -> None:
    maintenu = entiere(AML_MAINTENU, type_intervalle="log")
    assert survies(maintenu) == {9: 0.909, 13: 0.818, 18: 0.716, 23: 0.614, 31: 0.491, 34: 0.368, 48: 0.184}
    assert (maintenu.mediane.valeur, maintenu.mediane.bas, maintenu.mediane.haut) == (31, 18, None)
    non_maintenu = entiere(AML_NON_MAINTENU, type_intervalle="log")
    assert (non_maintenu.mediane.valeur, non_maintenu.mediane.bas, non_maintenu.mediane.haut) == (23, 8, None)


def test_greenwood_premiere_marche_est_la_binomiale() -> None:
    marche = entiere(AML_MAINTENU).marches[0]
    assert marche.erreur_type == pytest.approx(math.sqrt(10 / 11 * 1 / 11 / 11))


def test_greenwood_aml_deuxieme_marche_publiee() -> None:
    """R, summary(survfit(Surv(time, status) ~ x, aml)) : S(13) = 0,818, erreur type 0,1163."""
    assert entiere(AML_MAINTENU).marches[1].erreur_type == pytest.approx(0.1163, abs=5e-5)


def test_lung_a_un_an_intervalle_publie() -> None:
    """R, summary(survfit(Surv(time, status) ~ 1, lung), times = 365) : 0,409, erreur type 0,0358, 0,345 à 0,486."""
    courbe = estimer(lung(), type_intervalle="log")
    point = survie_aux(courbe, [365])[0]
    assert (point.survie, point.bas, point.haut) == pytest.approx((0.409, 0.345, 0.486), abs=5e-4)
    erreurs = [marche.erreur_type for marche in courbe.marches if marche.instant <= 365]
    assert erreurs[-1] == pytest.approx(0.0358, abs=5e-5)


def test_lung_a_un_an_intervalle_log_log() -> None:
    """À la main : log(−log 0,40924) ± 1,96 × 0,0358 / (0,40924 × 0,89345), soit 0,3387 à 0,4784."""
    point = survie_aux(estimer(lung()), [365])[0]
    assert (point.bas, point.haut) == pytest.approx((0.3387, 0.4784), abs=1e-4)


# --- Effectifs agrégés ------------------------------------------------------------------------------------------


@st.composite
def episodes_individuels(draw: st.DrawFn) -> tuple[list[float], list[bool]]:
    durees = draw(st.lists(st.integers(0, 30).map(float), min_size=1, max_size=60))
    return durees, draw(st.lists(st.booleans(), min_size=len(durees), max_size=len(durees)))


@given(episodes_individuels())
def test_agrege_ou_individuel_donne_la_meme_courbe(donnees: tuple[list[float], list[bool]]) -> None:
    durees, termines = donnees
    individuel = Episodes.depuis_durees(durees, termines)
    agrege = Episodes.depuis_groupes(
        GroupeEpisodes(duree=g.duree, termine=g.termine, effectif=g.effectif) for g in reversed(individuel.groupes)
    )
    assert individuel == agrege
    assert individuel.effectif == len(durees)
    assert estimer(individuel) == estimer(agrege)


@given(episodes_individuels())
def test_kaplan_meier_est_le_produit_des_survies(donnees: tuple[list[float], list[bool]]) -> None:
    """Recalcul naïf, marche par marche, et encadrement par l'intervalle."""
    courbe = entiere(Episodes.depuis_durees(*donnees))
    produit = 1.0
    for marche in courbe.marches:
        suivis = sum(duree >= marche.instant for duree in donnees[0])
        fins = sum(d == marche.instant and fini for d, fini in zip(*donnees, strict=True))
        produit *= 1 - fins / suivis
        assert (marche.a_risque, marche.evenements) == (suivis, fins)
        assert marche.survie == pytest.approx(produit, abs=1e-12)
        if marche.bas is not None and marche.haut is not None:
            assert 0 <= marche.bas <= marche.survie <= marche.haut <= 1


@given(episodes_individuels(), st.integers(2, 50))
def test_multiplier_les_effectifs_garde_la_courbe_et_resserre_l_intervalle(
    donnees: tuple[list[float], list[bool]], facteur: int
) -> None:
    simple = Episodes.depuis_durees(*donnees)
    multiple = Episodes.depuis_groupes(
        GroupeEpisodes(duree=g.duree, termine=g.termine, effectif=facteur * g.effectif) for g in simple.groupes
    )
    for une, autre in zip(entiere(simple).marches, entiere(multiple).marches, strict=True):
        assert autre.survie == pytest.approx(une.survie, abs=1e-12)
        if une.erreur_type is not None:
            assert autre.erreur_type == pytest.approx(une.erreur_type / math.sqrt(facteur), abs=1e-12)


def test_trente_trois_mille_episodes_en_quelques_centaines_de_groupes() -> None:
    groupes = [
        GroupeEpisodes(duree=float(mois), termine=fini, effectif=165) for mois in range(100) for fini in (True, False)
    ]
    courbe = estimer(Episodes.depuis_groupes(groupes))
    assert courbe.episodes.effectif == 33_000
    assert len(courbe.marches) == 100
    assert a_risque(courbe, [0, 50, 99]) == (33_000, 16_500, 330)


# --- Prudence ---------------------------------------------------------------------------------------------------


def test_le_trace_s_arrete_ou_moins_de_cinq_sont_suivis() -> None:
    courbe = estimer(AML_MAINTENU)
    assert courbe.fin == 31
    assert a_risque(courbe, [31, 34]) == (5, 4)
    assert [marche.instant for marche in courbe.marches] == [9, 13, 18, 23, 31]
    assert courbe.mediane.valeur == 31
    assert courbe.mediane.haut is None


def test_l_arret_du_trace_est_un_parametre_et_la_mediane_lit_tout_le_suivi() -> None:
    arretee, entiere = estimer(AML_MAINTENU, minimum_a_risque=8), estimer(AML_MAINTENU, minimum_a_risque=1)
    assert (arretee.fin, arretee.marches[-1].instant) == (18, 18)
    assert arretee.mediane == entiere.mediane == Quantile(valeur=31, bas=13, haut=None)


def test_hors_du_domaine_rien_n_est_prolonge() -> None:
    dedans, dehors = survie_aux(estimer(AML_MAINTENU), [31, 32])
    assert dedans.survie == pytest.approx(0.491, abs=5e-4)
    assert (dehors.survie, dehors.bas, dehors.haut, dehors.a_risque) == (None, None, None, 4)


def test_mediane_non_atteinte() -> None:
    courbe = estimer(Episodes.depuis_durees([6.0] * 10 + [24.0] * 20, [True] * 10 + [False] * 20))
    assert courbe.mediane.valeur is None
    assert courbe.fin == 24


def test_mediane_atteinte_exactement_malgre_les_arrondis() -> None:
    """Dix épisodes qui finissent un à un : la moitié a pris fin au cinquième mois, pas au sixième."""
    courbe = estimer(Episodes.depuis_durees([float(mois) for mois in range(1, 11)], [True] * 10))
    assert courbe.mediane.valeur == 5


def test_sans_aucune_fin_la_courbe_reste_a_un_sans_intervalle() -> None:
    courbe = estimer(Episodes.depuis_durees([12.0] * 9, [False] * 9))
    assert courbe.marches == ()
    assert courbe.censures == ((12.0, 9),)
    point = survie_aux(courbe, [6])[0]
    assert (point.survie, point.bas, point.haut, point.a_risque) == (1.0, None, None, 9)


def test_tous_finis_ensemble_la_survie_est_nulle_et_sans_intervalle() -> None:
    courbe = estimer(Episodes.depuis_durees([3.0] * 6, [True] * 6))
    assert [(m.survie, m.erreur_type, m.bas, m.haut, m.variation) for m in courbe.marches] == [
        (0.0, None, None, None, None)
    ]
    assert courbe.mediane.valeur == 3


@pytest.mark.parametrize("nombre", [0, 4])
def test_effectif_trop_faible_rien_a_tracer(nombre: int) -> None:
    courbe = estimer(Episodes.depuis_durees([float(n + 1) for n in range(nombre)], [True] * nombre))
    assert not courbe.estimable
    assert (courbe.marches, courbe.censures, courbe.mediane.valeur) == ((), (), None)
    assert survie_aux(courbe, [0])[0].survie is None
    assert a_risque(courbe, [0]) == (nombre,)


def test_une_fin_le_jour_meme_compte() -> None:
    courbe = estimer(Episodes.depuis_durees([0.0] * 2 + [12.0] * 8, [True] * 2 + [False] * 8))
    assert survies(courbe) == {0: 0.8}
    assert a_risque(courbe, [0, 12]) == (10, 8)


# --- Entrées tardives -------------------------------------------------------------------------------------------


def test_une_entree_tardive_sort_de_l_effectif_a_risque_avant_elle() -> None:
    """Dix suivis dès le début, dix connus à 12 mois : la fin observée à 6 mois en concerne dix, pas vingt."""
    courbe = estimer(
        Episodes.depuis_groupes(
            [
                GroupeEpisodes(duree=6, termine=True),
                GroupeEpisodes(duree=24, termine=False, effectif=9),
                GroupeEpisodes(duree=24, termine=False, effectif=10, entree=12),
            ]
        )
    )
    assert [(m.instant, m.survie, m.a_risque) for m in courbe.marches] == [(6, pytest.approx(0.9), 10)]
    assert a_risque(courbe, [0, 12, 13]) == (10, 9, 19)
    assert not courbe.conditionnelle


def test_garde_d_entree_tardive_un_effectif_de_un_ne_tue_pas_la_courbe() -> None:
    """Seul suivi à 3 mois, un épisode finit : sans garde, S vaudrait 0 pour toujours."""
    courbe = estimer(
        Episodes.depuis_groupes(
            [
                GroupeEpisodes(duree=3, termine=True),
                GroupeEpisodes(duree=30, termine=True, effectif=4, entree=10),
                GroupeEpisodes(duree=40, termine=False, effectif=12, entree=12),
            ]
        )
    )
    assert courbe.debut == 12
    assert courbe.conditionnelle
    assert [(m.instant, m.survie, m.a_risque) for m in courbe.marches] == [(30, pytest.approx(0.75), 16)]
    assert a_risque(courbe, [12, 30]) == (16, 16)
    assert survie_aux(courbe, [6])[0].survie is None


def test_entrees_toutes_trop_tardives_rien_a_tracer() -> None:
    courbe = estimer(Episodes.depuis_groupes([GroupeEpisodes(duree=30, termine=True, effectif=4, entree=10)]))
    assert not courbe.estimable
    assert courbe.marches == ()


def test_l_entree_tardive_change_le_chiffre() -> None:
    """Traiter des survivants connus à 12 mois comme suivis depuis le début gonfle la survie."""
    groupes = [
        GroupeEpisodes(duree=6, termine=True, effectif=10),
        GroupeEpisodes(duree=24, termine=False, effectif=10),
    ]
    vivants = GroupeEpisodes(duree=24, termine=False, effectif=20, entree=12)
    naifs = GroupeEpisodes(duree=24, termine=False, effectif=20)
    juste = survie_aux(estimer(Episodes.depuis_groupes([*groupes, vivants])), [12])[0].survie
    gonflee = survie_aux(estimer(Episodes.depuis_groupes([*groupes, naifs])), [12])[0].survie
    assert (juste, gonflee) == (pytest.approx(0.5), pytest.approx(0.75))


@pytest.mark.parametrize(
    ("fin", "attendu"),
    [
        (0, (0,)),
        (5, (0, 1, 2, 3, 4, 5)),
        (31, (0, 6, 12, 18, 24, 30)),
        (60, (0, 12, 24, 36, 48, 60)),
        (1022, (0, 240, 480, 720, 960)),
    ],
)
def test_graduations_rondes(fin: float, attendu: tuple[int, ...]) -> None:
    assert graduations(fin) == attendu
