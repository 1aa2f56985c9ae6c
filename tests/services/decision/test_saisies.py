"""La grille et les options : ce qui s'écrit se relit, sans un nom, et deux personnes ne s'écrasent pas."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from lib.db.base import maintenant
from lib.db.modeles import Entretien
from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide
from lib.domain.vocabulaire import Role
from lib.services.decision.saisies import OptionLue, Saisies, decrire_option, lire_saisies, remplir_ligne
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import Enquete
from tests.outils.requetes import compter_requetes
from tests.services.decision.conftest import ARRET

DUREE = QuestionDecision.DUREE


def lire(moteur: Engine, enquete: Enquete, role: Role = Role.RELECTEUR, **champs: object) -> Saisies:
    with lecture(moteur) as session:
        return lire_saisies(session, enquete.perimetre(role, **champs))


def remplir(moteur: Engine, enquete: Enquete, constat: str, version: int = 0, role: Role = Role.ENQUETEUR) -> None:
    perimetre = enquete.perimetre(role)
    with ecriture(moteur, perimetre) as session:
        remplir_ligne(session, perimetre, question=DUREE, avis=AvisDecision.RESERVE, constat=constat, version=version)


def appuyer(moteur: Engine, enquete: Enquete, version: int, *codes: str) -> None:
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        remplir_ligne(
            session,
            perimetre,
            question=DUREE,
            avis=AvisDecision.RESERVE,
            constat="On nous l'a dit.",
            version=version,
            appuis=codes,
        )


def decrire(moteur: Engine, enquete: Enquete, option: OptionLue) -> None:
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        decrire_option(session, perimetre, option=option)


def test_tout_se_lit_en_une_requete(moteur: Engine, enquete: Enquete) -> None:
    remplir(moteur, enquete, "Selon Judith, peu.")
    with compter_requetes(moteur) as ordres:
        lues = lire(moteur, enquete, Role.ENQUETEUR)
    assert (
        len(ordres) == 1
        and lues == lire(moteur, enquete)
        and list(lues.lignes) == list(QuestionDecision)
        and not lues.decidee
    )
    assert (lues.lignes[DUREE].avis, lues.lignes[DUREE].constat) == (AvisDecision.RESERVE, "Selon [personne], peu.")
    assert lues.options[NatureOption.ARRET] == replace(ARRET, description="Publier, selon [personne].", version=1)
    assert lues.options[NatureOption.MVP] == OptionLue(nature=NatureOption.MVP)
    assert [s.nom for s in lues.solutions] == ["Club"]
    assert DUREE not in lues.a_instruire and len(lues.a_instruire) == len(QuestionDecision) - 1


def test_une_option_n_est_complete_que_si_elle_se_compare(moteur: Engine, enquete: Enquete) -> None:
    options = lire(moteur, enquete).options
    assert options[NatureOption.ARRET].complete and not options[NatureOption.MVP].complete
    assert "0\N{NO-BREAK SPACE}€" in options[NatureOption.ARRET].resume
    assert "coût non dit, délai non dit, lieu non dit" in options[NatureOption.MVP].resume


def test_le_second_a_remplir_une_ligne_voit_un_conflit(moteur: Engine, enquete: Enquete) -> None:
    remplir(moteur, enquete, "Premier.")
    with pytest.raises(Conflit):
        remplir(moteur, enquete, "Second, sans avoir lu.")
    remplir(moteur, enquete, "Second, après relecture.", version=1)
    assert lire(moteur, enquete).lignes[DUREE].constat == "Second, après relecture."


def test_le_second_a_decrire_une_option_voit_un_conflit(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(Conflit):
        decrire(moteur, enquete, replace(ARRET, critere="Autre."))
    decrire(moteur, enquete, replace(ARRET, critere="Autre.", version=1))
    assert lire(moteur, enquete).options[NatureOption.ARRET].critere == "Autre."


def test_une_ligne_s_appuie_sur_des_entretiens(moteur: Engine, enquete: Enquete) -> None:
    appuyer(moteur, enquete, 0, "e-mrs-002", "E-MRS-001", "E-MRS-001")
    equipe, relecture = (lire(moteur, enquete, role).lignes[DUREE].appuis for role in (Role.ENQUETEUR, Role.RELECTEUR))
    assert [a.dit for a in equipe] == [
        "E-MRS-001 – Entretien, association, Marseille",
        "E-MRS-002 – Entretien, entreprise, Marseille",
    ]
    assert next((a.dit, a.entretien_id) for a in relecture) == ("Entretien, association, Marseille", None)
    appuyer(moteur, enquete, 1, "E-MRS-002")
    with pytest.raises(Conflit):
        appuyer(moteur, enquete, 1)
    with ecriture(moteur, None) as session:
        session.get_one(Entretien, 2).archive_le = maintenant()
    (reste,) = lire(moteur, enquete).lignes[DUREE].appuis
    assert reste.dit.endswith("(il n'entre plus dans les chiffres, à relire)")


def test_un_appui_inconnu_se_refuse(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(DonneeInvalide, match="E-LUNE-001"):
        appuyer(moteur, enquete, 0, "E-LUNE-001")
    assert lire(moteur, enquete).lignes[DUREE].version == 0


def test_un_avis_demande_son_constat(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(DonneeInvalide, match="ce qui fonde cet avis"):
        remplir(moteur, enquete, "  ")


@pytest.mark.parametrize("champs", [{"cout_euros": -1}, {"cout_euros": 10**9}, {"delai_mois": 121}])
def test_un_nombre_impossible_se_refuse(moteur: Engine, enquete: Enquete, champs: dict[str, int]) -> None:
    with pytest.raises(DonneeInvalide, match="se compte en"):
        decrire(moteur, enquete, replace(ARRET, version=1, **champs))


def test_la_relecture_lit_sans_ecrire_la_visite_ne_lit_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        remplir(moteur, enquete, "Non.", role=Role.RELECTEUR)
    for role, champs in ((Role.DEMONSTRATION, {}), (Role.RELECTEUR, {"terrains": frozenset({enquete.marseille})})):
        with pytest.raises(AccesRefuse):
            lire(moteur, enquete, role, **champs)
