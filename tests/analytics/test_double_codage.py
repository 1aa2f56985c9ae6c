"""Deux codages comparés : kappas calculés à la main, désaccords groupés, recouvrement, et ce qu'on en dit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.analytics.double_codage import Desaccord, TexteCompare, mesurer, separer, unites_a_coder
from lib.analytics.lecture_accord import juger, lire_ensemble
from lib.domain.double_codage import ChoixArbitrage
from lib.domain.passages import Passage
from lib.domain.unites import UniteDeParole

# Dix tours de dix caractères ; l'enquête parle aux tours 0 et 5.
UNITES = [UniteDeParole(10 * i, 10 * i + 10, "Enquêtrice" if i in {0, 5} else "R") for i in range(10)]
TEMPS, COUT = 1, 2


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def _texte(premiere: dict[int, list[tuple[int, int]]], seconde: dict[int, list[tuple[int, int]]]) -> TexteCompare:
    versions = [{e: [Passage(*p) for p in passages] for e, passages in v.items()} for v in (premiere, seconde)]
    return TexteCompare(texte_id=1, unites=UNITES, premiere=versions[0], seconde=versions[1])


def test_kappa_et_alpha_calcules_a_la_main() -> None:
    """« Temps », tours 1 à 4 contre tours 1, 2, 3 et 6, sur les huit tours qui ne sont pas des questions.

    Tableau : 3 oui-oui, 1 oui-non, 1 non-oui, 3 non-non. Observé 6/8 ; attendu (4×4 + 4×4)/64 = 1/2 ; kappa 1/2.
    Alpha : désaccord observé 2/8 ; attendu 2×8×8/(16×15) = 8/15 ; 1 − (1/4)/(8/15) = 17/32.
    """
    texte = _texte({TEMPS: [(11, 15), (21, 25), (31, 35), (41, 45)]}, {TEMPS: [(11, 15), (21, 25), (31, 35), (61, 65)]})
    ensemble, (temps,) = mesurer([texte])
    assert (temps.unites, temps.les_deux, temps.premier_seul, temps.second_seul, temps.pareilles) == (8, 3, 1, 1, 6)
    assert temps.kappa.valeur == pytest.approx(1 / 2)
    assert temps.alpha.valeur == pytest.approx(17 / 32)
    assert temps.recouvrement.valeur == pytest.approx(12 / 20)
    assert ensemble.kappa.valeur == pytest.approx(1 / 2) and ensemble.etiquette_id is None


def test_l_ensemble_demande_exactement_les_memes_etiquettes() -> None:
    """Tour 1 : {temps, coût} des deux côtés ; tour 2 : {temps} contre {temps, coût} ; six tours sans rien.

    Observé 7/8 ; attendu (1×2 + 1×0 + 6×6)/64 = 38/64 ; kappa = (56 − 38)/(64 − 38) = 9/13.
    """
    ensemble, _ = mesurer(
        [
            _texte(
                {TEMPS: [(11, 14), (21, 24)], COUT: [(11, 14)]},
                {TEMPS: [(11, 14), (21, 24)], COUT: [(11, 14), (21, 24)]},
            )
        ]
    )
    assert ensemble.kappa.valeur == pytest.approx(9 / 13)
    assert (ensemble.les_deux, ensemble.premier_seul, ensemble.pareilles) == (2, 0, 7)


def test_une_question_ne_compte_que_si_on_l_a_codee_et_un_texte_nu_jamais() -> None:
    nu = _texte({}, {})
    assert len(unites_a_coder(nu)) == 8
    assert len(unites_a_coder(_texte({TEMPS: [(52, 55)]}, {}))) == 9
    ensemble, etiquettes = mesurer([nu])
    assert (ensemble.unites, etiquettes, ensemble.alpha.valeur) == (0, [], None)
    assert mesurer([nu, _texte({TEMPS: [(12, 15)]}, {})])[0].unites == 8


def test_les_desaccords_se_groupent_par_etiquette_et_par_lieu() -> None:
    """« Temps » : mêmes bornes, puis bornes voisines ; « coût » : d'un seul côté."""
    accords, desaccords = separer(
        _texte({TEMPS: [(11, 15), (20, 26)], COUT: [(70, 75)]}, {TEMPS: [(11, 15), (24, 30), (19, 21)]})
    )
    assert accords == {TEMPS: [Passage(11, 15)]}
    voisins, seul = desaccords
    assert (voisins.lieu, voisins.premiers, voisins.seconds) == (
        Passage(19, 30),
        (Passage(20, 26),),
        (Passage(19, 21), Passage(24, 30)),
    )
    assert voisins.choix == tuple(ChoixArbitrage)
    assert voisins.retenir(ChoixArbitrage.UNION) == (Passage(19, 30),)
    assert seul.choix == (ChoixArbitrage.PREMIER, ChoixArbitrage.AUCUN)
    assert seul.retenir(ChoixArbitrage.AUCUN) == ()


PASSAGES = st.lists(st.integers(0, 19), max_size=6, unique=True).map(
    lambda debuts: [(5 * d, 5 * d + 4) for d in sorted(debuts)]
)
VERSION = st.dictionaries(st.integers(1, 3), PASSAGES, max_size=3)


@given(VERSION, VERSION)
def test_aucun_passage_ne_se_perd_ni_ne_se_compte_deux_fois(
    premiere: dict[int, list[tuple[int, int]]], seconde: dict[int, list[tuple[int, int]]]
) -> None:
    """Accords et désaccords refont chaque version ; échanger les deux ne change que les côtés."""
    texte = _texte(premiere, seconde)
    accords, desaccords = separer(texte)
    for version, cote in ((premiere, "premiers"), (seconde, "seconds")):
        refaite = {(e, p) for e, passages in accords.items() for p in passages}
        refaite |= {(d.etiquette_id, p) for d in desaccords for p in getattr(d, cote)}
        assert refaite == {(e, Passage(*p)) for e, passages in version.items() for p in passages}
    ensemble, _ = mesurer([texte])
    echange, _ = mesurer([_texte(seconde, premiere)])
    assert ensemble.alpha.valeur == pytest.approx(echange.alpha.valeur) or ensemble.alpha.valeur is None
    assert 0 <= (ensemble.recouvrement.valeur or 0) <= 1
    assert all(isinstance(d, Desaccord) and d.lieu.debut < d.lieu.fin for d in desaccords)


def test_la_phrase_donne_ses_nombres_et_ne_tranche_pas_a_leur_place() -> None:
    texte = _texte({TEMPS: [(11, 15), (21, 25), (31, 35), (41, 45)]}, {TEMPS: [(11, 15), (21, 25), (31, 35), (61, 65)]})
    ensemble, (temps,) = mesurer([texte])
    phrase = lisible(lire_ensemble(ensemble, entretiens=1))
    assert phrase.startswith("Sur 8 unités de parole de 1 entretien, 6 sur 8 sont codées exactement de même.")
    assert "Alpha de Krippendorff : 0,53 [" in phrase
    assert "de part et d'autre de 0,667 : ce qui est codé ne tranche pas" in phrase
    assert lisible(juger(temps)) == "Trop rare pour juger (5 unités)"


@pytest.mark.parametrize(
    ("accordes", "contraires", "attendu"),
    [(40, 0, "On peut s'y appuyer"), (40, 6, "Avec prudence"), (20, 40, "À redéfinir"), (14, 4, "Ne tranche pas")],
)
def test_le_jugement_suit_l_intervalle(accordes: int, contraires: int, attendu: str) -> None:
    """Des unités où les deux posent l'étiquette, autant où personne ne la pose, et des désaccords."""
    n = 2 * accordes + contraires
    unites = [UniteDeParole(10 * i, 10 * i + 10) for i in range(n)]
    communs = [Passage(10 * i, 10 * i + 5) for i in range(accordes)]
    seuls = [Passage(10 * i, 10 * i + 5) for i in range(accordes, accordes + contraires)]
    texte = TexteCompare(
        texte_id=1,
        unites=unites,
        premiere={TEMPS: [*communs, *seuls[::2]]},
        seconde={TEMPS: [*communs, *seuls[1::2]]},
    )
    _, (temps,) = mesurer([texte])
    assert juger(temps) == attendu, (temps.alpha, temps.portees)
