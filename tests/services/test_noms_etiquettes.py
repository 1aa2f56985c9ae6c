"""Le nom qui désigne une étiquette et une seule."""

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Etiquette
from lib.services.noms_etiquettes import nom_propre
from lib.services.transaction import ecriture, lecture
from tests import fabriques


@pytest.mark.parametrize(
    ("archivees", "attendus"),
    [
        ((False, False), {"Doublon (un)", "Doublon (deux)"}),
        ((True, True), {"Doublon (un)", "Doublon (deux)"}),
        ((False, True), {"Doublon", "Doublon (deux)"}),
    ],
)
def test_deux_homonymes_se_distinguent_vivantes_ou_archivees(
    moteur: Engine, archivees: tuple[bool, bool], attendus: set[str]
) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        for code, archivee in zip(("un", "deux"), archivees, strict=True):
            archive_le = maintenant() if archivee else None
            fabriques.une_etiquette(session, investigation, nom="Doublon", code=code, archive_le=archive_le)
        fabriques.une_etiquette(session, fabriques.une_investigation(session), nom="Doublon")
    with lecture(moteur) as session:
        ici = select(nom_propre()).where(Etiquette.investigation_id == investigation.id)
        assert set(session.scalars(ici)) == attendus
