"""Le registre des solutions existantes : inscrire, corriger, retirer, sans doublon ni adresse douteuse."""

from typing import Any

import pytest

from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide
from lib.domain.vocabulaire import Role
from lib.services import solutions
from lib.services.solutions import SaisieSolution
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


def _inscrire(monde: Monde, **champs: Any) -> int:
    with ecriture(monde.moteur, monde.perimetre) as session:
        return solutions.creer(session, monde.perimetre, SaisieSolution(**({"nom": "Club de zone"} | champs)))


def _lister(monde: Monde, **options: Any) -> list[solutions.SolutionLue]:
    with lecture(monde.moteur) as session:
        return list(solutions.lister_solutions(session, monde.perimetre, **options))


def test_une_solution_s_inscrit_et_compte_les_partenariats_suivis(un_monde: Monde) -> None:
    cle = _inscrire(un_monde, cout_entreprise=" 30 €  par mois ", lien="https://exemple.fr/club")
    with ecriture(un_monde.moteur, None) as session:
        for champs in ({}, {"archive_le": fabriques.il_y_a(1)}):
            fabriques.un_partenariat(
                session, un_monde.entreprise, un_monde.association, un_monde.terrain, solution_id=cle, **champs
            )
    (lue,) = _lister(un_monde)
    assert (lue.saisie.nom, lue.saisie.cout_entreprise, lue.partenariats) == ("Club de zone", "30 € par mois", 1)
    with lecture(un_monde.moteur) as session:
        assert solutions.choix_de_solutions(session, un_monde.perimetre) == {cle: "Club de zone"}


@pytest.mark.parametrize(
    ("champs", "phrase", "champ"),
    [
        ({"nom": "  "}, "Donnez le nom", "nom"),
        ({"nom": "CLUB DE ZÔNE"}, "déjà une solution", "nom"),
        ({"nom": "Autre", "lien": "javascript:alert(1)"}, "adresse complète", "lien"),
        ({"nom": "Autre", "lien": "https://"}, "adresse complète", "lien"),
        ({"nom": "Autre", "lien": "exemple.fr"}, "adresse complète", "lien"),
        ({"nom": "Autre", "lien": "http://[::1"}, "adresse complète", "lien"),
        ({"nom": "Autre", "cout_association": "x" * 201}, "200", "cout_association"),
    ],
)
def test_une_saisie_fautive_se_refuse(un_monde: Monde, champs: dict[str, Any], phrase: str, champ: str) -> None:
    _inscrire(un_monde)
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        _inscrire(un_monde, **champs)
    assert refus.value.champ == champ
    assert len(_lister(un_monde)) == 1


def test_corriger_retirer_remettre(un_monde: Monde) -> None:
    cle = _inscrire(un_monde)
    (lue,) = _lister(un_monde)
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        saisie = SaisieSolution(nom="Club du port", manque="Aucune suite après le premier don.")
        solutions.corriger(session, un_monde.perimetre, saisie, solution_id=cle, version=lue.version)
    with pytest.raises(Conflit), ecriture(un_monde.moteur, un_monde.perimetre) as session:
        solutions.corriger(session, un_monde.perimetre, lue.saisie, solution_id=cle, version=lue.version)
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        solutions.archiver(session, un_monde.perimetre, solution_id=cle)
    assert _lister(un_monde) == [] and [s.archivee for s in _lister(un_monde, archivees=True)] == [True]
    _inscrire(un_monde, nom="Club du port")
    with pytest.raises(DonneeInvalide, match="déjà"), ecriture(un_monde.moteur, un_monde.perimetre) as session:
        solutions.retablir(session, un_monde.perimetre, solution_id=cle)


def test_hors_de_l_equipe_le_registre_se_lit_sans_les_noms_et_ne_s_ecrit_pas(un_monde: Monde) -> None:
    _inscrire(un_monde, manque="Selon Judith, Frigolive Logistique n'y trouve personne.")
    with ecriture(un_monde.moteur, None) as session:  # jamais rencontrée : son prénom se tait quand même
        fabriques.un_interlocuteur(session, session.merge(un_monde.association), nom="Judith Castagnol")
    with ecriture(un_monde.moteur, None) as session:
        compte = fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation)
        lecteur = fabriques.un_perimetre(compte, un_monde.investigation)
    with lecture(un_monde.moteur) as session:
        (lue,) = solutions.lister_solutions(session, lecteur)
        assert "Frigolive" not in lue.saisie.manque and "Judith" not in lue.saisie.manque
        assert "n'y trouve personne" in lue.saisie.manque
        with pytest.raises(AccesRefuse):
            solutions.creer(session, lecteur, SaisieSolution(nom="Intruse"))
