"""Retrouver les citations d'un irritant à travers les entretiens, dans ce que chacun a le droit de lire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquetage, Etiquette, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.pseudonymes import designer_organisation
from lib.domain.textes import plier
from lib.domain.vocabulaire import AccordCitation, AncrageVerbatim, FamilleEtiquette, NatureTexte, TypeActeur
from lib.services.pseudonymisation import Pseudonymisation, charger_pseudonymisation
from lib.services.recherche_citations import PAR_PAGE, PLAFOND, FiltresCitations, Recherche, presenter

__all__ = [
    "PAR_PAGE",
    "Citation",
    "EtiquettePosee",
    "FiltresCitations",
    "PageCitations",
    "lire_citations",
    "lister_citations",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquettePosee:
    """Une étiquette portée par une citation."""

    id: int
    nom: str
    famille: FamilleEtiquette


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Une citation telle que ce compte peut la lire.

    source : nom de l'organisation pour l'équipe, nom d'emprunt pour les autres. tenu_le : le jour pour l'équipe,
    le premier du mois pour les autres. diffusable : l'accord de citer est donné.
    """

    verbatim_id: int
    entretien_id: int
    code: str
    citation: str
    source: str
    terrain: str
    type_acteur: TypeActeur
    tenu_le: date
    nature: NatureTexte
    a_verifier: bool
    diffusable: bool
    etiquettes: tuple[EtiquettePosee, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCitations:
    """Vingt-cinq citations au plus. total : combien répondent ; plafonne : il y en a plus encore."""

    citations: tuple[Citation, ...] = ()
    total: int = 0
    plafonne: bool = False
    page: int = 1

    @property
    def pages(self) -> int:
        """Nombre de pages que l'on peut ouvrir, une au moins."""
        return max(1, -(-self.total // PAR_PAGE))


def lister_citations(
    session: Session, perimetre: Perimetre, *, filtres: FiltresCitations, page: int = 1
) -> PageCitations:
    """Une page de citations, les dernières surlignées d'abord.

    Seuls comptent les entretiens réalisés, notice remise, non archivés ; hors de l'équipe, ceux dont l'accord de
    citer est donné, les personnes et les organisations connues étant effacées des mots mêmes.
    """
    recherche = Recherche(perimetre=perimetre, filtres=filtres)
    if plier(filtres.texte) and not peut_lire_identites(perimetre):
        return _chercher_sous_masque(session, recherche, page)
    compte = recherche.compte_tenu(session)
    if compte == 0 and filtres.etiquettes is not None:
        return PageCitations()
    lignes = session.execute(recherche.lister(page, compte)).all()
    if not lignes and page > 1:  # un lien ancien, ou des citations retirées depuis
        return lister_citations(session, perimetre, filtres=filtres)
    total, plafonne = recherche.plafonner(lignes[0].trouvees if lignes else 0)
    citations = tuple(_composer(session, perimetre, lignes))
    return PageCitations(citations=citations, total=total, plafonne=plafonne, page=page)


def lire_citations(session: Session, perimetre: Perimetre, identifiants: Sequence[int]) -> tuple[Citation, ...]:
    """Des citations déjà choisies, les dernières surlignées d'abord : celles que ce compte peut lire, masquées s'il
    le faut."""
    requete = presenter(identifiants).where(visible(Verbatim, perimetre))
    if not peut_lire_identites(perimetre):
        requete = requete.where(Entretien.accord_citation != AccordCitation.NON)
    return tuple(_composer(session, perimetre, session.execute(requete).all()))


def _chercher_sous_masque(session: Session, recherche: Recherche, page: int) -> PageCitations:
    """Hors de l'équipe, on cherche dans ce qui se lit : chercher un nom effacé ne désigne aucune citation."""
    candidates = session.execute(recherche.candidates()).all()
    extraits = [(candidate.entretien_id, candidate.citation) for candidate in candidates]
    masques = charger_pseudonymisation(session, recherche.perimetre, extraits=extraits)
    mots = plier(recherche.filtres.texte)
    trouvees = [candidate.id for candidate in candidates if _se_lit(mots, candidate, masques)][:PLAFOND]
    page = page if (page - 1) * PAR_PAGE < len(trouvees) else 1
    lignes = session.execute(presenter(trouvees[(page - 1) * PAR_PAGE : page * PAR_PAGE])).all()
    citations = tuple(_composer(session, recherche.perimetre, lignes, masques))
    return PageCitations(citations=citations, total=len(trouvees), plafonne=len(candidates) > PLAFOND, page=page)


def _se_lit(mots: str, candidate: Row[int, int, str], masques: Pseudonymisation) -> bool:
    masquee = masques.masquer(candidate.citation, candidate.entretien_id)
    return masquee == candidate.citation or mots in plier(masquee)


def _composer(
    session: Session, perimetre: Perimetre, lignes: Sequence[Row[Any]], masques: Pseudonymisation | None = None
) -> list[Citation]:
    posees = _etiquettes_posees(session, [ligne.verbatim_id for ligne in lignes])
    if peut_lire_identites(perimetre) or not lignes:
        return [_citation(ligne, posees[ligne.verbatim_id]) for ligne in lignes]
    pseudonymisation = masques or charger_pseudonymisation(
        session, perimetre, extraits=[(ligne.entretien_id, ligne.citation) for ligne in lignes]
    )
    return [
        _citation(
            ligne,
            posees[ligne.verbatim_id],
            citation=pseudonymisation.masquer(ligne.citation, ligne.entretien_id),
            source=_nom_d_emprunt(ligne),
            tenu_le=ligne.tenu_le.replace(day=1),
        )
        for ligne in lignes
    ]


def _citation(ligne: Row[Any], etiquettes: tuple[EtiquettePosee, ...], **changements: Any) -> Citation:
    valeurs = {
        "verbatim_id": ligne.verbatim_id,
        "entretien_id": ligne.entretien_id,
        "code": ligne.code,
        "citation": ligne.citation,
        "source": ligne.organisation or ligne.type_acteur.libelle,
        "terrain": ligne.terrain,
        "type_acteur": ligne.type_acteur,
        "tenu_le": ligne.tenu_le,
        "nature": ligne.nature,
        "a_verifier": ligne.ancrage is AncrageVerbatim.A_VERIFIER,
        "diffusable": ligne.accord_citation is not AccordCitation.NON,
        "etiquettes": etiquettes,
    }
    return Citation(**valeurs | changements)


def _nom_d_emprunt(ligne: Row[Any]) -> str:
    if ligne.organisation_id is None:
        return str(ligne.type_acteur.libelle)
    return designer_organisation(ligne.type_acteur, ligne.organisation_id)


def _etiquettes_posees(session: Session, verbatims: list[int]) -> dict[int, tuple[EtiquettePosee, ...]]:
    """Étiquettes des citations de la page, une fois chacune, dans l'ordre de la grille."""
    requete = (
        select(Etiquetage.verbatim_id, Etiquette.id, Etiquette.nom, Etiquette.famille)
        .join(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .where(Etiquetage.verbatim_id.in_(verbatims), Etiquetage.retire_le.is_(None))
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    portees: dict[int, dict[int, EtiquettePosee]] = {identifiant: {} for identifiant in verbatims}
    for verbatim_id, etiquette_id, nom, famille in session.execute(requete):
        portees[verbatim_id][etiquette_id] = EtiquettePosee(id=etiquette_id, nom=nom, famille=famille)
    return {identifiant: tuple(posees.values()) for identifiant, posees in portees.items()}
