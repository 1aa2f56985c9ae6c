"""Ce que l'enquête apporte à chaque ligne de la grille : indicateurs, hypothèses, solutions, options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Hypothese, Preuve, StatutHypotheseDate
from lib.db.perimetre import visible
from lib.domain.decision import QuestionDecision, RubriqueDecision
from lib.domain.droits import Perimetre, exiger, peut_relire
from lib.domain.formats import nombre, typographier
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import NatureHypothese, SensPreuve, StatutHypothese
from lib.services.decision.saisies import Saisies
from lib.services.indicateur import Indicateurs, dire
from lib.services.indicateurs import lire_indicateurs

INDICATEURS: Mapping[QuestionDecision, tuple[CodeIndicateur, ...]] = {
    QuestionDecision.QUALIFIE: (
        CodeIndicateur.IRRITANTS_PARTAGES,
        CodeIndicateur.PREMIER_IRRITANT,
        CodeIndicateur.SPONTANES,
    ),
    QuestionDecision.AMPLEUR: (CodeIndicateur.PLAN, CodeIndicateur.CIBLES, CodeIndicateur.ECARTS_DEMONTRES),
    QuestionDecision.DUREE: (
        CodeIndicateur.DUREE_MEDIANE,
        CodeIndicateur.SURVIE_12,
        CodeIndicateur.SURVIE_24,
        CodeIndicateur.PERENNISES,
    ),
    QuestionDecision.SOLUTION: (CodeIndicateur.HYPOTHESES_EPROUVEES,),
}
HYPOTHESES: Mapping[QuestionDecision, NatureHypothese] = {
    QuestionDecision.QUALIFIE: NatureHypothese.PROBLEME,
    QuestionDecision.SOLUTION: NatureHypothese.SOLUTION,
}
SANS_PIECE = "L'enquête n'en compte rien : c'est à l'équipe d'écrire ce qu'elle sait, et de quels entretiens."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Une preuve d'une ligne : ce qu'elle dit, et la page qui l'ouvre (aucune pour une option).

    public : ce qui s'en fige, quand tout ne peut pas se lire hors de l'équipe.
    """

    texte: str
    public: str = ""
    nom: str = ""
    page: str = ""
    parametres: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesePesee:
    """Une hypothèse, son dernier statut, et ce que pèsent ses preuves."""

    code: str
    nature: NatureHypothese
    enonce: str
    statut: StatutHypothese
    poids: Mapping[SensPreuve, int]

    @property
    def dite(self) -> str:
        """« P1, soutenue (pour 7, contre 2, nuance 0) : énoncé »."""
        poids = ", ".join(f"{sens.libelle.lower()} {nombre(self.poids[sens])}" for sens in SensPreuve)
        return typographier(f"{self.code}, {self.statut.libelle.lower()} ({poids}) : {self.enonce}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Ce dont les preuves se tirent."""

    indicateurs: Indicateurs
    hypotheses: tuple[HypothesePesee, ...]


def lire_pieces(session: Session, perimetre: Perimetre) -> Pieces:
    """Les indicateurs du jour et les hypothèses pesées. Sept requêtes. Lève AccesRefuse."""
    exiger(peut_relire, perimetre)
    return Pieces(indicateurs=lire_indicateurs(session, perimetre), hypotheses=_peser(session, perimetre))


def pieces_de(question: QuestionDecision, pieces: Pieces, saisies: Saisies) -> tuple[Piece, ...]:
    """Les preuves d'une ligne, dans l'ordre où les lire."""
    return (
        *_indicateurs(question, pieces),
        *_hypotheses(question, pieces),
        *_du_dossier(question, saisies),
        *_appuis(question, saisies),
    )


def _indicateurs(question: QuestionDecision, pieces: Pieces) -> Iterator[Piece]:
    voulus = INDICATEURS.get(question, ())
    for lu in pieces.indicateurs.tous:
        if lu.code in voulus:
            yield Piece(texte=dire(lu), nom=lu.nom, page="indicateurs", parametres={"indicateur": lu.nom})


def _hypotheses(question: QuestionDecision, pieces: Pieces) -> Iterator[Piece]:
    for pesee in pieces.hypotheses:
        if pesee.nature is HYPOTHESES.get(question):
            nom = f"Hypothèse {pesee.code}"
            yield Piece(texte=pesee.dite, nom=nom, page="hypotheses", parametres={"hypothese": pesee.code})


def _appuis(question: QuestionDecision, saisies: Saisies) -> Iterator[Piece]:
    for appui in saisies.lignes[question].appuis:
        if appui.entretien_id is None:
            yield Piece(texte=appui.dit)
            continue
        adresse = {"entretien": str(appui.entretien_id)}
        yield Piece(texte=appui.dit, public=appui.public, nom=appui.code, page="entretien", parametres=adresse)


def _du_dossier(question: QuestionDecision, saisies: Saisies) -> Iterator[Piece]:
    if question is QuestionDecision.EXISTANT:
        for s in saisies.solutions:
            cout = f"coût pour l'entreprise : {s.cout_entreprise or 'inconnu'}"
            dite = typographier(f"{s.nom} ; {cout} ; ce qui manque : {s.manque or 'non dit'}")
            yield Piece(texte=dite, nom="Solutions existantes", page="solutions")
    for option in saisies.options.values():
        if question is QuestionDecision.SIX_MOIS and option.critere:
            yield Piece(texte=typographier(f"{option.nature.libelle}, critère de succès : {option.critere}"))
        if question.rubrique is RubriqueDecision.COUT and option.version:
            yield Piece(texte=option.resume)


def _peser(session: Session, perimetre: Perimetre) -> tuple[HypothesePesee, ...]:
    """Une requête : chaque hypothèse, son dernier statut, la somme des poids de ses preuves par sens."""
    dernier = (
        select(StatutHypotheseDate.statut)
        .where(StatutHypotheseDate.hypothese_id == Hypothese.id)
        .order_by(StatutHypotheseDate.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    lignes = session.execute(
        select(
            Hypothese.code,
            Hypothese.nature,
            Hypothese.enonce,
            dernier.label("statut"),
            *(_poids(sens).label(sens.value) for sens in SensPreuve),
        )
        .where(visible(Hypothese, perimetre), Hypothese.archive_le.is_(None))
        .order_by(Hypothese.ordre, Hypothese.id)
    )
    return tuple(
        HypothesePesee(
            code=ligne.code,
            nature=ligne.nature,
            enonce=ligne.enonce,
            statut=ligne.statut or StatutHypothese.OUVERTE,
            poids={sens: int(getattr(ligne, sens.value)) for sens in SensPreuve},
        )
        for ligne in lignes
    )


def _poids(sens: SensPreuve) -> ColumnElement[Any]:
    somme = select(func.coalesce(func.sum(Preuve.poids), 0)).where(
        Preuve.hypothese_id == Hypothese.id, Preuve.sens == sens, Preuve.archive_le.is_(None)
    )
    return somme.scalar_subquery()
