"""Organisations : retrouver, créer sans doublon, corriger."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Organisation, Partenariat, Terrain, Territoire
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_identites
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.textes import normaliser_ligne, plier
from lib.domain.vocabulaire import (
    NiveauReseau,
    NiveauTerritoire,
    Rattachement,
    TailleEntreprise,
    TypeActeur,
    TypeJuridique,
)
from lib.services.doublons import noms_voisins
from lib.services.identifiants import accorder, valider_rna, valider_siren, valider_siret
from lib.services.syntheses import suivre
from lib.services.terrains import exiger_terrain
from lib.services.transaction import CONFLIT

Requete = Select[*tuple[Any, ...]]
LONGUEUR_RECHERCHE = 300
DOUBLONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieOrganisation:
    """Ce que l'on sait d'une organisation, tel qu'il est saisi : `enregistrer` le vérifie et le remet en forme."""

    nom: str
    type_acteur: TypeActeur
    terrain_id: int | None = None
    siren: str = ""
    siret: str = ""
    rna: str = ""
    type_juridique: TypeJuridique | None = None
    niveau_reseau: NiveauReseau | None = None
    taille: TailleEntreprise | None = None
    taille_estimee: bool = False
    rattachement: Rattachement | None = None
    entrepreneur_individuel: bool = False
    objet_social: str | None = None
    secteur: str = ""
    commune_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationTrouvee:
    """Une organisation dans un résultat de recherche : de quoi la reconnaître."""

    id: int
    nom: str
    type_acteur: TypeActeur
    terrain: str | None
    commune: str | None
    siren: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheOrganisation:
    """Une organisation entière, pour la corriger."""

    id: int
    version: int
    saisie: SaisieOrganisation


class DoublonsPossibles(DonneeInvalide):
    """Des organisations déjà connues ressemblent à celle que l'on crée ; `doublons` les donne."""

    def __init__(self, doublons: Sequence[OrganisationTrouvee]) -> None:
        super().__init__(
            "Cette organisation existe peut-être déjà : choisissez-la, ou confirmez qu'il s'agit d'une autre.",
            champ="nom",
        )
        self.doublons = tuple(doublons)


def chercher(
    session: Session,
    perimetre: Perimetre,
    *,
    texte: str,
    types: tuple[TypeActeur, ...] = (),
    limite: int = 8,
) -> tuple[OrganisationTrouvee, ...]:
    """Organisations dont le nom porte tous les mots donnés (sans accents ni casse), ou dont un numéro commence ainsi.

    types : restreint aux types donnés ; vide, tous. Rend au plus `limite` lignes, les noms qui commencent
    par la recherche d'abord. Un texte vide ne rend rien.
    """
    exiger(peut_lire_identites, perimetre)
    recherche = plier(texte)
    if not recherche:
        return ()
    condition = or_(_porte_les_mots(recherche), _porte_le_numero(texte))
    requete = _requete(perimetre).where(condition)
    if types:
        requete = requete.where(Organisation.type_acteur.in_(types))
    debut = case((Organisation.nom_recherche.startswith(recherche, autoescape=True), 0), else_=1)
    requete = requete.order_by(debut, Organisation.nom_recherche, Organisation.id).limit(limite)
    return tuple(_trouvee(ligne) for ligne in session.execute(requete))


def designer(session: Session, perimetre: Perimetre, *, identifiants: Sequence[int]) -> dict[int, OrganisationTrouvee]:
    """Les organisations demandées, par identifiant ; celles hors du périmètre n'y sont pas."""
    exiger(peut_lire_identites, perimetre)
    if not identifiants:
        return {}
    requete = _requete(perimetre, archivees=True).where(Organisation.id.in_(sorted(set(identifiants))))
    return {ligne.id: _trouvee(ligne) for ligne in session.execute(requete)}


def chercher_doublons(
    session: Session, perimetre: Perimetre, saisie: SaisieOrganisation
) -> tuple[OrganisationTrouvee, ...]:
    """Organisations qui ressemblent à la saisie : même numéro d'abord, puis nom voisin. Cinq au plus."""
    exiger(peut_consigner, perimetre)
    porteuses = _porteuses(session, perimetre, saisie)
    voisines = noms_voisins(session, perimetre, saisie.nom, limite=DOUBLONS)
    ordre = list(dict.fromkeys((*porteuses, *voisines)))[:DOUBLONS]
    trouvees = designer(session, perimetre, identifiants=ordre)
    return tuple(trouvees[identifiant] for identifiant in ordre if identifiant in trouvees)


def _porteuses(session: Session, perimetre: Perimetre, saisie: SaisieOrganisation) -> Sequence[int]:
    """Les organisations vivantes qui portent un numéro de la saisie."""
    colonnes = (Organisation.siret, saisie.siret), (Organisation.rna, saisie.rna), (Organisation.siren, saisie.siren)
    numeros = [colonne == valeur for colonne, valeur in colonnes if valeur]
    if not numeros:
        return ()
    return [ligne.id for ligne in session.execute(_requete(perimetre).where(or_(*numeros)).limit(DOUBLONS))]


def creer(session: Session, perimetre: Perimetre, saisie: SaisieOrganisation, *, doublon_admis: bool = False) -> int:
    """Crée une organisation et rend son identifiant.

    doublon_admis : la personne a vu les organisations voisines et confirme.
    Lève DonneeInvalide (un champ), DoublonsPossibles, AccesRefuse.
    """
    exiger(peut_consigner, perimetre)
    propre = _verifier(session, perimetre, saisie)
    if not doublon_admis and (doublons := chercher_doublons(session, perimetre, propre)):
        raise DoublonsPossibles(doublons)
    organisation = Organisation(
        investigation_id=perimetre.investigation_id, cree_par=perimetre.auteur_id, **_colonnes(propre)
    )
    session.add(organisation)
    session.flush()
    return organisation.id


def lire(session: Session, perimetre: Perimetre, *, organisation_id: int) -> FicheOrganisation:
    """L'organisation et sa version, pour la corriger. Lève Introuvable hors du périmètre."""
    exiger(peut_lire_identites, perimetre)
    organisation = trouver(session, Organisation, organisation_id, perimetre)
    champs = {nom: getattr(organisation, nom) for nom in SaisieOrganisation.__dataclass_fields__}
    numeros = {nom: champs[nom] or "" for nom in ("siren", "siret", "rna")}
    return FicheOrganisation(
        id=organisation.id, version=organisation.version, saisie=SaisieOrganisation(**(champs | numeros))
    )


def corriger(
    session: Session, perimetre: Perimetre, saisie: SaisieOrganisation, *, organisation_id: int, version: int
) -> None:
    """Corrige une organisation lue à la version donnée. Lève Conflit si elle a changé, DonneeInvalide, Introuvable."""
    exiger(peut_consigner, perimetre)
    organisation = trouver(session, Organisation, organisation_id, perimetre)
    if organisation.version != version:
        raise Conflit(CONFLIT)
    propre = _verifier(session, perimetre, saisie)
    with ExitStack() as suivis:
        for entretien_id in session.scalars(select(Entretien.id).where(Entretien.organisation_id == organisation.id)):
            suivis.enter_context(suivre(session, entretien_id))  # ses citations se comptent selon la taille
        if propre.type_acteur is not organisation.type_acteur:
            _changer_de_type(session, organisation, propre.type_acteur)
        for nom, valeur in _colonnes(propre).items():
            setattr(organisation, nom, valeur)
        session.flush()


def _changer_de_type(session: Session, organisation: Organisation, type_acteur: TypeActeur) -> None:
    """Les entretiens suivent le type de leur organisation ; un partenariat, lui, en dépend."""
    cote = or_(Partenariat.entreprise_id == organisation.id, Partenariat.association_id == organisation.id)
    if session.scalar(select(exists().where(cote))):
        raise DonneeInvalide(
            "Cette organisation est engagée dans un partenariat : son type ne peut plus changer.", champ="type_acteur"
        )
    for entretien in session.scalars(select(Entretien).where(Entretien.organisation_id == organisation.id)):
        with suivre(session, entretien.id):
            entretien.type_acteur = type_acteur


def _verifier(session: Session, perimetre: Perimetre, saisie: SaisieOrganisation) -> SaisieOrganisation:
    """La saisie remise en forme : numéros validés, champs d'un autre type retirés. Lève DonneeInvalide."""
    nom = normaliser_ligne(saisie.nom, champ="nom")
    if not nom:
        raise DonneeInvalide("Donnez le nom de l'organisation.", champ="nom")
    if saisie.terrain_id is not None:
        exiger_terrain(session, perimetre, saisie.terrain_id)
    siret = valider_siret(saisie.siret)
    siren = accorder(valider_siren(saisie.siren), siret)
    rna = valider_rna(saisie.rna)
    if rna and saisie.type_acteur is TypeActeur.ENTREPRISE:
        raise DonneeInvalide("Un numéro RNA désigne une association, pas une entreprise.", champ="rna")
    propre = replace(
        saisie,
        nom=nom,
        secteur=normaliser_ligne(saisie.secteur, champ="secteur"),
        siren=siren or "",
        siret=siret or "",
        rna=rna or "",
    )
    return _sans_champs_etrangers(propre)


def _sans_champs_etrangers(saisie: SaisieOrganisation) -> SaisieOrganisation:
    if saisie.type_acteur is not TypeActeur.ENTREPRISE:
        saisie = replace(saisie, taille=None, taille_estimee=False, rattachement=None, entrepreneur_individuel=False)
    if saisie.type_acteur is not TypeActeur.ASSOCIATION:
        saisie = replace(saisie, type_juridique=None, niveau_reseau=None, objet_social=None)
    return saisie


def _colonnes(saisie: SaisieOrganisation) -> dict[str, Any]:
    numeros = {nom: getattr(saisie, nom) or None for nom in ("siren", "siret", "rna", "commune_code")}
    return asdict(saisie) | numeros | {"nom_recherche": plier(saisie.nom)[:LONGUEUR_RECHERCHE]}


def _requete(perimetre: Perimetre, *, archivees: bool = False) -> Requete:
    commune = and_(
        Territoire.code == Organisation.commune_code,
        Territoire.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)),
    )
    requete: Requete = (
        select(
            Organisation.id,
            Organisation.nom,
            Organisation.type_acteur,
            Terrain.nom.label("terrain"),
            Territoire.nom.label("commune"),
            Organisation.siren,
        )
        .outerjoin(Terrain, Terrain.id == Organisation.terrain_id)
        .outerjoin(Territoire, commune)
        .where(visible(Organisation, perimetre), Organisation.fusionnee_dans_id.is_(None))
    )
    return requete if archivees else requete.where(Organisation.archive_le.is_(None))


def _trouvee(ligne: Any) -> OrganisationTrouvee:
    return OrganisationTrouvee(**ligne._asdict())


def _porte_les_mots(recherche: str) -> ColumnElement[bool]:
    return and_(*(Organisation.nom_recherche.contains(mot, autoescape=True) for mot in recherche.split()))


def _porte_le_numero(texte: str) -> ColumnElement[bool]:
    """Vrai pour un SIREN, un SIRET ou un RNA qui commence par ce qui est tapé, à partir de trois caractères."""
    numero = "".join(texte.split()).upper()
    if len(numero) < 3 or not numero.removeprefix("W").isdigit():
        return Organisation.id < 0
    colonnes = (Organisation.siren, Organisation.siret, Organisation.rna)
    return or_(*(colonne.startswith(numero, autoescape=True) for colonne in colonnes))
