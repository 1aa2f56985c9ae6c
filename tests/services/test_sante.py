"""La sonde réussit quand la base répond, échoue quand elle ne répond plus."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from lib.db.moteur import ouvrir_moteur
from lib.domain.erreurs import BaseIndisponible
from lib.services.sante import sonder


def test_une_base_ouverte_repond(moteur: Engine) -> None:
    sonder(moteur)


def test_une_base_injoignable_se_voit(tmp_path: Path) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path}")  # un dossier n'est pas une base
    with pytest.raises(BaseIndisponible):
        sonder(moteur)
