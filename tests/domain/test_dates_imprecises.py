"""Une date dit ce que l'on sait, jamais davantage."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.dates_imprecises import INCONNUE, DateImprecise, ajouter_mois, lire, milieu, mois_ecoules
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import PrecisionDate

JOURS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
CONNUES = st.sampled_from([PrecisionDate.JOUR, PrecisionDate.MOIS, PrecisionDate.ANNEE])
DATES = st.builds(DateImprecise, JOURS, CONNUES) | st.just(INCONNUE)


@pytest.mark.parametrize(
    ("texte", "ecriture"),
    [
        ("15/03/2024", "15 mars 2024"),
        ("1er mars 2024", "1er mars 2024"),
        ("2024-03-15", "15 mars 2024"),
        ("15.3.2024", "15 mars 2024"),
        ("mars 2024", "mars 2024"),
        ("Févr. 2024", "février 2024"),
        ("03/2024", "mars 2024"),
        ("2024-03", "mars 2024"),
        (" 2024 ", "2024"),
        ("?", "date inconnue"),
        ("Inconnue", "date inconnue"),
    ],
)
def test_ce_que_l_on_ecrit_se_lit_avec_sa_precision(texte: str, ecriture: str) -> None:
    assert lire(texte).ecrire().replace("\N{NO-BREAK SPACE}", " ") == ecriture


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("", "Écrivez la date comme vous la savez"),
        ("31/02/2024", "n'existe pas dans le calendrier"),
        ("13/2024", "n'existe pas dans le calendrier"),
        ("0202", "L'année 0202 paraît être une faute de frappe"),
        ("15/03/24", "ne se lit pas comme une date"),
        ("mars", "ne se lit pas comme une date"),
        ("mars mars 2024", "ne se lit pas comme une date"),
        ("l'an dernier", "ne se lit pas comme une date"),
        ("١٢/03/2024", "ne se lit pas comme une date"),
    ],
)
def test_ce_qui_n_est_pas_une_date_se_refuse_en_une_phrase(texte: str, phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        lire(texte)
    assert refus.value.champ == "date"


@given(DATES)
def test_ecrire_puis_lire_redonne_la_meme_date(quand: DateImprecise) -> None:
    assert lire(quand.ecrire()) == quand


@given(DATES)
def test_le_milieu_est_entre_les_bornes(quand: DateImprecise) -> None:
    assert quand.au_plus_tot <= quand.au_plus_tard
    if quand.milieu is None:
        assert quand == INCONNUE
    else:
        assert quand.au_plus_tot <= quand.milieu <= quand.au_plus_tard


@given(JOURS, CONNUES)
def test_le_jour_donne_reste_possible(jour: date, precision: PrecisionDate) -> None:
    quand = DateImprecise(jour, precision)
    assert quand.au_plus_tot <= jour <= quand.au_plus_tard


@given(JOURS, CONNUES)
def test_un_jour_inconnu_ne_s_invente_pas(jour: date, precision: PrecisionDate) -> None:
    autre = jour.replace(day=1)
    assert DateImprecise(jour, PrecisionDate.MOIS) == DateImprecise(autre, PrecisionDate.MOIS)
    assert DateImprecise(jour, PrecisionDate.INCONNUE) == INCONNUE


@pytest.mark.parametrize("precision", [PrecisionDate.JOUR, PrecisionDate.MOIS, PrecisionDate.ANNEE])
def test_une_precision_demande_sa_date(precision: PrecisionDate) -> None:
    with pytest.raises(ValueError, match="demande sa date"):
        DateImprecise(None, precision)


def test_bornes_et_milieux_connus() -> None:
    fevrier = DateImprecise(date(2024, 2, 20), PrecisionDate.MOIS)
    assert (fevrier.au_plus_tot, fevrier.au_plus_tard, fevrier.milieu) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
        date(2024, 2, 15),
    )
    annee = DateImprecise(date(2023, 5, 5), PrecisionDate.ANNEE)
    assert (annee.au_plus_tot, annee.au_plus_tard, annee.milieu) == (
        date(2023, 1, 1),
        date(2023, 12, 31),
        date(2023, 7, 2),
    )
    assert milieu(date(2024, 1, 1), date(2024, 1, 1)) == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 11, 20), -12, date(2025, 11, 20)),
    ],
)
def test_ajouter_des_mois(jour: date, mois: int, attendu: date) -> None:
    assert ajouter_mois(jour, mois) == attendu


@pytest.mark.parametrize(
    ("jours", "mois"), [(0, 0), (15, 0), (16, 1), (31, 1), (365, 12), (366, 12), (731, 24), (1095, 36), (3652, 120)]
)
def test_les_mois_ecoules_s_arrondissent_au_plus_proche(jours: int, mois: int) -> None:
    debut = date(2021, 1, 4)
    assert mois_ecoules(debut, debut + timedelta(days=jours)) == mois


@given(JOURS, st.integers(min_value=0, max_value=120))
def test_une_convention_de_tant_de_mois_dure_tant_de_mois(debut: date, mois: int) -> None:
    assert mois_ecoules(debut, ajouter_mois(debut, mois)) == mois
