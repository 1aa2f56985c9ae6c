"""Consigner un partenariat et ce qui lui arrive. Ses événements sont en ajout seul ; ses dates s'en déduisent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Entretien, EvenementPartenariat, Organisation, Partenariat
from lib.db.perimetre import trouver
from lib.domain.dates_imprecises import INCONNUE, DateImprecise, ajouter_mois
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.horloge import aujourd_hui
from lib.domain.partenariats import MOIS_ENTRE_EPISODES
from lib.domain.vocabulaire import (
    FormeEngagement,
    ModeRecueil,
    MotifFin,
    PrecisionDate,
    Rythme,
    TypeActeur,
    TypeEvenement,
)
from lib.services.details_partenariat import DetailsPartenariat, poser_formes, verifier_details
from lib.services.histoire_partenariat import Fait, enregistrer, tenir
from lib.services.terrains import exiger_terrain
from lib.services.transaction import CONFLIT

PREMIERS_EVENEMENTS = (TypeEvenement.SIGNATURE, TypeEvenement.DISCUSSION, TypeEvenement.PREMIER_CONTACT)
DEJA_CORRIGE = "Cet événement vient d'être corrigé : relisez la fiche avant de reprendre."


def creer(
    session: Session,
    perimetre: Perimetre,
    *,
    entreprise_id: int,
    association_id: int,
    terrain_id: int,
    mode_recueil: ModeRecueil,
    rythme: Rythme,
    formes: Sequence[FormeEngagement],
    debut: date | None,
    precision_debut: PrecisionDate,
    premier_evenement: TypeEvenement = TypeEvenement.SIGNATURE,
    en_cours_le: date | None = None,
    precision_en_cours: PrecisionDate = PrecisionDate.JOUR,
    fin: date | None = None,
    precision_fin: PrecisionDate | None = None,
    motif_fin: MotifFin | None = None,
    source_entretien_id: int | None = None,
    premiere_observation: date | None = None,
    episode_precedent_id: int | None = None,
    **details: Any,
) -> Partenariat:
    """Consigne un épisode, son premier événement et, s'il est connu, son dernier.

    debut, precision_debut : date du premier événement ; `None` et INCONNUE si l'on ne sait pas.
    premier_evenement : SIGNATURE pour un partenariat commencé, sinon DISCUSSION ou PREMIER_CONTACT.
    en_cours_le, precision_en_cours : quand on a su qu'il durait encore ; à défaut, le jour de l'entretien source.
    fin, precision_fin, motif_fin : quand l'épisode est déjà terminé.
    premiere_observation : jour où l'on a appris son existence ; à défaut, celui de l'entretien, ou aujourd'hui.
    episode_precedent_id : l'épisode terminé depuis plus de douze mois auquel celui-ci fait suite.
    details : initiateur, solution_id, parts, volume, unite, description… (DetailsPartenariat).
    Lève DonneeInvalide (une phrase, un champ), Introuvable, AccesRefuse.
    """
    exiger(peut_consigner, perimetre)
    saisie = DetailsPartenariat(mode_recueil=mode_recueil, rythme=rythme, formes=tuple(formes), **details)
    colonnes = verifier_details(session, perimetre, saisie)
    exiger_terrain(session, perimetre, terrain_id)
    _verifier_paire(session, perimetre, entreprise_id, association_id)
    source = trouver(session, Entretien, source_entretien_id, perimetre) if source_entretien_id is not None else None
    entendu = _entendu(en_cours_le, precision_en_cours, source)
    vu_le = premiere_observation or min(entendu.au_plus_tard, aujourd_hui())
    if mode_recueil is ModeRecueil.VIVANTS_SEULEMENT and not entendu.connue:
        entendu = DateImprecise.au_jour(vu_le)  # on l'a connu parce qu'il durait ce jour-là
    partenariat = Partenariat(
        investigation_id=perimetre.investigation_id,
        terrain_id=terrain_id,
        entreprise_id=entreprise_id,
        association_id=association_id,
        episode_precedent_id=episode_precedent_id,
        source_entretien_id=source_entretien_id,
        premiere_observation=vu_le,
        cree_par=perimetre.auteur_id,
        **colonnes,
    )
    depart = Fait(
        type=_premier(premier_evenement), quand=_dater(debut, precision_debut), source_entretien_id=source_entretien_id
    )
    suite = _fin(fin, precision_fin, motif_fin, source_entretien_id) or _nouvelle(depart, entendu)
    _ouvrir(session, partenariat, saisie, [depart, *suite])
    if episode_precedent_id is not None:
        _verifier_suite(session, perimetre, partenariat, depart.quand)
    return partenariat


def _ouvrir(session: Session, partenariat: Partenariat, saisie: DetailsPartenariat, faits: Sequence[Fait]) -> None:
    """Écrit la ligne, ses formes et ses premiers événements."""
    session.add(partenariat)
    session.flush()
    poser_formes(session, partenariat, saisie)
    enregistrer(session, partenariat, *faits)
    _verifier_recueil(partenariat)


def ajouter_evenement(
    session: Session,
    perimetre: Perimetre,
    *,
    partenariat_id: int,
    type_evenement: TypeEvenement,
    date_effet: date | None,
    precision: PrecisionDate,
    motif: MotifFin | None = None,
    commentaire: str = "",
    source_entretien_id: int | None = None,
) -> EvenementPartenariat:
    """Ajoute ce qui est arrivé. Lève DonneeInvalide si l'histoire ne le permet pas, Introuvable, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    partenariat = tenir(session, perimetre, partenariat_id)
    if source_entretien_id is not None:
        trouver(session, Entretien, source_entretien_id, perimetre)
    fait = Fait(
        type=type_evenement,
        quand=_dater(date_effet, precision),
        motif=motif,
        commentaire=commentaire,
        source_entretien_id=source_entretien_id,
    )
    return enregistrer(session, partenariat, fait)[0]


def corriger_evenement(
    session: Session,
    perimetre: Perimetre,
    *,
    evenement_id: int,
    type_evenement: TypeEvenement,
    date_effet: date | None,
    precision: PrecisionDate,
    motif: MotifFin | None = None,
    commentaire: str = "",
) -> EvenementPartenariat:
    """Remplace un événement par un autre ; le premier reste lisible dans l'histoire.

    Lève Conflit si quelqu'un l'a déjà corrigé, DonneeInvalide, Introuvable, AccesRefuse.
    """
    exiger(peut_consigner, perimetre)
    ancien, partenariat = _a_corriger(session, perimetre, evenement_id)
    fait = Fait(
        type=type_evenement,
        quand=_dater(date_effet, precision),
        motif=motif,
        commentaire=commentaire,
        source_entretien_id=ancien.source_entretien_id,
        corrige_id=ancien.id,
    )
    return enregistrer(session, partenariat, fait)[0]


def annuler_evenement(session: Session, perimetre: Perimetre, *, evenement_id: int, commentaire: str = "") -> None:
    """Retire un événement de l'histoire : il n'a pas eu lieu. Lui et son annulation restent lisibles.

    Lève DonneeInvalide si l'histoire ne tient plus sans lui, Conflit, Introuvable, AccesRefuse.
    """
    exiger(peut_consigner, perimetre)
    ancien, partenariat = _a_corriger(session, perimetre, evenement_id)
    fait = Fait(
        type=ancien.type,
        quand=_dater(ancien.date_effet, ancien.precision),
        motif=ancien.motif,
        commentaire=commentaire,
        corrige_id=ancien.id,
        annule=True,
    )
    enregistrer(session, partenariat, fait)


def modifier(
    session: Session,
    perimetre: Perimetre,
    *,
    partenariat_id: int,
    version: int,
    details: DetailsPartenariat,
    terrain_id: int,
) -> None:
    """Corrige les détails d'un partenariat. Lève Conflit s'il a changé depuis la version lue, DonneeInvalide…"""
    exiger(peut_consigner, perimetre)
    partenariat = tenir(session, perimetre, partenariat_id)
    if partenariat.version != version:
        raise Conflit(CONFLIT)
    exiger_terrain(session, perimetre, terrain_id)
    colonnes = verifier_details(session, perimetre, details)
    for colonne, valeur in (colonnes | {"terrain_id": terrain_id}).items():
        setattr(partenariat, colonne, valeur)
    poser_formes(session, partenariat, details)
    _verifier_recueil(partenariat)


def archiver(session: Session, perimetre: Perimetre, *, partenariat_id: int) -> None:
    """Retire un partenariat des listes et des chiffres ; `retablir` l'y remet."""
    exiger(peut_consigner, perimetre)
    tenir(session, perimetre, partenariat_id).archive_le = maintenant()


def retablir(session: Session, perimetre: Perimetre, *, partenariat_id: int) -> None:
    """Remet un partenariat archivé dans les listes et les chiffres."""
    exiger(peut_consigner, perimetre)
    trouver(session, Partenariat, partenariat_id, perimetre).archive_le = None


# --- Règles ------------------------------------------------------------------------------------------------------


def _dater(jour: date | None, precision: PrecisionDate) -> DateImprecise:
    if jour is None and precision is not PrecisionDate.INCONNUE:
        raise DonneeInvalide("Donnez la date, ou dites qu'elle est inconnue.", champ="date")
    return DateImprecise(jour, precision)


def _premier(type_evenement: TypeEvenement) -> TypeEvenement:
    if type_evenement not in PREMIERS_EVENEMENTS:
        raise DonneeInvalide(
            "Un partenariat s'ouvre sur un premier contact, une discussion ou un début.", champ="premier_evenement"
        )
    return type_evenement


def _fin(
    fin: date | None, precision: PrecisionDate | None, motif: MotifFin | None, source_entretien_id: int | None
) -> list[Fait]:
    """La fin, si l'épisode est terminé ; une fin sans motif sera refusée avec les autres événements."""
    if fin is None and precision is None and motif is None:
        return []
    quand = _dater(fin, precision or PrecisionDate.INCONNUE)
    return [Fait(type=TypeEvenement.FIN, quand=quand, motif=motif, source_entretien_id=source_entretien_id)]


def _entendu(jour: date | None, precision: PrecisionDate, source: Entretien | None) -> DateImprecise:
    """Quand on a su qu'il durait encore : ce qui est dit, ou le jour de l'entretien."""
    if jour is not None:
        return DateImprecise(jour, precision)
    return DateImprecise.au_jour(source.tenu_le) if source and source.tenu_le else INCONNUE


def _nouvelle(depart: Fait, entendu: DateImprecise) -> list[Fait]:
    """La nouvelle qu'il durait encore, si elle apprend quelque chose."""
    commence = depart.type is TypeEvenement.SIGNATURE
    if not commence or entendu.au_plus_tard < depart.quand.au_plus_tot or entendu in (depart.quand, INCONNUE):
        return []
    return [Fait(type=TypeEvenement.NOUVELLE, quand=entendu, source_entretien_id=depart.source_entretien_id)]


def _verifier_paire(session: Session, perimetre: Perimetre, entreprise_id: int, association_id: int) -> None:
    if entreprise_id == association_id:
        raise DonneeInvalide("Un partenariat lie deux organisations différentes.", champ="association_id")
    for identifiant, attendu in ((entreprise_id, TypeActeur.ENTREPRISE), (association_id, TypeActeur.ASSOCIATION)):
        _verifier_organisation(trouver(session, Organisation, identifiant, perimetre), attendu)


def _verifier_organisation(organisation: Organisation, attendu: TypeActeur) -> None:
    champ = f"{attendu.value}_id"
    if organisation.type_acteur is not attendu:
        raise DonneeInvalide(
            f"{organisation.nom} n'est pas une {attendu.libelle.lower()} : choisissez-en une.", champ=champ
        )
    if organisation.archive_le is not None or organisation.fusionnee_dans_id is not None:
        raise DonneeInvalide(f"{organisation.nom} est archivée : choisissez une autre fiche.", champ=champ)


def _verifier_recueil(partenariat: Partenariat) -> None:
    """Un épisode fini avant qu'on l'apprenne ne vient pas d'une liste de partenariats en cours."""
    vu, fin = partenariat.premiere_observation, partenariat.fin
    if partenariat.mode_recueil is ModeRecueil.VIVANTS_SEULEMENT and vu and fin and fin < vu:
        raise DonneeInvalide(
            "Ce partenariat était déjà terminé quand on l'a appris : il ne vient pas d'une liste de partenariats en "
            "cours. Choisissez un autre mode de recueil.",
            champ="mode_recueil",
        )


def _verifier_suite(session: Session, perimetre: Perimetre, suite: Partenariat, debut: DateImprecise) -> None:
    """Un nouvel épisode suit un épisode clos, entre les mêmes, plus de douze mois après."""
    precedent = trouver(session, Partenariat, suite.episode_precedent_id or 0, perimetre)
    if (precedent.entreprise_id, precedent.association_id) != (suite.entreprise_id, suite.association_id):
        raise DonneeInvalide("Un nouvel épisode lie les mêmes organisations que le précédent.")
    if precedent.motif_fin is None and precedent.sans_suite_le is None:
        raise DonneeInvalide("L'épisode précédent n'est pas clos : enregistrez d'abord sa fin.")
    deja_suivi = exists().where(Partenariat.episode_precedent_id == precedent.id, Partenariat.id != suite.id)
    if session.scalar(select(deja_suivi)):
        raise DonneeInvalide("Un autre épisode fait déjà suite à celui-ci : partez du plus récent.")
    if precedent.fin and debut.connue and debut.au_plus_tard <= ajouter_mois(precedent.fin, MOIS_ENTRE_EPISODES):
        raise DonneeInvalide(
            "Il a repris moins de douze mois après sa fin : c'est le même épisode. Corrigez cette fin en pause, "
            "puis ajoutez la reprise.",
            champ="debut",
        )


def _a_corriger(session: Session, perimetre: Perimetre, evenement_id: int) -> tuple[EvenementPartenariat, Partenariat]:
    evenement = trouver(session, EvenementPartenariat, evenement_id, perimetre)
    partenariat = tenir(session, perimetre, evenement.partenariat_id)
    if evenement.annule or session.scalar(select(exists().where(EvenementPartenariat.corrige_id == evenement.id))):
        raise Conflit(DEJA_CORRIGE)
    return evenement, partenariat
