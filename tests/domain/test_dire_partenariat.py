"""Le statut se dit en une phrase, avec la précision que l'on a et pas davantage."""

from datetime import date

import pytest

from lib.domain.dates_imprecises import lire
from lib.domain.dire_partenariat import dire_statut
from lib.domain.partenariats import Evenement, ranger, reconstituer
from lib.domain.vocabulaire import MotifFin, TypeEvenement

T = TypeEvenement
AU = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("faits", "phrase"),
    [
        ([(T.PREMIER_CONTACT, "01/10/2026")], "Envisagé (premier contact le 1er octobre 2026) : rien n'a commencé."),
        ([(T.DISCUSSION, "?")], "En discussion : rien n'a commencé. Il n'entre dans aucune durée."),
        ([(T.DISCUSSION, "2025"), (T.SANS_SUITE, "01/03/2026")], "Resté sans suite depuis le 1er mars 2026."),
        ([(T.SIGNATURE, "20/05/2026")], "En cours depuis le 20 mai 2026 (6 mois)."),
        (
            [(T.SIGNATURE, "mars 2025"), (T.NOUVELLE, "02/10/2026")],
            "En cours depuis mars 2025 (1 an et 8 mois), dernière nouvelle le 2 octobre 2026.",
        ),
        ([(T.SIGNATURE, "?"), (T.NOUVELLE, "02/10/2026")], "En cours depuis une date inconnue, dernière nouvelle le 2"),
        ([(T.SIGNATURE, "2025"), (T.PAUSE, "01/06/2026")], "En pause depuis le 1er juin 2026, commencé en 2025."),
        ([(T.SIGNATURE, "2025"), (T.PAUSE, "juin 2026")], "En pause depuis juin 2026, commencé en 2025."),
        (
            [(T.SIGNATURE, "15/03/2024"), (T.FIN, "mars 2026")],
            "Terminé en mars 2026, après 2 ans. Motif : budget (du côté de l'entreprise).",
        ),
        ([(T.SIGNATURE, "15/03/2024"), (T.FIN, "?")], "Terminé à une date inconnue. Motif : budget"),
        ([(T.SIGNATURE, "15/03/2025")], "À vérifier : sans nouvelle depuis le 15 mars 2025, plus de douze mois avant"),
        ([(T.SIGNATURE, "2024"), (T.NOUVELLE, "2025")], "À vérifier : sans nouvelle depuis 2025, plus de douze mois"),
        ([(T.SIGNATURE, "?")], "À vérifier : on ne sait pas de quand date la dernière nouvelle."),
    ],
)
def test_chaque_statut_a_sa_phrase(faits: list[tuple[T, str]], phrase: str) -> None:
    evenements = [
        Evenement(
            id=rang,
            type=type_,
            quand=lire(quand),
            su_le=AU,
            motif=MotifFin.BUDGET if type_ is T.FIN else None,
        )
        for rang, (type_, quand) in enumerate(faits)
    ]
    dite = dire_statut(reconstituer(evenements), AU, ranger(evenements)).replace("\N{NO-BREAK SPACE}", " ")
    assert dite.startswith(phrase) and dite.endswith(".")


def test_un_motif_inconnu_ne_se_repete_pas() -> None:
    fin = Evenement(id=2, type=T.FIN, quand=lire("2026"), su_le=AU, motif=MotifFin.INCONNU)
    debut = Evenement(id=1, type=T.SIGNATURE, quand=lire("2026"), su_le=AU)
    dite = dire_statut(reconstituer([debut, fin]), AU)
    assert dite == "Terminé en 2026. Motif inconnu."
