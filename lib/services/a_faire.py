"""Quoi faire ensuite : ce qui attend l'équipe d'enquête, et l'entretien où agir."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lib.db.modeles import Brouillon, Entretien, EntretienEnqueteur, Etiquetage, Partenariat, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.vocabulaire import AncrageVerbatim, StatutEntretien, Vocabulaire
from lib.services.partenariats_suivis import a_verifier
from lib.services.syntheses import compte_dans_les_chiffres
from lib.services.transaction import Lecteur

Requete = Select[*tuple[Any, ...]]
MONTRES = 3
FORMULAIRES = ("entretien", "partenariat")
RECENTS = 200
"""Au-delà, on ne cherche plus les entretiens sans passage codé : le tableau de bord ne relit pas toute l'enquête."""
BEAUCOUP = 200
"""Au-delà, on ne compte plus les partenariats à rappeler : « plus de 200 » suffit pour s'y mettre."""
SEMAINE = timedelta(days=7)


class AFaire(Vocabulaire):
    """Ce qui attend l'équipe, dans l'ordre où on le lui montre."""

    BROUILLON = "brouillon", "Brouillons à terminer"
    NOTICE = "notice", "Entretiens tenus sans notice remise", "Sans elle, ils ne comptent dans aucun chiffre"
    RENDEZ_VOUS = "rendez_vous", "Entretiens prévus dans les sept jours"
    DEPASSE = "depasse", "Rendez-vous dont la date est passée", "À consigner, ou à reporter"
    A_CODER = "a_coder", "Entretiens réalisés sans aucun passage codé"
    A_REPLACER = "a_replacer", "Entretiens dont des citations sont à replacer", "Leur texte a été corrigé"
    A_VERIFIER = "a_verifier", "Partenariats à vérifier", "Sans nouvelle depuis plus de douze mois"


PAR_CODE = {quoi.value: quoi for quoi in AFaire}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renvoi:
    """Un entretien sur lequel agir."""

    id: int
    code: str
    tenu_le: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tache:
    """Une chose à faire : combien, et les premiers entretiens concernés (aucun pour les partenariats).

    plafonne : il y en a plus que `nombre`, sans que l'on ait compté combien.
    """

    quoi: AFaire
    nombre: int
    premiers: tuple[Renvoi, ...] = ()
    plafonne: bool = False


def quoi_faire(session: Session, perimetre: Perimetre, *, compte_id: int, au: date) -> tuple[Tache, ...]:
    """Ce qui attend l'équipe et cette personne, sans les lignes vides. Deux requêtes. Réservé à l'équipe.

    compte_id : la personne, donnée à part parce que la vue gardée ne dépend de personne sans le dire.
    au : le jour d'aujourd'hui pour l'enquête (sa date d'arrêt, si elle est figée).
    """
    exiger(peut_consigner, perimetre)
    taches = {**_taches_d_entretiens(session, perimetre, compte_id, au), **_taches_comptees(session, perimetre, au)}
    return tuple(taches[quoi] for quoi in AFaire if quoi in taches)


def _taches_d_entretiens(session: Session, perimetre: Perimetre, compte_id: int, au: date) -> dict[AFaire, Tache]:
    a_faire = union_all(_non_realises(perimetre, compte_id, au), _sans_codage(perimetre), _a_replacer(perimetre))
    c = a_faire.subquery().c
    nombre = func.count().over(partition_by=c.quoi).label("nombre")
    rang = func.row_number().over(partition_by=c.quoi, order_by=(c.tenu_le, c.id)).label("rang")
    r = select(c.quoi, c.id, c.code, c.tenu_le, nombre, rang).subquery().c
    premiers = select(r.quoi, r.id, r.code, r.tenu_le, r.nombre).where(r.rang <= MONTRES).order_by(r.quoi, r.rang)
    taches: dict[AFaire, Tache] = {}
    for ligne in session.execute(premiers):
        quoi = PAR_CODE[ligne.quoi]
        renvoi = Renvoi(id=ligne.id, code=ligne.code, tenu_le=ligne.tenu_le)
        deja = taches[quoi].premiers if quoi in taches else ()
        taches[quoi] = Tache(quoi=quoi, nombre=ligne.nombre, premiers=(*deja, renvoi))
    return taches


def _non_realises(perimetre: Perimetre, compte_id: int, au: date) -> Requete:
    """Brouillons de la personne ; rencontres sans notice ; rendez-vous proches ou passés."""
    passe = Entretien.tenu_le < au
    sans_notice = and_(Entretien.tenu_le <= au, Entretien.notice_remise_le.is_(None))
    quoi = case(
        (and_(Entretien.statut == StatutEntretien.BROUILLON, sans_notice), AFaire.NOTICE.value),
        (and_(Entretien.statut == StatutEntretien.BROUILLON, _le_mien(compte_id)), AFaire.BROUILLON.value),
        (Entretien.statut == StatutEntretien.BROUILLON, None),
        (passe, AFaire.DEPASSE.value),
        (Entretien.tenu_le < au + SEMAINE, AFaire.RENDEZ_VOUS.value),
    )
    en_attente = (StatutEntretien.BROUILLON, StatutEntretien.PREVU, StatutEntretien.CONTACTE)
    lignes = (
        select(quoi.label("quoi"), Entretien.id, Entretien.code, Entretien.tenu_le)
        .where(visible(Entretien, perimetre), Entretien.archive_le.is_(None), Entretien.statut.in_(en_attente))
        .subquery()
    )
    return select(*lignes.c).where(lignes.c.quoi.is_not(None))


def _le_mien(compte_id: int) -> ColumnElement[bool]:
    mene = exists().where(EntretienEnqueteur.entretien_id == Entretien.id, EntretienEnqueteur.compte_id == compte_id)
    return or_(Entretien.cree_par == compte_id, mene)


def _sans_codage(perimetre: Perimetre) -> Requete:
    """Parmi les plus récents, les entretiens où personne n'a posé d'étiquette."""
    recents = (
        select(Entretien.id, Entretien.code, Entretien.tenu_le)
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres())
        .order_by(Entretien.tenu_le.desc(), Entretien.id.desc())
        .limit(RECENTS)
        .subquery()
    )
    code = exists().where(Etiquetage.entretien_id == recents.c.id, Etiquetage.retire_le.is_(None))
    return select(literal(AFaire.A_CODER.value).label("quoi"), *recents.c).where(~code)


def _a_replacer(perimetre: Perimetre) -> Requete:
    """Un entretien par ligne ; l'index partiel ne porte que les citations déplacées."""
    return (
        select(literal(AFaire.A_REPLACER.value).label("quoi"), Entretien.id, Entretien.code, Entretien.tenu_le)
        .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
        .where(
            Verbatim.investigation_id == perimetre.investigation_id,
            # Écrit en toutes lettres : avec une valeur liée, la base ne reconnaît pas son index partiel.
            Verbatim.ancrage == literal_column(f"'{AncrageVerbatim.A_VERIFIER.value}'"),
            Verbatim.archive_le.is_(None),
            visible(Entretien, perimetre),
            Entretien.archive_le.is_(None),
        )
        .distinct()
    )


def _taches_comptees(session: Session, perimetre: Perimetre, au: date) -> dict[AFaire, Tache]:
    rappels = (
        select(Partenariat.id)
        .where(visible(Partenariat, perimetre), Partenariat.archive_le.is_(None), a_verifier(au))
        .limit(BEAUCOUP + 1)
        .subquery()
    )
    nombre = session.scalar(select(func.count()).select_from(rappels)) or 0
    tache = Tache(quoi=AFaire.A_VERIFIER, nombre=min(nombre, BEAUCOUP), plafonne=nombre > BEAUCOUP)
    return {AFaire.A_VERIFIER: tache} if nombre else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieEnCours:
    """Une saisie que la personne n'a pas enregistrée. `cle` : la fiche modifiée ; vide, une fiche neuve."""

    formulaire: str
    cle: str


# Construite une fois, sur la table : cette lecture ne se garde pas, et l'ORM en triplerait le prix à chaque passage.
_B = Brouillon.__table__.c
_SAISIES = (
    select(_B.formulaire, _B.cle)
    .where(
        _B.compte_id == bindparam("compte_id"),
        _B.investigation_id == bindparam("investigation_id"),
        or_(*(_B.formulaire == formulaire for formulaire in FORMULAIRES)),
    )
    .order_by(_B.modifie_le.desc())
    .limit(MONTRES)
)


def saisies_en_cours(session: Lecteur, perimetre: Perimetre) -> tuple[SaisieEnCours, ...]:
    """Les saisies gardées de cette personne, la plus récente d'abord. À lire à chaque passage, jamais à garder."""
    exiger(peut_consigner, perimetre)
    qui = {"compte_id": perimetre.compte_id, "investigation_id": perimetre.investigation_id}
    return tuple(SaisieEnCours(formulaire=formulaire, cle=cle) for formulaire, cle in session.execute(_SAISIES, qui))
