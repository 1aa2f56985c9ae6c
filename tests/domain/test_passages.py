"""Bornes d'un passage, en points de code, et reconnaissance de qui parle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.erreurs import DonneeInvalide
from lib.domain.passages import Passage, TourDeParole, delimiter, locuteur, tours_de_parole
from lib.domain.vocabulaire import NatureTexte

TEXTE = "Le temps manque 😡, dit-elle."
TRANSCRIPTION = """Enquêtrice : Racontez-moi.
Mme D. : Le temps manque.
Il manque toujours : c'est simple.
Enquêtrice\u00a0: Et l'argent ?"""


def test_les_bornes_comptent_un_emoji_pour_un() -> None:
    passage = delimiter(TEXTE, 9, 17)
    assert passage.extraire(TEXTE) == "manque 😡"


def test_les_blancs_aux_bords_ne_font_pas_partie_du_passage() -> None:
    assert delimiter("  un\u00a0mot \n", 0, 10) == Passage(2, 8)


@pytest.mark.parametrize(("debut", "fin"), [(-1, 4), (0, len(TEXTE) + 1), (8, 3), (10_000, 10_001)])
def test_hors_du_texte_refuse(debut: int, fin: int) -> None:
    with pytest.raises(DonneeInvalide, match="sort du texte"):
        delimiter(TEXTE, debut, fin)


@pytest.mark.parametrize("blanc", ["", " ", "\n\n", "\u00a0\u202f\t", "\u200b", "\x00"])
def test_vide_ou_fait_de_blancs_refuse(blanc: str) -> None:
    with pytest.raises(DonneeInvalide, match="est vide"):
        delimiter(f"a{blanc}b", 1, 1 + len(blanc))


def test_mots_entiers_sur_demande() -> None:
    texte = "aujourd'hui, la préfecture répond"
    assert delimiter(texte, 18, 22, mots_entiers=True).extraire(texte) == "préfecture"
    assert delimiter(texte, 18, 22).extraire(texte) == "éfec"


@pytest.mark.parametrize(
    ("texte", "debut", "fin", "attendu"),
    [
        ("ete\u0301 chaud", 0, 3, "ete\u0301"),
        ("vu 👩\u200d🦰 hier", 3, 4, "👩\u200d🦰"),
        ("bravo 👍🏽 !", 6, 7, "👍🏽"),
        ("bravo 👍🏽 !", 7, 8, "👍🏽"),
    ],
)
def test_un_caractere_visible_n_est_jamais_coupe(texte: str, debut: int, fin: int, attendu: str) -> None:
    assert delimiter(texte, debut, fin).extraire(texte) == attendu


VISIBLE = st.sampled_from("aé«😡\u0301\u200d\ufe0f🏽👩 \n\u00a0")


@given(texte=st.text(VISIBLE, min_size=1, max_size=30), bornes=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_un_passage_accepte_tient_dans_le_texte_et_n_est_pas_blanc(texte: str, bornes: tuple[int, int]) -> None:
    debut, fin = sorted(min(borne, len(texte)) for borne in bornes)
    if not texte[debut:fin].strip(" \n\u00a0\u200d"):
        with pytest.raises(DonneeInvalide):
            delimiter(texte, debut, fin)
        return
    passage = delimiter(texte, debut, fin)
    assert 0 <= passage.debut < passage.fin <= len(texte)
    assert passage.extraire(texte).strip()
    assert delimiter(texte, passage.debut, passage.fin).couvre(passage)


def test_chevaucher_couvrir_reunir() -> None:
    premier, second, voisin = Passage(0, 5), Passage(3, 8), Passage(5, 9)
    assert premier.chevauche(second) and not premier.chevauche(voisin)
    assert premier.union(second) == Passage(0, 8)
    assert premier.union(second).couvre(second) and not second.couvre(premier)


def test_les_tours_d_une_transcription() -> None:
    tours = tours_de_parole(TRANSCRIPTION, NatureTexte.TRANSCRIPTION)
    assert [tour.locuteur for tour in tours] == ["Enquêtrice", "Mme D.", "Enquêtrice"]


@pytest.mark.parametrize(
    ("extrait", "attendu"),
    [("Racontez-moi", "Enquêtrice"), ("c'est simple", "Mme D."), ("simple.\nEnquêtrice\u00a0: Et", None)],
)
def test_qui_parle_dans_un_passage(extrait: str, attendu: str | None) -> None:
    tours = tours_de_parole(TRANSCRIPTION, NatureTexte.TRANSCRIPTION)
    debut = TRANSCRIPTION.index(extrait)
    assert locuteur(tours, Passage(debut, debut + len(extrait))) == attendu


def test_dans_des_notes_un_titre_n_est_pas_une_personne() -> None:
    notes = "Contexte : épicerie.\nQ : et le temps ?\nR : il manque.\nPapiers : le dimanche soir."
    assert tours_de_parole(notes, NatureTexte.NOTES) == (TourDeParole(21, "Q"), TourDeParole(39, "R"))


@pytest.mark.parametrize(
    "ligne",
    [
        "trop bas : non",
        "12 h : départ",
        "Trop de demandes ? Non : voilà",
        "http://exemple.fr",
        "Cinq mots pour un nom : non",
    ],
)
def test_une_phrase_ordinaire_n_ouvre_pas_de_tour(ligne: str) -> None:
    assert tours_de_parole(ligne, NatureTexte.TRANSCRIPTION) == ()


def test_avant_le_premier_tour_personne_ne_parle() -> None:
    tours = tours_de_parole("Salle bruyante.\nQ : Bonjour.", NatureTexte.TRANSCRIPTION)
    assert locuteur(tours, Passage(0, 5)) is None
