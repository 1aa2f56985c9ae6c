"""Retrouver les citations d'un irritant à travers les entretiens, dans ce que chacun a le droit de lire."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquetage, Etiquette, Verbatim
from lib.db.perimetre import visible
from lib.db.racines import racine
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.mots import lire_recherche
from lib.domain.pseudonymes import designer_organisation
from lib.domain.vocabulaire import (
    AccordCitation,
    AncrageVerbatim,
    FamilleEtiquette,
    ModeEntretien,
    NatureTexte,
    NiveauReseau,
    TailleEntreprise,
    TypeActeur,
)
from lib.services.citations_protegees import LieuxTus, lire_lieux_tus, restreindre_filtres
from lib.services.filtres_citations import FiltresCitations
from lib.services.pseudonymisation import Pseudonymisation, charger_pseudonymisation
from lib.services.recherche_citations import PAR_PAGE, PLAFOND, SEPARE, Recherche

__all__ = [
    "PAR_PAGE",
    "Citation",
    "EtiquettePosee",
    "FiltresCitations",
    "PageCitations",
    "lire_citations",
    "lister_citations",
    "trouver_citations",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquettePosee:
    """Une étiquette portée par une citation."""

    id: int
    nom: str
    famille: FamilleEtiquette
    couleur: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexte:
    """Ce que l'équipe sait de la personne et de la rencontre. fonctions : de qui était présent, jamais leurs noms."""

    taille: TailleEntreprise | None
    niveau_reseau: NiveauReseau | None
    mode: ModeEntretien
    accord: AccordCitation
    fonctions: tuple[str, ...]
    enqueteurs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Une citation telle que ce compte peut la lire.

    source : nom de l'organisation pour l'équipe, nom d'emprunt pour les autres ; en visite, le seul type d'acteur : des
    numéros se compteraient. type_dit : le type d'acteur, tu en visite s'il désignait quelqu'un sur ce terrain.
    tenu_le : le jour pour l'équipe, le premier du mois pour les autres. diffusable : l'accord de citer est donné.
    memo, contexte : pour l'équipe.
    """

    verbatim_id: int
    entretien_id: int
    code: str
    citation: str
    source: str
    terrain: str
    type_acteur: TypeActeur
    type_dit: str
    tenu_le: date
    nature: NatureTexte
    a_verifier: bool
    diffusable: bool
    etiquettes: tuple[EtiquettePosee, ...]
    memo: str = ""
    contexte: Contexte | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCitations:
    """Cinquante citations au plus. total : combien répondent ; plafonne : il y en a plus encore."""

    citations: tuple[Citation, ...] = ()
    total: int = 0
    plafonne: bool = False
    page: int = 1

    @property
    def pages(self) -> int:
        """Nombre de pages que l'on peut ouvrir, une au moins."""
        return max(1, -(-self.total // PAR_PAGE))


def lister_citations(
    session: Session, perimetre: Perimetre, *, filtres: FiltresCitations, page: int = 1, contexte: bool = False
) -> PageCitations:
    """Une page de citations, les dernières surlignées d'abord si rien n'est demandé d'autre.

    Seuls comptent les entretiens réalisés, notice remise, non archivés ; hors de l'équipe, ceux dont l'accord de
    citer est donné, les personnes et les organisations connues étant effacées des mots mêmes.
    contexte : y joindre, pour l'équipe, ce que l'on sait de la personne et de la rencontre.
    """
    tus = lire_lieux_tus(session, perimetre)
    filtres = restreindre_filtres(session, perimetre, tus, filtres)
    contexte = contexte and peut_lire_identites(perimetre)
    recherche = Recherche(perimetre=perimetre, filtres=filtres, contexte=contexte)
    if not recherche.mots.vide and not peut_lire_identites(perimetre):
        return _chercher_sous_masque(session, recherche, page, tus)
    recherche = recherche.mesurer(session)
    if recherche.vaine:
        return PageCitations()
    lignes = _lire_la_page(session, recherche, page)
    if not lignes and page > 1:  # un lien ancien, ou des citations retirées depuis
        return lister_citations(session, perimetre, filtres=filtres, contexte=contexte)
    total, plafonne = recherche.plafonner(lignes[0].trouvees if lignes else 0)
    citations = _composer(session, perimetre, lignes, tus)
    if contexte:
        citations = [_situer(citation, ligne) for citation, ligne in zip(citations, lignes, strict=True)]
    return PageCitations(citations=tuple(citations), total=total, plafonne=plafonne, page=page)


def _lire_la_page(session: Session, recherche: Recherche, page: int) -> Sequence[Row[Any]]:
    """Les lignes de la page, cherchées d'abord là où elles sont sans doute."""
    for bornee in recherche.approcher(session, page):
        lignes = session.execute(bornee.lister(page)).all()
        if bornee.suffit(lignes, page):
            return lignes
    return session.execute(recherche.lister(page)).all()


def trouver_citations(session: Session, perimetre: Perimetre, *, filtres: FiltresCitations) -> list[int]:
    """Les identifiants de tout ce qui répond, mille au plus, sous les mêmes règles que `lister_citations`."""
    filtres = restreindre_filtres(session, perimetre, lire_lieux_tus(session, perimetre), filtres)
    recherche = Recherche(perimetre=perimetre, filtres=filtres)
    if not recherche.mots.vide and not peut_lire_identites(perimetre):
        return [identifiant for identifiant, _ in _lues_sous_masque(session, recherche)[0]]
    return list(session.scalars(recherche.identifiants()))[:PLAFOND]


def lire_citations(session: Session, perimetre: Perimetre, identifiants: Sequence[int]) -> tuple[Citation, ...]:
    """Des citations déjà choisies, les dernières surlignées d'abord : celles que ce compte peut lire, masquées s'il
    le faut."""
    recherche = Recherche(perimetre=perimetre, filtres=FiltresCitations())
    requete = recherche.presenter(identifiants).where(visible(Verbatim, perimetre))
    if not peut_lire_identites(perimetre):
        requete = requete.where(Entretien.accord_citation != AccordCitation.NON)
    tus = lire_lieux_tus(session, perimetre)
    return tuple(_composer(session, perimetre, session.execute(requete).all(), tus))


def _chercher_sous_masque(session: Session, recherche: Recherche, page: int, tus: LieuxTus) -> PageCitations:
    trouvees, masques, plafonne = _lues_sous_masque(session, recherche)
    page = page if (page - 1) * PAR_PAGE < len(trouvees) else 1
    montrees = [identifiant for identifiant, _ in trouvees[(page - 1) * PAR_PAGE : page * PAR_PAGE]]
    lignes = session.execute(recherche.presenter(montrees)).all()
    citations = tuple(_composer(session, recherche.perimetre, lignes, tus, masques))
    return PageCitations(citations=citations, total=len(trouvees), plafonne=plafonne, page=page)


def _lues_sous_masque(session: Session, recherche: Recherche) -> tuple[list[tuple[int, int]], Pseudonymisation, bool]:
    """Hors de l'équipe, on cherche dans ce qui se lit : chercher ou exclure un nom effacé ne désigne personne."""
    bornee = recherche.parmi_les_dernieres(session) if recherche.recentes else recherche
    candidates = session.execute(bornee.candidates()).all()
    if bornee.dernieres is not None and len(candidates) <= PLAFOND:
        candidates = session.execute(recherche.candidates()).all()
    extraits = [(candidate.entretien_id, candidate.citation) for candidate in candidates]
    masques = charger_pseudonymisation(session, recherche.perimetre, extraits=extraits)
    mots = lire_recherche(recherche.filtres.texte)
    trouvees = [
        (candidate.id, candidate.entretien_id)
        for candidate in candidates
        if mots.repond(masques.masquer(candidate.citation, candidate.entretien_id), racine)
    ]
    return trouvees[:PLAFOND], masques, len(candidates) > PLAFOND


def _composer(
    session: Session,
    perimetre: Perimetre,
    lignes: Sequence[Row[Any]],
    tus: LieuxTus,
    masques: Pseudonymisation | None = None,
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
            source=_type_dit(ligne, tus) if tus.actifs else _nom_d_emprunt(ligne),
            type_dit=_type_dit(ligne, tus),
            tenu_le=ligne.tenu_le.replace(day=1),
            memo="",
        )
        for ligne in lignes
    ]


def _situer(citation: Citation, ligne: Row[Any]) -> Citation:
    """Joint à la citation ce que l'on sait de sa rencontre."""
    contexte = Contexte(
        taille=ligne.taille,
        niveau_reseau=ligne.niveau_reseau,
        mode=ligne.mode,
        accord=ligne.accord_citation,
        fonctions=_separer(ligne.fonctions),
        enqueteurs=_separer(ligne.meneurs),
    )
    return replace(citation, contexte=contexte)


def _separer(dits: str | None) -> tuple[str, ...]:
    return tuple(sorted(set((dits or "").split(SEPARE)) - {""}))


def _citation(ligne: Row[Any], etiquettes: tuple[EtiquettePosee, ...], **changements: Any) -> Citation:
    valeurs = {
        "verbatim_id": ligne.verbatim_id,
        "entretien_id": ligne.entretien_id,
        "code": ligne.code,
        "citation": ligne.citation,
        "source": ligne.organisation or ligne.type_acteur.libelle,
        "terrain": ligne.terrain,
        "type_acteur": ligne.type_acteur,
        "type_dit": ligne.type_acteur.libelle,
        "tenu_le": ligne.tenu_le,
        "nature": ligne.nature,
        "a_verifier": ligne.ancrage is AncrageVerbatim.A_VERIFIER,
        "diffusable": ligne.accord_citation is not AccordCitation.NON,
        "etiquettes": etiquettes,
        "memo": ligne.memo,
    }
    return Citation(**valeurs | changements)


def _type_dit(ligne: Row[Any], tus: LieuxTus) -> str:
    return tus.nommer(ligne.terrain_id, ligne.terrain, ligne.type_acteur)


def _nom_d_emprunt(ligne: Row[Any]) -> str:
    if ligne.organisation_id is None:
        return str(ligne.type_acteur.libelle)
    return designer_organisation(ligne.type_acteur, ligne.organisation_id)


def _etiquettes_posees(session: Session, verbatims: list[int]) -> dict[int, tuple[EtiquettePosee, ...]]:
    """Étiquettes des citations de la page, une fois chacune, dans l'ordre de la grille."""
    requete = (
        select(Etiquetage.verbatim_id, Etiquette.id, Etiquette.nom, Etiquette.famille, Etiquette.couleur)
        .join(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .where(Etiquetage.verbatim_id.in_(verbatims), Etiquetage.retire_le.is_(None))
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    portees: dict[int, dict[int, EtiquettePosee]] = {identifiant: {} for identifiant in verbatims}
    for verbatim_id, etiquette_id, nom, famille, couleur in session.execute(requete):
        posee = EtiquettePosee(id=etiquette_id, nom=nom, famille=famille, couleur=couleur)
        portees[verbatim_id][etiquette_id] = posee
    return {identifiant: tuple(posees.values()) for identifiant, posees in portees.items()}
