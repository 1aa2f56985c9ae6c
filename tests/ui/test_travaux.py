"""Un travail long : son avancement, son résultat qui attend, son échec en une phrase."""

import time
from threading import Event

import pytest

from lib.domain.erreurs import DonneeInvalide
from lib.services.exports_fichier import Suivre
from lib.ui.travaux import Travail, Travaux


def attendre(travaux: Travaux, cle: str) -> Travail:
    fin = time.monotonic() + 10
    while time.monotonic() < fin:
        travail = travaux.lire(cle)
        if travail and travail.fini:
            return travail
        time.sleep(0.005)
    pytest.fail("Le travail ne finit pas.")


def test_le_resultat_attend_la_personne() -> None:
    travaux, barriere = Travaux(), Event()

    def mener(suivre: Suivre) -> str:
        suivre("Lecture", 1, 4)
        barriere.wait(10)
        return "fait"

    travaux.lancer("a", mener)
    while (travail := travaux.lire("a")) is not None and travail.etape != "Lecture":
        time.sleep(0.005)
    assert travail is not None and (travail.part, travail.fini, travail.resultat) == (0.25, False, None)
    barriere.set()
    assert attendre(travaux, "a").resultat == "fait"
    assert travaux.lire("a") is not None and travaux.lire("b") is None


def test_un_travail_en_cours_ne_se_lance_pas_deux_fois() -> None:
    travaux, barriere, lances = Travaux(), Event(), []

    def mener(_: Suivre) -> None:
        lances.append(1)
        barriere.wait(10)

    assert travaux.lancer("a", mener) is travaux.lancer("a", mener)
    barriere.set()
    attendre(travaux, "a")
    assert lances == [1]
    travaux.lancer("a", mener)
    attendre(travaux, "a")
    assert lances == [1, 1]


def test_un_refus_du_metier_garde_sa_phrase() -> None:
    travaux = Travaux()

    def mener(_: Suivre) -> None:
        raise DonneeInvalide("Rien à restituer.")

    travaux.lancer("a", mener)
    assert attendre(travaux, "a").refus == "Rien à restituer."


def test_un_defaut_se_trace_et_se_dit_sans_detail(caplog: pytest.LogCaptureFixture) -> None:
    travaux = Travaux()

    def mener(_: Suivre) -> None:
        raise RuntimeError("détail interne")

    travaux.lancer("a", mener)
    travail = attendre(travaux, "a")
    assert "défaut de notre fait" in travail.refus and "interne" not in travail.refus
    assert "détail interne" in caplog.text


def test_ce_qui_est_ancien_s_oublie() -> None:
    travaux = Travaux(maximum=2, duree=3600)
    for cle in ("a", "b", "c"):
        travaux.lancer(cle, lambda _: 1)
        attendre(travaux, cle)
    assert travaux.lire("a") is None and travaux.lire("c") is not None
    perimes = Travaux(duree=-1)
    perimes.lancer("a", lambda _: 1)
    while not perimes._travaux.get("a", Travail(fini=True)).fini:
        time.sleep(0.005)
    assert perimes.lire("a") is None
