"""Le monde des tests d'entretiens, sur chacune des deux bases."""

import pytest
from sqlalchemy import Engine

from lib.services.transaction import ecriture
from tests.services.entretiens.monde import Monde, monde


@pytest.fixture
def un_monde(moteur: Engine) -> Monde:
    """Une investigation avec son équipe, deux organisations et trois irritants."""
    with ecriture(moteur, None) as session:
        return monde(session, moteur)
