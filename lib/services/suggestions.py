"""Étiquettes proposées pour un passage, avec les citations semblables qui les portent ; jamais posées sans un geste."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.proportions import Part, wilson
from lib.analytics.suggestions import CitationCodee, Proposition, Semblables
from lib.db.modeles import Entretien, Etiquetage, LigneJournal, Texte, Verbatim
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.passages import delimiter

CITATIONS_REGARDEES = 2_000
"""Les plus récentes : au-delà, comparer coûterait plus que cela n'apprend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationSemblable:
    """Une citation qui ressemble au passage choisi, et le code de son entretien."""

    citation: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquetteProposee:
    """Une étiquette proposée et ce qui la justifie."""

    id: int
    citations: tuple[CitationSemblable, ...]


def apprendre(session: Session, perimetre: Perimetre) -> Semblables:
    """Prépare la comparaison avec les dernières citations étiquetées du périmètre."""
    exiger(peut_consigner, perimetre)
    posees = Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None)
    recentes = (
        select(Verbatim.id)
        .where(visible(Verbatim, perimetre), Verbatim.archive_le.is_(None))
        .where(select(Etiquetage.id).where(*posees).exists())
        .order_by(Verbatim.id.desc())
        .limit(CITATIONS_REGARDEES)
        .subquery()
    )
    lignes = session.execute(
        select(Verbatim.id, Verbatim.citation, Etiquetage.etiquette_id)
        .join(recentes, recentes.c.id == Verbatim.id)
        .join(Etiquetage, posees[0])
        .where(posees[1])
        .order_by(Verbatim.id)
    )
    etiquettes: dict[tuple[int, str], set[int]] = {}
    for verbatim_id, citation, etiquette_id in lignes:
        etiquettes.setdefault((verbatim_id, citation), set()).add(etiquette_id)
    return Semblables(
        [
            CitationCodee(verbatim_id=verbatim_id, citation=citation, etiquettes=frozenset(portees))
            for (verbatim_id, citation), portees in etiquettes.items()
        ]
    )


def proposer(
    session: Session, perimetre: Perimetre, semblables: Semblables, *, texte_id: int, debut: int, fin: int
) -> tuple[EtiquetteProposee, ...]:
    """Trois étiquettes au plus pour un passage. Les citations sont relues : rien de retiré depuis ne se montre.

    Lève DonneeInvalide si le passage est vide ou hors du texte.
    """
    exiger(peut_consigner, perimetre)
    texte = trouver(session, Texte, texte_id, perimetre)
    passage = delimiter(texte.contenu, debut, fin)
    memes = select(Verbatim.id).where(
        Verbatim.texte_id == texte_id, Verbatim.debut < passage.fin, passage.debut < Verbatim.fin
    )
    trouvees = semblables.proposer(passage.extraire(texte.contenu), sauf=frozenset(session.scalars(memes)))
    citations = _relire(session, perimetre, trouvees)
    proposees = (
        EtiquetteProposee(
            id=proposition.etiquette_id,
            citations=tuple(citations[verbatim] for verbatim in proposition.verbatims if verbatim in citations),
        )
        for proposition in trouvees
    )
    return tuple(proposee for proposee in proposees if proposee.citations)


def _relire(
    session: Session, perimetre: Perimetre, propositions: tuple[Proposition, ...]
) -> dict[int, CitationSemblable]:
    vises = {verbatim for proposition in propositions for verbatim in proposition.verbatims}
    lignes = session.execute(
        select(Verbatim.id, Verbatim.citation, Entretien.code)
        .join(Entretien, Entretien.id == Verbatim.entretien_id)
        .where(Verbatim.id.in_(sorted(vises)), visible(Verbatim, perimetre), Verbatim.archive_le.is_(None))
    )
    return {i: CitationSemblable(citation=citation, source=code) for i, citation, code in lignes}


def bilan(session: Session, perimetre: Perimetre) -> Part:
    """Combien de fois l'étiquette posée était parmi les proposées, quand il y en avait ; les gestes annulés à part."""
    exiger(peut_consigner, perimetre)
    annulation = aliased(LigneJournal)
    annule = select(annulation.id).where(annulation.revient_sur == LigneJournal.geste).exists()
    lignes = session.execute(
        select(LigneJournal.suggestion, func.count(LigneJournal.geste.distinct()))
        .where(
            LigneJournal.investigation_id == perimetre.investigation_id,
            LigneJournal.suggestion.is_not(None),
            ~annule,
        )
        .group_by(LigneJournal.suggestion)
    )
    comptes = {bool(suivie): fois for suivie, fois in lignes}
    return wilson(comptes.get(True, 0), sum(comptes.values()))
