"""Un passage suit ses propres mots, exactement, ou dit qu'il ne sait pas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.correspondances import Correspondance

MOTS = st.sampled_from(["le", "temps", "manque", "😡", "é", "e\u0301", "préfecture", "«\u202fnon\u202f»", "\n", ". "])
TEXTE = st.lists(MOTS, min_size=1, max_size=40).map(" ".join)
AJOUT = st.text(alphabet="XYZ🦊\n", max_size=30)
TEMOIN = "On perd deux heures par semaine 😡 à ressaisir les bons de livraison, et personne ne répond jamais."


def _passage(texte: str, extrait: str) -> tuple[int, int]:
    debut = texte.index(extrait)
    return debut, debut + len(extrait)


@given(texte=TEXTE, bornes=st.tuples(st.integers(0, 200), st.integers(1, 40)))
def test_un_texte_inchange_ne_deplace_rien(texte: str, bornes: tuple[int, int]) -> None:
    debut = min(bornes[0], len(texte) - 1)
    fin = min(debut + bornes[1], len(texte))
    assert Correspondance(texte, texte).suivre(debut, fin) == (debut, fin)


@given(texte=TEXTE, ajout=AJOUT, ou=st.integers(0, 300), bornes=st.tuples(st.integers(0, 200), st.integers(1, 40)))
def test_une_insertion_decale_exactement_ce_qui_la_suit(
    texte: str, ajout: str, ou: int, bornes: tuple[int, int]
) -> None:
    ou = min(ou, len(texte))
    debut = min(bornes[0], len(texte) - 1)
    fin = min(debut + bornes[1], len(texte))
    nouveau = texte[:ou] + ajout + texte[ou:]
    suivi = Correspondance(texte, nouveau).suivre(debut, fin)
    assert suivi is None or nouveau[suivi[0] : suivi[1]] == texte[debut:fin]
    if "\n" in ajout:  # un saut de ligne déjà présent au bord rend l'insertion ambiguë
        return
    if fin <= ou:
        assert suivi == (debut, fin)
    elif debut >= ou:
        assert suivi == (debut + len(ajout), fin + len(ajout))


@given(ancien=TEXTE, nouveau=TEXTE, bornes=st.tuples(st.integers(0, 200), st.integers(1, 60)))
def test_un_passage_suivi_garde_toujours_ses_mots(ancien: str, nouveau: str, bornes: tuple[int, int]) -> None:
    debut = min(bornes[0], len(ancien) - 1)
    fin = min(debut + bornes[1], len(ancien))
    correspondance = Correspondance(ancien, nouveau)
    suivi = correspondance.suivre(debut, fin)
    assert suivi is None or nouveau[suivi[0] : suivi[1]] == ancien[debut:fin]
    depart, arrivee = correspondance.approcher(debut, fin)
    assert 0 <= depart < arrivee


def test_une_correction_loin_du_passage_ne_le_touche_pas() -> None:
    corrige = TEMOIN.replace("On perd", "L'équipe perd 🕑").replace("répond", "rappelle")
    suivi = Correspondance(TEMOIN, corrige).suivre(*_passage(TEMOIN, "ressaisir les bons de livraison"))
    assert suivi == _passage(corrige, "ressaisir les bons de livraison")


@pytest.mark.parametrize(
    "corrige",
    [
        TEMOIN.replace("ressaisir les bons", "ressaisir tous les bons"),
        TEMOIN.replace("bons de livraison", "bons d'achat"),
        TEMOIN.replace("ressaisir les bons de livraison", ""),
        "",
        "Tout autre chose, écrit depuis rien.",
    ],
)
def test_un_passage_touche_ou_disparu_n_est_jamais_place_ailleurs(corrige: str) -> None:
    assert Correspondance(TEMOIN, corrige).suivre(*_passage(TEMOIN, "ressaisir les bons de livraison")) is None


def test_un_mot_court_efface_n_est_pas_confondu_avec_son_homonyme() -> None:
    ancien = "Question : le temps ? Oui. Ensuite on parle du réseau, longuement. L'argent ? Oui, un peu."
    nouveau = ancien.replace("temps ? Oui.", "temps ?")
    assert Correspondance(ancien, nouveau).suivre(*_passage(ancien, "Oui")) is None


def test_une_phrase_coupee_puis_collee_ailleurs_est_suivie() -> None:
    phrase = "Les reçus fiscaux, c'est le dimanche soir."
    ancien = f"Début.\n{phrase}\nMilieu assez long pour compter.\nFin."
    nouveau = f"Début.\nMilieu assez long pour compter.\nFin.\n{phrase}"
    assert Correspondance(ancien, nouveau).suivre(*_passage(ancien, phrase)) == _passage(nouveau, phrase)


def test_ce_qui_a_pris_la_place_est_propose() -> None:
    corrige = TEMOIN.replace("ressaisir les bons de livraison", "tout recopier à la main")
    depart, fin = Correspondance(TEMOIN, corrige).approcher(*_passage(TEMOIN, "ressaisir les bons de livraison"))
    assert corrige[depart:fin].strip() == "tout recopier à la main"


def test_un_long_texte_se_compare_vite_meme_plein_de_lignes_vides() -> None:
    lignes = [f"Tour de parole numéro {rang}, avec ses mots.\n\n" for rang in range(8000)]
    ancien = "".join(lignes)
    lignes[10] = "Corrigé ici.\n\n"
    lignes[7990] = "Et corrigé là.\n\n"
    nouveau = "".join(lignes)
    passage = _passage(ancien, "numéro 4000, avec ses mots")
    assert Correspondance(ancien, nouveau).suivre(*passage) == _passage(nouveau, "numéro 4000, avec ses mots")
