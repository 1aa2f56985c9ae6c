"""Qui mène l'entretien, qui répond."""

import pytest

from lib.domain.intervenants import dit_par_la_personne, mene_l_entretien
from lib.domain.passages import Passage, tours_de_parole
from lib.domain.vocabulaire import NatureTexte

TEXTE = "Salle bruyante.\nQ : Et le temps 😡 ?\nR : Il manque.\nMme D. : Toujours."
TOURS = tours_de_parole(TEXTE, NatureTexte.TRANSCRIPTION)


@pytest.mark.parametrize("nom", ["Q", "Enquêtrice", "ENQUÊTEUR 2", "Q2", "Léa", "Léa Fictive", "léa"])
def test_mene_l_entretien(nom: str) -> None:
    assert mene_l_entretien(nom, ["Léa Fictive"])


@pytest.mark.parametrize("nom", ["R", "Mme D.", "Directrice", "Léa Martin", "Quentin", "…", ""])
def test_repond(nom: str) -> None:
    assert not mene_l_entretien(nom, ["Léa Fictive"])


@pytest.mark.parametrize(
    ("extrait", "attendu"),
    [
        ("Il manque", True),
        ("Il manque.\nMme D. : Toujours", True),
        ("Et le temps", False),
        ("😡 ?\nR : Il", False),
        ("Salle", False),
    ],
)
def test_un_passage_dit_par_la_personne(extrait: str, attendu: bool) -> None:
    debut = TEXTE.index(extrait)
    assert dit_par_la_personne(TOURS, Passage(debut, debut + len(extrait))) is attendu


def test_dans_un_texte_sans_tour_tout_est_permis() -> None:
    assert dit_par_la_personne((), Passage(0, 4))
