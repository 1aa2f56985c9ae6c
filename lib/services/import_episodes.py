"""Charger une table d'épisodes dans une investigation : tout, ou rien."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Organisation
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide, ErreurMetier
from lib.domain.horloge import aujourd_hui
from lib.domain.textes import plier
from lib.domain.vocabulaire import FormeEngagement, MotifFin, PrecisionDate, Rythme, TypeActeur
from lib.echanges.episodes import LigneEpisode, lire_episodes
from lib.echanges.lignes_csv import dire_fautes
from lib.services import organisations, partenariats
from lib.services.organisations import LONGUEUR_RECHERCHE, SaisieOrganisation
from lib.services.terrains import terrains_du_fichier

Cle = tuple[TypeActeur, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilan:
    """Ce que l'import a écrit."""

    episodes: int
    organisations: int


def importer_episodes(session: Session, perimetre: Perimetre, octets: bytes) -> Bilan:
    """Enregistre chaque ligne d'un .csv (colonnes de `lib.echanges.episodes`) comme un épisode et ses événements.

    Une organisation inconnue est créée, un terrain inconnu refuse le fichier. Une ligne sans fin ni dernière nouvelle
    vaut « toujours en cours » au jour de l'import : c'est ce que dit le fichier. Sans forme : don financier ; le rythme
    est « récurrent », sauf une action prévue pour être ponctuelle.
    Lève DonneeInvalide avec toutes les lignes fautives, AccesRefuse ; alors la transaction n'écrit rien.
    """
    exiger(peut_consigner, perimetre)
    lignes = lire_episodes(octets, aujourd_hui=aujourd_hui())
    terrains = terrains_du_fichier(session, perimetre, lignes)
    connues = _organisations(session, perimetre)
    avant = len(connues)
    for ligne in lignes:
        try:
            _poser(session, perimetre, ligne, terrains[plier(ligne.terrain)], connues)
        except ErreurMetier as refus:
            raise DonneeInvalide(dire_fautes([f"Ligne {ligne.numero} : {refus}"])) from refus
    return Bilan(episodes=len(lignes), organisations=len(connues) - avant)


def _organisations(session: Session, perimetre: Perimetre) -> dict[Cle, int]:
    requete = select(Organisation.type_acteur, Organisation.nom_recherche, Organisation.id).where(
        visible(Organisation, perimetre), Organisation.archive_le.is_(None), Organisation.fusionnee_dans_id.is_(None)
    )
    return {(type_acteur, nom): id_ for type_acteur, nom, id_ in session.execute(requete)}


def _poser(
    session: Session, perimetre: Perimetre, ligne: LigneEpisode, terrain_id: int, connues: dict[Cle, int]
) -> None:
    entreprise = SaisieOrganisation(
        nom=ligne.entreprise, type_acteur=TypeActeur.ENTREPRISE, terrain_id=terrain_id, taille=ligne.taille
    )
    association = SaisieOrganisation(nom=ligne.association, type_acteur=TypeActeur.ASSOCIATION, terrain_id=terrain_id)
    ponctuel = ligne.motif is MotifFin.ACTION_PREVUE_PONCTUELLE
    termine = ligne.motif is not None
    partenariats.creer(
        session,
        perimetre,
        entreprise_id=_trouver_ou_creer(session, perimetre, entreprise, connues),
        association_id=_trouver_ou_creer(session, perimetre, association, connues),
        terrain_id=terrain_id,
        mode_recueil=ligne.mode_recueil,
        rythme=Rythme.PONCTUEL if ponctuel else Rythme.RECURRENT,
        formes=[ligne.forme or FormeEngagement.MECENAT_FINANCIER],
        debut=ligne.debut,
        precision_debut=PrecisionDate.JOUR if ligne.debut else PrecisionDate.INCONNUE,
        en_cours_le=None if termine else ligne.derniere_nouvelle or aujourd_hui(),
        fin=ligne.fin,
        precision_fin=PrecisionDate.JOUR if ligne.fin else None,
        motif_fin=ligne.motif,
        premiere_observation=ligne.premiere_observation,
    )


def _trouver_ou_creer(
    session: Session, perimetre: Perimetre, saisie: SaisieOrganisation, connues: dict[Cle, int]
) -> int:
    cle = (saisie.type_acteur, plier(saisie.nom)[:LONGUEUR_RECHERCHE])
    if cle not in connues:
        connues[cle] = organisations.creer(session, perimetre, saisie, doublon_admis=True)
    return connues[cle]
