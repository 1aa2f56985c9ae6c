"""Personnes rencontrées : la seule porte vers un nom ou des coordonnées."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, EntretienInterlocuteur, Interlocuteur, Organisation
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_identites
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.textes import normaliser_ligne
from lib.domain.vocabulaire import StatutPersonne
from lib.services.transaction import CONFLIT

# Ce que l'on montre d'une personne dont les données ne doivent plus se lire.
MENTIONS = {
    StatutPersonne.LIMITE: "Personne dont le traitement est limité",
    StatutPersonne.OPPOSITION: "Personne qui s'est opposée au traitement",
    StatutPersonne.ANONYMISE: "Personne anonymisée",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieInterlocuteur:
    """Une personne telle qu'elle est saisie. Coordonnées facultatives : on ne garde que l'utile."""

    nom: str
    fonction: str = ""
    courriel: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterlocuteurLu:
    """Une personne rencontrée.

    Une mention remplace le nom quand ses données ne doivent plus se lire ; elle n'est alors plus modifiable.
    """

    id: int
    version: int
    nom: str
    fonction: str
    courriel: str
    telephone: str
    modifiable: bool = True


def lister(session: Session, perimetre: Perimetre, *, organisation_id: int) -> tuple[InterlocuteurLu, ...]:
    """Personnes connues d'une organisation. Lève AccesRefuse sans le droit de lire les identités."""
    exiger(peut_lire_identites, perimetre)
    requete = (
        select(Interlocuteur)
        .join(Organisation, Organisation.id == Interlocuteur.organisation_id)
        .where(
            visible(Organisation, perimetre),
            Organisation.id == organisation_id,
            Interlocuteur.archive_le.is_(None),
            Interlocuteur.statut == StatutPersonne.ACTIF,
        )
        .order_by(Interlocuteur.nom, Interlocuteur.id)
    )
    return tuple(lu(personne) for personne in session.scalars(requete))


def lister_rencontres(session: Session, perimetre: Perimetre, *, entretien_id: int) -> tuple[InterlocuteurLu, ...]:
    """Personnes rencontrées lors d'un entretien du périmètre. Lève AccesRefuse sans le droit de lire les identités."""
    exiger(peut_lire_identites, perimetre)
    requete = (
        select(Interlocuteur)
        .join(EntretienInterlocuteur, EntretienInterlocuteur.interlocuteur_id == Interlocuteur.id)
        .join(Entretien, Entretien.id == EntretienInterlocuteur.entretien_id)
        .where(visible(Entretien, perimetre), Entretien.id == entretien_id)
        .order_by(Interlocuteur.id)
    )
    return tuple(lu(personne) for personne in session.scalars(requete))


def creer(
    session: Session, perimetre: Perimetre, saisie: SaisieInterlocuteur, *, organisation_id: int | None
) -> Interlocuteur:
    """Crée une personne, rattachée ou non à une organisation. Lève DonneeInvalide, Introuvable, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    if organisation_id is not None:
        trouver(session, Organisation, organisation_id, perimetre)
    personne = Interlocuteur(
        investigation_id=perimetre.investigation_id,
        organisation_id=organisation_id,
        cree_par=perimetre.auteur_id,
        **_colonnes(saisie),
    )
    session.add(personne)
    session.flush()
    return personne


def corriger(
    session: Session, perimetre: Perimetre, saisie: SaisieInterlocuteur, *, interlocuteur_id: int, version: int
) -> None:
    """Corrige une personne. Lève Conflit si elle a changé depuis `version`, DonneeInvalide, Introuvable."""
    exiger(peut_consigner, perimetre)
    personne = trouver(session, Interlocuteur, interlocuteur_id, perimetre)
    if personne.version != version:
        raise Conflit(CONFLIT)
    if personne.statut is not StatutPersonne.ACTIF:
        raise DonneeInvalide(f"{MENTIONS[personne.statut]} : ses données ne se modifient plus.")
    for nom, valeur in _colonnes(saisie).items():
        setattr(personne, nom, valeur)
    session.flush()


def presenter(session: Session, perimetre: Perimetre, *, entretien_id: int, presents: Iterable[int]) -> None:
    """Fait correspondre les personnes présentes à un entretien. Lève Introuvable pour une personne hors périmètre."""
    exiger(peut_consigner, perimetre)
    voulus = set(presents)
    requete = select(EntretienInterlocuteur).where(EntretienInterlocuteur.entretien_id == entretien_id)
    actuels = {lien.interlocuteur_id: lien for lien in session.scalars(requete)}
    for absent in actuels.keys() - voulus:
        session.delete(actuels[absent])
    for nouveau in sorted(voulus - actuels.keys()):
        trouver(session, Interlocuteur, nouveau, perimetre)
        session.add(EntretienInterlocuteur(entretien_id=entretien_id, interlocuteur_id=nouveau))
    session.flush()


def lu(personne: Interlocuteur) -> InterlocuteurLu:
    """Ce que l'on peut montrer d'une personne, selon son statut."""
    if personne.statut is not StatutPersonne.ACTIF:
        mention = MENTIONS[personne.statut]
        return InterlocuteurLu(
            id=personne.id,
            version=personne.version,
            nom=mention,
            fonction="",
            courriel="",
            telephone="",
            modifiable=False,
        )
    return InterlocuteurLu(
        id=personne.id,
        version=personne.version,
        nom=personne.nom,
        fonction=personne.fonction,
        courriel=personne.courriel or "",
        telephone=personne.telephone or "",
    )


def _colonnes(saisie: SaisieInterlocuteur) -> dict[str, str | None]:
    nom = normaliser_ligne(saisie.nom, champ="nom")
    if not nom:
        raise DonneeInvalide("Donnez le nom de la personne, ou retirez cette ligne.", champ="nom")
    courriel = normaliser_ligne(saisie.courriel, champ="courriel")
    if courriel and ("@" not in courriel.strip("@") or " " in courriel):
        raise DonneeInvalide(
            f"{guillemets(courriel[:60])} n'est pas une adresse électronique : corrigez-la.", champ="courriel"
        )
    return {
        "nom": nom,
        "fonction": normaliser_ligne(saisie.fonction, champ="fonction"),
        "courriel": courriel or None,
        "telephone": normaliser_ligne(saisie.telephone, champ="telephone", longueur=40) or None,
    }
