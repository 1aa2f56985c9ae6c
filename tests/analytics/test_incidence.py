"""Incidence cumulée par motif de fin : exemple à la main, et cohérence avec Kaplan-Meier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.episodes import Episodes
from lib.analytics.incidence import GroupeFins, Incidences, estimer_incidences
from lib.analytics.survie import estimer, survie_aux

MOTIFS = (None, "accompli", "entreprise")


def incidences(codes: list[int], *, minimum_a_risque: int = 1) -> Incidences:
    return estimer_incidences(
        (GroupeFins(duree=mois, motif=MOTIFS[code]) for mois, code in enumerate(codes, start=1)),
        minimum_a_risque=minimum_a_risque,
    )


def test_exemple_a_la_main() -> None:
    resultat = incidences([0, 1, 1, 2, 2, 0])
    assert resultat.a("accompli", 6) == pytest.approx(0.4)
    assert resultat.a("entreprise", 6) == pytest.approx(0.4)
    assert resultat.fins == {"accompli": 2, "entreprise": 2}
    assert [round(p.part, 3) for p in resultat.motifs["accompli"]] == [0, 0.2, 0.4, 0.4, 0.4, 0.4]


def test_ce_n_est_pas_un_moins_kaplan_meier_par_motif() -> None:
    """Le calcul naïf (les autres motifs comptés comme censures) donnerait 2/3 pour le second motif."""
    naif = estimer(
        Episodes.depuis_durees([1, 2, 3, 4, 5, 6], [False, False, False, True, True, False]), minimum_a_risque=1
    )
    survie = survie_aux(naif, [6])[0].survie
    assert survie is not None
    assert 1 - survie == pytest.approx(0.667, abs=1e-3)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=40), st.integers(1, 5))
def test_les_parts_et_la_survie_font_un(codes: list[int], minimum: int) -> None:
    resultat = incidences(codes, minimum_a_risque=minimum)
    episodes = Episodes.depuis_durees(range(1, len(codes) + 1), [code > 0 for code in codes])
    courbe = estimer(episodes, minimum_a_risque=minimum)
    assert (resultat.fin, resultat.effectif) == (courbe.fin, episodes.effectif)
    for instant in range(1, int(resultat.fin) + 1):
        parts = [resultat.a(motif, instant) or 0 for motif in resultat.motifs]
        survie = survie_aux(courbe, [instant])[0].survie
        assert survie is not None
        assert sum(parts) + survie == pytest.approx(1)


def test_effectifs_agreges_et_ex_aequo() -> None:
    """Durées en mois entiers, beaucoup d'ex æquo : le résultat ne dépend pas d'un tirage."""
    groupes = [
        GroupeFins(duree=12, motif="accompli", effectif=20),
        GroupeFins(duree=12, motif="entreprise", effectif=10),
        GroupeFins(duree=12, motif=None, effectif=10),
        GroupeFins(duree=24, motif=None, effectif=60),
    ]
    resultat = estimer_incidences(groupes)
    assert resultat.a("accompli", 12) == pytest.approx(0.2)
    assert resultat.a("entreprise", 24) == pytest.approx(0.1)
    assert resultat.a("entreprise", 11) == 0
    assert resultat == estimer_incidences(reversed(groupes))


def test_erreur_type_binomiale_sans_censure() -> None:
    """Sans censure, la part est une proportion : erreur type √(p (1 − p) / n)."""
    resultat = estimer_incidences(
        [
            GroupeFins(duree=5, motif="accompli", effectif=30),
            GroupeFins(duree=9, motif=None, effectif=70),
        ]
    )
    erreur = resultat.motifs["accompli"][0].erreur_type
    assert erreur == pytest.approx((0.3 * 0.7 / 100) ** 0.5)


def test_la_part_reste_donnee_quand_l_erreur_type_n_existe_pas() -> None:
    resultat = incidences([0, 1, 1, 2, 2, 1])
    dernier = resultat.motifs["accompli"][-1]
    assert (dernier.part, dernier.erreur_type) == (pytest.approx(0.6), None)


def test_arret_ou_moins_de_cinq_sont_suivis() -> None:
    resultat = incidences([1, 2, 1, 2, 0, 1, 2, 0, 0], minimum_a_risque=5)
    assert resultat.fin == 5
    assert resultat.a("accompli", 6) is None
    assert max(point.instant for point in resultat.motifs["accompli"]) == 5


@pytest.mark.parametrize("groupes", [[], [GroupeFins(duree=3, motif=None, effectif=8)]])
def test_sans_aucune_fin_aucun_motif(groupes: list[GroupeFins]) -> None:
    assert estimer_incidences(groupes).motifs == {}
