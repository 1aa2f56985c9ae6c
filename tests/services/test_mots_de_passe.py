"""Douze caractères au moins, soixante-douze octets au plus, et la même durée pour un compte inconnu."""

from unittest.mock import patch

import bcrypt
import pytest

from lib.domain.erreurs import DonneeInvalide
from lib.services import mots_de_passe

PHRASE = "une phrase facile à retenir"


@pytest.fixture(autouse=True)
def peu_de_tours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mots_de_passe, "TOURS", 4)


def test_un_mot_de_passe_ne_repond_qu_a_son_empreinte() -> None:
    garde = mots_de_passe.empreinte(PHRASE)
    assert mots_de_passe.est_juste(PHRASE, garde)
    assert not mots_de_passe.est_juste(PHRASE + " ", garde)
    assert not mots_de_passe.est_juste("", garde)


def test_l_empreinte_est_de_bcrypt_a_douze_tours() -> None:
    with patch.object(mots_de_passe, "TOURS", 12):
        assert mots_de_passe.empreinte(PHRASE).startswith("$2b$12$")


@pytest.mark.parametrize("accepte", ["é" * 36, "a" * 72, "a" * 64, "douze signes", "🙂" * 12])
def test_de_douze_caracteres_a_soixante_douze_octets(accepte: str) -> None:
    assert mots_de_passe.est_juste(accepte, mots_de_passe.empreinte(accepte))


@pytest.mark.parametrize(
    ("refuse", "phrase"),
    [("a" * 11, "au moins 12"), ("", "au moins 12"), ("a" * 73, "trop long"), ("é" * 37, "trop long")],
)
def test_hors_de_ces_bornes_une_phrase_dit_quoi_faire(refuse: str, phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        mots_de_passe.empreinte(refuse)


def test_un_caractere_nul_est_refuse() -> None:
    with pytest.raises(DonneeInvalide, match="illisible"):
        mots_de_passe.empreinte("douze signes\0 et plus")


def test_au_dela_de_soixante_douze_octets_rien_n_est_juste_meme_si_le_debut_l_est() -> None:
    garde = mots_de_passe.empreinte("a" * 72)
    assert not mots_de_passe.est_juste("a" * 73, garde)


def test_un_accent_compose_ou_non_est_le_meme_mot() -> None:
    assert mots_de_passe.est_juste("de\u0301cembre en Bourgogne", mots_de_passe.empreinte("décembre en Bourgogne"))


@pytest.mark.parametrize("garde", [None, "connue"])
def test_un_compte_inconnu_coute_le_meme_calcul(garde: str | None) -> None:
    empreinte = mots_de_passe.empreinte(PHRASE) if garde else None
    mots_de_passe._empreinte_factice()
    with patch.object(mots_de_passe.bcrypt, "checkpw", wraps=bcrypt.checkpw) as calcul:
        assert mots_de_passe.est_juste(PHRASE, empreinte) is (garde is not None)
    assert calcul.call_count == 1


def test_l_empreinte_factice_a_autant_de_tours_qu_une_vraie() -> None:
    mots_de_passe._empreinte_factice.cache_clear()
    assert mots_de_passe._empreinte_factice()[:7] == mots_de_passe.empreinte(PHRASE)[:7]
    mots_de_passe._empreinte_factice.cache_clear()


def test_un_provisoire_est_accepte_et_jamais_deux_fois_le_meme() -> None:
    premier, second = mots_de_passe.en_inventer_un(), mots_de_passe.en_inventer_un()
    assert premier != second
    assert mots_de_passe.est_juste(premier, mots_de_passe.empreinte(premier))
