"""Ce que l'atelier de codage montre d'un entretien : ses textes, ses passages et leurs étiquettes."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    Etiquetage,
    Etiquette,
    IntervenantCorrige,
    Organisation,
    Texte,
    Verbatim,
)
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites
from lib.domain.erreurs import Introuvable
from lib.domain.intervenants import Reconnaissance, RoleIntervenant
from lib.domain.vocabulaire import AccordCitation, AncrageVerbatim, FamilleEtiquette, NatureTexte, StatutEntretien


@dataclass(frozen=True, slots=True, kw_only=True)
class TexteLu:
    """Un texte et sa version, que tout surlignage rappelle.

    tours : qui parle, et où. ignores : débuts de ligne qui ne sont pas tenus pour une prise de parole.
    """

    id: int
    nature: NatureTexte
    contenu: str
    version: int
    tours: tuple["TourLu", ...] = ()
    ignores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TourLu:
    """Une prise de parole. interroge : c'est la personne rencontrée qui parle, et non qui mène l'entretien."""

    debut: int
    locuteur: str
    interroge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EtiquetteDuPassage:
    """Une étiquette portée par un passage, et qui l'y a posée."""

    id: int
    nom: str
    famille: FamilleEtiquette
    auteurs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageLu:
    """Un verbatim ; s'il est à vérifier, ses bornes montrent ce qui a pris la place de la citation.

    auteur : qui l'a surligné ; chaque étiquette dit en plus qui l'y a posée.
    """

    id: int
    texte_id: int
    debut: int
    fin: int
    citation: str
    a_verifier: bool
    auteur: str = ""
    memo: str = ""
    etiquettes: tuple[EtiquetteDuPassage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Atelier:
    """Un entretien à coder. compte : il entre dans les chiffres et les citations.

    corrections : ce que l'équipe a dit de noms en tête de ligne.
    """

    entretien_id: int
    code: str
    source: str
    tenu_le: date | None
    compte: bool
    archive: bool
    accord: AccordCitation
    textes: tuple[TexteLu, ...]
    passages: tuple[PassageLu, ...]
    corrections: tuple[tuple[str, RoleIntervenant], ...] = ()


def lire_atelier(session: Session, perimetre: Perimetre, *, entretien_id: int) -> Atelier:
    """L'entretien, ses textes et ses passages dans l'ordre. Lève Introuvable, AccesRefuse hors de l'équipe."""
    exiger(peut_lire_identites, perimetre)
    lignes = session.execute(
        select(
            Entretien.code,
            Entretien.tenu_le,
            Entretien.type_acteur,
            Entretien.statut,
            Entretien.notice_remise_le,
            Entretien.archive_le,
            Entretien.accord_citation,
            Organisation.nom,
            Compte.nom_affiche.label("enqueteur"),
            IntervenantCorrige.nom.label("corrige"),
            IntervenantCorrige.role,
        )
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .outerjoin(EntretienEnqueteur, EntretienEnqueteur.entretien_id == Entretien.id)
        .outerjoin(Compte, Compte.id == EntretienEnqueteur.compte_id)
        .outerjoin(IntervenantCorrige, IntervenantCorrige.entretien_id == Entretien.id)
        .where(Entretien.id == entretien_id, visible(Entretien, perimetre))
    ).all()
    if not lignes:
        raise Introuvable("Cet entretien n'existe pas, ou n'est pas ouvert à votre compte.")
    entretien = lignes[0]
    reconnaissance = Reconnaissance(
        tuple(sorted({ligne.enqueteur for ligne in lignes if ligne.enqueteur})),
        tuple(sorted({(ligne.corrige, ligne.role) for ligne in lignes if ligne.corrige})),
    )
    realise = entretien.statut is StatutEntretien.REALISE and entretien.notice_remise_le is not None
    return Atelier(
        entretien_id=entretien_id,
        code=entretien.code,
        source=entretien.nom or entretien.type_acteur.libelle,
        tenu_le=entretien.tenu_le,
        compte=realise and entretien.archive_le is None,
        archive=entretien.archive_le is not None,
        accord=entretien.accord_citation,
        textes=_textes(session, entretien_id, reconnaissance),
        passages=_passages(session, entretien_id),
        corrections=reconnaissance.corrections,
    )


def _textes(session: Session, entretien_id: int, reconnaissance: Reconnaissance) -> tuple[TexteLu, ...]:
    lignes = session.execute(
        select(Texte.id, Texte.nature, Texte.contenu, Texte.version)
        .where(Texte.entretien_id == entretien_id, Texte.contenu != "")
        .order_by(Texte.nature)
    )
    return tuple(_texte(*ligne, reconnaissance) for ligne in lignes)


def _texte(id_: int, nature: NatureTexte, contenu: str, version: int, reconnaissance: Reconnaissance) -> TexteLu:
    tours = reconnaissance.tours(contenu, nature)
    menent = {nom: reconnaissance.mene(nom) for nom in {tour.locuteur for tour in tours}}
    return TexteLu(
        id=id_,
        nature=nature,
        contenu=contenu,
        version=version,
        tours=tuple(TourLu(tour.debut, tour.locuteur, not menent[tour.locuteur]) for tour in tours),
        ignores=reconnaissance.ignores(contenu, nature),
    )


def _passages(session: Session, entretien_id: int) -> tuple[PassageLu, ...]:
    lignes = session.execute(
        select(
            Verbatim.id,
            Verbatim.texte_id,
            Verbatim.debut,
            Verbatim.fin,
            Verbatim.citation,
            Verbatim.ancrage,
            Verbatim.memo,
            Compte.nom_affiche,
        )
        .outerjoin(Compte, Compte.id == Verbatim.cree_par)
        .where(Verbatim.entretien_id == entretien_id, Verbatim.archive_le.is_(None))
        .order_by(Verbatim.debut, Verbatim.fin, Verbatim.id)
    )
    posees = _etiquettes(session, entretien_id)
    return tuple(
        PassageLu(
            id=ligne.id,
            texte_id=ligne.texte_id,
            debut=ligne.debut,
            fin=ligne.fin,
            citation=ligne.citation,
            a_verifier=ligne.ancrage is AncrageVerbatim.A_VERIFIER,
            auteur=ligne.nom_affiche or "",
            memo=ligne.memo,
            etiquettes=tuple(posees.get(ligne.id, {}).values()),
        )
        for ligne in lignes
    )


def _etiquettes(session: Session, entretien_id: int) -> dict[int, dict[int, EtiquetteDuPassage]]:
    """Étiquettes par verbatim, une fois chacune même si plusieurs personnes l'ont posée."""
    lignes = session.execute(
        select(Etiquetage.verbatim_id, Etiquette.id, Etiquette.nom, Etiquette.famille, Compte.nom_affiche)
        .join(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .join(Compte, Compte.id == Etiquetage.compte_id)
        .where(Etiquetage.entretien_id == entretien_id, Etiquetage.retire_le.is_(None))
        .order_by(Etiquette.ordre, Etiquette.id, Etiquetage.id)
    )
    posees: dict[int, dict[int, EtiquetteDuPassage]] = {}
    for verbatim_id, etiquette_id, nom, famille, auteur in lignes:
        portees = posees.setdefault(verbatim_id, {})
        deja = portees.get(etiquette_id) or EtiquetteDuPassage(id=etiquette_id, nom=nom, famille=famille, auteurs=())
        portees[etiquette_id] = replace(deja, auteurs=(*deja.auteurs, auteur))
    return posees
