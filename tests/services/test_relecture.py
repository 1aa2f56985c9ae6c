"""La relecture d'un indicateur : question, réponse, validation sur un chiffre précis, appels, conflits propres."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Entretien
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.relecture import EtatRelecture
from lib.domain.vocabulaire import AccordCitation, Role
from lib.services.indicateurs import lire_indicateurs
from lib.services.relecture import CHIFFRE_CHANGE, FIL_CHANGE, Relecture, ecrire_message, lire_relecture
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import Enquete, preparer
from tests.outils.requetes import compter_requetes

CODE = CodeIndicateur.CITABLES


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def resume(moteur: Engine, enquete: Enquete) -> str:
    with lecture(moteur) as session:
        lus = lire_indicateurs(session, enquete.perimetre(Role.RELECTEUR)).tous
    return next(lu.resume for lu in lus if lu.code is CODE)


def ecrire(
    moteur: Engine,
    enquete: Enquete,
    etat: EtatRelecture,
    texte: str = "",
    role: Role = Role.RELECTEUR,
    rang: int | None = None,
    **champs: object,
) -> None:
    perimetre = enquete.perimetre(role, **champs)
    vu = lire(moteur, enquete).rang(CODE.value) if rang is None else rang
    chiffre = resume(moteur, enquete)
    with ecriture(moteur, perimetre) as session:
        ecrire_message(session, perimetre, indicateur=CODE, etat=etat, texte=texte, chiffre=chiffre, rang=vu)


def lire(moteur: Engine, enquete: Enquete, role: Role = Role.RELECTEUR, **champs: object) -> Relecture:
    perimetre = enquete.perimetre(role, **champs)
    with lecture(moteur) as session:
        return lire_relecture(session, perimetre, indicateur=CODE, pour=perimetre.compte_id)


def test_une_question_sa_reponse_puis_la_validation(moteur: Engine, enquete: Enquete) -> None:
    assert lire(moteur, enquete).etat(CODE.value, "?") is EtatRelecture.A_RELIRE
    ecrire(moteur, enquete, EtatRelecture.QUESTION, "Qui a refusé ?")
    ecrire(moteur, enquete, EtatRelecture.A_RELIRE, "Une institution.", Role.ENQUETEUR)
    ecrire(moteur, enquete, EtatRelecture.VALIDE)
    lue = lire(moteur, enquete, Role.ENQUETEUR)
    assert [(m.rang, m.etat, m.role) for m in lue.fil] == [
        (1, EtatRelecture.QUESTION, Role.RELECTEUR),
        (2, EtatRelecture.A_RELIRE, Role.ENQUETEUR),
        (3, EtatRelecture.VALIDE, Role.RELECTEUR),
    ]
    assert lue.fil[0].texte == "Qui a refusé ?" and lue.fil[0].auteur == "Camille Test"
    assert lue.etat(CODE.value, resume(moteur, enquete)) is EtatRelecture.VALIDE


def test_un_chiffre_qui_change_apres_sa_validation_redevient_a_relire(moteur: Engine, enquete: Enquete) -> None:
    ecrire(moteur, enquete, EtatRelecture.VALIDE)
    with ecriture(moteur, None) as session:
        session.get_one(Entretien, 1).accord_citation = AccordCitation.NON
    lue, change = lire(moteur, enquete), resume(moteur, enquete)
    assert lue.depasse(CODE.value, change) and lue.etat(CODE.value, change) is EtatRelecture.A_RELIRE


def test_deux_lecteurs_qui_valident_ensemble_le_second_relit(moteur: Engine, enquete: Enquete) -> None:
    ecrire(moteur, enquete, EtatRelecture.VALIDE, rang=0)
    with pytest.raises(Conflit, match=FIL_CHANGE):
        ecrire(moteur, enquete, EtatRelecture.VALIDE, rang=0, role=Role.ADMINISTRATEUR)
    assert len(lire(moteur, enquete).fil) == 1


def test_valider_un_chiffre_qui_vient_de_changer_se_refuse(moteur: Engine, enquete: Enquete) -> None:
    perimetre = enquete.perimetre(Role.RELECTEUR)
    with pytest.raises(Conflit, match=CHIFFRE_CHANGE), ecriture(moteur, perimetre) as session:
        ecrire_message(
            session, perimetre, indicateur=CODE, etat=EtatRelecture.VALIDE, texte="", chiffre="1 % (1/99)", rang=0
        )


@pytest.mark.parametrize(
    ("etat", "texte", "phrase"),
    [
        (EtatRelecture.QUESTION, "   ", "Écrivez ce que"),
        (EtatRelecture.QUESTION, "@personne-ici, pourquoi ?", "ne désigne personne"),
        (EtatRelecture.QUESTION, "a" * 2001, "signes au plus"),
        (EtatRelecture.QUESTION, "a\x00b", "."),
    ],
)
def test_un_message_impossible_se_refuse(
    moteur: Engine, enquete: Enquete, etat: EtatRelecture, texte: str, phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        ecrire(moteur, enquete, etat, texte)
    assert lire(moteur, enquete).fil == ()


def test_l_equipe_ne_valide_pas_ce_qu_elle_produit(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse, match="Valider revient à la relecture"):
        ecrire(moteur, enquete, EtatRelecture.VALIDE, role=Role.ENQUETEUR)


def test_qui_est_appele_le_voit_jusqu_a_sa_reponse(moteur: Engine, enquete: Enquete) -> None:
    identifiant = enquete.comptes[Role.ENQUETEUR].identifiant
    ecrire(moteur, enquete, EtatRelecture.QUESTION, f"@{identifiant}, qui a refusé ?")
    assert lire(moteur, enquete, Role.ENQUETEUR).attendus == (CODE.value,)
    assert lire(moteur, enquete).attendus == ()
    ecrire(moteur, enquete, EtatRelecture.A_RELIRE, "Une institution.", Role.ENQUETEUR)
    assert lire(moteur, enquete, Role.ENQUETEUR).attendus == ()


def test_un_nom_connu_n_entre_pas_dans_le_fil(moteur: Engine, enquete: Enquete) -> None:
    ecrire(moteur, enquete, EtatRelecture.A_RELIRE, "C'est Judith, de Frigolive Logistique.", Role.ENQUETEUR)
    (message,) = lire(moteur, enquete, Role.ENQUETEUR).fil
    assert message.texte.startswith("C'est [personne], de [Entreprise")


def test_la_visite_et_les_terrains_partiels_ne_lisent_ni_n_ecrivent(moteur: Engine, enquete: Enquete) -> None:
    ecrire(moteur, enquete, EtatRelecture.QUESTION, "Pourquoi ?")
    assert lire(moteur, enquete, Role.DEMONSTRATION) == Relecture()
    assert lire(moteur, enquete, terrains=frozenset({enquete.bourgogne})) == Relecture()
    for role, champs in ((Role.DEMONSTRATION, {}), (Role.RELECTEUR, {"terrains": frozenset({enquete.bourgogne})})):
        with pytest.raises(AccesRefuse):
            ecrire(moteur, enquete, EtatRelecture.QUESTION, "Pourquoi ?", role, **champs)


def test_l_equipe_lit_le_fil_en_une_requete_la_relecture_en_deux(moteur: Engine, enquete: Enquete) -> None:
    """La relecture demande au journal si un nom à effacer a changé ; la première fois, elle lit les noms."""
    ecrire(moteur, enquete, EtatRelecture.QUESTION, "Pourquoi ?")
    for role, nombre in ((Role.ENQUETEUR, 1), (Role.RELECTEUR, 3), (Role.RELECTEUR, 2)):
        with compter_requetes(moteur) as ordres:
            lire(moteur, enquete, role)
        assert len(ordres) == nombre
