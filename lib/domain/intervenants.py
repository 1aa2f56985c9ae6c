"""Qui mène l'entretien et qui répond, d'après le nom qui annonce chaque tour de parole."""

from bisect import bisect_right
from collections.abc import Iterable

from lib.domain.passages import Passage, TourDeParole
from lib.domain.textes import plier

QUESTIONNEURS = frozenset(
    {"q", "e", "eq", "question", "enqueteur", "enquetrice", "enqueteurs", "enquetrices", "animateur", "animatrice"}
    | {"intervieweur", "intervieweuse", "interviewer"}
)
RESERVEE = "ne se pose que sur les paroles de la personne interrogée"


def mene_l_entretien(nom: str, enqueteurs: Iterable[str] = ()) -> bool:
    """Vrai pour « Q », « Enquêtrice 2 », ou le nom ou le prénom d'une personne qui a mené l'entretien."""
    mots = plier(nom).split()
    if not mots:
        return False
    noms = [plier(enqueteur).split() for enqueteur in enqueteurs]
    return mots[0].rstrip("0123456789") in QUESTIONNEURS or any(mots in (connu, connu[:1]) for connu in noms)


def dit_par_la_personne(tours: tuple[TourDeParole, ...], passage: Passage, enqueteurs: Iterable[str] = ()) -> bool:
    """Vrai si personne qui mène l'entretien ne dit rien du passage ; toujours vrai d'un texte sans tour de parole."""
    if not tours:
        return True
    premier = bisect_right(tours, passage.debut, key=lambda tour: tour.debut) - 1
    dernier = bisect_right(tours, passage.fin - 1, key=lambda tour: tour.debut) - 1
    connus = tuple(enqueteurs)
    return premier >= 0 and not any(mene_l_entretien(t.locuteur, connus) for t in tours[premier : dernier + 1])
