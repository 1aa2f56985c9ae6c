"""Le serveur refuse de servir dans un état dangereux, et prépare une base neuve."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from lib.config import ReglageInvalide, reglages
from lib.db.modeles import Compte, Investigation
from lib.db.moteur import ouvrir_moteur
from lib.domain.vocabulaire import Role
from lib.services import demarrage, preparation
from lib.services.transaction import ecriture, lecture
from tests import fabriques

DEVELOPPEMENT = replace(reglages(), production=False)
PRODUCTION = replace(reglages(), production=True)


def _un_compte(moteur: Engine, **champs: object) -> None:
    with ecriture(moteur, None) as session:
        fabriques.un_compte(session, Role.ADMINISTRATEUR, **champs)


def test_une_base_migree_sans_demonstration_sert_en_production(moteur: Engine) -> None:
    _un_compte(moteur)
    demarrage.verifier(PRODUCTION, moteur)


def test_un_compte_de_demonstration_ne_sert_qu_en_developpement(moteur: Engine) -> None:
    _un_compte(moteur, demonstration=True)
    demarrage.verifier(DEVELOPPEMENT, moteur)
    with pytest.raises(ReglageInvalide, match="comptes de démonstration"):
        demarrage.verifier(PRODUCTION, moteur)


@pytest.mark.parametrize("regles", [DEVELOPPEMENT, PRODUCTION])
def test_une_base_non_migree_ne_sert_jamais(moteur_nu: Engine, regles: object) -> None:
    with pytest.raises(ReglageInvalide, match="python -m lib migrer"):
        demarrage.verifier(regles, moteur_nu)  # type: ignore[arg-type]


def test_une_base_injoignable_se_dit_en_une_phrase() -> None:
    with pytest.raises(ReglageInvalide, match="ne répond pas"):
        demarrage.verifier(DEVELOPPEMENT, ouvrir_moteur("postgresql+psycopg://personne@127.0.0.1:1/absente"))


def test_le_refus_sort_avec_un_code_et_une_phrase_sans_trace(
    moteur_nu: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demarrage, "base", lambda: moteur_nu)
    with pytest.raises(SystemExit) as sortie:
        demarrage.verifier_ou_quitter()
    ecrit = capsys.readouterr()
    assert sortie.value.code == 1
    assert ecrit.err.count("\n") == 1 and ecrit.err.startswith("ASSO'CIE ne démarre pas.")
    assert ecrit.out == ""


def test_preparer_une_base_neuve_charge_territoires_et_demonstration(moteur_nu: Engine) -> None:
    fait = preparation.preparer(DEVELOPPEMENT, moteur_nu)
    assert fait.territoires > 30_000
    assert set(fait.demonstration.values()) == {role.libelle for role in Role}
    with lecture(moteur_nu) as session:
        assert session.scalars(select(Investigation.fictive)).all() == [True]
    refait = preparation.preparer(DEVELOPPEMENT, moteur_nu)
    assert (refait.territoires, refait.comptes) == (0, fait.comptes)


def test_preparer_en_production_ne_charge_aucune_demonstration(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "charger_territoires", lambda _: 0)
    fait = preparation.preparer(PRODUCTION, moteur)
    assert (fait.comptes, fait.demonstration) == (0, {})


def test_preparer_ne_mele_pas_la_demonstration_a_des_donnees(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "charger_territoires", lambda _: 0)
    _un_compte(moteur)
    assert preparation.preparer(DEVELOPPEMENT, moteur).demonstration == {}
    with lecture(moteur) as session:
        assert len(session.scalars(select(Compte)).all()) == 1
