"""Versions de référence : ce qui est figé ne bouge plus, deux versions se comparent, le périmètre tient."""

import threading

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from lib.db.modeles import Entretien, Investigation
from lib.domain.chiffres import DEFINITION_CHANGEE
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import AccordCitation, Role
from lib.services.indicateurs import lire_indicateurs
from lib.services.transaction import ecriture, lecture
from lib.services.versions_reference import (
    CHAMPS,
    VIDE,
    LigneComparee,
    VersionFigee,
    comparer_versions,
    figer_version,
    lire_derniere,
    lire_versions,
    lister_versions,
    tendances,
)
from tests import fabriques
from tests.outils.enquete import Enquete, preparer
from tests.outils.requetes import compter_requetes


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def figer(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR, **champs: object) -> None:
    perimetre = enquete.perimetre(role, **champs)
    with ecriture(moteur, perimetre) as session:
        figer_version(session, perimetre, motif="Mi-parcours, selon Judith Kermoal-Aubin")


def changer(moteur: Engine, enquete: Enquete) -> None:
    """Un accord retiré, et un seuil de pérennisation plus exigeant."""
    with ecriture(moteur, None) as session:
        session.get_one(Entretien, 1).accord_citation = AccordCitation.NON
        session.get_one(Investigation, enquete.investigation.id).seuil_perennisation_mois = 36


def derniere(moteur: Engine, enquete: Enquete, role: Role = Role.RELECTEUR, **champs: object) -> VersionFigee | None:
    with lecture(moteur) as session:
        return lire_derniere(session, enquete.perimetre(role, **champs))


def comparer(moteur: Engine, enquete: Enquete) -> dict[str, LigneComparee]:
    with lecture(moteur) as session:
        lues = lire_versions(session, enquete.perimetre(Role.RELECTEUR), numeros=(1, 2, 7))
    return {ligne.nom: ligne for ligne in comparer_versions(lues[1], lues[2])}


def test_une_version_garde_chiffres_definitions_date_et_auteur(moteur: Engine, enquete: Enquete) -> None:
    with lecture(moteur) as session:
        lus = lire_indicateurs(session, enquete.perimetre(Role.RELECTEUR))
    figer(moteur, enquete)
    changer(moteur, enquete)
    figee = derniere(moteur, enquete)
    assert figee is not None and list(figee.chiffres) == [i.code.value for i in lus.tous]
    for indicateur in lus.tous:
        fige = figee.chiffres[indicateur.code.value]
        assert [getattr(fige, champ) for champ in CHAMPS] == [getattr(indicateur, champ) for champ in CHAMPS]
    assert (figee.version.numero, figee.version.au, figee.version.auteur) == (1, lus.au, "Camille Test")
    assert figee.version.version_donnees > 0
    with lecture(moteur) as session:
        (version,) = lister_versions(session, enquete.perimetre(Role.RELECTEUR))
    assert version.motif == "Mi-parcours, selon [personne]"


def test_deux_versions_disent_ce_qui_a_change(moteur: Engine, enquete: Enquete) -> None:
    figer(moteur, enquete)
    changer(moteur, enquete)
    figer(moteur, enquete)
    lignes = comparer(moteur, enquete)
    assert lignes["Acteurs qui acceptent d'être cités"].tendance.startswith("−25")
    assert lignes["Partenariats pérennisés"].tendance.replace("\N{NO-BREAK SPACE}", " ") == DEFINITION_CHANGEE
    assert not lignes["Entretiens codés"].change and sum(ligne.change for ligne in lignes.values()) == 2


def test_la_tendance_part_de_la_derniere_version(moteur: Engine, enquete: Enquete) -> None:
    with lecture(moteur) as session:
        assert tendances(lire_indicateurs(session, enquete.perimetre(Role.RELECTEUR)), None) == {}
    figer(moteur, enquete)
    changer(moteur, enquete)
    with lecture(moteur) as session:
        perimetre = enquete.perimetre(Role.RELECTEUR)
        dites = tendances(lire_indicateurs(session, perimetre), lire_derniere(session, perimetre))
    assert dites["citables"].endswith("était 75\N{NO-BREAK SPACE}% (3/4)") and dites["codes"] == "inchangé"


def test_la_version_d_une_investigation_vide_se_refuse(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        perimetre = fabriques.un_perimetre(fabriques.un_compte(session, Role.ENQUETEUR, investigation), investigation)
    with pytest.raises(DonneeInvalide, match=VIDE), ecriture(moteur, perimetre) as session:
        figer_version(session, perimetre)
    with lecture(moteur) as session:
        assert lire_derniere(session, perimetre) is None and lister_versions(session, perimetre) == ()


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_seule_l_equipe_fige(moteur: Engine, enquete: Enquete, role: Role) -> None:
    with pytest.raises(AccesRefuse):
        figer(moteur, enquete, role)


def test_qui_n_ouvre_que_certains_terrains_ne_fige_ni_ne_lit(moteur: Engine, enquete: Enquete) -> None:
    ouverts = {"terrains": frozenset({enquete.bourgogne})}
    with pytest.raises(AccesRefuse):
        figer(moteur, enquete, **ouverts)
    figer(moteur, enquete)
    assert derniere(moteur, enquete, **ouverts) is None


def test_la_visite_ne_compare_pas_de_versions(moteur: Engine, enquete: Enquete) -> None:
    """D'une version à l'autre, deux acteurs de plus se compteraient."""
    figer(moteur, enquete)
    assert derniere(moteur, enquete, Role.DEMONSTRATION) is None


def test_la_base_refuse_de_recrire_une_version(moteur: Engine, enquete: Enquete) -> None:
    figer(moteur, enquete)
    for ordre in ("UPDATE chiffres_reference SET valeur = 1", "DELETE FROM versions_reference"):
        with pytest.raises(DBAPIError, match="ajout seul"), moteur.begin() as connexion:
            connexion.execute(text(ordre))


def test_deux_personnes_figent_en_meme_temps_deux_versions(moteur: Engine, enquete: Enquete) -> None:
    barriere = threading.Barrier(2)

    def ensemble() -> None:
        barriere.wait()
        figer(moteur, enquete)

    fils = [threading.Thread(target=ensemble) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    with lecture(moteur) as session:
        assert [v.numero for v in lister_versions(session, enquete.perimetre(Role.RELECTEUR))] == [2, 1]


def test_lire_la_derniere_coute_une_requete(moteur: Engine, enquete: Enquete) -> None:
    figer(moteur, enquete)
    with compter_requetes(moteur) as ordres:
        derniere(moteur, enquete)
    assert len(ordres) == 1
