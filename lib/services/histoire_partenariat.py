"""L'histoire d'un partenariat : ses événements, en ajout seul, et la synthèse qui s'en déduit à chaque écriture."""

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import EvenementPartenariat, Partenariat
from lib.db.perimetre import trouver
from lib.domain.dates_imprecises import DateImprecise
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.horloge import a_paris, aujourd_hui
from lib.domain.partenariats import Evenement, en_vigueur, reconstituer, verifier_evenement
from lib.domain.textes import normaliser
from lib.domain.vocabulaire import MotifFin, TypeEvenement


@dataclass(frozen=True, slots=True, kw_only=True)
class Fait:
    """Un événement à enregistrer. `corrige_id` : celui qu'il remplace, ou qu'il efface s'il l'`annule`."""

    type: TypeEvenement
    quand: DateImprecise
    motif: MotifFin | None = None
    commentaire: str = ""
    source_entretien_id: int | None = None
    corrige_id: int | None = None
    annule: bool = False


def tenir(session: Session, perimetre: Perimetre, partenariat_id: int) -> Partenariat:
    """Le partenariat, sa ligne tenue jusqu'à la fin de la transaction : une autre personne attend son tour.

    Lève Introuvable hors du périmètre, DonneeInvalide s'il est archivé.
    """
    partenariat = trouver(session, Partenariat, partenariat_id, perimetre)
    session.refresh(partenariat, with_for_update=True)
    if partenariat.archive_le is not None:
        raise DonneeInvalide("Ce partenariat est archivé : rétablissez-le avant de le modifier.")
    return partenariat


def enregistrer(session: Session, partenariat: Partenariat, *faits: Fait) -> list[EvenementPartenariat]:
    """Ajoute des événements et refait la synthèse du partenariat.

    Lève DonneeInvalide si l'un d'eux est impossible, ou si l'histoire entière ne se tient plus.
    """
    lignes = [_ligne(session, partenariat, fait) for fait in faits]
    session.add_all(lignes)
    session.flush()
    resumer(session, partenariat)
    return lignes


def resumer(session: Session, partenariat: Partenariat) -> None:
    """Recalcule les colonnes de synthèse depuis les événements. Lève DonneeInvalide si l'histoire est impossible."""
    evenements = lire_evenements(session, partenariat.id)
    if not en_vigueur(evenements):
        raise DonneeInvalide("Il ne resterait plus aucun événement : archivez plutôt ce partenariat.")
    for colonne, valeur in asdict(reconstituer(evenements)).items():
        setattr(partenariat, colonne, valeur)
    session.flush()


def lire_evenements(session: Session, partenariat_id: int) -> tuple[Evenement, ...]:
    """Tous les événements d'un partenariat, corrigés et annulés compris."""
    requete = select(EvenementPartenariat).where(EvenementPartenariat.partenariat_id == partenariat_id)
    return tuple(_du_domaine(ligne) for ligne in session.scalars(requete))


def _du_domaine(ligne: EvenementPartenariat) -> Evenement:
    return Evenement(
        id=ligne.id,
        type=ligne.type,
        quand=DateImprecise(ligne.date_effet, ligne.precision),
        su_le=a_paris(ligne.saisi_le).date(),
        motif=ligne.motif,
        corrige_id=ligne.corrige_id,
        annule=ligne.annule,
    )


def _ligne(session: Session, partenariat: Partenariat, fait: Fait) -> EvenementPartenariat:
    if not fait.annule:
        jour = aujourd_hui()
        verifier_evenement(
            Evenement(id=0, type=fait.type, quand=fait.quand, su_le=jour, motif=fait.motif), aujourd_hui=jour
        )
    return EvenementPartenariat(
        investigation_id=partenariat.investigation_id,
        partenariat_id=partenariat.id,
        type=fait.type,
        date_effet=fait.quand.jour,
        precision=fait.quand.precision,
        motif=fait.motif,
        commentaire=normaliser(fait.commentaire, champ="commentaire").strip(),
        source_entretien_id=fait.source_entretien_id,
        corrige_id=fait.corrige_id,
        annule=fait.annule,
        saisi_le=maintenant(),
        saisi_par=session.info.get("compte_id"),
    )
