"""Unités de parole : des tours quand quelqu'un parle, des paragraphes sinon, sans rien perdre ni compter deux fois."""

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.passages import Passage
from lib.domain.unites import touchees, unites_de_parole
from lib.domain.vocabulaire import NatureTexte

ENTRETIEN = (
    "Bonjour.\nEnquêtrice : Le temps ?\nDirectrice : Il manque.\nVraiment.\nEnquêtrice : Et ?\nDirectrice : Oui 😡.\n"
)


def _mots(texte: str, nature: NatureTexte) -> list[tuple[str | None, str]]:
    return [(u.locuteur, texte[u.debut : u.fin].strip()) for u in unites_de_parole(texte, nature)]


def test_chaque_tour_va_jusqu_au_suivant() -> None:
    assert _mots(ENTRETIEN, NatureTexte.TRANSCRIPTION) == [
        (None, "Bonjour."),
        ("Enquêtrice", "Enquêtrice : Le temps ?"),
        ("Directrice", "Directrice : Il manque.\nVraiment."),
        ("Enquêtrice", "Enquêtrice : Et ?"),
        ("Directrice", "Directrice : Oui 😡."),
    ]
    questions = [unite.question for unite in unites_de_parole(ENTRETIEN, NatureTexte.TRANSCRIPTION)]
    assert questions == [False, True, False, True, False]


def test_sans_personne_de_nommee_un_paragraphe_fait_une_unite() -> None:
    assert _mots("Un.\n\n  \nDeux.", NatureTexte.NOTES) == [(None, "Un."), (None, "Deux.")]


@given(
    texte=st.text(alphabet="aé😡 \nQR:", max_size=60),
    nature=st.sampled_from(NatureTexte),
    bornes=st.tuples(st.integers(0, 60), st.integers(1, 20)),
)
def test_les_unites_se_suivent_et_un_passage_touche_celles_qu_il_couvre(
    texte: str, nature: NatureTexte, bornes: tuple[int, int]
) -> None:
    unites = unites_de_parole(texte, nature)
    limites = [borne for unite in unites for borne in (unite.debut, unite.fin)]
    assert limites == sorted(limites)
    couverts = {position for unite in unites for position in range(unite.debut, unite.fin)}
    assert all(texte[p].isspace() for p in range(len(texte)) if p not in couverts)
    passage = Passage(bornes[0], bornes[0] + bornes[1])
    attendues = [rang for rang, unite in enumerate(unites) if passage.chevauche(Passage(unite.debut, unite.fin))]
    assert list(touchees(unites, passage)) == attendues
