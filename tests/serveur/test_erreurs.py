"""Le journal dit où et quoi, jamais ce que la personne avait écrit."""

import logging

import pytest

from lib.serveur.erreurs import (
    JOURNAUX_BAVARDS,
    SansContenu,
    decrire_sans_contenu,
    journaliser_incident,
    taire_les_messages,
)

PROPOS = "Mme Untel a dit"


@pytest.fixture(autouse=True)
def _journal_lisible(monkeypatch: pytest.MonkeyPatch) -> None:
    """Le serveur garde ce journal pour lui ; ici, le test doit l'entendre."""
    monkeypatch.setattr(logging.getLogger("associe"), "propagate", True)


def _chercher() -> None:
    raise KeyError(PROPOS)


def _erreur_enchainee() -> Exception:
    try:
        try:
            _chercher()
        except KeyError as cause:
            raise ValueError(PROPOS) from cause
    except ValueError as erreur:
        return erreur
    raise AssertionError


def test_la_description_nomme_types_et_lieux_sans_le_propos() -> None:
    description = decrire_sans_contenu(_erreur_enchainee())
    assert PROPOS not in description
    assert description.index("builtins.KeyError") < description.index("builtins.ValueError")
    assert "_erreur_enchainee" in description and "test_erreurs.py" in description
    assert description.startswith("Traceback")


@pytest.mark.parametrize("erreur", [ImportError("cannot import name 'x'"), NameError("name 'y' is not defined")])
def test_le_message_d_une_faute_de_code_est_garde(erreur: Exception) -> None:
    assert str(erreur) in decrire_sans_contenu(erreur)


def test_une_cause_qui_tourne_en_rond_ne_bloque_pas() -> None:
    erreur, autre = ValueError(PROPOS), KeyError(PROPOS)
    erreur.__cause__, autre.__cause__ = autre, erreur
    assert decrire_sans_contenu(erreur).count("builtins.") == 2


def test_le_contexte_tu_par_from_none_reste_tu() -> None:
    erreur = ValueError(PROPOS)
    erreur.__context__, erreur.__suppress_context__ = KeyError(PROPOS), True
    assert "KeyError" not in decrire_sans_contenu(erreur)


def test_un_incident_rend_le_repere_qu_il_journalise(caplog: pytest.LogCaptureFixture) -> None:
    repere = journaliser_incident(_erreur_enchainee())
    assert len(repere) == 8 and repere in caplog.text
    assert "_erreur_enchainee" in caplog.text and PROPOS not in caplog.text


def test_une_erreur_deja_tracee_ne_l_est_pas_deux_fois(caplog: pytest.LogCaptureFixture) -> None:
    journaliser_incident(_erreur_enchainee(), deja_tracee=True)
    assert "builtins.ValueError" in caplog.text and "Traceback" not in caplog.text


def test_le_filtre_remplace_l_exception_jointe_a_un_message() -> None:
    erreur = _erreur_enchainee()
    ligne = logging.LogRecord("x", logging.ERROR, "f", 1, "Échec de %s\nsuite", ("la page",), None)
    ligne.exc_info = (type(erreur), erreur, erreur.__traceback__)
    assert SansContenu().filter(ligne)
    ecrit = logging.Formatter().format(ligne)
    assert ecrit.startswith("Échec de la page\nTraceback") and PROPOS not in ecrit


def test_le_filtre_laisse_passer_un_message_sans_exception() -> None:
    ligne = logging.LogRecord("x", logging.INFO, "f", 1, "Prêt en %d ms", (12,), None)
    assert SansContenu().filter(ligne) and ligne.getMessage() == "Prêt en 12 ms"


def test_les_journaux_bavards_sont_filtres_une_seule_fois() -> None:
    taire_les_messages()
    taire_les_messages()
    for nom in JOURNAUX_BAVARDS:
        assert sum(isinstance(filtre, SansContenu) for filtre in logging.getLogger(nom).filters) == 1
