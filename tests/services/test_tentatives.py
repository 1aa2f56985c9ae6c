"""Les essais se ralentissent par compte et par adresse, et tout se déverrouille seul."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Tentative
from lib.services import tentatives
from lib.services.tentatives import SEUIL_ADRESSE, SEUIL_COMPTE, Essai, TropDEssais
from lib.services.transaction import ecriture, lecture

DEPART = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _essayer(moteur: Engine, identifiant: str = "camille", adresse: str = "192.0.2.1", secondes: float = 0) -> Essai:
    with ecriture(moteur, None) as session:
        return tentatives.reserver(
            session, identifiant=identifiant, adresse=adresse, instant=DEPART + timedelta(seconds=secondes)
        )


def _epuiser_le_compte(moteur: Engine) -> None:
    for rang in range(SEUIL_COMPTE):
        _essayer(moteur, adresse=f"192.0.2.{rang}")


def test_les_premiers_essais_passent_puis_il_faut_attendre_de_plus_en_plus(moteur: Engine) -> None:
    _epuiser_le_compte(moteur)
    with pytest.raises(TropDEssais, match="dans 1\xa0seconde"):
        _essayer(moteur, adresse="198.51.100.1")
    _essayer(moteur, adresse="198.51.100.1", secondes=1)
    with pytest.raises(TropDEssais, match="dans 2\xa0secondes"):
        _essayer(moteur, adresse="198.51.100.1", secondes=1)
    _essayer(moteur, adresse="198.51.100.1", secondes=3)
    with pytest.raises(TropDEssais, match="dans 4\xa0secondes"):
        _essayer(moteur, adresse="198.51.100.1", secondes=3)


def test_un_compte_ralenti_n_arrete_pas_les_autres(moteur: Engine) -> None:
    _epuiser_le_compte(moteur)
    _essayer(moteur, "dominique", "198.51.100.1")


def test_une_adresse_est_ralentie_quel_que_soit_le_compte(moteur: Engine) -> None:
    for rang in range(SEUIL_ADRESSE):
        _essayer(moteur, f"compte-{rang}")
    with pytest.raises(TropDEssais):
        _essayer(moteur, "encore-un-autre")
    _essayer(moteur, "encore-un-autre", "198.51.100.1")


def test_l_attente_ne_depasse_pas_un_quart_d_heure_et_l_heure_efface_tout(moteur: Engine) -> None:
    instant = 0.0
    for rang in range(20):
        _essayer(moteur, adresse=f"198.51.100.{rang}", secondes=instant)
        instant += min(2 ** max(0, rang + 1 - SEUIL_COMPTE), 900)
        if instant > 2000:
            break
    with pytest.raises(TropDEssais) as refus:
        _essayer(moteur, adresse="203.0.113.1", secondes=instant - 1)
    assert "1\xa0seconde" in str(refus.value)
    _essayer(moteur, adresse="203.0.113.1", secondes=instant + 3601)
    with lecture(moteur) as session:
        assert len(session.scalars(select(Tentative)).all()) == 2


def test_une_reussite_efface_les_echecs_du_compte(moteur: Engine) -> None:
    for rang in range(SEUIL_COMPTE - 1):
        _essayer(moteur, adresse=f"192.0.2.{rang}")
    with ecriture(moteur, None) as session:
        essai = tentatives.reserver(session, identifiant="camille", adresse="192.0.2.99", instant=DEPART)
        tentatives.oublier(session, essai)
    for rang in range(SEUIL_COMPTE):
        _essayer(moteur, adresse=f"198.51.100.{rang}")


def test_la_base_ne_garde_ni_identifiant_ni_adresse(moteur: Engine) -> None:
    _essayer(moteur)
    with lecture(moteur) as session:
        cles = session.scalars(select(Tentative.cle)).all()
    assert len(set(cles)) == 2
    assert all(len(cle) == 64 and "camille" not in cle and "192" not in cle for cle in cles)


def test_vingt_essais_lances_ensemble_ne_passent_pas_comme_un_seul(moteur: Engine) -> None:
    def essayer(rang: int) -> bool:
        try:
            _essayer(moteur, adresse=f"192.0.2.{rang}")
        except TropDEssais:
            return False
        return True

    with ThreadPoolExecutor(8) as fils:
        passes = list(fils.map(essayer, range(20)))
    assert sum(passes) == SEUIL_COMPTE
