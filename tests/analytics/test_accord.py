"""Les coefficients d'accord redonnent les valeurs publiées ou calculées à la main."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.accord import alpha_nominal, kappa, mesurer_alpha, mesurer_kappa, mesurer_recouvrement

# Krippendorff, « Computing Krippendorff's Alpha-Reliability » (2011), partie C : 4 codeurs, 12 unités.
CODEURS = ("123321412...", "1233224125.3", ".3332342251.", "1233244125 1.".replace(" ", ""))
PUBLIEES = [tuple(None if v == "." else v for v in unite) for unite in zip(*CODEURS, strict=True)]
# Tableau 20, 5, 10, 15 : accord observé 0,70, attendu 0,50.
CINQUANTE = [("oui", "oui")] * 20 + [("oui", "non")] * 5 + [("non", "oui")] * 10 + [("non", "non")] * 15


def test_alpha_redonne_l_exemple_publie() -> None:
    assert alpha_nominal(PUBLIEES) == pytest.approx(0.743, abs=0.0005)


def test_kappa_redonne_un_calcul_a_la_main() -> None:
    assert kappa(CINQUANTE) == pytest.approx(0.4)


def test_ce_qu_une_seule_personne_a_code_ne_compte_pas() -> None:
    assert kappa([*CINQUANTE, ("oui", None), (None, "non")]) == kappa(CINQUANTE)
    assert mesurer_alpha(PUBLIEES, tirages=50).unites == 11


@pytest.mark.parametrize("unites", [[], [("oui", None)], [("oui", "oui")] * 4])
def test_sans_variation_rien_ne_se_mesure(unites: list[tuple[str, str | None]]) -> None:
    assert alpha_nominal(unites) is None and kappa(unites) is None
    assert mesurer_kappa(unites, tirages=20).bas is None


def test_l_intervalle_entoure_la_valeur_et_ne_bouge_pas_d_une_lecture_a_l_autre() -> None:
    accord = mesurer_kappa(CINQUANTE, tirages=200)
    assert accord.bas is not None and accord.haut is not None and accord.valeur is not None
    assert accord.bas < accord.valeur < accord.haut
    assert accord == mesurer_kappa(CINQUANTE, tirages=200)


def test_le_kappa_refuse_trois_codeurs() -> None:
    with pytest.raises(ValueError, match="deux codeurs"):
        kappa([("a", "b", "c")])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_aucun_coefficient_ne_depasse_un(unites: list[tuple[str, str]]) -> None:
    for coefficient in (alpha_nominal, kappa):
        valeur = coefficient(unites)
        assert valeur is None or valeur <= 1 + 1e-9


def test_l_intervalle_est_celui_d_un_reechantillonnage_unite_par_unite() -> None:
    """Compter ensemble les unités identiques revient à retirer les unités une à une."""
    hasard = Random(1)
    tires = sorted(kappa(hasard.choices(CINQUANTE, k=len(CINQUANTE))) or 0.0 for _ in range(2_000))
    accord = mesurer_kappa(CINQUANTE, tirages=2_000)
    assert accord.bas == pytest.approx(tires[50], abs=0.06) and accord.haut == pytest.approx(tires[-50], abs=0.06)


def test_le_recouvrement_rapporte_ce_qui_est_commun_a_ce_qui_est_reuni() -> None:
    accord = mesurer_recouvrement([(4, 10), (6, 10), (0, 0)])
    assert (accord.valeur, accord.unites) == (0.5, 2)
    assert accord.bas is not None and accord.haut is not None and accord.bas >= 0.4 and accord.haut <= 0.6
    assert mesurer_recouvrement([(0, 0)]).valeur is None
