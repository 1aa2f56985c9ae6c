"""Modèles et migrations disent la même chose, dans les deux sens, sur les deux bases."""

from alembic import command
from sqlalchemy import Engine, inspect

from lib.db.migrer import configuration, est_a_jour, migrer, redescendre


def test_les_migrations_donnent_exactement_les_modeles(moteur: Engine) -> None:
    assert est_a_jour(moteur)
    command.check(configuration(moteur))


def test_on_redescend_et_on_remonte(moteur_nu: Engine) -> None:
    migrer(moteur_nu)
    redescendre(moteur_nu)
    assert set(inspect(moteur_nu).get_table_names()) == {"alembic_version"}
    assert not est_a_jour(moteur_nu)
    migrer(moteur_nu)
    assert est_a_jour(moteur_nu)
