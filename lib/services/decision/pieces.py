"""Ce que l'enquête apporte à chaque ligne de la grille : indicateurs, hypothèses, solutions, options, appuis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from lib.domain.decision import QuestionDecision, RubriqueDecision, SourceAppui
from lib.domain.droits import Perimetre
from lib.domain.formats import guillemets, typographier
from lib.services.decision.parties import HYPOTHESES, INDICATEURS
from lib.services.decision.saisies import HypothesePesee, Saisies, SolutionCitee, lire_saisies
from lib.services.decision.sources import SourceLue
from lib.services.indicateur import Indicateur, Indicateurs, dire
from lib.services.indicateurs import lire_indicateurs

SEPARATEURS = " ,;:–\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
SANS_PIECE = "L'enquête n'en compte rien : c'est à l'équipe d'écrire ce qu'elle sait, et de quels entretiens."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Une preuve d'une ligne : ce qu'elle dit, et la page qui l'ouvre (aucune pour une option).

    public : ce qui s'en fige, quand tout ne peut pas se lire hors de l'équipe. vive : ne se fige pas (les mots de
    quelqu'un s'en vont s'il retire son accord) ; elle se relit à chaque fois.
    """

    texte: str
    public: str = ""
    nom: str = ""
    page: str = ""
    parametres: Mapping[str, str] = field(default_factory=dict)
    vive: bool = False

    @property
    def suite(self) -> str:
        """Ce qu'elle dit, sans redire son nom."""
        reste = self.texte.removeprefix(self.nom).lstrip(SEPARATEURS)
        return reste[:1].upper() + reste[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrilleLue:
    """Ce qui est écrit, et les preuves de chaque ligne ; aucune une fois la décision prise : elles sont figées."""

    saisies: Saisies
    pieces: Mapping[QuestionDecision, tuple[Piece, ...]] = field(default_factory=dict)


def lire_grille(session: Session, perimetre: Perimetre) -> GrilleLue:
    """La grille et ses preuves, prêtes à montrer. Sept requêtes au plus. Lève AccesRefuse."""
    saisies = lire_saisies(session, perimetre)
    if saisies.decidee:
        return GrilleLue(saisies=saisies)
    indicateurs = lire_indicateurs(session, perimetre)
    return GrilleLue(
        saisies=saisies, pieces={question: pieces_de(question, indicateurs, saisies) for question in QuestionDecision}
    )


def pieces_de(question: QuestionDecision, indicateurs: Indicateurs, saisies: Saisies) -> tuple[Piece, ...]:
    """Les preuves d'une ligne, dans l'ordre où les lire."""
    voulus = INDICATEURS.get(question, ())
    return (
        *(_indicateur(lu) for lu in indicateurs.tous if lu.code in voulus),
        *(_hypothese(pesee) for pesee in saisies.hypotheses if pesee.nature is HYPOTHESES.get(question)),
        *_du_dossier(question, saisies),
        *_appuis(question, saisies),
        *(_source(source, indicateurs, saisies) for source in saisies.lignes[question].sources),
    )


def citations_de(question: QuestionDecision, saisies: Saisies) -> tuple[Piece, ...]:
    """Les citations d'une ligne, telles qu'elles se lisent aujourd'hui : leurs mots ne se figent pas."""
    sources = saisies.lignes[question].sources
    return tuple(_citation(source) for source in sources if source.source is SourceAppui.CITATION)


def _indicateur(lu: Indicateur) -> Piece:
    return Piece(texte=dire(lu), nom=lu.nom, page="indicateurs", parametres={"indicateur": lu.nom})


def _hypothese(pesee: HypothesePesee) -> Piece:
    nom = f"Hypothèse {pesee.code}"
    return Piece(texte=pesee.dite, nom=nom, page="hypotheses", parametres={"hypothese": pesee.code})


def _solution(solution: SolutionCitee) -> Piece:
    cout = f"coût pour l'entreprise : {solution.cout_entreprise or 'inconnu'}"
    dite = typographier(f"{solution.nom} ; {cout} ; ce qui manque : {solution.manque or 'non dit'}")
    return Piece(texte=dite, nom=typographier(solution.nom), page="solutions")


def _appuis(question: QuestionDecision, saisies: Saisies) -> Iterator[Piece]:
    for appui in saisies.lignes[question].appuis:
        if appui.entretien_id is None:
            yield Piece(texte=appui.dit)
            continue
        adresse = {"entretien": str(appui.entretien_id)}
        yield Piece(texte=appui.dit, public=appui.public, nom=appui.code, page="entretien", parametres=adresse)


def _du_dossier(question: QuestionDecision, saisies: Saisies) -> Iterator[Piece]:
    if question is QuestionDecision.EXISTANT:
        yield from map(_solution, saisies.solutions)
    for option in saisies.options.values():
        if question is QuestionDecision.SIX_MOIS and option.critere:
            yield Piece(texte=typographier(f"{option.nature.libelle}, critère de succès : {option.critere}"))
        if question.rubrique is RubriqueDecision.COUT and option.version:
            yield Piece(texte=option.resume)


# --- Les appuis choisis -----------------------------------------------------------------------------------------


def _source(source: SourceLue, indicateurs: Indicateurs, saisies: Saisies) -> Piece:
    if source.source is SourceAppui.CITATION:
        return _citation(source)
    if source.source is SourceAppui.INDICATEUR:
        lu = next((lu for lu in indicateurs.tous if lu.code == source.nom), None)
        return _indicateur(lu) if lu else Piece(texte=_dire_absente(source))
    if source.source is SourceAppui.HYPOTHESE:
        pesee = next((pesee for pesee in saisies.hypotheses if pesee.code == source.nom), None)
        return _hypothese(pesee) if pesee else Piece(texte=_dire_absente(source))
    solution = next((solution for solution in saisies.solutions if solution.id == source.solution_id), None)
    return _solution(solution) if solution else Piece(texte=_dire_absente(source))


def _citation(source: SourceLue) -> Piece:
    """« E-MRS-001 – Citation, association, Marseille : « … » » ; le code pour l'équipe seule.

    L'équipe l'ouvre à sa place dans l'entretien, les autres sur la page des citations, sous le même masque.
    """
    qui = f"{source.nom} – " if source.nom else ""
    texte = f"{qui}Citation, {source.lieu}"
    if source.absence:
        texte += f" ({source.absence.libelle})"
    elif source.mots:
        texte += typographier(" : ") + guillemets(source.mots)
    if source.entretien_id is None:
        if source.absence or source.verbatim_id is None:
            return Piece(texte=texte, vive=True)
        seule = {"citation": str(source.verbatim_id)}
        return Piece(texte=texte, nom="Citation", page="citations", parametres=seule, vive=True)
    adresse = {"entretien": str(source.entretien_id)}
    if source.absence:
        return Piece(texte=texte, nom=source.nom, page="entretien", parametres=adresse, vive=True)
    nom = f"Citation de {source.nom}"
    return Piece(
        texte=texte, nom=nom, page="codage", parametres=adresse | {"verbatim": str(source.verbatim_id)}, vive=True
    )


def _dire_absente(source: SourceLue) -> str:
    pourquoi = source.absence.libelle if source.absence else "il n'est plus suivi, à relire"
    return f"{source.source.libelle} {guillemets(source.nom)} ({pourquoi})"
