"""Les phrases, mot à mot. Les espaces insécables sont ramenées à des espaces pour lire ; un test les vérifie à part."""

import re
from datetime import date

import pytest

from lib.analytics import lecture
from lib.analytics.comparaison_durees import EcartDurees, LogRank, RaisonSansTest, duree_moyenne, ecart_durees
from lib.analytics.couverture import CouvertureTerrain
from lib.analytics.episodes import Episodes, GroupeEpisodes
from lib.analytics.incidence import GroupeFins, estimer_incidences
from lib.analytics.proportions import Observation, comparer, wilson
from lib.analytics.stratification import EcartAjuste
from lib.analytics.survie import Courbe, estimer, survie_aux

ARRET = date(2026, 10, 31)


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def courbe_de(*groupes: tuple[float, bool, int]) -> Courbe:
    return estimer(
        Episodes.depuis_groupes(GroupeEpisodes(duree=duree, termine=fini, effectif=n) for duree, fini, n in groupes)
    )


MARSEILLE = courbe_de((6, True, 8), (14, True, 10), (20, True, 4), (30, False, 20))
ATTEINTE = courbe_de((6, True, 10), (14, True, 14), (20.5, True, 6), (30, False, 10))


# --- Courbes ----------------------------------------------------------------------------------------------------


def test_une_mediane_lue_au_dela_du_trace_le_dit() -> None:
    courbe = estimer(Episodes.depuis_durees([2.0, 2.0, 3.0, 9.0, 9.0], [True, False, False, True, True]))
    assert (courbe.fin, courbe.mediane.valeur) == (2, 9)
    assert "en 9 mois au plus (médiane estimée sur moins de 5 partenariats encore suivis ;" in lisible(
        lecture.lire_mediane(courbe)
    )


def test_paragraphe_complet() -> None:
    assert lisible(lecture.lire_courbe(ATTEINTE, lieu="à Marseille", arret=ARRET)) == (
        "Parmi les 40 partenariats suivis à Marseille, 30 avaient pris fin au 31 octobre 2026 et 10 duraient encore."
        " La moitié prend fin en 14 mois au plus (médiane estimée ; intervalle à 95 % : 14 à 20,5 mois)."
    )


def test_mediane_non_atteinte_se_dit_et_ne_se_remplace_pas() -> None:
    courbe = courbe_de((6, True, 8), (14, True, 10), (30, False, 24))
    assert lisible(lecture.lire_courbe(courbe, lieu="à Marseille", arret=ARRET)) == (
        "Parmi les 42 partenariats suivis à Marseille, 18 avaient pris fin au 31 octobre 2026 et 24 duraient encore."
        " Médiane non atteinte : à 30 mois, dernière durée où au moins 5 partenariats sont suivis,"
        " 57 % durent encore."
    )


def test_borne_haute_de_la_mediane_non_atteinte() -> None:
    assert lisible(lecture.lire_mediane(MARSEILLE)) == (
        "La moitié prend fin en 20 mois au plus"
        " (médiane estimée ; intervalle à 95 % : à partir de 14 mois, borne haute non atteinte)."
    )


def test_intervalle_de_la_mediane_non_calculable() -> None:
    assert lisible(lecture.lire_mediane(courbe_de((3, True, 6)))) == (
        "La moitié prend fin en 3 mois au plus (médiane estimée ; intervalle à 95 % : non calculable)."
    )


@pytest.mark.parametrize(
    ("groupes", "attendu"),
    [
        ([], "Aucun partenariat suivi en Bourgogne-Franche-Comté."),
        ([(5, True, 1)], "Le seul partenariat suivi en Bourgogne-Franche-Comté avait pris fin au 31 octobre 2026."),
        ([(5, False, 1)], "Le seul partenariat suivi en Bourgogne-Franche-Comté durait encore au 31 octobre 2026."),
        (
            [(5, False, 9)],
            "Parmi les 9 partenariats suivis en Bourgogne-Franche-Comté, aucun n'avait pris fin au 31 octobre 2026.",
        ),
        (
            [(5, True, 9)],
            "Parmi les 9 partenariats suivis en Bourgogne-Franche-Comté, tous avaient pris fin au 31 octobre 2026.",
        ),
        (
            [(5, True, 1), (8, False, 1)],
            (
                "Parmi les 2 partenariats suivis en Bourgogne-Franche-Comté,"
                " 1 avait pris fin au 31 octobre 2026 et 1 durait encore."
            ),
        ),
    ],
)
def test_effectifs_accordes(groupes: list[tuple[float, bool, int]], attendu: str) -> None:
    phrase = lecture.lire_suivi(courbe_de(*groupes), lieu="en Bourgogne-Franche-Comté", arret=ARRET)
    assert lisible(phrase) == attendu


def test_sans_lieu_ni_date() -> None:
    assert lisible(lecture.lire_suivi(courbe_de((5, True, 1200), (8, False, 300)))) == (
        "Parmi les 1 500 partenariats suivis, 1 200 avaient pris fin et 300 duraient encore."
    )


def test_effectif_insuffisant_pour_une_duree() -> None:
    assert lisible(lecture.lire_mediane(courbe_de((5, True, 4)))) == (
        "Effectif insuffisant : il faut au moins 5 partenariats suivis au même âge pour estimer une durée."
    )


def test_reserves_d_entree_tardive() -> None:
    courbe = estimer(
        Episodes.depuis_groupes(
            [
                GroupeEpisodes(duree=40, termine=False, effectif=12, entree=12),
                GroupeEpisodes(duree=20, termine=False, effectif=3, entree=20),
            ]
        )
    )
    assert lisible(lecture.lire_reserves(courbe)) == (
        "La courbe commence à 12 mois, faute de 5 partenariats suivis plus tôt :"
        " elle ne vaut que pour ceux qui ont atteint cet âge."
        " 3 autres partenariats sont connus seulement pour avoir survécu, sans nouvelle depuis :"
        " ils ne peuvent rien dire de la durée."
    )


def test_rien_a_reserver() -> None:
    assert lecture.lire_reserves(MARSEILLE) == ""


def test_points() -> None:
    avant, dedans, dehors = survie_aux(MARSEILLE, [3, 6, 40])
    assert lisible(lecture.lire_point(avant)) == "À 3 mois, 100 % durent encore."
    assert lisible(lecture.lire_point(dedans)) == "À 6 mois, 81 % durent encore (intervalle à 95 % : 66 % à 90 %)."
    assert lisible(lecture.lire_point(dehors)) == "À 40 mois, non estimable : 0 partenariat suivi seulement."


# --- Comparaisons de durées -------------------------------------------------------------------------------------


def test_log_rank_juste_au_dessus_du_seuil_est_dit_non_significatif() -> None:
    resultat = LogRank(fins={"Sans aide": 66, "Avec aide": 48}, chi2=3.83756958, degres=1, p=0.05011612)
    assert lisible(lecture.lire_log_rank(resultat)) == (
        "Écart de durée non démontré : non significatif au seuil de 5 % (log-rank, p = 0,0501)."
        " Cela ne prouve pas que les durées sont égales."
    )


def test_log_rank_significatif() -> None:
    resultat = LogRank(fins={"H": 112, "F": 53}, chi2=10.326742, degres=1, p=0.00131116)
    assert lisible(lecture.lire_log_rank(resultat)) == (
        "Écart de durée démontré : le hasard seul l'expliquerait mal (log-rank, p = 0,0013)."
    )


@pytest.mark.parametrize(
    ("raison", "attendu"),
    [
        (
            RaisonSansTest.TROP_PEU_DE_FINS,
            (
                "Effectif insuffisant pour un test : il faut au moins 10 fins observées de chaque côté"
                " (Marseille : 4 ; National : 11)."
            ),
        ),
        (
            RaisonSansTest.SUIVIS_DISJOINTS,
            "Pas de test : les groupes n'ont jamais été suivis aux mêmes âges.",
        ),
        (RaisonSansTest.UN_SEUL_GROUPE, "Pas de test : il faut au moins deux groupes."),
    ],
)
def test_pas_de_valeur_p_des_mots(raison: RaisonSansTest, attendu: str) -> None:
    resultat = LogRank(fins={"Marseille": 4, "National": 11}, raison=raison)
    assert lisible(lecture.lire_log_rank(resultat)) == attendu


def test_ecart_de_durees_moyennes() -> None:
    gauche, droite = duree_moyenne(MARSEILLE, 30), duree_moyenne(ATTEINTE, 30)
    phrase = lecture.lire_ecart_durees(ecart_durees(gauche, droite), lieu="à Marseille", reference="dans le Jura")
    assert lisible(phrase) == (
        "Sur les 30 premiers mois, un partenariat dure en moyenne 3,7 mois de plus à Marseille que dans le Jura"
        " (écart : +3,7 mois ; intervalle à 95 % : −0,3 à +7,7 mois)."
        " L'intervalle contient zéro : écart non démontré."
    )


def test_ecart_de_durees_dans_l_autre_sens() -> None:
    ecart = EcartDurees(horizon=24, difference=-5.25, erreur_type=1, bas=-7.21, haut=-3.29)
    phrase = lecture.lire_ecart_durees(ecart, lieu="à Marseille", reference="en Bourgogne-Franche-Comté")
    assert lisible(phrase) == (
        "Sur les 24 premiers mois, un partenariat dure en moyenne 5,3 mois de moins à Marseille"
        " qu'en Bourgogne-Franche-Comté (écart : −5,3 mois ; intervalle à 95 % : −7,2 à −3,3 mois)."
    )


def test_incidence_par_motif() -> None:
    incidences = estimer_incidences(
        [
            GroupeFins(duree=12, motif="accompli", effectif=20),
            GroupeFins(duree=24, motif=None, effectif=80),
        ]
    )
    assert lisible(lecture.lire_incidence(incidences, "accompli", "Objectif accompli", 24)) == (
        "À 24 mois, 20 % des partenariats ont pris fin pour le motif « Objectif accompli »."
    )
    assert lisible(lecture.lire_incidence(incidences, "accompli", "Objectif accompli", 36)) == (
        "À 36 mois, part non estimable pour le motif « Objectif accompli » : trop peu de suivis."
    )


@pytest.mark.parametrize(
    ("medianes", "attendu"),
    [
        ([11, 14, 16.5], "Selon la date retenue pour les débuts imprécis, la médiane va de 11 à 16,5 mois."),
        (
            [11, 14, None],
            "Selon la date retenue pour les débuts imprécis, la médiane va de 11 mois à une durée non atteinte.",
        ),
        ([14, 14, 14], "La date retenue pour les débuts imprécis ne change pas la médiane."),
        (
            [None, None, None],
            "Quelle que soit la date retenue pour les débuts imprécis, la médiane n'est pas atteinte.",
        ),
    ],
)
def test_sensibilite_aux_dates_imprecises(medianes: list[float | None], attendu: str) -> None:
    assert lisible(lecture.lire_sensibilite(medianes)) == attendu


# --- Écarts entre terrains --------------------------------------------------------------------------------------


def ecart_entre(k1: int, n1: int, k2: int, n2: int) -> str:
    comparaison = comparer(
        [
            Observation(irritant="temps", groupe="Marseille", evoques=k1, abordes=n1),
            Observation(irritant="temps", groupe="Bourgogne-Franche-Comté", evoques=k2, abordes=n2),
        ]
    )
    return lisible(lecture.lire_ecart(comparaison.lignes[0].ecarts[0]))


def test_ecart_demontre() -> None:
    assert ecart_entre(18, 20, 3, 20) == (
        "Parmi les acteurs rencontrés : Marseille 18/20 (90 %), Bourgogne-Franche-Comté 3/20 (15 %)."
        " Écart démontré : +75 points (intervalle à 95 % : +46 à +87 points ; p < 0,0001 ; q < 0,0001)."
    )


def test_ecart_possible() -> None:
    assert ecart_entre(2, 12, 6, 12) == (
        "Parmi les acteurs rencontrés : Marseille 2/12 (17 %), Bourgogne-Franche-Comté 6/12 (50 %)."
        " Écart possible : −33 points (intervalle à 95 % : −61 à +4 points ; p = 0,1930 ; q = 0,1930)."
    )


def test_ecart_non_demontre_n_est_pas_pas_d_ecart() -> None:
    phrase = ecart_entre(5, 12, 5, 12)
    assert phrase == (
        "Parmi les acteurs rencontrés : Marseille 5/12 (42 %), Bourgogne-Franche-Comté 5/12 (42 %)."
        " Écart non démontré : 0 point (intervalle à 95 % : −35 à +35 points ; p = 1,0000 ; q = 1,0000)."
    )
    assert "pas d'écart" not in phrase


def test_ecart_d_effectif_insuffisant() -> None:
    assert ecart_entre(3, 5, 9, 12) == (
        "Parmi les acteurs rencontrés : Marseille 3/5 (60 %), Bourgogne-Franche-Comté 9/12 (75 %)."
        " Effectif insuffisant : moins de 8 acteurs d'un côté, aucun test."
    )
    assert ecart_entre(0, 0, 9, 12).startswith("Parmi les acteurs rencontrés : Marseille sans réponse, ")


def test_contre_les_autres_terrains() -> None:
    comparaison = comparer(
        Observation(irritant="temps", groupe=groupe, evoques=k, abordes=10)
        for groupe, k in (("Marseille", 9), ("BFC", 2), ("National", 3))
    )
    assert lisible(lecture.lire_ecart(comparaison.lignes[0].ecarts[0])).startswith(
        "Parmi les acteurs rencontrés : Marseille 9/10 (90 %), autres terrains 5/20 (25 %). Écart démontré : +65 points"
    )


def test_ecart_a_composition_egale() -> None:
    ajuste = EcartAjuste(brut=0.32, ajuste=0.18, p=0.2323, comparees=("Association",), ecartees=("Expertise",))
    assert lisible(lecture.lire_ecart_ajuste(ajuste)) == (
        "À type d'acteur égal, écart de +18 points (écart brut : +32 points ; Mantel-Haenszel, p = 0,2323)."
        " Non comparables : Expertise."
    )
    sans_test = EcartAjuste(brut=0.32, ajuste=0.18, p=None, comparees=("Association",), ecartees=())
    assert lisible(lecture.lire_ecart_ajuste(sans_test)) == (
        "À type d'acteur égal, écart de +18 points (écart brut : +32 points ; test non fait, effectif insuffisant)."
    )
    rien = EcartAjuste(brut=0.32, ajuste=None, p=None, comparees=(), ecartees=("Association", "Expertise"))
    assert lisible(lecture.lire_ecart_ajuste(rien)) == (
        "À type d'acteur égal, rien n'est comparable : aucun type d'acteur rencontré des deux côtés."
    )


def test_resume_d_une_famille() -> None:
    comparaison = comparer(
        Observation(irritant=irritant, groupe=groupe, evoques=k, abordes=n)
        for irritant, effectifs in {
            "a": (18, 20, 3, 20),
            "b": (6, 12, 2, 12),
            "c": (5, 12, 5, 12),
            "d": (1, 3, 2, 9),
        }.items()
        for groupe, k, n in (("Marseille", *effectifs[:2]), ("BFC", *effectifs[2:]))
    )
    assert lisible(lecture.lire_comparaison(comparaison)) == (
        "4 irritants comparés, 3 tests corrigés ensemble (Benjamini-Hochberg) :"
        " 1 écart démontré, 1 écart possible, 1 écart non démontré et 1 effectif insuffisant."
        " Ces parts décrivent les acteurs rencontrés, choisis et non tirés au sort."
    )


def test_rien_a_comparer() -> None:
    assert lecture.lire_comparaison(comparer([])) == "Il faut au moins deux terrains pour comparer."


def test_part() -> None:
    assert lisible(lecture.lire_part(wilson(12, 20))) == "12/20 (60 % ; intervalle à 95 % : 39 % à 78 %)"
    assert lecture.lire_part(wilson(0, 0)) == "aucun acteur avec qui le sujet a été abordé"


# --- Plan d'entretiens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("couvertures", "attendu"),
    [
        (
            [("Marseille", 8, 12), ("Bourgogne-Franche-Comté", 11, 12), ("National", 8, 8)],
            "27 entretiens réalisés sur 32 prévus. Reste à mener : 4 pour Marseille et 1 pour Bourgogne-Franche-Comté.",
        ),
        ([("Marseille", 13, 12)], "13 entretiens réalisés sur 12 prévus. Le plan est couvert."),
        ([("Marseille", 1, 0)], "1 entretien réalisé, aucun prévu au plan."),
        ([], "0 entretien réalisé, aucun prévu au plan."),
    ],
)
def test_couverture(couvertures: list[tuple[str, int, int]], attendu: str) -> None:
    phrase = lecture.lire_couverture(
        CouvertureTerrain(terrain=terrain, realises=realises, prevus=prevus)
        for terrain, realises, prevus in couvertures
    )
    assert lisible(phrase) == attendu


# --- Typographie ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "phrase",
    [
        lecture.lire_courbe(ATTEINTE, lieu="à Marseille", arret=ARRET),
        lecture.lire_courbe(courbe_de((5, True, 4))),
        lecture.lire_mediane(MARSEILLE),
        lecture.lire_log_rank(LogRank(fins={"A": 12, "B": 14}, chi2=1.0, degres=1, p=0.32)),
        lecture.lire_log_rank(LogRank(fins={"A": 1, "B": 4}, raison=RaisonSansTest.TROP_PEU_DE_FINS)),
        lecture.lire_part(wilson(1, 4)),
    ],
)
def test_aucune_espace_secable_devant_une_ponctuation_haute_ou_une_unite(phrase: str) -> None:
    assert not re.search(r" [:;!?»%€]|« |\d (mois|points?|partenariats?)", phrase)
