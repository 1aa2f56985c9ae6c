"""Les territoires livrés entrent en base tels quels, une fois."""

from sqlalchemy import Engine, func, select

from lib.db.modeles import Territoire
from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import lire_territoires
from lib.services.referentiels import charger_territoires, territoires_presents
from lib.services.transaction import ecriture, lecture


def test_tous_les_territoires_entrent_en_base(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        assert not territoires_presents(session)
        charges = charger_territoires(session)
    with lecture(moteur) as session:
        assert territoires_presents(session)
        assert session.scalar(select(func.count()).select_from(Territoire)) == charges
        dijon = session.get_one(Territoire, (NiveauTerritoire.COMMUNE, "21231"))
        ain = session.get_one(Territoire, (NiveauTerritoire.DEPARTEMENT, "01"))
    assert charges == sum(1 for _ in lire_territoires())
    assert (dijon.nom, dijon.departement_code, dijon.region_code) == ("Dijon", "21", "27")
    assert ain.nom == "Ain"
