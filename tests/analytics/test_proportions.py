"""Parts et écarts : exemples publiés, propriétés, et les quatre verdicts."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from lib.analytics.proportions import (
    Comparaison,
    Observation,
    Part,
    Verdict,
    benjamini_hochberg,
    boschloo,
    comparer,
    fisher,
    newcombe,
    plus_petit_ecart,
    wilson,
)

BENJAMINI_HOCHBERG_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip


@st.composite
def fractions(draw: st.DrawFn, *, minimum: int = 1) -> tuple[int, int]:
    denominateur = draw(st.integers(minimum, 200))
    return draw(st.integers(0, denominateur)), denominateur


def bornes(part: Part) -> tuple[float, float]:
    assert part.bas is not None
    assert part.haut is not None
    return part.bas, part.haut


def ecart(gauche: tuple[int, int], droite: tuple[int, int]) -> tuple[float, float]:
    resultat = newcombe(wilson(*gauche), wilson(*droite))
    assert resultat is not None
    return resultat


# --- Exemples publiés -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerateur", "denominateur", "attendu"),
    [
        (81, 263, (0.2553, 0.3662)),
        (0, 20, (0.0, 0.1611)),
        (2, 5, (0.118, 0.769)),
        (5, 10, (0.237, 0.763)),
        (7, 15, (0.248, 0.699)),
        (10, 20, (0.299, 0.701)),
        (15, 30, (0.332, 0.668)),
    ],
)
def test_wilson_publie(numerateur: int, denominateur: int, attendu: tuple[float, float]) -> None:
    assert bornes(wilson(numerateur, denominateur)) == pytest.approx(attendu, abs=5e-4)


@pytest.mark.parametrize(
    ("gauche", "droite", "attendu"),
    [((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090))],
)
def test_newcombe_publie(gauche: tuple[int, int], droite: tuple[int, int], attendu: tuple[float, float]) -> None:
    assert ecart(gauche, droite) == pytest.approx(attendu, abs=5e-5)


def test_fisher_la_dame_qui_goute_le_the() -> None:
    assert fisher(3, 4, 1, 4) == pytest.approx(0.485714, abs=1e-6)


@pytest.mark.parametrize(
    ("petit", "grand", "effectif"),
    [(0, 5, 8), (0, 5, 20), (0, 6, 30), (3, 9, 10), (4, 10, 12), (5, 12, 15), (6, 14, 20), (10, 19, 30)],
)
def test_plus_petit_ecart_que_fisher_peut_voir(petit: int, grand: int, effectif: int) -> None:
    """Repères donnés à l'écran : ces écarts passent sous 5 %, un acteur de moins n'y passe pas."""
    assert fisher(petit, effectif, grand, effectif) < 0.05
    assert fisher(petit, effectif, grand - 1, effectif) >= 0.05


def test_benjamini_hochberg_1995_quatre_rejets() -> None:
    valeurs_q = benjamini_hochberg(BENJAMINI_HOCHBERG_1995)
    assert [q <= 0.05 for q in valeurs_q] == [True] * 4 + [False] * 11
    assert valeurs_q[3] == pytest.approx(15 * 0.0095 / 4)


# --- Propriétés -------------------------------------------------------------------------------------------------


@given(fractions())
def test_wilson_encadre_la_part_dans_zero_un(fraction: tuple[int, int]) -> None:
    part = wilson(*fraction)
    bas, haut = bornes(part)
    assert part.valeur is not None
    assert 0 <= bas <= part.valeur <= haut <= 1
    assert haut - bas > 0


@given(fractions())
def test_wilson_est_symetrique(fraction: tuple[int, int]) -> None:
    k, n = fraction
    bas, haut = bornes(wilson(k, n))
    assert bornes(wilson(n - k, n)) == pytest.approx((1 - haut, 1 - bas), abs=1e-12)


@given(fractions())
def test_wilson_croit_avec_le_numerateur(fraction: tuple[int, int]) -> None:
    k, n = fraction
    assume(k < n)
    avant, apres = bornes(wilson(k, n)), bornes(wilson(k + 1, n))
    assert apres[0] > avant[0]
    assert apres[1] >= avant[1]


@given(fractions(), st.integers(2, 20))
def test_plus_d_acteurs_resserrent_l_intervalle(fraction: tuple[int, int], facteur: int) -> None:
    k, n = fraction
    simple, multiple = bornes(wilson(k, n)), bornes(wilson(facteur * k, facteur * n))
    assert multiple[1] - multiple[0] < simple[1] - simple[0]


@given(st.integers(1, 500))
def test_aux_extremes_une_borne_est_exacte(n: int) -> None:
    assert bornes(wilson(0, n))[0] == 0
    assert bornes(wilson(n, n))[1] == 1
    assert 0 < bornes(wilson(0, n))[1] < 1


def test_sans_acteur_pas_de_part() -> None:
    vide = wilson(0, 0)
    assert (vide.valeur, vide.bas, vide.haut) == (None, None, None)
    assert newcombe(vide, wilson(3, 9)) is None
    assert newcombe(wilson(3, 9), vide) is None


@pytest.mark.parametrize(("numerateur", "denominateur"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_une_part_impossible_est_refusee(numerateur: int, denominateur: int) -> None:
    with pytest.raises(ValueError, match="Part impossible"):
        wilson(numerateur, denominateur)
    with pytest.raises(ValueError, match="Part impossible"):
        fisher(numerateur, denominateur, 1, 4)


@given(fractions(), fractions())
def test_newcombe_encadre_la_difference_et_change_de_signe_avec_l_ordre(
    gauche: tuple[int, int], droite: tuple[int, int]
) -> None:
    bas, haut = ecart(gauche, droite)
    difference = gauche[0] / gauche[1] - droite[0] / droite[1]
    assert -1 <= bas <= difference + 1e-12
    assert difference - 1e-12 <= haut <= 1
    assert ecart(droite, gauche) == pytest.approx((-haut, -bas), abs=1e-12)


@given(fractions(), fractions())
def test_fisher_est_une_probabilite_et_ne_depend_pas_de_l_ordre(
    gauche: tuple[int, int], droite: tuple[int, int]
) -> None:
    p = fisher(*gauche, *droite)
    assert 0 < p <= 1
    assert fisher(*droite, *gauche) == pytest.approx(p, rel=1e-7)


@given(fractions(minimum=0), fractions(minimum=0))
def test_fisher_vaut_celui_de_scipy(gauche: tuple[int, int], droite: tuple[int, int]) -> None:
    (a, m), (b, n) = gauche, droite
    assert fisher(a, m, b, n) == pytest.approx(fisher_exact([[a, m - a], [b, n - b]]).pvalue, rel=1e-7)


@pytest.mark.parametrize("table", [(300, 1000, 1200, 3000), (0, 10_000, 10_000, 10_000), (5000, 10_000, 5001, 10_000)])
def test_fisher_tient_les_grands_effectifs(table: tuple[int, int, int, int]) -> None:
    a, m, b, n = table
    assert fisher(*table) == pytest.approx(fisher_exact([[a, m - a], [b, n - b]]).pvalue, rel=1e-6, abs=1e-300)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_valeurs_q_au_moins_egales_aux_p_et_dans_le_meme_ordre(valeurs_p: list[float]) -> None:
    valeurs_q = benjamini_hochberg(valeurs_p)
    assert len(valeurs_q) == len(valeurs_p)
    assert all(p <= q + 1e-12 and q <= 1 for p, q in zip(valeurs_p, valeurs_q, strict=True))
    par_p = [q for _, q in sorted(zip(valeurs_p, valeurs_q, strict=True))]
    assert par_p == sorted(par_p)


# --- Verdicts et familles ---------------------------------------------------------------------------------------


def deux_terrains(*effectifs: tuple[int, int, int, int]) -> Comparaison:
    return comparer(
        Observation(irritant=f"irritant {rang}", groupe=groupe, evoques=evoques, abordes=abordes)
        for rang, (k1, n1, k2, n2) in enumerate(effectifs)
        for groupe, evoques, abordes in (("Marseille", k1, n1), ("BFC", k2, n2))
    )


@pytest.mark.parametrize(
    ("effectifs", "verdict"),
    [
        ((18, 20, 3, 20), Verdict.ECART_DEMONTRE),
        ((6, 12, 2, 12), Verdict.ECART_POSSIBLE),  # 33 points, p = 0,19
        ((6, 10, 3, 10), Verdict.ECART_POSSIBLE),  # exactement 30 points
        ((30, 100, 18, 100), Verdict.ECART_POSSIBLE),  # 12 points, Newcombe exclut 0, p = 0,067
        ((6, 12, 5, 12), Verdict.ECART_NON_DEMONTRE),
        ((5, 12, 5, 12), Verdict.ECART_NON_DEMONTRE),
        ((7, 7, 0, 20), Verdict.EFFECTIF_INSUFFISANT),
        ((20, 20, 0, 7), Verdict.EFFECTIF_INSUFFISANT),
        ((0, 0, 5, 20), Verdict.EFFECTIF_INSUFFISANT),
    ],
)
def test_les_quatre_verdicts(effectifs: tuple[int, int, int, int], verdict: Verdict) -> None:
    mesure = deux_terrains(effectifs).lignes[0].ecarts[0]
    assert mesure.verdict is verdict
    assert (mesure.p is None) == (verdict is Verdict.EFFECTIF_INSUFFISANT)
    assert (mesure.q is None) == (mesure.p is None)


def test_huit_acteurs_de_chaque_cote_suffisent_a_tester() -> None:
    assert deux_terrains((8, 8, 0, 8)).lignes[0].ecarts[0].verdict is Verdict.ECART_DEMONTRE


def test_une_famille_nombreuse_rend_plus_prudent() -> None:
    """Le même écart, démontré seul (p = 0,019), ne l'est plus parmi dix irritants examinés."""
    assert deux_terrains((9, 10, 3, 10)).lignes[0].ecarts[0].verdict is Verdict.ECART_DEMONTRE
    famille = deux_terrains((9, 10, 3, 10), *[(5, 10, 5, 10)] * 9)
    assert famille.taille_famille == 10
    assert famille.lignes[0].ecarts[0].q == pytest.approx(10 * fisher(9, 10, 3, 10))
    assert famille.lignes[0].ecarts[0].verdict is Verdict.ECART_POSSIBLE


def test_un_effectif_insuffisant_n_alourdit_pas_la_famille() -> None:
    famille = deux_terrains((9, 10, 3, 10), (1, 3, 2, 10))
    assert famille.taille_famille == 1
    assert famille.lignes[0].ecarts[0].q == famille.lignes[0].ecarts[0].p
    assert famille.lignes[1].ecarts[0].difference == pytest.approx(1 / 3 - 2 / 10)


def test_deux_groupes_un_seul_ecart() -> None:
    comparaison = deux_terrains((6, 12, 2, 12))
    mesure = comparaison.lignes[0].ecarts[0]
    assert comparaison.groupes == ("Marseille", "BFC")
    assert len(comparaison.lignes[0].ecarts) == 1
    assert (mesure.groupe, mesure.reference) == ("Marseille", "BFC")
    assert mesure.difference == pytest.approx(4 / 12)


def trois_terrains() -> Comparaison:
    return comparer(
        [
            Observation(irritant="temps", groupe="Marseille", evoques=10, abordes=12),
            Observation(irritant="temps", groupe="BFC", evoques=3, abordes=10),
            Observation(irritant="temps", groupe="National", evoques=2, abordes=9),
            Observation(irritant="coût", groupe="BFC", evoques=5, abordes=10),
            Observation(irritant="coût", groupe="Marseille", evoques=6, abordes=12),
        ]
    )


def test_trois_groupes_chacun_contre_les_autres() -> None:
    temps, cout = trois_terrains().lignes
    assert [(e.groupe, e.reference) for e in temps.ecarts] == [("Marseille", None), ("BFC", None), ("National", None)]
    marseille = temps.ecarts[0]
    assert (marseille.part_reference.numerateur, marseille.part_reference.denominateur) == (5, 19)
    assert marseille.p == fisher(10, 12, 5, 19)
    assert [e.groupe for e in cout.ecarts] == ["Marseille", "BFC"]
    assert cout.parts["National"].denominateur == 0
    assert trois_terrains().taille_famille == 5


def test_irritants_tries_du_plus_grand_ecart_au_plus_petit() -> None:
    comparaison = deux_terrains((5, 10, 5, 10), (9, 10, 3, 10), (0, 0, 3, 10), (6, 10, 4, 10))
    ordre = [ligne.irritant for ligne in comparaison.par_ecart()]
    assert ordre == ["irritant 1", "irritant 3", "irritant 0", "irritant 2"]


def test_un_seul_groupe_donne_les_parts_sans_ecart() -> None:
    comparaison = comparer([Observation(irritant="temps", groupe="Marseille", evoques=3, abordes=9)])
    assert comparaison.lignes[0].ecarts == ()
    assert comparaison.taille_famille == 0
    assert comparaison.lignes[0].parts["Marseille"].valeur == pytest.approx(1 / 3)


def test_aucune_observation() -> None:
    assert comparer([]).lignes == ()


def test_une_observation_en_double_ou_impossible_est_refusee() -> None:
    une = Observation(irritant="temps", groupe="Marseille", evoques=3, abordes=9)
    with pytest.raises(ValueError, match="double"):
        comparer([une, une])
    with pytest.raises(ValueError, match="Part impossible"):
        comparer([Observation(irritant="temps", groupe="Marseille", evoques=10, abordes=9)])


@given(st.lists(st.tuples(fractions(minimum=0), fractions(minimum=0)), max_size=12))
def test_l_ordre_des_terrains_change_les_signes_pas_les_verdicts(
    paires: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    endroit = deux_terrains(*((*gauche, *droite) for gauche, droite in paires))
    envers = deux_terrains(*((*droite, *gauche) for gauche, droite in paires))
    for une, autre in zip(endroit.lignes, envers.lignes, strict=True):
        assert une.ecarts[0].verdict is autre.ecarts[0].verdict
        if une.ecarts[0].difference is not None:
            assert autre.ecarts[0].difference == pytest.approx(-une.ecarts[0].difference)


def test_boschloo_de_la_documentation_de_scipy() -> None:
    """74 et 31 contre 43 et 32 : p unilatérale publiée 0,0355 ; la nôtre est bilatérale, au plus celle de Fisher."""
    p = boschloo(74, 105, 43, 75)
    assert p is not None and 0.0355 < p <= fisher(74, 105, 43, 75)


def test_boschloo_se_tait_quand_tous_repondent_pareil() -> None:
    assert boschloo(5, 5, 7, 7) is None and boschloo(0, 5, 0, 7) is None


def test_boschloo_se_tait_quand_il_durerait_trop() -> None:
    assert boschloo(3000, 5000, 2000, 5000) is None


@pytest.mark.parametrize(("n", "attendu"), [(8, 5), (20, 5), (30, 6), (3, None)])
def test_ce_que_l_echantillon_aurait_pu_voir(n: int, attendu: int | None) -> None:
    """0 contre 5 de 8 à 20 de chaque côté, 0 contre 6 à 30."""
    assert plus_petit_ecart(n, n) == attendu
