"""Chercher des mots français : ce qu'une saisie demande, et ce qui y répond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.db.racines import racine
from lib.domain.mots import (
    LONGUEUR_JETON,
    MOTS_PAR_MORCEAU,
    RECOUVREMENT,
    REPETITIONS,
    Recherche,
    jetons,
    lire_recherche,
    morceaux,
)


@pytest.mark.parametrize(
    ("texte", "lus"),
    [
        ("L'Haÿ-les-Roses, 2 fois !", ["l", "hay", "les", "roses", "2", "fois"]),
        ("Cœur_de ville…", ["coeur", "de", "ville"]),
        ("😀 100 % d’été", ["100", "d", "ete"]),
        ("м", ["x43c"]),
    ],
)
def test_un_texte_se_decoupe_en_jetons_sans_accents(texte: str, lus: list[str]) -> None:
    assert jetons(texte) == lus


@given(st.text(max_size=80))
def test_tout_jeton_se_lit_par_les_deux_bases(texte: str) -> None:
    for jeton in jetons(texte):
        assert jeton.isascii() and jeton.isalnum() and jeton == jeton.lower() and len(jeton) <= LONGUEUR_JETON


@pytest.mark.parametrize(
    ("saisie", "voulue"),
    [
        ("Préfecture besoins", Recherche(mots=("prefecture", "besoins"))),
        ('"Manque de temps"', Recherche(expressions=(("manque", "de", "temps"),))),
        ("« manque de temps »", Recherche(expressions=(("manque", "de", "temps"),))),
        ("mairie -argent", Recherche(mots=("mairie",), mots_exclus=("argent",))),
        ('-"pas le temps"', Recherche(expressions_exclues=(("pas", "le", "temps"),))),
        ("l'association", Recherche(mots=("association",))),
        ("peut-être", Recherche(mots=("peut", "etre"))),
        ("-peut-être", Recherche(expressions_exclues=(("peut", "etre"),))),
        ('"jamais fermée', Recherche(expressions=(("jamais", "fermee"),))),
        ("temps temps", Recherche(mots=("temps",))),
        ("- — ? ''", Recherche()),
        ("", Recherche()),
    ],
)
def test_ce_que_dit_une_saisie(saisie: str, voulue: Recherche) -> None:
    assert lire_recherche(saisie) == voulue


PHRASE = "Les préfectures de région n'ont pas le temps ; l'association relance les chevaux."


@pytest.mark.parametrize(
    ("saisie", "repond"),
    [
        ("prefecture", True),
        ("TEMPS régions", True),
        ("cheval", True),
        ("associations", True),
        ('"pas le temps"', True),
        ('"le temps pas"', False),
        ('"préfecture de région"', False),
        ("temps -mairie", True),
        ("temps -associations", False),
        ('temps -"pas le temps"', False),
        ("-mairie", True),
    ],
)
def test_un_texte_repond_au_pluriel_aux_accents_a_l_expression_et_a_l_exclusion(saisie: str, repond: bool) -> None:
    assert lire_recherche(saisie).repond(PHRASE, racine) is repond


@given(st.text(max_size=120))
def test_toute_saisie_se_lit(saisie: str) -> None:
    lue = lire_recherche(saisie)
    assert lue.positive.mots == lue.mots and lue.positive.mots_exclus == ()


def test_un_long_texte_se_coupe_en_morceaux_qui_se_recouvrent() -> None:
    mots = [f"m{rang}" for rang in range(2 * MOTS_PAR_MORCEAU)]
    coupes = list(morceaux(mots))
    assert all(len(coupe) <= MOTS_PAR_MORCEAU for coupe in coupes)
    assert list(coupes[0][-RECOUVREMENT:]) == list(coupes[1][:RECOUVREMENT])
    assert {mot for coupe in coupes for mot in coupe} == set(mots)


def test_un_mot_repete_mille_fois_coupe_plus_tot() -> None:
    coupes = list(morceaux(["le"] * 1000))
    assert max(map(len, coupes)) == REPETITIONS
    assert list(morceaux([])) == []
