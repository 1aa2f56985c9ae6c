"""Une ligne s'appuie sur une citation, un indicateur, une solution, une hypothèse ; l'appui reste, les mots partent."""

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Hypothese, LigneJournal, SolutionExistante, SourceDecision, Verbatim
from lib.domain.decision import AbsenceSource, NatureOption, QuestionDecision, SourceAppui
from lib.domain.erreurs import AccesRefuse, DonneeInvalide, Introuvable
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import AccordCitation, Role
from lib.services.decision.pieces import Piece, citations_de, pieces_de
from lib.services.decision.prise import decider, lire_decision
from lib.services.decision.saisies import lire_saisies
from lib.services.decision.sources import DEJA_LA, DEJA_PRISE, ajouter_source, retirer_source
from lib.services.indicateurs import lire_indicateurs
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import FORMULE, ORGANISATIONS, SANS_ACCORD, Enquete

SPONSOR = QuestionDecision.SPONSOR


def numero_de(moteur: Engine, citation: str) -> int:
    with lecture(moteur) as session:
        return session.scalars(select(Verbatim.id).where(Verbatim.citation == citation)).one()


def appuyer(
    moteur: Engine,
    enquete: Enquete,
    source: SourceAppui,
    reference: str,
    question: QuestionDecision = SPONSOR,
    role: Role = Role.ENQUETEUR,
) -> None:
    perimetre = enquete.perimetre(role)
    with ecriture(moteur, perimetre) as session:
        ajouter_source(session, perimetre, question=question, source=source, reference=reference)


def citer(moteur: Engine, enquete: Enquete, citation: str = FORMULE) -> None:
    appuyer(moteur, enquete, SourceAppui.CITATION, str(numero_de(moteur, citation)))


def pieces(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR) -> tuple[Piece, ...]:
    perimetre = enquete.perimetre(role)
    with lecture(moteur) as session:
        return pieces_de(SPONSOR, lire_indicateurs(session, perimetre), lire_saisies(session, perimetre))


def textes(moteur: Engine, enquete: Enquete, role: Role = Role.ENQUETEUR) -> list[str]:
    return [p.texte.replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ") for p in pieces(moteur, enquete, role)]


def test_chaque_appui_se_lit_et_s_ouvre(moteur: Engine, enquete: Enquete) -> None:
    citer(moteur, enquete)
    for source, reference in (
        (SourceAppui.INDICATEUR, "plan"),
        (SourceAppui.SOLUTION, "1"),
        (SourceAppui.HYPOTHESE, "P1"),
    ):
        appuyer(moteur, enquete, source, reference)
    numero = str(numero_de(moteur, FORMULE))
    assert [(p.nom, p.page, dict(p.parametres)) for p in pieces(moteur, enquete)] == [
        ("Citation de E-MRS-001", "codage", {"entretien": "1", "verbatim": numero}),
        ("Entretiens réalisés sur le plan", "indicateurs", {"indicateur": "Entretiens réalisés sur le plan"}),
        ("Club", "solutions", {}),
        ("Hypothèse P1", "hypotheses", {"hypothese": "P1"}),
    ]
    assert pieces(moteur, enquete)[2].suite.startswith("Coût pour l'entreprise")
    citation, plan, solution, hypothese = textes(moteur, enquete)
    assert citation.startswith("E-MRS-001 – Citation, association, Marseille : « =HYPERLINK(1)")
    assert plan.startswith("Entretiens réalisés sur le plan : 44 % (4/9")
    assert solution.startswith("Club ; coût pour l'entreprise") and hypothese.startswith("P1, ouverte (pour 3")


def test_la_relecture_lit_les_mots_sans_le_code_ni_un_nom(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Verbatim, numero_de(moteur, FORMULE)).citation = f"{ORGANISATIONS[1]} l'a dit, Judith aussi"
        numero = str(session.scalars(select(Verbatim.id).where(Verbatim.citation.contains("Judith aussi"))).one())
    appuyer(moteur, enquete, SourceAppui.CITATION, numero)
    (piece,) = pieces(moteur, enquete, Role.RELECTEUR)
    assert (piece.nom, piece.page, piece.parametres) == ("Citation", "citations", {"citation": numero})
    (texte,) = textes(moteur, enquete, Role.RELECTEUR)
    assert texte.startswith("Citation, association, Marseille : « [Entreprise") and "[personne] aussi" in texte


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
@pytest.mark.parametrize(
    ("absence", "champs"),
    [
        (AbsenceSource.SANS_ACCORD, {"accord_citation": AccordCitation.NON}),
        (AbsenceSource.HORS_CHIFFRES, {"archive_le": maintenant()}),
        (AbsenceSource.CITATION_RETIREE, {}),
    ],
)
def test_l_appui_reste_et_ses_mots_s_en_vont(
    moteur: Engine, enquete: Enquete, role: Role, absence: AbsenceSource, champs: dict[str, object]
) -> None:
    citer(moteur, enquete)
    with ecriture(moteur, None) as session:
        for nom, valeur in champs.items():
            setattr(session.get_one(Entretien, 1), nom, valeur)
        if not champs:
            session.get_one(Verbatim, numero_de(moteur, FORMULE)).archive_le = maintenant()
    (texte,) = textes(moteur, enquete, role)
    assert texte.endswith(f"Citation, association, Marseille ({absence.libelle})") and "HYPERLINK" not in texte


def test_une_solution_ou_une_hypothese_retiree_laisse_son_appui(moteur: Engine, enquete: Enquete) -> None:
    appuyer(moteur, enquete, SourceAppui.SOLUTION, "1")
    appuyer(moteur, enquete, SourceAppui.HYPOTHESE, "P1")
    with ecriture(moteur, None) as session:
        for modele in (SolutionExistante, Hypothese):
            session.scalars(select(modele)).one().archive_le = maintenant()
    assert textes(moteur, enquete) == [
        "Solution existante « Club » (la solution n'est plus recensée, à relire)",
        "Hypothèse « P1 » (l'hypothèse n'est plus suivie, à relire)",
    ]


def test_une_citation_sans_accord_pese_sans_ses_mots(moteur: Engine, enquete: Enquete) -> None:
    citer(moteur, enquete, SANS_ACCORD)
    assert AbsenceSource.SANS_ACCORD.libelle in textes(moteur, enquete)[0]


def test_un_appui_se_retire_et_le_journal_le_garde(moteur: Engine, enquete: Enquete) -> None:
    citer(moteur, enquete)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        retirer_source(session, perimetre, source_id=1)
    assert textes(moteur, enquete) == []
    with lecture(moteur) as session:
        gestes = session.scalars(select(LigneJournal.action).where(LigneJournal.objet == "sources_decision")).all()
    assert [geste.value for geste in gestes] == ["creation", "suppression"]
    with pytest.raises(Introuvable), ecriture(moteur, perimetre) as session:
        retirer_source(session, perimetre, source_id=1)


@pytest.mark.parametrize(
    ("source", "reference", "question", "phrase"),
    [
        (SourceAppui.CITATION, "999", SPONSOR, "Choisissez une citation"),
        (SourceAppui.CITATION, "", SPONSOR, "Choisissez une citation"),
        (SourceAppui.CITATION, str(2**63), SPONSOR, "Choisissez une citation"),
        (SourceAppui.INDICATEUR, "lune", SPONSOR, "Choisissez un indicateur"),
        (SourceAppui.INDICATEUR, "perennises", QuestionDecision.DUREE, "montre déjà cet indicateur"),
        (SourceAppui.HYPOTHESE, "P9", SPONSOR, "Choisissez une hypothèse"),
        (SourceAppui.HYPOTHESE, "P1", QuestionDecision.QUALIFIE, "montre déjà cette hypothèse"),
        (SourceAppui.SOLUTION, "99999999999999999999", SPONSOR, "Choisissez une solution"),
        (SourceAppui.SOLUTION, "1", QuestionDecision.EXISTANT, "montre déjà toutes les solutions"),
    ],
)
def test_un_appui_impossible_se_dit_en_une_phrase(
    moteur: Engine, enquete: Enquete, source: SourceAppui, reference: str, question: QuestionDecision, phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        appuyer(moteur, enquete, source, reference, question)


def test_le_meme_appui_ne_se_pose_pas_deux_fois(moteur: Engine, enquete: Enquete) -> None:
    citer(moteur, enquete)
    with pytest.raises(DonneeInvalide, match=DEJA_LA):
        citer(moteur, enquete)
    numero = numero_de(moteur, FORMULE)
    with pytest.raises(DonneeInvalide, match=DEJA_LA), ecriture(moteur, None) as session:
        session.add(SourceDecision(investigation_id=enquete.investigation.id, question=SPONSOR, verbatim_id=numero))


def test_la_relecture_n_appuie_ni_ne_retire(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        appuyer(moteur, enquete, SourceAppui.INDICATEUR, "plan", role=Role.RELECTEUR)
    perimetre = enquete.perimetre(Role.RELECTEUR)
    with pytest.raises(AccesRefuse), ecriture(moteur, perimetre) as session:
        retirer_source(session, perimetre, source_id=1)


def test_une_decision_fige_les_appuis_sauf_les_mots_cites(moteur: Engine, enquete: Enquete) -> None:
    citer(moteur, enquete)
    appuyer(moteur, enquete, SourceAppui.INDICATEUR, "plan")
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        decider(
            session,
            perimetre,
            retenue=NatureOption.ARRET,
            raisons="Rien ne dure.",
            instance="L'équipe",
            decidee_le=aujourd_hui(),
        )
    for geste in (
        lambda: appuyer(moteur, enquete, SourceAppui.INDICATEUR, "cibles"),
        lambda: _retirer(moteur, enquete),
    ):
        with pytest.raises(DonneeInvalide, match=DEJA_PRISE):
            geste()
    with lecture(moteur) as session:
        prise = lire_decision(session, perimetre)
        (citation,) = citations_de(SPONSOR, lire_saisies(session, perimetre))
    assert prise is not None
    (figee,) = next(ligne.pieces for ligne in prise.grille if ligne.question is SPONSOR)
    assert figee.startswith("Entretiens réalisés sur le plan") and "HYPERLINK" in citation.texte
    with ecriture(moteur, None) as session:
        session.get_one(Entretien, 1).accord_citation = AccordCitation.NON
    with lecture(moteur) as session:
        (citation,) = citations_de(SPONSOR, lire_saisies(session, perimetre))
    assert "HYPERLINK" not in citation.texte and AbsenceSource.SANS_ACCORD.libelle in citation.texte


def _retirer(moteur: Engine, enquete: Enquete) -> None:
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        retirer_source(session, perimetre, source_id=1)
