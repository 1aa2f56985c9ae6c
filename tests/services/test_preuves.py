"""Preuves : elles désignent une citation, un entretien, un indicateur ou une solution ; les mots suivent l'accord."""

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Hypothese, SolutionExistante, Verbatim
from lib.domain.erreurs import AccesRefuse, DonneeInvalide, Introuvable
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.preuves import SourcePreuve
from lib.domain.vocabulaire import AccordCitation, Role, SensPreuve, StatutEntretien, TypeActeur
from lib.services.hypotheses import HypotheseLue, lire_hypotheses
from lib.services.preuves import (
    CITATION_RETIREE,
    HORS_CHIFFRES,
    SANS_ACCORD,
    SOLUTION_RETIREE,
    Cible,
    PreuveLue,
    lire_preuves,
    retirer_preuve,
    verser_preuve,
)
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import FORMULE, Enquete, preparer
from tests.outils.enquete import SANS_ACCORD as MOTS_SANS_ACCORD

ENTRETIEN = Cible(source=SourcePreuve.ENTRETIEN, reference="e-mrs-001")


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    enquete = preparer(moteur)
    numeros = {"investigation_id": enquete.investigation.id}
    with ecriture(moteur, None) as session:
        session.add(Hypothese(code="P1", nature="probleme", enonce="…", refutation="L'inverse.", **numeros))
        session.add(SolutionExistante(nom="Club d'entreprises", manque="Tient à une personne.", **numeros))
    return enquete


def citation(moteur: Engine, mots: str) -> Cible:
    with lecture(moteur) as session:
        numero = session.scalars(select(Verbatim.id).where(Verbatim.citation == mots)).one()
    return Cible(source=SourcePreuve.CITATION, reference=str(numero))


def solution(moteur: Engine) -> Cible:
    with lecture(moteur) as session:
        return Cible(source=SourcePreuve.SOLUTION, reference=str(session.scalars(select(SolutionExistante.id)).one()))


def verser(
    moteur: Engine, enquete: Enquete, cible: Cible = ENTRETIEN, role: Role = Role.ENQUETEUR, **champs: object
) -> None:
    perimetre = enquete.perimetre(role)
    valeurs = {"sens": SensPreuve.CONTRE, "poids": 2, "commentaire": "Il dure."} | champs
    with ecriture(moteur, perimetre) as session:
        numero = session.scalars(select(Hypothese.id)).one()
        verser_preuve(session, perimetre, hypothese_id=numero, cible=cible, **valeurs)  # type: ignore[arg-type]


def preuves(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR, **champs: object) -> tuple[PreuveLue, ...]:
    with lecture(moteur) as session:
        numero = session.scalars(select(Hypothese.id)).one()
        return lire_preuves(session, enquete.perimetre(role, **champs), hypothese_id=numero)


def hypothese(moteur: Engine, enquete: Enquete, role: Role = Role.RELECTEUR, **champs: object) -> HypotheseLue:
    with lecture(moteur) as session:
        (lue,) = lire_hypotheses(session, enquete.perimetre(role, **champs))
    return lue


def changer(moteur: Engine, modele: type, **valeurs: object) -> None:
    """Change toutes les lignes d'un modèle, comme le ferait une autre page."""
    with ecriture(moteur, None) as session:
        for objet in session.scalars(select(modele)):
            for champ, valeur in valeurs.items():
                setattr(objet, champ, valeur)


# --- Verser -----------------------------------------------------------------------------------------------------


def test_une_preuve_designe_ce_que_l_on_veut(moteur: Engine, enquete: Enquete) -> None:
    indicateur = Cible(source=SourcePreuve.INDICATEUR, reference=CodeIndicateur.PREMIER_IRRITANT.value)
    for cible in (ENTRETIEN, citation(moteur, FORMULE), solution(moteur), indicateur):
        verser(moteur, enquete, cible)
    lues = preuves(moteur, enquete)
    assert [lue.source for lue in lues] == [
        SourcePreuve.ENTRETIEN,
        SourcePreuve.CITATION,
        SourcePreuve.SOLUTION,
        SourcePreuve.INDICATEUR,
    ]
    assert [lue.designation for lue in lues] == [
        "E-MRS-001, L'Épicerie des Calanques, Marseille",
        "E-MRS-001, L'Épicerie des Calanques, Marseille",
        "Club d'entreprises",
        "Premier irritant",
    ]
    assert lues[1].mots == FORMULE and {lue.auteur for lue in lues} == {"Camille Test"}
    assert "2/3" in lues[3].mots and "novembre\N{NO-BREAK SPACE}2026" in lues[3].mots


@pytest.mark.parametrize(
    ("cible", "champs", "phrase"),
    [
        (Cible(source=SourcePreuve.ENTRETIEN, reference="E-LUNE-001"), {}, "Aucun entretien réalisé"),
        (Cible(source=SourcePreuve.ENTRETIEN, reference="E-MRS-004"), {}, "Aucun entretien réalisé"),  # sans notice
        (Cible(source=SourcePreuve.CITATION, reference=""), {}, "Choisissez une citation"),
        (Cible(source=SourcePreuve.CITATION, reference="9" * 40), {}, "Choisissez une citation"),
        (Cible(source=SourcePreuve.SOLUTION, reference="-1"), {}, "Choisissez une solution"),
        (Cible(source=SourcePreuve.CITATION, reference=str(2**63)), {}, "Choisissez une citation"),
        (Cible(source=SourcePreuve.INDICATEUR, reference="lune"), {}, "Choisissez un indicateur"),
        (ENTRETIEN, {"poids": 4}, "de 1 à 3"),
        (ENTRETIEN, {"commentaire": "a\x00b"}, "."),
    ],
)
def test_une_preuve_impossible_se_refuse(
    moteur: Engine, enquete: Enquete, cible: Cible, champs: dict[str, object], phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        verser(moteur, enquete, cible, **champs)
    assert preuves(moteur, enquete) == ()


def test_la_meme_source_ne_pese_pas_deux_fois_dans_le_meme_sens(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    with pytest.raises(DonneeInvalide, match="pèse déjà"):
        verser(moteur, enquete, poids=1)
    verser(moteur, enquete, sens=SensPreuve.NUANCE)
    verser(moteur, enquete, citation(moteur, FORMULE))
    assert len(preuves(moteur, enquete)) == 3


def test_une_preuve_retiree_ne_pese_plus(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    perimetre, numero = enquete.perimetre(Role.ENQUETEUR), preuves(moteur, enquete)[0].id
    with ecriture(moteur, perimetre) as session:
        retirer_preuve(session, perimetre, preuve_id=numero)
    assert preuves(moteur, enquete) == () and hypothese(moteur, enquete).preuves == 0
    with pytest.raises(Introuvable), ecriture(moteur, perimetre) as session:
        retirer_preuve(session, perimetre, preuve_id=numero)


def test_la_relecture_ne_verse_pas_et_la_visite_ne_lit_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        verser(moteur, enquete, role=Role.RELECTEUR)
    with pytest.raises(AccesRefuse):
        preuves(moteur, enquete, Role.DEMONSTRATION, fictive=True)


# --- Lire -------------------------------------------------------------------------------------------------------


def test_hors_de_l_equipe_ni_nom_ni_code_ni_commentaire(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete, citation(moteur, FORMULE))
    (lue,) = preuves(moteur, enquete, Role.RELECTEUR)
    assert lue.designation.startswith("Association") and lue.designation.endswith(", Marseille")
    assert "E-MRS" not in lue.designation and "Calanques" not in lue.designation
    assert (lue.commentaire, lue.entretien_id) == ("", None)
    assert lue.verbatim_id, "la citation s'ouvre, sous le même masque"
    assert lue.mots == FORMULE


def test_une_solution_au_nom_d_une_organisation_connue_s_efface_hors_de_l_equipe(
    moteur: Engine, enquete: Enquete
) -> None:
    changer(moteur, SolutionExistante, nom="Le réseau de Frigolive Logistique")
    verser(moteur, enquete, solution(moteur))
    (equipe,), (relecture,) = preuves(moteur, enquete), preuves(moteur, enquete, Role.RELECTEUR)
    assert "Frigolive" in equipe.designation and "Frigolive" not in relecture.designation


def test_une_citation_archivee_laisse_la_preuve_sans_ses_mots(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete, citation(moteur, FORMULE))
    changer(moteur, Verbatim, archive_le=maintenant())
    for role in (Role.ENQUETEUR, Role.RELECTEUR):
        (lue,) = preuves(moteur, enquete, role)
        assert (lue.mots, lue.absence, lue.poids) == ("", CITATION_RETIREE, 2)
    assert hypothese(moteur, enquete).poids == {SensPreuve.CONTRE: 2}
    assert any("n'a plus de source lisible" in phrase for phrase in hypothese(moteur, enquete).manques)


def test_une_citation_qui_perd_son_accord_laisse_la_preuve_sans_ses_mots(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete, citation(moteur, FORMULE))
    changer(moteur, Entretien, accord_citation=AccordCitation.NON)
    for role in (Role.ENQUETEUR, Role.RELECTEUR):
        (lue,) = preuves(moteur, enquete, role)
        assert (lue.mots, lue.absence) == ("", SANS_ACCORD)


def test_une_citation_sans_accord_se_verse_sans_ses_mots(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete, citation(moteur, MOTS_SANS_ACCORD))
    (lue,) = preuves(moteur, enquete)
    assert (lue.mots, lue.absence) == ("", SANS_ACCORD)


def test_un_entretien_sorti_des_chiffres_et_une_solution_archivee_se_disent(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    verser(moteur, enquete, solution(moteur))
    changer(moteur, Entretien, statut=StatutEntretien.REFUSE)
    changer(moteur, SolutionExistante, archive_le=maintenant())
    assert [lue.absence for lue in preuves(moteur, enquete)] == [HORS_CHIFFRES, SOLUTION_RETIREE]


# --- Balance ----------------------------------------------------------------------------------------------------


def test_la_balance_se_lit_par_terrain_et_par_type_d_acteur(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    verser(moteur, enquete, citation(moteur, FORMULE), sens=SensPreuve.POUR, poids=1)
    verser(moteur, enquete, Cible(source=SourcePreuve.ENTRETIEN, reference="E-MRS-002"), poids=3)
    verser(moteur, enquete, solution(moteur), sens=SensPreuve.NUANCE, poids=1)
    lue = hypothese(moteur, enquete)
    assert [(c.terrain, c.type_acteur, dict(c.poids), c.acteurs) for c in lue.balance] == [
        ("Marseille", TypeActeur.ASSOCIATION, {SensPreuve.CONTRE: 2, SensPreuve.POUR: 1}, 1),
        ("Marseille", TypeActeur.ENTREPRISE, {SensPreuve.CONTRE: 3}, 1),
        ("", None, {SensPreuve.NUANCE: 1}, 0),
    ]
    assert lue.poids == {SensPreuve.CONTRE: 5, SensPreuve.POUR: 1, SensPreuve.NUANCE: 1} and lue.preuves == 4


def test_un_terrain_ferme_n_apporte_aucune_preuve(moteur: Engine, enquete: Enquete) -> None:
    verser(moteur, enquete)
    verser(moteur, enquete, solution(moteur))
    ouverts = {"terrains": frozenset({enquete.bourgogne})}
    assert [p.source for p in preuves(moteur, enquete, **ouverts)] == [SourcePreuve.SOLUTION]
    assert hypothese(moteur, enquete, **ouverts).preuves == 1
