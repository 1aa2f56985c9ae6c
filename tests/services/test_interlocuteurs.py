"""Les noms ne se lisent qu'avec le droit de les lire ; une opposition se respecte partout."""

from dataclasses import replace

import pytest

from lib.db.modeles import Interlocuteur
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import Role, StatutPersonne
from lib.services import interlocuteurs
from lib.services.interlocuteurs import SaisieInterlocuteur
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


@pytest.fixture
def personne(un_monde: Monde) -> Interlocuteur:
    with ecriture(un_monde.moteur, None) as session:
        return fabriques.un_interlocuteur(session, un_monde.association, nom="Dominique Exemple", courriel="d@e.fr")


def test_les_personnes_d_une_organisation(un_monde: Monde, personne: Interlocuteur) -> None:
    with lecture(un_monde.moteur) as session:
        connues = interlocuteurs.lister(session, un_monde.perimetre, organisation_id=un_monde.association.id)
    assert [(p.id, p.nom, p.courriel, p.telephone) for p in connues] == [
        (personne.id, "Dominique Exemple", "d@e.fr", "")
    ]


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_lit_pas_les_identites_ne_voit_personne(un_monde: Monde, personne: Interlocuteur, role: Role) -> None:
    lecteur = replace(un_monde.perimetre, role=role, fictive=True)
    with lecture(un_monde.moteur) as session:
        with pytest.raises(AccesRefuse):
            interlocuteurs.lister(session, lecteur, organisation_id=un_monde.association.id)
        with pytest.raises(AccesRefuse):
            interlocuteurs.lister_rencontres(session, lecteur, entretien_id=1)


@pytest.mark.parametrize("statut", [StatutPersonne.LIMITE, StatutPersonne.OPPOSITION, StatutPersonne.ANONYMISE])
def test_une_personne_protegee_n_est_plus_proposee_et_son_nom_ne_se_lit_plus(
    un_monde: Monde, statut: StatutPersonne
) -> None:
    fait = un_monde.enregistrer()
    with lecture(un_monde.moteur) as session:
        presente = interlocuteurs.lister_rencontres(session, un_monde.perimetre, entretien_id=fait.id)[0]
    with ecriture(un_monde.moteur, None) as session:
        session.get_one(Interlocuteur, presente.id).statut = statut
    with lecture(un_monde.moteur) as session:
        assert interlocuteurs.lister(session, un_monde.perimetre, organisation_id=un_monde.association.id) == ()
        protegee = interlocuteurs.lister_rencontres(session, un_monde.perimetre, entretien_id=fait.id)[0]
    assert "Exemple" not in repr(protegee) and protegee.nom.startswith("Personne")
    with pytest.raises(DonneeInvalide, match="ne se modifient plus"):
        _corriger(un_monde, presente.id, version=protegee.version)


def test_corriger_puis_conflit(un_monde: Monde, personne: Interlocuteur) -> None:
    _corriger(un_monde, personne.id, version=1)
    with lecture(un_monde.moteur) as session:
        connue = interlocuteurs.lister(session, un_monde.perimetre, organisation_id=un_monde.association.id)[0]
    assert (connue.nom, connue.fonction, connue.courriel) == ("Camille Corrigée", "Trésorière", "")
    with pytest.raises(Conflit):
        _corriger(un_monde, personne.id, version=1)


def test_une_personne_d_ailleurs_est_introuvable(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        ailleurs = fabriques.un_terrain(session, fabriques.une_investigation(session))
        autre = fabriques.un_interlocuteur(session, fabriques.une_organisation(session, ailleurs))
    with pytest.raises(Introuvable):
        _corriger(un_monde, autre.id, version=1)


def _corriger(monde: Monde, interlocuteur_id: int, *, version: int) -> None:
    saisie = SaisieInterlocuteur(nom=" Camille  Corrigée ", fonction="Trésorière")
    with ecriture(monde.moteur, monde.perimetre) as session:
        interlocuteurs.corriger(session, monde.perimetre, saisie, interlocuteur_id=interlocuteur_id, version=version)
