"""Prendre la décision : une fois, avec ses raisons, figée avec les chiffres, la grille et les options du jour."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Decision, VersionReference
from lib.db.verrou import attendre_son_tour
from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision
from lib.domain.droits import Perimetre, exiger, peut_figer, peut_relire
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import date_longue, guillemets
from lib.domain.horloge import aujourd_hui
from lib.services.couverture import lire_dates
from lib.services.decision.pieces import Piece, pieces_de
from lib.services.decision.saisies import OptionLue, Saisies, lire_saisies
from lib.services.indicateur import Indicateurs
from lib.services.indicateurs import lire_indicateurs
from lib.services.pseudonymisation import effacer_partout
from lib.services.textes_partages import Partages, nettoyer, partager
from lib.services.versions_reference import figer_version

TEXTES_D_OPTION = ("description", "territoire", "critere")


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneFigee:
    """Une ligne de la grille telle qu'elle se lisait, preuves comprises."""

    question: QuestionDecision
    avis: AvisDecision
    constat: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLue:
    """La décision, et tout ce qui la fondait. version : numéro de la version de référence figée avec elle."""

    retenue: NatureOption
    raisons: str
    instance: str
    decidee_le: date
    version: int
    grille: tuple[LigneFigee, ...]
    options: tuple[OptionLue, ...]
    auteur: str
    enregistree_le: datetime


def decider(
    session: Session,
    perimetre: Perimetre,
    *,
    retenue: NatureOption,
    raisons: str,
    instance: str,
    decidee_le: date,
) -> None:
    """Prend la décision et fige une version de référence. instance : qui a décidé (« Comité du 27 mars »).

    Lève AccesRefuse ; DonneeInvalide si la décision est déjà prise, sans raison, sans instance, à une date
    impossible, pour une option qui ne se compare pas aux autres, ou si l'investigation est vide.
    """
    exiger(peut_figer, perimetre)
    attendre_son_tour(session, f"decision-{perimetre.investigation_id}")
    _exiger_aucune(session, perimetre)
    motif, qui = (
        nettoyer(session, perimetre, texte, champ=champ)
        for texte, champ in ((raisons, "raisons"), (instance, "instance"))
    )
    _verifier(session, perimetre, motif, qui, decidee_le)
    saisies, lus = lire_saisies(session, perimetre), lire_indicateurs(session, perimetre)
    if not saisies.options[retenue].complete:
        raise DonneeInvalide(
            f"Décrivez d'abord l'option {guillemets(retenue.libelle)} : coût, délai, territoire, critère de succès.",
            champ="retenue",
        )
    version_id = figer_version(session, perimetre, motif=f"Décision : {retenue.libelle}")
    session.add(
        Decision(
            investigation_id=perimetre.investigation_id,
            version_id=version_id,
            retenue=retenue,
            raisons=motif,
            instance=qui,
            decidee_le=decidee_le,
            dossier=_figer(saisies, lus, partial(effacer_partout, session, perimetre)),
            cree_par=perimetre.auteur_id,
        )
    )
    session.flush()


def lire_decision(session: Session, perimetre: Perimetre) -> DecisionLue | None:
    """La décision prise, ou rien. Lève AccesRefuse.

    Une requête, et une de plus hors de l'équipe : un nom appris depuis s'efface aussi de ce qui est figé.
    """
    exiger(peut_relire, perimetre)
    ligne = session.execute(
        select(Decision, VersionReference.numero, Compte.nom_affiche)
        .join(VersionReference, VersionReference.id == Decision.version_id)
        .outerjoin(Compte, Compte.id == Decision.cree_par)
        .where(Decision.investigation_id == perimetre.investigation_id)
    ).one_or_none()
    if ligne is None:
        return None
    prise: Decision = ligne.Decision
    lus = partager(session, perimetre, _textes(prise))
    return DecisionLue(
        retenue=prise.retenue,
        raisons=lus[prise.raisons],
        instance=lus[prise.instance],
        decidee_le=prise.decidee_le,
        version=ligne.numero,
        grille=tuple(_relire_ligne(figee, lus) for figee in prise.dossier["grille"]),
        options=tuple(_relire_option(figee, lus) for figee in prise.dossier["options"]),
        auteur=ligne.nom_affiche or "Exploitation",
        enregistree_le=prise.cree_le,
    )


def _exiger_aucune(session: Session, perimetre: Perimetre) -> None:
    prise = session.scalar(select(Decision.decidee_le).where(Decision.investigation_id == perimetre.investigation_id))
    if prise is not None:
        raise DonneeInvalide(
            f"La décision est déjà prise, le {date_longue(prise)} : elle est figée avec les chiffres de ce jour-là."
        )


def _verifier(session: Session, perimetre: Perimetre, raisons: str, instance: str, decidee_le: date) -> None:
    if not raisons:
        raise DonneeInvalide("Dites pourquoi : les raisons restent avec la décision.", champ="raisons")
    if not instance:
        raise DonneeInvalide("Dites qui a pris la décision.", champ="instance")
    if decidee_le > aujourd_hui():
        raise DonneeInvalide("Une décision ne se date pas dans l'avenir.", champ="decidee_le")
    debut, _ = lire_dates(session, perimetre)
    if decidee_le < debut:
        raise DonneeInvalide(
            f"L'investigation a commencé le {date_longue(debut)} : la décision vient après.", champ="decidee_le"
        )


# --- Le dossier figé --------------------------------------------------------------------------------------------


def _figer(saisies: Saisies, lus: Indicateurs, effacer: Callable[[list[str]], list[str]]) -> dict[str, Any]:
    """La relecture lira le dossier tel quel : les noms connus s'effacent aussi de ce que disent les preuves."""
    pieces = {question: _figeables(pieces_de(question, lus, saisies)) for question in saisies.lignes}
    dites = [texte for textes in pieces.values() for texte in textes]
    propres = dict(zip(dites, effacer(dites), strict=True))
    grille = [
        {
            "question": question.value,
            "avis": ligne.avis.value,
            "constat": ligne.constat,
            "pieces": [propres[texte] for texte in pieces[question]],
        }
        for question, ligne in saisies.lignes.items()
    ]
    options = [asdict(option) | {"nature": option.nature.value} for option in saisies.options.values()]
    return {"grille": grille, "options": options}


def _figeables(pieces: Iterable[Piece]) -> list[str]:
    return [piece.public or piece.texte for piece in pieces if not piece.vive]


def _textes(prise: Decision) -> set[str]:
    """Tout ce que la décision garde d'écrit à la main."""
    textes = {prise.raisons, prise.instance}
    for ligne in prise.dossier["grille"]:
        textes |= {ligne["constat"], *ligne["pieces"]}
    return textes | {option[champ] for option in prise.dossier["options"] for champ in TEXTES_D_OPTION}


def _relire_ligne(figee: Mapping[str, Any], lus: Partages) -> LigneFigee:
    return LigneFigee(
        question=QuestionDecision(figee["question"]),
        avis=AvisDecision(figee["avis"]),
        constat=lus[figee["constat"]],
        pieces=tuple(lus[piece] for piece in figee["pieces"]),
    )


def _relire_option(figee: Mapping[str, Any], lus: Partages) -> OptionLue:
    textes = {champ: lus[figee[champ]] for champ in TEXTES_D_OPTION}
    return OptionLue(**{**figee, **textes, "nature": NatureOption(figee["nature"])})
