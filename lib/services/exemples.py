"""Les exemples d'une étiquette sont de vraies citations : prises, laissées, et lues par chacun selon ses droits."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquette, ExempleEtiquette, Verbatim
from lib.db.perimetre import trouver, visible
from lib.db.verrou import attendre_son_tour
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import compter, guillemets
from lib.services.citations import Citation, lire_citations
from lib.services.gestes import Geste
from lib.services.syntheses import compte_dans_les_chiffres

MAXIMUM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemple:
    """Une citation prise en exemple, telle que ce compte peut la lire (voir `Citation`)."""

    verbatim_id: int
    entretien_id: int
    code: str
    citation: str
    source: str


def lister_exemples(session: Session, perimetre: Perimetre) -> dict[int, tuple[Exemple, ...]]:
    """Les exemples de chaque étiquette, dans l'ordre où ils ont été pris.

    Un exemple se lit tant que sa citation se lit et porte l'étiquette : hors de l'équipe, l'accord de citer est donné
    et les noms connus sont effacés. Celui d'une étiquette fusionnée passe à celle qui l'a reçue, et lui revient avec
    ses citations.
    """
    prises = _prises(session, perimetre)
    if not prises:
        return {}
    lues = {c.verbatim_id: c for c in lire_citations(session, perimetre, [verbatim for _, verbatim in prises])}
    exemples: dict[int, dict[int, Exemple]] = {}
    for etiquette_id, verbatim_id in prises:
        citation = lues.get(verbatim_id)
        if citation and etiquette_id in {etiquette.id for etiquette in citation.etiquettes}:
            exemples.setdefault(etiquette_id, {})[verbatim_id] = _exemple(citation)
    return {etiquette_id: tuple(siens.values()) for etiquette_id, siens in exemples.items()}


def prendre_en_exemple(session: Session, perimetre: Perimetre, *, verbatim_id: int, etiquette_id: int) -> Geste:
    """Fait d'une citation un exemple d'une étiquette qu'elle porte. Demandé deux fois, il n'écrit qu'une fois.

    Lève DonneeInvalide si la citation n'est pas de celles que l'équipe cite, si elle ne porte pas l'étiquette, ou si
    l'étiquette a déjà cinq exemples.
    """
    verbatim, etiquette = _lire(session, perimetre, verbatim_id, etiquette_id)
    siens = [exemple.verbatim_id for exemple in lister_exemples(session, perimetre).get(etiquette_id, ())]
    if verbatim_id in siens:
        return _clore(verbatim, f"Cette citation est déjà un exemple de {guillemets(etiquette.nom)}.")
    citable = session.scalars(_citables(perimetre, Verbatim.id).where(Verbatim.id == verbatim_id)).all()
    _refuser(lire_citations(session, perimetre, citable), etiquette)
    if len(siens) >= MAXIMUM:
        raise DonneeInvalide(
            f"{guillemets(etiquette.nom)} a déjà {compter(MAXIMUM, 'exemple')} : retirez-en un pour le remplacer."
        )
    if session.get(ExempleEtiquette, (etiquette_id, verbatim_id)) is None:
        session.add(
            ExempleEtiquette(
                etiquette_id=etiquette_id,
                verbatim_id=verbatim_id,
                investigation_id=verbatim.investigation_id,
                pris_par=perimetre.auteur_id,
            )
        )
        session.flush()
    return _clore(verbatim, f"Citation prise en exemple de {guillemets(etiquette.nom)}.")


def laisser_en_exemple(session: Session, perimetre: Perimetre, *, verbatim_id: int, etiquette_id: int) -> Geste:
    """Retire une citation des exemples d'une étiquette ; la citation, elle, garde son étiquette."""
    verbatim, etiquette = _lire(session, perimetre, verbatim_id, etiquette_id)
    recues = _fusionnees(session, perimetre)
    for prise in session.scalars(select(ExempleEtiquette).where(ExempleEtiquette.verbatim_id == verbatim_id)).all():
        if _tenue(prise.etiquette_id, recues) == etiquette_id:
            session.delete(prise)
    session.flush()
    return _clore(verbatim, f"Citation retirée des exemples de {guillemets(etiquette.nom)}.")


def _prises(session: Session, perimetre: Perimetre) -> list[tuple[int, int]]:
    """(étiquette qui la porte aujourd'hui, citation), dans l'ordre des prises."""
    requete = (
        _citables(perimetre, ExempleEtiquette.etiquette_id, ExempleEtiquette.verbatim_id, Etiquette.fusionnee_dans_id)
        .join(ExempleEtiquette, ExempleEtiquette.verbatim_id == Verbatim.id)
        .join(Etiquette, Etiquette.id == ExempleEtiquette.etiquette_id)
        .order_by(ExempleEtiquette.pris_le, ExempleEtiquette.verbatim_id)
    )
    prises = session.execute(requete).all()
    recues = _fusionnees(session, perimetre) if any(prise.fusionnee_dans_id for prise in prises) else {}
    return [(_tenue(prise.etiquette_id, recues), prise.verbatim_id) for prise in prises]


def _citables(perimetre: Perimetre, *colonnes: Any) -> Select[Any]:
    """Les citations des entretiens qui comptent dans les chiffres."""
    citations = select(*colonnes).select_from(Verbatim).join(Entretien, Entretien.id == Verbatim.entretien_id)
    return citations.where(visible(Entretien, perimetre), compte_dans_les_chiffres(), Verbatim.archive_le.is_(None))


def _fusionnees(session: Session, perimetre: Perimetre) -> dict[int, int]:
    requete = select(Etiquette.id, Etiquette.fusionnee_dans_id).where(
        visible(Etiquette, perimetre), Etiquette.fusionnee_dans_id.is_not(None)
    )
    return {absorbee: gardee for absorbee, gardee in session.execute(requete) if gardee is not None}


def _tenue(etiquette_id: int, recues: dict[int, int]) -> int:
    while etiquette_id in recues:
        etiquette_id = recues[etiquette_id]
    return etiquette_id


def _lire(session: Session, perimetre: Perimetre, verbatim_id: int, etiquette_id: int) -> tuple[Verbatim, Etiquette]:
    """La citation et l'étiquette, seules à changer dans leur grille tant que dure la transaction."""
    exiger(peut_consigner, perimetre)
    attendre_son_tour(session, f"grille-{perimetre.investigation_id}")
    return trouver(session, Verbatim, verbatim_id, perimetre), trouver(session, Etiquette, etiquette_id, perimetre)


def _refuser(lues: tuple[Citation, ...], etiquette: Etiquette) -> None:
    if not lues:
        raise DonneeInvalide(
            "Seule une citation d'un entretien réalisé, notice remise, peut servir d'exemple à la grille."
        )
    if etiquette.id not in {portee.id for portee in lues[0].etiquettes}:
        raise DonneeInvalide(f"Cette citation ne porte pas {guillemets(etiquette.nom)} : posez d'abord l'étiquette.")


def _exemple(citation: Citation) -> Exemple:
    return Exemple(
        verbatim_id=citation.verbatim_id,
        entretien_id=citation.entretien_id,
        code=citation.code,
        citation=citation.citation,
        source=citation.source,
    )


def _clore(verbatim: Verbatim, message: str) -> Geste:
    """Un geste qui ne change rien au codage : il ne s'annule pas, il se reprend."""
    return Geste(
        message=message,
        entretien_id=verbatim.entretien_id,
        verbatim_id=verbatim.id,
        texte_id=verbatim.texte_id,
        version_texte=0,
    )
