"""Chaque nombre ouvre exactement les épisodes qu'il a comptés, sur le jeu de démonstration entier."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Investigation
from lib.domain.axes import AxeDuree, PartDuree
from lib.domain.droits import Perimetre
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import FamilleMotif
from lib.services import demonstration
from lib.services.durees import courbes, motifs, perennisation
from lib.services.durees.criteres import CriteresDurees
from lib.services.durees.selection import Selection
from lib.services.indicateur import DES_SURVIES
from lib.services.indicateurs import lire_indicateurs
from lib.services.partenariats_lecture import CriteresPartenariats, lister
from lib.services.transaction import ecriture, lecture
from tests import fabriques

AXES = [axe for axe in AxeDuree if axe is not AxeDuree.COHORTE]


@pytest.fixture
def perimetre(moteur: Engine) -> Perimetre:
    with ecriture(moteur, None) as session:
        demonstration.charger(session)
    with lecture(moteur) as session:
        compte = session.scalars(select(Compte).where(Compte.identifiant == "lea")).one()
        return fabriques.un_perimetre(compte, session.scalars(select(Investigation)).one())


def _total(session: Session, perimetre: Perimetre, selection: Selection) -> int:
    return lister(session, perimetre, criteres=CriteresPartenariats(selection=selection)).total


def test_chaque_groupe_de_chaque_axe_ouvre_sa_liste(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        for axe in AXES:
            lue = courbes.preparer(session, perimetre, criteres=CriteresDurees(axe=axe))
            assert sum(lue.comptes.values()) == lue.mesures or len(lue.comptes) == 7
            ouverts = {nom: _total(session, perimetre, Selection(axe=axe, groupe=nom)) for nom in lue.comptes}
            assert ouverts == lue.comptes, axe


def test_chaque_part_et_chaque_famille_de_motifs_ouvrent_leur_liste(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        parts = perennisation.preparer(session, perimetre, criteres=CriteresDurees()).comptes
        assert {part: _total(session, perimetre, Selection(part=part)) for part in parts} == parts
        fins = motifs.preparer(session, perimetre, criteres=CriteresDurees()).comptes
        assert {famille: _total(session, perimetre, Selection(famille=famille)) for famille in fins} == fins
        assert fins[FamilleMotif.ACCOMPLI] > 0 and parts[PartDuree.CONVERTIS] > 0


def test_les_indicateurs_de_duree_ouvrent_les_episodes_qu_ils_comptent(moteur: Engine, perimetre: Perimetre) -> None:
    """La médiane et les parts ouvrent les mesurés ou ceux encore suivis à cet âge, entrées tardives comprises."""
    with lecture(moteur) as session:
        lus = {lu.code: lu for lu in lire_indicateurs(session, perimetre).tous}
        for code, compte in (
            (CodeIndicateur.DUREE_MEDIANE, lus[CodeIndicateur.DUREE_MEDIANE].denominateur),
            *((code, lus[code].numerateur) for code in DES_SURVIES),
        ):
            adresse = lus[code].source.parametres
            part = PartDuree(adresse["partenariats_part"])
            arret = date.fromisoformat(adresse["partenariats_au"])
            criteres = CriteresPartenariats(selection=Selection(part=part), au=arret)
            assert lister(session, perimetre, criteres=criteres).total == compte > 0, code


def test_un_groupe_inconnu_ouvre_une_liste_vide(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        assert _total(session, perimetre, Selection(axe=AxeDuree.TERRAIN, groupe="Mars")) == 0
