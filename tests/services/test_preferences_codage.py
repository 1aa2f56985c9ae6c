"""Étiquettes épinglées et réservées."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Etiquette, LigneJournal
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import Role
from lib.services.preferences_codage import epingler, lister_epinglees, reserver
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.codage import Monde, un_monde


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return un_monde(moteur)


def test_chacun_ses_epingles_dans_son_ordre(monde: Monde) -> None:
    un, deux, trois = monde.etiquettes
    with ecriture(monde.moteur, monde.perimetre) as session:
        epingler(session, monde.perimetre, etiquettes=[trois, un, trois])
    with ecriture(monde.moteur, monde.autre) as session:
        epingler(session, monde.autre, etiquettes=[deux])
    with lecture(monde.moteur) as session:
        assert lister_epinglees(session, monde.perimetre) == (trois, un)
        assert lister_epinglees(session, monde.autre) == (deux,)
    with ecriture(monde.moteur, monde.perimetre) as session:
        epingler(session, monde.perimetre, etiquettes=[un])
    with lecture(monde.moteur) as session:
        assert lister_epinglees(session, monde.perimetre) == (un,)
        assert session.scalars(select(LigneJournal).where(LigneJournal.objet == "epingles")).all() == []


def test_une_etiquette_archivee_ou_d_ailleurs_ne_s_epingle_pas(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        ailleurs = fabriques.une_etiquette(session, fabriques.une_investigation(session)).id
    with ecriture(monde.moteur, monde.perimetre) as session:
        epingler(session, monde.perimetre, etiquettes=[ailleurs, *monde.etiquettes[:2]])
        session.get_one(Etiquette, monde.etiquettes[0]).archive_le = maintenant()
    with lecture(monde.moteur) as session:
        assert lister_epinglees(session, monde.perimetre) == (monde.etiquettes[1],)


def test_neuf_au_plus(monde: Monde) -> None:
    with pytest.raises(DonneeInvalide, match="neuf chiffres"), ecriture(monde.moteur, monde.perimetre) as session:
        epingler(session, monde.perimetre, etiquettes=range(10))


def test_reserver_et_ne_plus_reserver(monde: Monde) -> None:
    un, deux, _ = monde.etiquettes
    for voulues, montrees in (([un, deux], []), ([deux], [un, deux])):
        with ecriture(monde.moteur, monde.perimetre) as session:
            reserver(session, monde.perimetre, etiquettes=voulues, montrees=montrees)
        with lecture(monde.moteur) as session:
            reservees = session.scalars(select(Etiquette.id).where(Etiquette.reservee).order_by(Etiquette.id)).all()
        assert reservees == voulues


def test_reserver_laisse_ce_qu_une_autre_personne_a_choisi_entre_temps(monde: Monde) -> None:
    un, deux, _ = monde.etiquettes
    for perimetre, voulues in ((monde.autre, [un]), (monde.perimetre, [deux])):
        with ecriture(monde.moteur, perimetre) as session:
            reserver(session, perimetre, etiquettes=voulues, montrees=[])
    with lecture(monde.moteur) as session:
        assert set(session.scalars(select(Etiquette.id).where(Etiquette.reservee))) == {un, deux}


def test_un_lecteur_ne_regle_rien(monde: Monde) -> None:
    lecteur = replace(monde.perimetre, role=Role.RELECTEUR)
    with lecture(monde.moteur) as session:
        with pytest.raises(AccesRefuse):
            epingler(session, lecteur, etiquettes=[])
        with pytest.raises(AccesRefuse):
            reserver(session, lecteur, etiquettes=[], montrees=[])
        with pytest.raises(AccesRefuse):
            lister_epinglees(session, lecteur)
