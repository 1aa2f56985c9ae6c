"""Qui mène l'entretien, qui répond."""

import pytest

from lib.domain.intervenants import Reconnaissance, RoleIntervenant, mene_l_entretien
from lib.domain.passages import Passage
from lib.domain.vocabulaire import NatureTexte

TEXTE = "Salle bruyante.\nQ : Et le temps 😡 ?\nR : Il manque.\nMme D. : Toujours."
SEULE = Reconnaissance()


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
    assert SEULE.dit_par_la_personne(TEXTE, NatureTexte.TRANSCRIPTION, Passage(debut, debut + len(extrait))) is attendu


def test_dans_un_texte_sans_tour_tout_est_permis() -> None:
    assert SEULE.dit_par_la_personne("Sans personne.", NatureTexte.NOTES, Passage(0, 4))


def test_ce_qui_est_corrige_l_emporte_sur_ce_que_le_nom_laisse_croire() -> None:
    notes = "Contexte : une salle.\nQ : Oui.\nR : Il manque."
    corrigee = Reconnaissance(
        corrections=(
            ("Contexte", RoleIntervenant.REPOND),
            ("Q", RoleIntervenant.PERSONNE),
            ("R", RoleIntervenant.MENE),
        )
    )
    assert SEULE.ignores(notes, NatureTexte.NOTES) == ("Contexte",)
    assert [tour.locuteur for tour in corrigee.tours(notes, NatureTexte.NOTES)] == ["Contexte", "R"]
    assert corrigee.ignores(notes, NatureTexte.NOTES) == ("Q",)
    assert corrigee.dit_par_la_personne(notes, NatureTexte.NOTES, Passage(0, notes.index("R :")))
    assert not corrigee.dit_par_la_personne(notes, NatureTexte.NOTES, Passage(notes.index("Il"), len(notes)))
