"""Formats français : chaque exemple est ce qu'on doit lire à l'écran, espaces insécables comprises."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import formats as f

N, F = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (0, 0, "0"),
        (1234, 0, f"1{F}234"),
        (1_000_000, 0, f"1{F}000{F}000"),
        (1234.5, 1, f"1{F}234,5"),
        (0.125, 2, "0,13"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0,0"),
        (1e21, 0, f"1{F}000{F}000{F}000{F}000{F}000{F}000{F}000"),
        (None, 0, f"n.{N}d."),
        (float("nan"), 1, f"n.{N}d."),
        (float("inf"), 1, f"n.{N}d."),
    ],
)
def test_nombre(valeur: float | None, decimales: int, attendu: str) -> None:
    assert f.nombre(valeur, decimales) == attendu


@given(st.floats(min_value=-1e9, max_value=1e9), st.integers(min_value=0, max_value=6))
def test_un_nombre_ecrit_se_relit_a_l_arrondi_pres(valeur: float | None, decimales: int) -> None:
    relu = Decimal(f.nombre(valeur, decimales).replace(F, "").replace(",", ".").replace("−", "-"))
    assert relu == Decimal(str(valeur)).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)


def test_un_ecart_porte_toujours_son_signe() -> None:
    assert f.nombre_signe(3.14, 1) == "+3,1"
    assert f.nombre_signe(-3.14, 1) == "−3,1"
    assert f.nombre_signe(0.04, 1) == "0,0"
    assert f.nombre_signe(None) == f.ABSENT


@pytest.mark.parametrize(
    ("part", "decimales", "attendu"),
    [(0.476, 0, f"48{N}%"), (0.285, 0, f"29{N}%"), (1, 0, f"100{N}%"), (0.0801, 1, f"8,0{N}%"), (None, 0, f.ABSENT)],
)
def test_pourcentage(part: float | None, decimales: int, attendu: str) -> None:
    assert f.pourcentage(part, decimales) == attendu


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [
        (0.285, f"+29{N}points"),
        (-0.01, f"−1{N}point"),
        (0.0, f"0{N}point"),
        (0.0199, f"+2{N}points"),
        (None, f.ABSENT),
    ],
)
def test_points(ecart: float | None, attendu: str) -> None:
    assert f.points(ecart) == attendu


def test_effectif_et_montants() -> None:
    assert f.effectif(12, 1042) == f"12/1{F}042"
    assert f.euros(46000) == f"46{F}000{N}€"
    assert f.euros(None) == f.ABSENT


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (0, f"0{N}o"),
        (999, f"999{N}o"),
        (1500, f"1,5{N}ko"),
        (1_250_000, f"1,3{N}Mo"),
        (250_000_000, f"250{N}Mo"),
        (5_000_000_000_000, f"5{F}000{N}Go"),
    ],
)
def test_taille_fichier(octets: int, attendu: str) -> None:
    assert f.taille_fichier(octets) == attendu


@pytest.mark.parametrize(
    ("p", "attendu"),
    [
        (0.05011612, f"p{N}={N}0,0501"),
        (0.0500004, f"p{N}={N}0,0500004"),
        (0.04999996, f"p{N}={N}0,04999996"),
        (0.05, f"p{N}={N}0,0500"),
        (0.00131116, f"p{N}={N}0,0013"),
        (0.00009, f"p{N}<{N}0,0001"),
        (1.0, f"p{N}={N}1,0000"),
        (None, f"p{N}non calculée"),
    ],
)
def test_une_valeur_p_reste_du_bon_cote_du_seuil(p: float | None, attendu: str) -> None:
    assert f.valeur_p(p) == attendu


def test_une_valeur_q_porte_son_nom() -> None:
    assert f.valeur_p(0.0123, nom="q") == f"q{N}={N}0,0123"


def test_intervalle() -> None:
    assert f.intervalle(0.2553, 0.3662, f.pourcentage) == f"[26{N}%{F}; 37{N}%]"
    assert f.intervalle(18, None, f.nombre, borne_absente="non atteinte") == f"[18{F}; non atteinte]"
    assert f.intervalle(1, 2) == f"[1{F}; 2]"


@pytest.mark.parametrize(
    ("elements", "attendu"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_enumeration(elements: list[str], attendu: str) -> None:
    assert f.enumeration(elements) == attendu


def test_enumeration_alternative() -> None:
    assert f.enumeration(["don", "prêt"], liaison="ou") == "don ou prêt"


def test_guillemets() -> None:
    assert f.guillemets("on ne se connaît pas") == f"«{N}on ne se connaît pas{N}»"


@pytest.mark.parametrize(
    ("quantite", "attendu"),
    [(0, "entretien"), (1, "entretien"), (1.5, "entretien"), (2, "entretiens"), (-3, "entretiens")],
)
def test_pluriel_a_partir_de_deux(quantite: float, attendu: str) -> None:
    assert f.pluriel(quantite, "entretien") == attendu


def test_compter() -> None:
    assert f.compter(1, "partenariat") == f"1{N}partenariat"
    assert f.compter(1200, "partenariat") == f"1{F}200{N}partenariats"
    assert f.compter(2, "réseau", "réseaux") == f"2{N}réseaux"


@pytest.mark.parametrize(
    ("mois", "attendu"),
    [
        (0, f"0{N}mois"),
        (11.6, f"1{N}an"),
        (12, f"1{N}an"),
        (13, f"1{N}an et 1{N}mois"),
        (30, f"2{N}ans et 6{N}mois"),
        (None, f.ABSENT),
    ],
)
def test_duree_lisible(mois: float | None, attendu: str) -> None:
    assert f.duree_lisible(mois) == attendu


def test_duree_mois() -> None:
    assert f.duree_mois(12.25, 1) == f"12,3{N}mois"
    assert f.duree_mois(None) == f.ABSENT


def test_dates() -> None:
    jour = date(2026, 11, 23)
    assert f.date_longue(jour) == f"23{N}novembre{N}2026"
    assert f.date_longue(jour, avec_jour=True) == f"lundi 23{N}novembre{N}2026"
    assert f.date_longue(date(2026, 5, 1)) == f"1er{N}mai{N}2026"
    assert f.date_abregee(jour) == f"23{N}nov.{N}2026"
    assert f.date_abregee(date(2026, 7, 1)) == f"1er{N}juil.{N}2026"
    assert f.date_courte(date(2026, 1, 2)) == "02/01/2026"
    assert f.mois_annee(jour) == f"novembre{N}2026"


@pytest.mark.parametrize("ecrire", [f.date_longue, f.date_abregee, f.date_courte, f.mois_annee, f.date_et_heure])
def test_une_date_absente_se_dit(ecrire: Callable[[None], str]) -> None:
    assert ecrire(None) == f.ABSENT


@pytest.mark.parametrize(
    ("precision", "attendu"),
    [
        ("jour", f"23{N}novembre{N}2026"),
        ("mois", f"novembre{N}2026"),
        ("annee", "2026"),
        ("inconnue", "date inconnue"),
    ],
)
def test_une_date_imprecise_n_invente_pas_de_jour(precision: str, attendu: str) -> None:
    assert f.date_imprecise(date(2026, 11, 23), precision) == attendu


def test_une_date_imprecise_absente() -> None:
    assert f.date_imprecise(None, "jour") == "date inconnue"


def test_date_et_heure() -> None:
    assert f.date_et_heure(datetime(2026, 11, 23, 9, 5, tzinfo=UTC)) == f"23{N}novembre{N}2026 à 9{N}h{N}05"


def test_typographier() -> None:
    ecrit = "Écart : « net » ; 12 % ? Oui ! 3 €"
    assert f.typographier(ecrit) == f"Écart{N}: «{N}net{N}»{F}; 12{N}%{F}? Oui{F}! 3{N}€"
    assert f.typographier(f.typographier(ecrit)) == f.typographier(ecrit)
    assert f.typographier("https://exemple.fr à 9:30") == "https://exemple.fr à 9:30"
