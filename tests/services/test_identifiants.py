"""Les exemples de reperes/vocabulaires.md, La Poste comprise : acceptés ou refusés en une phrase."""

import pytest

from lib.domain.erreurs import DonneeInvalide
from lib.services.identifiants import accorder, valider_rna, valider_siren, valider_siren_ou_siret, valider_siret


@pytest.mark.parametrize("saisie", ["732829320", "732 829 320", " 732.829.320 ", "732\u00a0829\u202f320"])
def test_un_siren_juste_perd_ses_espaces(saisie: str) -> None:
    assert valider_siren(saisie) == "732829320"


@pytest.mark.parametrize("saisie", ["73282932000074", "732 829 320 00074"])
def test_un_siret_juste_perd_ses_espaces(saisie: str) -> None:
    assert valider_siret(saisie) == "73282932000074"


@pytest.mark.parametrize("saisie", ["35600000049837", "35600000009075", "35600000000048"])
def test_les_etablissements_de_la_poste_ont_leur_regle(saisie: str) -> None:
    assert valider_siret(saisie) == saisie


@pytest.mark.parametrize(
    ("saisie", "mot"),
    [
        ("73282932000075", "clé de contrôle"),
        ("35600000000049", "clé de contrôle"),
        ("35600000000053", "clé de contrôle"),
        ("12345678901234", "clé de contrôle"),
        ("732829320", "14 chiffres"),
        ("73282932O00074", "14 chiffres"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "14 chiffres"),
    ],
)
def test_un_siret_faux_se_dit_en_une_phrase(saisie: str, mot: str) -> None:
    with pytest.raises(DonneeInvalide, match=mot) as refus:
        valider_siret(saisie)
    assert refus.value.champ == "siret"


@pytest.mark.parametrize(("saisie", "mot"), [("732829321", "clé de contrôle"), ("73282932", "9 chiffres")])
def test_un_siren_faux_se_dit_en_une_phrase(saisie: str, mot: str) -> None:
    with pytest.raises(DonneeInvalide, match=mot) as refus:
        valider_siren(saisie)
    assert refus.value.champ == "siren"


@pytest.mark.parametrize("saisie", ["W135247934", "W231468097", " W231 468 097 "])
def test_un_rna_juste(saisie: str) -> None:
    assert valider_rna(saisie) == "".join(saisie.split())


@pytest.mark.parametrize("saisie", ["w231468097", "W23146809d", "WWWWWWWWWW", "W12345678", "W1234567890"])
def test_un_rna_faux_se_dit_en_une_phrase(saisie: str) -> None:
    with pytest.raises(DonneeInvalide, match="W majuscule suivi de neuf chiffres") as refus:
        valider_rna(saisie)
    assert refus.value.champ == "rna"


@pytest.mark.parametrize("valider", [valider_siren, valider_siret, valider_rna])
def test_aucun_identifiant_n_est_exige(valider: object) -> None:
    assert callable(valider)
    assert valider("  ") is None


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ("", (None, None)),
        ("732 829 320", ("732829320", None)),
        ("732 829 320 00074", ("732829320", "73282932000074")),
    ],
)
def test_un_seul_champ_pour_siren_ou_siret(saisie: str, attendu: tuple[str | None, str | None]) -> None:
    assert valider_siren_ou_siret(saisie) == attendu


def test_un_numero_de_longueur_inattendue_dit_les_deux_longueurs() -> None:
    with pytest.raises(DonneeInvalide, match="neuf chiffres"):
        valider_siren_ou_siret("73282932000")


def test_siren_et_siret_doivent_aller_ensemble() -> None:
    assert accorder(None, "73282932000074") == "732829320"
    assert accorder("732829320", None) == "732829320"
    assert accorder(None, None) is None
    with pytest.raises(DonneeInvalide, match="n'est pas un établissement"):
        accorder("356000000", "73282932000074")
