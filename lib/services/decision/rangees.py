"""La grille, les options, les solutions, les hypothèses et les appuis : six petites lectures en une seule requête."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from lib.db.modeles import (
    AppuiDecision,
    Decision,
    Entretien,
    Hypothese,
    LigneDecision,
    OptionDecision,
    Preuve,
    SolutionExistante,
    SourceDecision,
    StatutHypotheseDate,
    Terrain,
    Verbatim,
)
from lib.db.perimetre import visible
from lib.domain.decision import AbsenceSource, SourceAppui
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import AccordCitation, SensPreuve
from lib.services.syntheses import compte_dans_les_chiffres

Rangees = Select[*tuple[Any, ...]]
TEXTES = "abcdef"


def requete(perimetre: Perimetre) -> CompoundSelect[Any]:
    """Tout ce qui est écrit avant de décider ; `genre` dit de quelle table vient une rangée, `cle` ce qui l'y range."""
    return union_all(
        _lignes(perimetre),
        _options(perimetre),
        _solutions(perimetre),
        _hypotheses(perimetre),
        _appuis(perimetre),
        _sources(perimetre),
        _rangees("decision", Decision.retenue, version=Decision.id).where(
            Decision.investigation_id == perimetre.investigation_id
        ),
    )


def _rangees(genre: str, cle: Any, *textes: Any, version: Any, nombres: tuple[Any, Any] | None = None) -> Rangees:
    """Une table en colonnes communes : genre, cle, textes a à f, nombres n et m, version."""
    manquants = (literal(""),) * (len(TEXTES) - len(textes))
    n, m = nombres or (null(), null())
    return select(
        literal(genre).label("genre"),
        cast(cle, String).label("cle"),
        *(cast(colonne, String).label(nom) for nom, colonne in zip(TEXTES, (*textes, *manquants), strict=True)),
        cast(n, Integer).label("n"),
        cast(m, Integer).label("m"),
        cast(version, Integer).label("version"),
    )


def _lignes(perimetre: Perimetre) -> Rangees:
    ligne = LigneDecision
    return _rangees("ligne", ligne.question, ligne.avis, ligne.constat, version=ligne.version).where(
        ligne.investigation_id == perimetre.investigation_id
    )


def _options(perimetre: Perimetre) -> Rangees:
    option = OptionDecision
    textes = (option.description, option.territoire, option.critere)
    nombres = (option.cout_euros, option.delai_mois)
    return _rangees("option", option.nature, *textes, nombres=nombres, version=option.version).where(
        option.investigation_id == perimetre.investigation_id
    )


def _solutions(perimetre: Perimetre) -> Rangees:
    solution = SolutionExistante
    textes = (solution.nom, solution.cout_entreprise, solution.cout_association, solution.manque)
    return _rangees("solution", solution.id, *textes, version=solution.version).where(
        solution.investigation_id == perimetre.investigation_id, solution.archive_le.is_(None)
    )


def _hypotheses(perimetre: Perimetre) -> Rangees:
    """Chaque hypothèse, son dernier statut, la somme des poids de ses preuves par sens (n, m, version)."""
    dernier = (
        select(StatutHypotheseDate.statut)
        .where(StatutHypotheseDate.hypothese_id == Hypothese.id)
        .order_by(StatutHypotheseDate.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _rangees(
        "hypothese",
        Hypothese.code,
        *(Hypothese.nature, Hypothese.enonce, dernier, Hypothese.ordre, Hypothese.id),
        nombres=(_poids(SensPreuve.POUR), _poids(SensPreuve.CONTRE)),
        version=_poids(SensPreuve.NUANCE),
    ).where(visible(Hypothese, perimetre), Hypothese.archive_le.is_(None))


def _poids(sens: SensPreuve) -> ColumnElement[Any]:
    somme = select(func.coalesce(func.sum(Preuve.poids), 0)).where(
        Preuve.hypothese_id == Hypothese.id, Preuve.sens == sens, Preuve.archive_le.is_(None)
    )
    return somme.scalar_subquery()


def _appuis(perimetre: Perimetre) -> Rangees:
    """Les entretiens cités ; m dit s'ils entrent encore dans les chiffres."""
    return (
        _rangees(
            "appui",
            LigneDecision.question,
            *(Entretien.code, Entretien.type_acteur, Terrain.nom),
            nombres=(Entretien.id, case((compte_dans_les_chiffres(), 1), else_=0)),
            version=LigneDecision.version,
        )
        .join_from(AppuiDecision, LigneDecision, LigneDecision.id == AppuiDecision.ligne_id)
        .join(Entretien, Entretien.id == AppuiDecision.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .where(AppuiDecision.investigation_id == perimetre.investigation_id)
    )


def _sources(perimetre: Perimetre) -> Rangees:
    """Nature, nom, mots, absence, type d'acteur, terrain ; n : l'entretien ou la solution.

    Les mots qui ne se lisent plus ne quittent pas la base.
    """
    source = SourceDecision
    absence = _absence()
    nature = case(
        (source.verbatim_id.is_not(None), SourceAppui.CITATION.value),
        (source.solution_id.is_not(None), SourceAppui.SOLUTION.value),
        (source.hypothese_id.is_not(None), SourceAppui.HYPOTHESE.value),
        else_=SourceAppui.INDICATEUR.value,
    )
    nom = func.coalesce(Entretien.code, SolutionExistante.nom, Hypothese.code, source.indicateur)
    mots = case((absence == "", Verbatim.citation), else_="")
    return (
        _rangees(
            "source",
            source.question,
            *(nature, nom, mots, absence, Entretien.type_acteur, Terrain.nom),
            nombres=(func.coalesce(Verbatim.entretien_id, source.solution_id), Verbatim.id),
            version=source.id,
        )
        .select_from(source)
        .outerjoin(Verbatim, Verbatim.id == source.verbatim_id)
        .outerjoin(Entretien, Entretien.id == Verbatim.entretien_id)
        .outerjoin(Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(SolutionExistante, SolutionExistante.id == source.solution_id)
        .outerjoin(Hypothese, Hypothese.id == source.hypothese_id)
        .where(source.investigation_id == perimetre.investigation_id)
    )


def _absence() -> ColumnElement[str]:
    """Pourquoi la source est à relire ; vide si elle vaut encore."""
    citee = SourceDecision.verbatim_id.is_not(None)
    return case(
        (and_(citee, ~compte_dans_les_chiffres()), AbsenceSource.HORS_CHIFFRES.value),
        (Verbatim.archive_le.is_not(None), AbsenceSource.CITATION_RETIREE.value),
        (and_(citee, Entretien.accord_citation == AccordCitation.NON), AbsenceSource.SANS_ACCORD.value),
        (SolutionExistante.archive_le.is_not(None), AbsenceSource.SOLUTION_RETIREE.value),
        (Hypothese.archive_le.is_not(None), AbsenceSource.HYPOTHESE_RETIREE.value),
        else_="",
    )
