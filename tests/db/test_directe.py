"""La voie directe rend les mêmes lignes que SQLAlchemy, sur les deux bases, et lui cède la place au premier refus."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from lib.db.directe import RequeteDirecte
from lib.db.modeles import Compte, SessionOuverte
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques

COMPTE, SESSION = Compte.__table__, SessionOuverte.__table__
REQUETE = (
    select(COMPTE.c.identifiant, COMPTE.c.role, COMPTE.c.actif, COMPTE.c.cree_le, SESSION.c.investigation_id)
    .select_from(SESSION)
    .join(COMPTE, COMPTE.c.id == SESSION.c.compte_id)
    .where(SESSION.c.empreinte == bindparam("empreinte"), SESSION.c.expire_le > bindparam("instant"))
)


@pytest.fixture
def parametres(moteur: Engine) -> Mapping[str, Any]:
    """De quoi retrouver la session d'une personne qui relit."""
    with ecriture(moteur, None) as session:
        compte = fabriques.un_compte(session, Role.RELECTEUR)
        ouverte = fabriques.une_session_ouverte(session, compte)
        return {"empreinte": ouverte.empreinte, "instant": datetime.now(UTC)}


def test_les_lignes_et_leurs_types_sont_ceux_de_sqlalchemy(moteur: Engine, parametres: Mapping[str, Any]) -> None:
    with moteur.connect() as connexion:
        attendues = [tuple(ligne) for ligne in connexion.execute(REQUETE, parametres)]
    (ligne,) = RequeteDirecte(REQUETE).lire(moteur, parametres)
    assert [tuple(ligne)] == attendues
    assert ligne.role is Role.RELECTEUR and ligne.actif is True and ligne.investigation_id is None
    assert ligne.cree_le.tzinfo is not None


def test_les_parametres_comptent(moteur: Engine, parametres: Mapping[str, Any]) -> None:
    requete = RequeteDirecte(REQUETE)
    assert requete.lire(moteur, {**parametres, "empreinte": "' OR 1 = 1 --"}) == []
    assert requete.lire(moteur, {**parametres, "instant": datetime.now(UTC) + timedelta(days=2)}) == []


def test_la_connexion_revient_a_la_reserve_sans_transaction(moteur: Engine, parametres: Mapping[str, Any]) -> None:
    requete = RequeteDirecte(REQUETE)
    for _ in range(40):  # plus que la réserve n'a de places
        requete.lire(moteur, parametres)
    with ecriture(moteur, None) as session:
        session.execute(text("DELETE FROM sessions_ouvertes"))
    assert requete.lire(moteur, parametres) == []


def test_une_connexion_perdue_se_retrouve(moteur: Engine, parametres: Mapping[str, Any]) -> None:
    requete = RequeteDirecte(REQUETE)
    connexion = moteur.raw_connection()
    connexion.dbapi_connection.close()  # type: ignore[union-attr]
    connexion.close()
    assert len(requete.lire(moteur, parametres)) == 1


def test_un_refus_de_la_base_se_dit_par_la_voie_ordinaire(moteur: Engine) -> None:
    absente = select(literal_column("colonne_absente")).select_from(COMPTE)
    with pytest.raises(DBAPIError):
        RequeteDirecte(absente).lire(moteur, {})
