"""Qui mène l'entretien et qui répond : ce que dit le nom en tête de chaque tour, et ce que l'équipe en corrige."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from lib.domain.passages import Passage, TourDeParole, debuts_de_ligne, tours_de_parole
from lib.domain.textes import plier
from lib.domain.vocabulaire import NatureTexte, Vocabulaire

QUESTIONNEURS = frozenset(
    {"q", "e", "eq", "question", "enqueteur", "enquetrice", "enqueteurs", "enquetrices", "animateur", "animatrice"}
    | {"intervieweur", "intervieweuse", "interviewer"}
)
RESERVEE = "ne se pose que sur les paroles de la personne interrogée"


class RoleIntervenant(Vocabulaire):
    """Ce qu'un début de ligne désigne, quand la reconnaissance se trompe."""

    MENE = "mene", "Mène l'entretien"
    REPOND = "repond", "Répond"
    PERSONNE = "personne", "N'est pas une prise de parole"


@dataclass(frozen=True, slots=True)
class Reconnaissance:
    """Qui parle dans les textes d'un entretien.

    enqueteurs : noms des personnes qui l'ont mené. corrections : (nom en tête de ligne, ce qu'il désigne).
    """

    enqueteurs: tuple[str, ...] = ()
    corrections: tuple[tuple[str, RoleIntervenant], ...] = ()

    def tours(self, texte: str, nature: NatureTexte) -> tuple[TourDeParole, ...]:
        """Les prises de parole d'un texte, dans l'ordre."""
        return tours_de_parole(texte, nature, *self.noms())

    def noms(self) -> tuple[frozenset[str], frozenset[str]]:
        """Les noms qui annoncent une prise de parole quoi qu'il en semble, et ceux qui n'en annoncent pas."""
        ecartes = frozenset(nom for nom, role in self.corrections if role is RoleIntervenant.PERSONNE)
        return frozenset(nom for nom, _ in self.corrections) - ecartes, ecartes

    def ignores(self, texte: str, nature: NatureTexte) -> tuple[str, ...]:
        """Les débuts de ligne qui ressemblent à un nom sans être tenus pour une prise de parole."""
        reconnus = {tour.locuteur for tour in self.tours(texte, nature)}
        return tuple(nom for nom in debuts_de_ligne(texte) if nom not in reconnus)

    def mene(self, nom: str) -> bool:
        """Vrai si cette personne mène l'entretien : ce qui est corrigé l'emporte sur ce que le nom laisse croire."""
        corrige = dict(self.corrections).get(nom)
        return corrige is RoleIntervenant.MENE if corrige else mene_l_entretien(nom, self.enqueteurs)

    def dit_par_la_personne(self, texte: str, nature: NatureTexte, passage: Passage) -> bool:
        """Vrai si personne qui mène l'entretien ne dit rien du passage ; toujours vrai d'un texte sans tour."""
        tours = self.tours(texte, nature)
        if not tours:
            return True
        premier = bisect_right(tours, passage.debut, key=lambda tour: tour.debut) - 1
        dernier = bisect_right(tours, passage.fin - 1, key=lambda tour: tour.debut) - 1
        return premier >= 0 and not any(self.mene(tour.locuteur) for tour in tours[premier : dernier + 1])


def mene_l_entretien(nom: str, enqueteurs: Iterable[str] = ()) -> bool:
    """Vrai pour « Q », « Enquêtrice 2 », ou le nom ou le prénom d'une personne qui a mené l'entretien."""
    mots = plier(nom).split()
    if not mots:
        return False
    noms = [plier(enqueteur).split() for enqueteur in enqueteurs]
    return mots[0].rstrip("0123456789") in QUESTIONNEURS or any(mots in (connu, connu[:1]) for connu in noms)
