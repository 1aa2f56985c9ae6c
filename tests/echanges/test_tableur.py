"""Le .csv pour Excel français, et ce que les deux formats partagent."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.echanges.tableur import (
    Table,
    Valeur,
    csv_en_octets,
    deproteger,
    ecrire_csv,
    heure_locale,
    proteger,
    relire_csv,
    texte_csv,
    texte_date,
    xlsx_en_octets,
)

CARACTERES = st.characters(codec="utf-8", exclude_characters="\0")
PIEGES = st.sampled_from(["=", "+", "-", "@", "'", "\t", "\r", "\n", '"', ";", " ", "\ufeff", "＝", "1"])
TEXTES = st.lists(PIEGES | st.text(CARACTERES, max_size=5), max_size=8).map("".join)


def _table(*lignes: tuple[Valeur, ...]) -> Table:
    return Table("Essai", [f"c{rang}" for rang in range(len(lignes[0]))], lignes)


# --- Forme du fichier -------------------------------------------------------------------------------------------


def test_octets_pour_excel_francais() -> None:
    table = Table("Essai", ["Nom", "Durée"], [("Éliane", 1.5), ('dit « ok » ; "oui"', -3), ("a\nb", None)])
    attendu = '\ufeffNom;Durée\r\nÉliane;1,5\r\n"dit « ok » ; ""oui""";-3\r\n"a\nb";\r\n'
    assert csv_en_octets(table) == attendu.encode()


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (None, ""),
        (True, "oui"),
        (False, "non"),
        (0, "0"),
        (-12, "-12"),
        (123456789012345678, "123456789012345678"),
        (0.1, "0,1"),
        (-1234.5, "-1234,5"),
        (1e-07, "1E-07"),
        (float("nan"), ""),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (date(2026, 9, 3), "03/09/2026"),
        (date(789, 1, 1), "01/01/0789"),
        (datetime(2026, 9, 3, 14, 5), "03/09/2026 14:05:00"),  # noqa: DTZ001 — un instant sans fuseau est le sujet
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "01/07/2026 14:00:00"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "01/01/2027 00:30:00"),
        ("01001", "01001"),
        ("=1+1", "'=1+1"),
    ],
)
def test_texte_csv(valeur: Valeur, attendu: str) -> None:
    assert texte_csv(valeur) == attendu


def test_une_valeur_inattendue_est_refusee() -> None:
    with pytest.raises(TypeError, match="list"):
        csv_en_octets(_table(([1],)))  # type: ignore[arg-type]


def test_texte_date_et_heure_locale() -> None:
    assert texte_date(date(2026, 1, 2)) == "02/01/2026"
    ete = heure_locale(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    assert (ete.hour, ete.tzinfo) == (14, None)


# --- Parade aux formules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("=1+1", "'=1+1"),
        ("+33 6", "'+33 6"),
        ("- un tiret de liste", "'- un tiret de liste"),
        ("@somme", "'@somme"),
        ("\tcolonne", "'\tcolonne"),
        ("\rretour", "'\rretour"),
        ("  =1+1", "'  =1+1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "''=1"),
        ("'apostrophe initiale", "'apostrophe initiale"),
        ("a=1", "a=1"),
        ("", ""),
        ("'", "'"),
    ],
)
def test_proteger(texte: str, attendu: str) -> None:
    assert proteger(texte) == attendu
    assert deproteger(attendu) == texte


@given(TEXTES)
@example("'" * 3 + "=")
def test_deproteger_est_l_inverse_et_rien_ne_reste_une_formule(texte: str) -> None:
    protege = proteger(texte)
    assert deproteger(protege) == texte
    assert protege.lstrip()[:1] not in set("=+-@")
    assert protege[:1] not in set("\t\r\n")


# --- Aller et retour --------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(TEXTES, TEXTES), max_size=8))
@example([("=1+1", "'apostrophe initiale"), ("😀👩‍👩‍👧", "שלום עולם"), ("a\r\nb\rc\nd", "x" * 40_000), ("", "")])
def test_relire_rend_ce_qui_est_ecrit(lignes: list[tuple[str, str]]) -> None:
    table = Table("Essai", ["=a", "b"], lignes)
    assert relire_csv(csv_en_octets(table)) == [["=a", "b"], *map(list, lignes)]


def test_un_texte_d_un_million_de_caracteres_se_relit() -> None:
    long = "é\n" * 500_000
    assert relire_csv(csv_en_octets(_table((long, "fin"))))[1] == [long, "fin"]


def test_les_flux_restent_ouverts() -> None:
    tampon = io.BytesIO()
    ecrire_csv(_table(("a",)), tampon)
    tampon.seek(0)
    assert relire_csv(tampon) == [["c0"], ["a"]]
    assert not tampon.closed


def test_les_lignes_sont_ecrites_au_fil_de_leur_lecture() -> None:
    tampon = io.BytesIO()
    tailles = []

    def lignes() -> Iterator[tuple[str]]:
        for _ in range(100):
            tailles.append(tampon.tell())
            yield ("x" * 1000,)

    ecrire_csv(Table("Essai", ["a"], lignes()), tampon)
    assert 0 < tailles[50] < tailles[99]


@pytest.mark.parametrize("ecrire", [csv_en_octets, lambda table: xlsx_en_octets([table])])
def test_une_ligne_de_mauvaise_longueur_est_refusee(ecrire: Callable[[Table], bytes]) -> None:
    with pytest.raises(ValueError, match="Table « Essai », ligne 2 : 1 valeurs pour 2 colonnes"):
        ecrire(Table("Essai", ["a", "b"], [("1", "2"), ("3",)]))


def test_les_bibliotheques_lourdes_attendent_le_premier_usage() -> None:
    code = "import sys, lib.echanges.tableur; print({'xlsxwriter', 'openpyxl', 'zoneinfo'} & set(sys.modules))"
    sortie = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sortie.stdout.strip() == "set()"
