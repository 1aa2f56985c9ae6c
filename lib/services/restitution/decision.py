"""La décision et les options, telles qu'elles peuvent se projeter : les noms connus en sont effacés."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Decision
from lib.domain.decision import AvisDecision, NatureOption
from lib.domain.droits import Perimetre
from lib.domain.formats import ABSENT, compter, date_longue, euros, typographier
from lib.domain.scenes import TableauScene
from lib.services.decision.prise import LigneFigee, lire_decision
from lib.services.decision.saisies import LigneLue, OptionLue, lire_saisies
from lib.services.restitution.commun import effacer_les_noms, exiger_entiere, tableau

SANS_DECISION = typographier("La décision de poursuivre ou d'arrêter n'est pas encore prise.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPublique:
    """Ce qui a été décidé, par qui, quand et pourquoi."""

    retenue: NatureOption
    decidee_le: date
    instance: str
    raisons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPublic:
    """Ce qui fonde la décision : figé avec elle, ou tel qu'il se prépare."""

    decision: DecisionPublique | None
    options: tuple[OptionLue, ...]
    grille: tuple[tuple[str, str, str], ...]
    """Question, avis, constat."""


def lire_decision_ecrite(session: Session, perimetre: Perimetre) -> DecisionPublique | None:
    """La décision telle qu'elle est écrite, ou rien : l'appelant en efface les noms. Une requête. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    requete = select(Decision.retenue, Decision.decidee_le, Decision.instance, Decision.raisons)
    prise = session.execute(requete.where(Decision.investigation_id == perimetre.investigation_id)).one_or_none()
    return DecisionPublique(**prise._mapping) if prise else None  # noqa: SLF001 - nom public de SQLAlchemy


def dire_decision(decision: DecisionPublique | None) -> str:
    """« Décision du 27 mars 2027 : Arrêt. »"""
    if decision is None:
        return SANS_DECISION
    return typographier(f"Décision du {date_longue(decision.decidee_le)} : {decision.retenue.libelle}.")


def lire_dossier_public(session: Session, perimetre: Perimetre) -> DossierPublic:
    """La décision, les options décrites et la grille remplie. Lève AccesRefuse."""
    decision = lire_decision_ecrite(session, perimetre)
    prise = lire_decision(session, perimetre) if decision else None
    saisies = None if prise else lire_saisies(session, perimetre)
    options = prise.options if prise else tuple(saisies.options.values()) if saisies else ()
    lignes: Sequence[LigneFigee | LigneLue] = (
        prise.grille if prise else tuple(saisies.lignes.values()) if saisies else ()
    )
    return _sans_noms(
        session,
        perimetre,
        decision,
        [option for option in options if option.description],
        [ligne for ligne in lignes if ligne.avis is not AvisDecision.A_INSTRUIRE],
    )


def _sans_noms(
    session: Session,
    perimetre: Perimetre,
    decision: DecisionPublique | None,
    options: Sequence[OptionLue],
    lignes: Sequence[LigneFigee | LigneLue],
) -> DossierPublic:
    textes = [decision.instance, decision.raisons] if decision else []
    textes += [texte for option in options for texte in (option.description, option.territoire, option.critere)]
    propres = iter(effacer_les_noms(session, perimetre, textes + [ligne.constat for ligne in lignes]))
    if decision:
        decision = replace(decision, instance=next(propres), raisons=next(propres))
    return DossierPublic(
        decision=decision,
        options=tuple(
            replace(o, description=next(propres), territoire=next(propres), critere=next(propres)) for o in options
        ),
        grille=tuple((ligne.question.libelle, ligne.avis.libelle, next(propres)) for ligne in lignes),
    )


def tableau_des_options(options: Sequence[OptionLue]) -> tuple[TableauScene, ...]:
    """Les options comparées, telles qu'elles sont décrites."""
    return tableau(
        "Options comparées",
        ("Option", "Coût", "Délai", "Territoire", "Critère de succès"),
        [(o.nature.libelle, _cout(o), _delai(o), o.territoire or ABSENT, o.critere or ABSENT) for o in options],
    )


def dire_options(options: Sequence[OptionLue]) -> Iterator[str]:
    """« Conciergerie sans code (46 000 €, 3 mois, Bourgogne-Franche-Comté) : … »"""
    for option in options:
        precisions = ", ".join(filter(None, (_cout(option), _delai(option), option.territoire)))
        yield typographier(f"{option.nature.libelle} ({precisions}) : ") + option.description


def _cout(option: OptionLue) -> str:
    return euros(option.cout_euros)


def _delai(option: OptionLue) -> str:
    return compter(option.delai_mois, "mois", "mois") if option.delai_mois is not None else ABSENT
