"""Tout ce qu'une fiche d'entretien montre, en sept requêtes (huit si un texte a été corrigé)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    Etiquetage,
    Etiquette,
    IrritantReleve,
    Organisation,
    Partenariat,
    Terrain,
    Territoire,
    Texte,
    TexteVersion,
    Verbatim,
)
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites
from lib.domain.vocabulaire import (
    AccordCitation,
    AncrageVerbatim,
    CanalRecrutement,
    ModeEntretien,
    MoyenNotice,
    NatureTexte,
    NiveauTerritoire,
    PrecisionDate,
    Releve,
    StatutEntretien,
    TypeActeur,
)
from lib.services.interlocuteurs import InterlocuteurLu, lister_rencontres

Requete = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TexteLu:
    """Un texte de l'entretien."""

    id: int
    nature: NatureTexte
    contenu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDeTexte:
    """Une version remplacée d'un texte, sans son contenu."""

    id: int
    nature: NatureTexte
    numero: int
    remplace_le: datetime
    remplace_par: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveLu:
    """Ce que l'entretien dit d'un irritant."""

    etiquette_id: int
    nom: str
    releve: Releve
    intensite: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationLue:
    """Un passage surligné et ses étiquettes."""

    id: int
    nature: NatureTexte
    citation: str
    ancrage: AncrageVerbatim
    etiquettes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartenariatCite:
    """Un partenariat dont cet entretien est la source."""

    id: int
    entreprise: str
    association: str
    debut: date | None
    precision_debut: PrecisionDate


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheEntretien:
    """Un entretien entier."""

    id: int
    version: int
    code: str
    statut: StatutEntretien
    archive_le: datetime | None
    terrain_id: int
    terrain: str
    organisation_id: int | None
    organisation: str
    type_acteur: TypeActeur
    tenu_le: date | None
    mode: ModeEntretien
    duree_minutes: int | None
    canal: CanalRecrutement | None
    commune_code: str | None
    commune: str | None
    notice_remise_le: date | None
    notice_moyen: MoyenNotice | None
    notice_version: str | None
    accord_enregistrement: bool | None
    accord_citation: AccordCitation
    modifie_le: datetime
    textes: tuple[TexteLu, ...]
    versions: tuple[VersionDeTexte, ...]
    enqueteurs: dict[int, str]
    interlocuteurs: tuple[InterlocuteurLu, ...]
    releves: tuple[ReleveLu, ...]
    citations: tuple[CitationLue, ...]
    partenariats: tuple[PartenariatCite, ...]

    def texte(self, nature: NatureTexte) -> str:
        """Le contenu d'un texte ; vide s'il n'existe pas."""
        return next((texte.contenu for texte in self.textes if texte.nature is nature), "")


def lire_fiche(session: Session, perimetre: Perimetre, *, entretien_id: int) -> FicheEntretien:
    """La fiche d'un entretien du périmètre. Lève Introuvable, et AccesRefuse sans le droit de lire les identités."""
    exiger(peut_lire_identites, perimetre)
    entretien = trouver(session, Entretien, entretien_id, perimetre)
    textes, versions = _lire_textes(session, entretien_id)
    colonnes = {nom: getattr(entretien, nom) for nom in FicheEntretien.__dataclass_fields__ if nom in _COLONNES}
    return FicheEntretien(
        **colonnes,
        **_situer(session, entretien),
        textes=textes,
        versions=versions,
        interlocuteurs=lister_rencontres(session, perimetre, entretien_id=entretien_id),
        releves=_lire_releves(session, entretien_id),
        citations=_lire_citations(session, entretien_id),
        partenariats=_lire_partenariats(session, perimetre, entretien_id),
    )


def lire_version(session: Session, perimetre: Perimetre, *, version_id: int) -> str:
    """Le contenu d'une ancienne version de texte. Lève Introuvable hors du périmètre."""
    exiger(peut_lire_identites, perimetre)
    ancienne = session.get(TexteVersion, version_id)
    trouver(session, Texte, ancienne.texte_id if ancienne else 0, perimetre)
    return ancienne.contenu if ancienne else ""


_COLONNES = {
    "id",
    "version",
    "code",
    "statut",
    "archive_le",
    "terrain_id",
    "organisation_id",
    "type_acteur",
    "tenu_le",
    "mode",
    "duree_minutes",
    "canal",
    "commune_code",
    "notice_remise_le",
    "notice_moyen",
    "notice_version",
    "accord_enregistrement",
    "accord_citation",
    "modifie_le",
}


def _situer(session: Session, entretien: Entretien) -> dict[str, Any]:
    """Terrain, organisation, commune et équipe, d'une seule requête (une ligne par membre de l'équipe)."""
    commune = and_(
        Territoire.code == Entretien.commune_code,
        Territoire.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)),
    )
    requete = (
        select(Terrain.nom, Organisation.nom, Territoire.nom, Compte.id, Compte.nom_affiche)
        .select_from(Entretien)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .outerjoin(Territoire, commune)
        .outerjoin(EntretienEnqueteur, EntretienEnqueteur.entretien_id == Entretien.id)
        .outerjoin(Compte, Compte.id == EntretienEnqueteur.compte_id)
        .where(Entretien.id == entretien.id)
        .order_by(Compte.nom_affiche)
    )
    lignes = session.execute(requete).all()
    terrain, organisation, nom_commune, *_ = lignes[0]
    return {
        "terrain": terrain,
        "organisation": organisation or "",
        "commune": nom_commune,
        "enqueteurs": {ligne[3]: ligne[4] for ligne in lignes if ligne[3] is not None},
    }


def _lire_textes(session: Session, entretien_id: int) -> tuple[tuple[TexteLu, ...], tuple[VersionDeTexte, ...]]:
    """Les textes et, seulement s'il y en a, leurs versions remplacées."""
    remplacees = select(func.count(TexteVersion.id)).where(TexteVersion.texte_id == Texte.id).scalar_subquery()
    requete = select(Texte.id, Texte.nature, Texte.contenu, remplacees.label("remplacees"))
    lignes = session.execute(requete.where(Texte.entretien_id == entretien_id).order_by(Texte.nature)).all()
    textes = tuple(TexteLu(id=ligne.id, nature=ligne.nature, contenu=ligne.contenu) for ligne in lignes)
    corriges = any(ligne.remplacees for ligne in lignes)
    return textes, _lire_versions(session, entretien_id) if corriges else ()


def _lire_versions(session: Session, entretien_id: int) -> tuple[VersionDeTexte, ...]:
    requete = (
        select(TexteVersion.id, Texte.nature, TexteVersion.numero, TexteVersion.remplace_le, Compte.nom_affiche)
        .join(Texte, Texte.id == TexteVersion.texte_id)
        .outerjoin(Compte, Compte.id == TexteVersion.remplace_par)
        .where(Texte.entretien_id == entretien_id)
        .order_by(TexteVersion.remplace_le.desc(), TexteVersion.id.desc())
    )
    return tuple(
        VersionDeTexte(id=cle, nature=nature, numero=numero, remplace_le=instant, remplace_par=nom or "")
        for cle, nature, numero, instant, nom in session.execute(requete)
    )


def _lire_releves(session: Session, entretien_id: int) -> tuple[ReleveLu, ...]:
    requete = (
        select(IrritantReleve.etiquette_id, Etiquette.nom, IrritantReleve.releve, IrritantReleve.intensite)
        .join(Etiquette, Etiquette.id == IrritantReleve.etiquette_id)
        .where(IrritantReleve.entretien_id == entretien_id)
        .order_by(Etiquette.ordre, Etiquette.id)
    )
    return tuple(ReleveLu(**ligne._asdict()) for ligne in session.execute(requete))


def _lire_citations(session: Session, entretien_id: int) -> tuple[CitationLue, ...]:
    requete: Requete = (
        select(Verbatim.id, Texte.nature, Verbatim.citation, Verbatim.ancrage, Etiquette.nom)
        .join(Texte, Texte.id == Verbatim.texte_id)
        .outerjoin(Etiquetage, and_(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None)))
        .outerjoin(Etiquette, Etiquette.id == Etiquetage.etiquette_id)
        .where(Verbatim.entretien_id == entretien_id, Verbatim.archive_le.is_(None))
        .order_by(Texte.nature, Verbatim.debut, Verbatim.id, Etiquette.ordre)
    )
    return _grouper(session.execute(requete).all())


def _grouper(lignes: Sequence[Any]) -> tuple[CitationLue, ...]:
    """Une ligne par étiquetage devient une citation avec ses étiquettes, sans doublon entre personnes."""
    noms: dict[int, dict[str, None]] = {}
    premieres: dict[int, Any] = {}
    for ligne in lignes:
        premieres.setdefault(ligne[0], ligne)
        noms.setdefault(ligne[0], {})
        if ligne[4]:
            noms[ligne[0]][ligne[4]] = None
    return tuple(
        CitationLue(id=cle, nature=nature, citation=citation, ancrage=ancrage, etiquettes=tuple(noms[cle]))
        for cle, nature, citation, ancrage, _ in premieres.values()
    )


def _lire_partenariats(session: Session, perimetre: Perimetre, entretien_id: int) -> tuple[PartenariatCite, ...]:
    entreprise, association = aliased(Organisation), aliased(Organisation)
    requete = (
        select(
            Partenariat.id,
            entreprise.nom.label("entreprise"),
            association.nom.label("association"),
            Partenariat.debut,
            Partenariat.precision_debut,
        )
        .join(entreprise, entreprise.id == Partenariat.entreprise_id)
        .join(association, association.id == Partenariat.association_id)
        .where(
            visible(Partenariat, perimetre),
            Partenariat.source_entretien_id == entretien_id,
            Partenariat.archive_le.is_(None),
        )
        .order_by(Partenariat.id)
    )
    return tuple(
        PartenariatCite(
            id=ligne.id,
            entreprise=ligne.entreprise,
            association=ligne.association,
            debut=ligne.debut,
            precision_debut=ligne.precision_debut or PrecisionDate.INCONNUE,
        )
        for ligne in session.execute(requete)
    )
