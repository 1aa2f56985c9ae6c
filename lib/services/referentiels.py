"""Mettre en base les territoires officiels livrés avec l'application."""

from itertools import islice
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from lib.db.modeles import Territoire
from lib.echanges.referentiels import Territoire as TerritoireLu
from lib.echanges.referentiels import lire_territoires, nom_recherche

LOT = 5_000


def territoires_presents(session: Session) -> bool:
    """Vrai si la base porte déjà les territoires."""
    return bool(session.scalar(select(exists().select_from(Territoire))))


def charger_territoires(session: Session) -> int:
    """Insère tous les territoires, par lots, dans une base qui n'en a pas ; rend leur nombre."""
    total = 0
    territoires = lire_territoires()
    while lot := [_ligne(territoire) for territoire in islice(territoires, LOT)]:
        session.execute(insert(Territoire), lot)
        total += len(lot)
    return total


def _ligne(territoire: TerritoireLu) -> dict[str, Any]:
    return {
        "niveau": territoire.niveau,
        "code": territoire.code,
        "nom": territoire.nom,
        "nom_recherche": nom_recherche(territoire.nom),
        "departement_code": territoire.departement_code,
        "region_code": territoire.region_code,
        "epci_code": territoire.epci_code,
        "type_epci": territoire.type_epci,
        "commune_parente_code": territoire.commune_parente_code,
    }
