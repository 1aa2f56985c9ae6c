"""Vues gardées : calculées une fois, jamais à quelqu'un d'autre, jamais périmées, jamais sans fin."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.ui.caches import Cle, Vues

PERIMETRE = Perimetre(compte_id=0, role=Role.ENQUETEUR, investigation_id=1)


def cle(version: int = 1, criteres: str = "", investigation: int = 1, calcul: str = "couverture") -> Cle:
    perimetre = Perimetre(compte_id=0, role=Role.ENQUETEUR, investigation_id=investigation)
    return Cle(calcul, perimetre, criteres, version)


def gardee(vues: Vues, voulue: Cle) -> bool:
    """Vrai si la vue est là : le calcul de secours ne sert pas."""
    return vues.lire(voulue, lambda: "recalculée") != "recalculée"


def test_une_vue_se_calcule_une_fois() -> None:
    vues, appels = Vues(), []
    for _ in range(3):
        assert vues.lire(cle(), lambda: appels.append(1) or "figure") == "figure"
    assert appels == [1]


@pytest.mark.parametrize(
    "autre", [cle(version=2), cle(criteres="terrain=2"), cle(investigation=2), cle(calcul="durees")]
)
def test_un_autre_perimetre_un_autre_critere_ou_une_autre_version_n_est_pas_la_meme_vue(autre: Cle) -> None:
    vues = Vues()
    vues.lire(cle(), lambda: "celle-ci")
    assert vues.lire(autre, lambda: "celle-là") == "celle-là"


def test_une_ecriture_libere_les_vues_depassees_de_son_investigation_seulement() -> None:
    vues = Vues()
    for voulue in (cle(version=1), cle(version=1, criteres="x"), cle(version=1, investigation=2)):
        vues.lire(voulue, lambda: "vue")
    vues.lire(cle(version=2), lambda: "vue")
    assert gardee(vues, cle(version=1, investigation=2))
    assert not gardee(vues, cle(version=1)) and not gardee(vues, cle(version=1, criteres="x"))


def test_une_vue_expire_meme_sans_ecriture(monkeypatch: pytest.MonkeyPatch) -> None:
    instant = [100.0]
    monkeypatch.setattr("lib.ui.caches.time.monotonic", lambda: instant[0])
    vues = Vues(duree=60)
    vues.lire(cle(), lambda: "hier")
    instant[0] += 59
    assert gardee(vues, cle())
    instant[0] += 1
    assert not gardee(vues, cle())


def test_un_calcul_en_erreur_ne_laisse_rien() -> None:
    vues = Vues()
    with pytest.raises(ZeroDivisionError):
        vues.lire(cle(), lambda: 1 / 0)
    assert vues.lire(cle(), lambda: "enfin") == "enfin"


def test_dix_personnes_ensemble_un_seul_calcul() -> None:
    vues, appels, depart = Vues(), [], Barrier(10)

    def demander(_: int) -> str:
        depart.wait()
        return vues.lire(cle(), lambda: appels.append(1) or "vue")

    with ThreadPoolExecutor(10) as fils:
        assert set(fils.map(demander, range(10))) == {"vue"}
    assert appels == [1]


@given(demandes=st.lists(st.integers(0, 20), max_size=60))
def test_jamais_plus_de_vues_que_le_maximum_et_les_dernieres_restent(demandes: list[int]) -> None:
    vues = Vues(maximum=5)
    for demande in demandes:
        vues.lire(cle(criteres=str(demande)), lambda: "vue")
    dernieres = list(dict.fromkeys(reversed(demandes)))[:5]
    assert len(vues._places) <= 5
    assert all(gardee(vues, cle(criteres=str(demande))) for demande in dernieres)
