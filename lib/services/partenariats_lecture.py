"""Lire les partenariats : la liste, ceux qu'il faut rappeler, la fiche et son histoire."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from lib.db import partenariats as en_sql
from lib.db.modeles import FormePartenariat, Organisation, Partenariat, Terrain
from lib.db.perimetre import visible
from lib.domain.dates_imprecises import DateImprecise
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_identites, peut_lire_le_detail
from lib.domain.partenariats import Episode, place, statut
from lib.domain.pseudonymes import designer_organisation
from lib.domain.textes import plier
from lib.domain.vocabulaire import (
    FormeEngagement,
    MotifFin,
    PlaceDuree,
    PrecisionDate,
    Rythme,
    StatutPartenariat,
    TypeActeur,
)
from lib.services.durees.selection import TOUT, Selection, conditions_de
from lib.services.investigations import date_des_chiffres
from lib.services.partenariats_suivis import suivi

Requete = Select[*tuple[Any, ...]]
PAR_PAGE = 50
ENTREPRISE, ASSOCIATION = aliased(Organisation, name="entreprise"), aliased(Organisation, name="association")
SYNTHESE = tuple(champ.name for champ in fields(Episode))


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteresPartenariats:
    """Ce que l'on cherche ; None ou vide ne restreint rien.

    place, selection : les épisodes derrière un chiffre de durée. au : la date d'arrêt de ce chiffre, sinon celle de
    l'enquête.
    """

    terrain_id: int | None = None
    statut: StatutPartenariat | None = None
    forme: FormeEngagement | None = None
    rythme: Rythme | None = None
    place: PlaceDuree | None = None
    au: date | None = None
    selection: Selection = TOUT
    recherche: str = ""
    archives: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LignePartenariat:
    """Un partenariat dans une liste ; les organisations portent un nom d'emprunt pour qui ne lit pas les identités."""

    id: int
    entreprise: str
    association: str
    terrain: str
    forme: FormeEngagement | None
    rythme: Rythme
    statut: StatutPartenariat
    place: PlaceDuree
    debut: DateImprecise | None
    fin: DateImprecise | None
    motif_fin: MotifFin | None
    derniere_nouvelle: DateImprecise | None
    renouvellements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePartenariats:
    """Une page de la liste. `page` commence à 1 et ne dépasse jamais `pages` ; `au` : la date des statuts."""

    lignes: tuple[LignePartenariat, ...]
    total: int
    page: int
    pages: int
    au: date


def lister(
    session: Session,
    perimetre: Perimetre,
    *,
    criteres: CriteresPartenariats,
    page: int = 1,
    par_page: int = PAR_PAGE,
) -> PagePartenariats:
    """Une page de partenariats du périmètre, ceux dont on a eu des nouvelles en dernier d'abord."""
    exiger(peut_lire_le_detail, perimetre)
    au = criteres.au or date_des_chiffres(session, perimetre)
    conditions = _conditions(perimetre, criteres, au) + conditions_de(session, perimetre, criteres.selection, au)
    total = session.scalar(_compte(conditions, criteres)) or 0
    pages = max(1, -(-total // par_page))
    page = min(max(1, page), pages)
    requete = (
        _requete(conditions)
        .order_by(Partenariat.derniere_nouvelle.desc().nulls_last(), Partenariat.id.desc())
        .limit(par_page)
        .offset((page - 1) * par_page)
    )
    lignes = tuple(_ligne(ligne, perimetre, au) for ligne in session.execute(requete))
    return PagePartenariats(lignes=lignes, total=total, page=page, pages=pages, au=au)


def a_rappeler(session: Session, perimetre: Perimetre, *, limite: int = 5) -> PagePartenariats:
    """Les partenariats à vérifier, ceux dont on est sans nouvelle depuis le plus longtemps d'abord."""
    exiger(peut_consigner, perimetre)
    au = date_des_chiffres(session, perimetre)
    criteres = CriteresPartenariats(statut=StatutPartenariat.A_VERIFIER)
    conditions = _conditions(perimetre, criteres, au)
    total = session.scalar(_compte(conditions, criteres)) or 0
    requete = (
        _requete(conditions).order_by(Partenariat.derniere_nouvelle.asc().nulls_first(), Partenariat.id).limit(limite)
    )
    lignes = tuple(_ligne(ligne, perimetre, au) for ligne in session.execute(requete))
    return PagePartenariats(lignes=lignes, total=total, page=1, pages=1, au=au)


def meme_paire(
    session: Session, perimetre: Perimetre, *, entreprise_id: int, association_id: int
) -> tuple[LignePartenariat, ...]:
    """Les épisodes déjà consignés entre deux organisations : de quoi ne pas consigner deux fois le même."""
    exiger(peut_consigner, perimetre)
    au = date_des_chiffres(session, perimetre)
    paire = [Partenariat.entreprise_id == entreprise_id, Partenariat.association_id == association_id]
    conditions = [*_conditions(perimetre, CriteresPartenariats(), au), *paire]
    requete = _requete(conditions).order_by(Partenariat.id).limit(10)
    return tuple(_ligne(ligne, perimetre, au) for ligne in session.execute(requete))


def partenariats_de(session: Session, perimetre: Perimetre, *, organisation_id: int) -> tuple[LignePartenariat, ...]:
    """Les épisodes successifs d'une organisation, du plus ancien consigné au plus récent ; trente au plus."""
    exiger(peut_consigner, perimetre)
    au = date_des_chiffres(session, perimetre)
    cote = or_(Partenariat.entreprise_id == organisation_id, Partenariat.association_id == organisation_id)
    requete = _requete([*_conditions(perimetre, CriteresPartenariats(), au), cote]).order_by(Partenariat.id).limit(30)
    return tuple(_ligne(ligne, perimetre, au) for ligne in session.execute(requete))


def designer(perimetre: Perimetre, type_acteur: TypeActeur, identifiant: int, nom: str) -> str:
    """Le nom d'une organisation, ou son nom d'emprunt pour qui ne lit pas les identités."""
    return nom if peut_lire_identites(perimetre) else designer_organisation(type_acteur, identifiant)


def date_lue(jour: date | None, precision: PrecisionDate | None) -> DateImprecise | None:
    """La date telle qu'on la sait, depuis le jour de calcul ; None si l'événement n'a pas eu lieu."""
    return None if precision is None else DateImprecise(jour, precision)


# --- Requêtes ---------------------------------------------------------------------------------------------------


def _requete(conditions: list[ColumnElement[bool]]) -> Requete:
    return (
        select(
            Partenariat.id,
            *(getattr(Partenariat, nom) for nom in SYNTHESE),
            Partenariat.rythme,
            FormePartenariat.forme,
            Terrain.nom.label("terrain"),
            ENTREPRISE.id.label("entreprise_id"),
            ENTREPRISE.nom.label("entreprise"),
            ASSOCIATION.id.label("association_id"),
            ASSOCIATION.nom.label("association"),
        )
        .join_from(Partenariat, Terrain, Terrain.id == Partenariat.terrain_id)
        .join(ENTREPRISE, ENTREPRISE.id == Partenariat.entreprise_id)
        .join(ASSOCIATION, ASSOCIATION.id == Partenariat.association_id)
        .outerjoin(
            FormePartenariat,
            (FormePartenariat.partenariat_id == Partenariat.id) & FormePartenariat.principale,
        )
        .where(*conditions)
    )


def _compte(conditions: list[ColumnElement[bool]], criteres: CriteresPartenariats) -> Select[Any]:
    requete = select(func.count(Partenariat.id)).select_from(Partenariat).where(*conditions)
    if not criteres.recherche:
        return requete
    return requete.join(ENTREPRISE, ENTREPRISE.id == Partenariat.entreprise_id).join(
        ASSOCIATION, ASSOCIATION.id == Partenariat.association_id
    )


def _conditions(perimetre: Perimetre, criteres: CriteresPartenariats, au: date) -> list[ColumnElement[bool]]:
    conditions = [visible(Partenariat, perimetre), *_montres(perimetre, criteres)]
    egalites: tuple[tuple[Any, Any], ...] = (
        (Partenariat.terrain_id, criteres.terrain_id),
        (Partenariat.rythme, criteres.rythme),
    )
    conditions += [colonne == valeur for colonne, valeur in egalites if valeur is not None]
    if criteres.statut is not None:
        conditions.append(en_sql.statut(au) == criteres.statut.value)
    if criteres.place is not None:
        conditions += [en_sql.place(au) == criteres.place.value, suivi()]
    if criteres.forme is not None:
        ayant = aliased(FormePartenariat)
        conditions.append(Partenariat.id.in_(select(ayant.partenariat_id).where(ayant.forme == criteres.forme)))
    return conditions + _recherche(perimetre, criteres.recherche)


def _montres(perimetre: Perimetre, criteres: CriteresPartenariats) -> list[ColumnElement[bool]]:
    """Un partenariat appris d'un entretien sans notice reste à l'équipe d'enquête."""
    if not peut_consigner(perimetre):
        return [suivi()]
    return [Partenariat.archive_le.is_not(None) if criteres.archives else Partenariat.archive_le.is_(None)]


def _recherche(perimetre: Perimetre, texte: str) -> list[ColumnElement[bool]]:
    """Tous les mots, dans l'un ou l'autre nom ; sans les identités, seul le numéro du nom d'emprunt se cherche."""
    mots = plier(texte).split()
    if peut_lire_identites(perimetre):
        return [
            or_(
                ENTREPRISE.nom_recherche.contains(mot, autoescape=True),
                ASSOCIATION.nom_recherche.contains(mot, autoescape=True),
            )
            for mot in mots
        ]
    numeros = [int(mot) for mot in mots if mot.isascii() and mot.isdigit() and len(mot) < 12]
    return [or_(ENTREPRISE.id == numero, ASSOCIATION.id == numero) for numero in numeros]


def _ligne(ligne: Any, perimetre: Perimetre, au: date) -> LignePartenariat:
    episode = Episode(**{nom: getattr(ligne, nom) for nom in SYNTHESE})
    return LignePartenariat(
        id=ligne.id,
        entreprise=designer(perimetre, TypeActeur.ENTREPRISE, ligne.entreprise_id, ligne.entreprise),
        association=designer(perimetre, TypeActeur.ASSOCIATION, ligne.association_id, ligne.association),
        terrain=ligne.terrain,
        forme=ligne.forme,
        rythme=ligne.rythme,
        statut=statut(episode, au),
        place=place(episode, au),
        debut=date_lue(episode.debut, episode.precision_debut),
        fin=date_lue(episode.fin, episode.precision_fin),
        motif_fin=episode.motif_fin,
        derniere_nouvelle=date_lue(episode.derniere_nouvelle, episode.precision_nouvelle),
        renouvellements=episode.renouvellements,
    )
