"""Le modèle des suggestions s'apprend à l'écart : une demande n'attend jamais."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lib.analytics.suggestions import Semblables
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.ui.composants import suggestions
from lib.ui.composants.suggestions import Modeles
from tests.outils.enquete import preparer


@pytest.fixture
def perimetre(moteur: Engine) -> Perimetre:
    return preparer(moteur).perimetre(Role.ENQUETEUR)


def _attendre(lire: Callable[[], Semblables | None]) -> Semblables:
    for _ in range(2_000):
        if modele := lire():
            return modele
        time.sleep(0.01)
    raise AssertionError("le modèle ne vient pas")


def test_la_premiere_demande_n_attend_pas_et_la_suite_est_partagee(moteur: Engine, perimetre: Perimetre) -> None:
    modeles = Modeles()
    modele = _attendre(lambda: modeles.lire(moteur, perimetre))
    assert modeles.lire(moteur, replace(perimetre, compte_id=perimetre.compte_id + 1)) is modele
    assert modeles.lire(moteur, replace(perimetre, terrains=frozenset({1}))) is not modele
    modeles._ouvrier.shutdown(wait=True)


def test_au_bout_de_sa_duree_le_modele_se_rapprend(moteur: Engine, perimetre: Perimetre) -> None:
    modeles = Modeles(duree=0.0)
    for _ in range(2):
        modeles.lire(moteur, perimetre)
    assert modeles._gardes[replace(perimetre, compte_id=0)][0] <= time.monotonic()
    modeles._ouvrier.shutdown(wait=True)


def test_apres_un_echec_on_reessaie(moteur: Engine, perimetre: Perimetre, monkeypatch: pytest.MonkeyPatch) -> None:
    appels: list[int] = []
    vrai = suggestions._apprendre

    def echouer_une_fois(base: Engine, commun: Perimetre) -> Semblables:
        appels.append(1)
        if len(appels) == 1:
            raise OSError("base coupée")
        return vrai(base, commun)

    monkeypatch.setattr(suggestions, "_apprendre", echouer_une_fois)
    modeles = Modeles()
    assert _attendre(lambda: modeles.lire(moteur, perimetre)) is not None
    assert len(appels) == 2


def test_les_plus_anciens_modeles_s_oublient(moteur: Engine, perimetre: Perimetre) -> None:
    modeles = Modeles(maximum=2)
    for terrain in range(4):
        modeles.lire(moteur, replace(perimetre, terrains=frozenset({terrain})))
    assert len(modeles._gardes) == 2
    modeles._ouvrier.shutdown(wait=True)
