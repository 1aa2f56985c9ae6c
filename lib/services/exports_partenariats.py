"""Tables exportées des organisations, des partenariats et du plan d'entretiens."""

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from lib.analytics.confidentialite import CACHE
from lib.db.modeles import (
    CiblePlan,
    Compte,
    Entretien,
    EvenementPartenariat,
    FormePartenariat,
    Organisation,
    Partenariat,
    SolutionExistante,
    Terrain,
)
from lib.db.perimetre import visible
from lib.domain.partenariats import Episode, statut
from lib.domain.vocabulaire import FormeEngagement, StatutEntretien
from lib.echanges.tableur import Valeur
from lib.services.exports_colonnes import (
    Colonne,
    Contexte,
    Niveau,
    Requete,
    TableExportee,
    brute,
    du_plan,
    libre,
    trait,
)
from lib.services.exports_entretiens import SEPARATEUR, designation, exportable
from lib.services.partenariats_suivis import suivi

# --- Ce qui relie deux tables -----------------------------------------------------------------------------------


def _partenaire(entete: str, prefixe: str) -> Colonne:
    """Le nom d'emprunt d'une organisation là où sa place dit son type : une organisation tue y perd son numéro.

    « Organisation 25 », sous « Association », rendrait le type de l'entretien où « Organisation 25 » se lit.
    """
    ordinaire = designation(entete, prefixe).lire

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        tue = getattr(ligne, f"{prefixe}_id") in contexte.tus.organisations
        return CACHE if tue else ordinaire(ligne, contexte)

    return Colonne(entete, lire)


def _source() -> Colonne:
    """L'entretien qui a fait connaître un partenariat ; tu s'il rendait le type d'un acteur qui se tait."""

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        if ligne.source is None:
            return None
        tus = contexte.tus
        tait = tus.taisent_rencontre(ligne.source_terrain, ligne.source_type, ligne.source_organisation_id)
        return CACHE if tait or {ligne.entreprise_id, ligne.association_id} & tus.organisations else str(ligne.source)

    return Colonne("Entretien source", lire)


# --- Organisations ----------------------------------------------------------------------------------------------


def _organisations(contexte: Contexte) -> Requete:
    parente = aliased(Organisation)
    return (
        select(
            Organisation.id.label("organisation_id"),
            Organisation.type_acteur.label("organisation_type"),
            Organisation.nom,
            Organisation.siren,
            Organisation.siret,
            Organisation.rna,
            Organisation.type_juridique,
            Organisation.niveau_reseau,
            Organisation.taille,
            Organisation.taille_estimee,
            Organisation.rattachement,
            Organisation.entrepreneur_individuel,
            Organisation.objet_social,
            Organisation.secteur,
            Organisation.commune_code,
            Terrain.nom.label("terrain"),
            parente.id.label("parente_id"),
            parente.type_acteur.label("parente_type"),
        )
        .join_from(Organisation, Terrain, Terrain.id == Organisation.terrain_id, isouter=True)
        .join(parente, parente.id == Organisation.organisation_parente_id, isouter=True)
        .where(visible(Organisation, contexte.perimetre), Organisation.archive_le.is_(None))
        .order_by(Organisation.id)
    )


ORGANISATIONS = TableExportee(
    code="organisations",
    nom="Organisations",
    aide="Sous leur nom d'emprunt, sauf export identifié.",
    requete=_organisations,
    colonnes=(
        designation("Organisation"),
        brute("Nom", "nom", Niveau.IDENTIFIE),
        trait(brute("Type d'acteur", "organisation_type")),
        brute("Terrain", "terrain"),
        trait(brute("Forme juridique", "type_juridique")),
        trait(brute("Place dans le réseau", "niveau_reseau")),
        trait(_partenaire("Dépend de", "parente")),
        trait(brute("Taille", "taille")),
        trait(brute("Taille estimée", "taille_estimee")),
        trait(brute("Rattachement", "rattachement")),
        brute("Entreprise individuelle", "entrepreneur_individuel", Niveau.IDENTIFIE),
        trait(brute("Objet social (code RNA)", "objet_social")),
        trait(libre("Secteur", "secteur", Niveau.LECTURE)),
        brute("SIREN", "siren", Niveau.IDENTIFIE),
        brute("SIRET", "siret", Niveau.IDENTIFIE),
        brute("RNA", "rna", Niveau.IDENTIFIE),
        brute("Commune (code INSEE)", "commune_code", Niveau.IDENTIFIE),
    ),
)

# --- Partenariats -----------------------------------------------------------------------------------------------

LIBELLES_FORMES = {forme.value: forme.libelle for forme in FormeEngagement}
ENTREPRISE, ASSOCIATION = aliased(Organisation, name="entreprise"), aliased(Organisation, name="association")
PRECEDENT = aliased(Partenariat, name="precedent")
SOURCE_TERRAIN = aliased(Terrain, name="source_terrain")
SOURCE = (
    Entretien.code.label("source"),
    Entretien.type_acteur.label("source_type"),
    Entretien.organisation_id.label("source_organisation_id"),
    SOURCE_TERRAIN.nom.label("source_terrain"),
)


def _sorties(contexte: Contexte, modele: Any = Partenariat) -> ColumnElement[bool]:
    return and_(visible(modele, contexte.perimetre), suivi(modele))


def _forme(*, principale: bool) -> Any:
    """Formes d'un partenariat en une cellule : la principale, ou les autres."""
    choisies = (
        select(func.aggregate_strings(FormePartenariat.forme, ","))
        .where(FormePartenariat.partenariat_id == Partenariat.id, FormePartenariat.principale.is_(principale))
        .correlate(Partenariat)
    )
    return choisies.scalar_subquery()


def _partenariats(contexte: Contexte) -> Requete:
    precedent = select(PRECEDENT.id).where(
        PRECEDENT.id == Partenariat.episode_precedent_id, _sorties(contexte, PRECEDENT)
    )
    return (
        select(
            *Partenariat.__table__.columns,
            Terrain.nom.label("terrain"),
            ENTREPRISE.type_acteur.label("entreprise_type"),
            ENTREPRISE.nom.label("entreprise_nom"),
            ASSOCIATION.type_acteur.label("association_type"),
            ASSOCIATION.nom.label("association_nom"),
            SolutionExistante.nom.label("solution"),
            *SOURCE,
            precedent.scalar_subquery().label("precedent_sorti_id"),
            _forme(principale=True).label("forme_principale"),
            _forme(principale=False).label("autres_formes"),
        )
        .join_from(Partenariat, Terrain, Terrain.id == Partenariat.terrain_id)
        .join(ENTREPRISE, ENTREPRISE.id == Partenariat.entreprise_id)
        .join(ASSOCIATION, ASSOCIATION.id == Partenariat.association_id)
        .outerjoin(SolutionExistante, SolutionExistante.id == Partenariat.solution_id)
        .outerjoin(Entretien, and_(Entretien.id == Partenariat.source_entretien_id, exportable(contexte)))
        .outerjoin(SOURCE_TERRAIN, SOURCE_TERRAIN.id == Entretien.terrain_id)
        .where(_sorties(contexte))
        .order_by(Partenariat.id)
    )


def _statut(ligne: Any, contexte: Contexte) -> Valeur:
    episode = Episode(**{champ.name: getattr(ligne, champ.name) for champ in fields(Episode)})
    return statut(episode, contexte.arret).libelle


def _formes(entete: str, attribut: str) -> Colonne:
    def lire(ligne: Any, _: Contexte) -> Valeur:
        codes = getattr(ligne, attribut)
        libelles = sorted(LIBELLES_FORMES[code] for code in codes.split(",")) if codes else []
        return SEPARATEUR.join(libelles) or None

    return Colonne(entete, lire)


PARTENARIATS = TableExportee(
    code="partenariats",
    nom="Partenariats",
    aide="Un épisode par ligne. Les dates sont des jours de calcul ; la colonne suivante dit ce que l'on en sait.",
    requete=_partenariats,
    colonnes=(
        brute("Partenariat n°", "id"),
        brute("Terrain", "terrain"),
        _partenaire("Entreprise", "entreprise"),
        brute("Nom de l'entreprise", "entreprise_nom", Niveau.IDENTIFIE),
        _partenaire("Association", "association"),
        brute("Nom de l'association", "association_nom", Niveau.IDENTIFIE),
        Colonne("Statut", _statut),
        _formes("Forme principale", "forme_principale"),
        _formes("Autres formes", "autres_formes"),
        brute("Rythme", "rythme"),
        brute("Premier contact", "premier_contact"),
        brute("Début", "debut"),
        brute("Précision du début", "precision_debut"),
        brute("Renouvellements", "renouvellements"),
        brute("En pause depuis", "suspendu_depuis"),
        brute("Dernière nouvelle", "derniere_nouvelle"),
        brute("Fin", "fin"),
        brute("Précision de la fin", "precision_fin"),
        brute("Motif de fin", "motif_fin"),
        brute("Sans suite le", "sans_suite_le"),
        brute("Convention du", "convention_debut"),
        brute("Convention au", "convention_fin"),
        brute("Mode de recueil", "mode_recueil"),
        brute("Première observation", "premiere_observation"),
        brute("Premier pas", "initiateur"),
        brute("Épisode précédent n°", "precedent_sorti_id"),
        libre("Solution utilisée", "solution", Niveau.LECTURE),
        _source(),
        brute("Volume", "volume", Niveau.EQUIPE),
        brute("Unité", "unite", Niveau.EQUIPE),
        libre("Description", "description"),
    ),
)


def _evenements(contexte: Contexte) -> Requete:
    return (
        select(
            *EvenementPartenariat.__table__.columns,
            Partenariat.entreprise_id,
            Partenariat.association_id,
            *SOURCE,
            Compte.nom_affiche,
        )
        .join_from(EvenementPartenariat, Partenariat, Partenariat.id == EvenementPartenariat.partenariat_id)
        .outerjoin(Entretien, and_(Entretien.id == EvenementPartenariat.source_entretien_id, exportable(contexte)))
        .outerjoin(SOURCE_TERRAIN, SOURCE_TERRAIN.id == Entretien.terrain_id)
        .outerjoin(Compte, Compte.id == EvenementPartenariat.saisi_par)
        .where(_sorties(contexte))
        .order_by(EvenementPartenariat.partenariat_id, EvenementPartenariat.id)
    )


EVENEMENTS = TableExportee(
    code="evenements",
    nom="Événements",
    aide="Toute l'histoire de chaque partenariat, corrections comprises, avec la précision des dates.",
    requete=_evenements,
    colonnes=(
        brute("Événement n°", "id"),
        brute("Partenariat n°", "partenariat_id"),
        brute("Événement", "type"),
        brute("Date", "date_effet"),
        brute("Précision", "precision"),
        brute("Motif de fin", "motif"),
        libre("Commentaire", "commentaire"),
        _source(),
        brute("Corrige l'événement n°", "corrige_id"),
        brute("Annulé", "annule"),
        brute("Saisi le", "saisi_le"),
        brute("Saisi par", "nom_affiche", Niveau.IDENTIFIE),
    ),
)

# --- Plan d'entretiens ------------------------------------------------------------------------------------------


def _entretiens_de_la_cible(*statuts: StatutEntretien) -> Any:
    return (
        select(func.count(Entretien.id))
        .where(
            Entretien.terrain_id == CiblePlan.terrain_id,
            Entretien.type_acteur == CiblePlan.type_acteur,
            Entretien.investigation_id == CiblePlan.investigation_id,
            Entretien.statut.in_(statuts),
            Entretien.archive_le.is_(None),
        )
        .correlate(CiblePlan)
        .scalar_subquery()
    )


def _plan(contexte: Contexte) -> Requete:
    return (
        select(
            Terrain.nom.label("terrain"),
            CiblePlan.type_acteur,
            CiblePlan.prevu,
            CiblePlan.echeance,
            _entretiens_de_la_cible(StatutEntretien.REALISE).label("realises"),
            _entretiens_de_la_cible(StatutEntretien.CONTACTE).label("contactes"),
            _entretiens_de_la_cible(StatutEntretien.PREVU).label("planifies"),
            _entretiens_de_la_cible(StatutEntretien.REFUSE).label("refuses"),
        )
        .join_from(CiblePlan, Terrain, Terrain.id == CiblePlan.terrain_id)
        .where(visible(CiblePlan, contexte.perimetre), Terrain.archive_le.is_(None))
        .order_by(Terrain.ordre, Terrain.id, CiblePlan.id)
    )


PLAN = TableExportee(
    code="plan",
    nom="Plan d'entretiens",
    aide="Ce qui était prévu par terrain et par type d'acteur, et ce qui est fait.",
    requete=_plan,
    colonnes=(
        brute("Terrain", "terrain"),
        brute("Type d'acteur", "type_acteur"),
        brute("Prévus", "prevu"),
        du_plan("Réalisés", "realises"),
        du_plan("Contactés", "contactes"),
        du_plan("Rendez-vous pris", "planifies"),
        du_plan("Refus", "refuses"),
        brute("Échéance", "echeance"),
    ),
)
