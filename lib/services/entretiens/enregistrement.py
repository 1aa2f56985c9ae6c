"""Enregistrer un entretien, l'archiver, le rétablir : une transaction, tout ou rien."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Entretien, EntretienEnqueteur, Etiquette, Investigation, IrritantReleve, Organisation
from lib.db.perimetre import trouver, visible
from lib.db.verrou import attendre_son_tour
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import enumeration
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import FamilleEtiquette, NatureTexte, Releve, StatutEntretien, TypeActeur
from lib.services import interlocuteurs
from lib.services.communes import verifier_commune
from lib.services.entretiens import codes, racontes, textes
from lib.services.entretiens.reperes import exiger_enqueteurs
from lib.services.entretiens.saisie import (
    ECHELLE_INTENSITE,
    SaisieEntretien,
    indispensables,
    manques,
    verifier_dates,
    verifier_duree,
)
from lib.services.syntheses import suivre
from lib.services.terrains import exiger_terrain
from lib.services.transaction import CONFLIT

V = TypeVar("V")
STATUTS = (StatutEntretien.BROUILLON, StatutEntretien.REALISE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enregistrement:
    """Ce qui vient d'être enregistré. `deja` : un envoi précédent de la même saisie l'avait fait."""

    id: int
    code: str
    statut: StatutEntretien
    deja: bool = False


def enregistrer(
    session: Session,
    perimetre: Perimetre,
    saisie: SaisieEntretien,
    *,
    statut: StatutEntretien,
    cle_saisie: str,
    entretien_id: int | None = None,
    version: int | None = None,
) -> Enregistrement:
    """Enregistre un entretien nouveau, ou corrige `entretien_id` lu à `version`.

    statut : brouillon ou réalisé. cle_saisie : identifiant de la saisie ; un double envoi n'écrit rien de plus.
    Lève DonneeInvalide (avec le champ), Conflit (quelqu'un a enregistré entre-temps), Introuvable, AccesRefuse.
    """
    exiger(peut_consigner, perimetre)
    attendre_son_tour(session, cle_saisie)
    if deja := _deja_enregistre(session, perimetre, cle_saisie):
        return deja
    _verifier(saisie, statut)
    marques = {"statut": statut, "cle_saisie": cle_saisie}
    if entretien_id is None:
        entretien = _nouveau(session, perimetre, saisie, marques)
    else:
        entretien = _modifiable(session, perimetre, entretien_id, version)
    with suivre(session, entretien.id, neuf=entretien_id is None):
        if entretien_id is not None:
            _poser_colonnes(session, perimetre, entretien, saisie, marques)
        _poser_suites(session, perimetre, entretien, saisie)
    return _resultat(entretien)


def archiver(session: Session, perimetre: Perimetre, *, entretien_id: int, version: int) -> None:
    """Met un entretien de côté : il quitte les listes et les chiffres. Lève Conflit, Introuvable, AccesRefuse."""
    entretien = _modifiable(session, perimetre, entretien_id, version)
    with suivre(session, entretien.id):
        entretien.archive_le = maintenant()


def retablir(session: Session, perimetre: Perimetre, *, entretien_id: int, version: int) -> None:
    """Remet un entretien archivé à sa place. Lève Conflit, Introuvable, AccesRefuse."""
    entretien = _modifiable(session, perimetre, entretien_id, version)
    with suivre(session, entretien.id):
        entretien.archive_le = None


def _deja_enregistre(session: Session, perimetre: Perimetre, cle_saisie: str) -> Enregistrement | None:
    requete = select(Entretien).where(visible(Entretien, perimetre), Entretien.cle_saisie == cle_saisie)
    entretien = session.scalars(requete).one_or_none()
    return _resultat(entretien, deja=True) if entretien else None


def _resultat(entretien: Entretien, *, deja: bool = False) -> Enregistrement:
    return Enregistrement(id=entretien.id, code=entretien.code, statut=entretien.statut, deja=deja)


def _verifier(saisie: SaisieEntretien, statut: StatutEntretien) -> None:
    realise = statut is StatutEntretien.REALISE
    if statut not in STATUTS:
        raise ValueError(f"un entretien s'enregistre brouillon ou réalisé, pas {statut}")
    verifier_dates(saisie, realise=realise, aujourd_hui=aujourd_hui())
    verifier_duree(saisie.duree_minutes)
    if absents := (manques(saisie) if realise else indispensables(saisie)):
        raise DonneeInvalide(f"Pour enregistrer cet entretien, il manque {enumeration(absents)}.")


def _nouveau(session: Session, perimetre: Perimetre, saisie: SaisieEntretien, marques: Mapping[str, Any]) -> Entretien:
    """Un entretien neuf, déjà en base : ses suites ont besoin de son identifiant."""
    terrain = exiger_terrain(session, perimetre, _donne(saisie.terrain_id))
    entretien = Entretien(
        investigation_id=perimetre.investigation_id,
        code=codes.attribuer(session, terrain),
        cree_par=perimetre.auteur_id,
    )
    _poser_colonnes(session, perimetre, entretien, saisie, marques)
    session.add(entretien)
    session.flush()
    return entretien


def _modifiable(session: Session, perimetre: Perimetre, entretien_id: int, version: int | None) -> Entretien:
    exiger(peut_consigner, perimetre)
    entretien = trouver(session, Entretien, entretien_id, perimetre)
    if entretien.version != version:
        raise Conflit(CONFLIT)
    return entretien


def _poser_colonnes(
    session: Session, perimetre: Perimetre, entretien: Entretien, saisie: SaisieEntretien, marques: Mapping[str, Any]
) -> None:
    if saisie.terrain_id != entretien.terrain_id:
        exiger_terrain(session, perimetre, _donne(saisie.terrain_id))
    if saisie.commune_code != entretien.commune_code:
        verifier_commune(session, code=saisie.commune_code)
    colonnes = _colonnes(saisie) | dict(marques) | {"type_acteur": _type_acteur(session, perimetre, saisie)}
    if saisie.notice_remise_le and not saisie.notice_version:
        colonnes["notice_version"] = _version_notice(session, perimetre)
    for nom, valeur in colonnes.items():
        setattr(entretien, nom, valeur)


def _colonnes(saisie: SaisieEntretien) -> dict[str, Any]:
    remise = saisie.notice_remise_le
    return {
        "terrain_id": saisie.terrain_id,
        "mode": saisie.mode,
        "tenu_le": saisie.tenu_le,
        "canal": saisie.canal,
        "duree_minutes": saisie.duree_minutes,
        "commune_code": saisie.commune_code,
        "organisation_id": saisie.organisation_id,
        "notice_remise_le": remise,
        "notice_moyen": saisie.notice_moyen if remise else None,
        "notice_version": saisie.notice_version if remise else None,
        "accord_enregistrement": saisie.accord_enregistrement,
        "accord_citation": saisie.accord_citation,
        # Toujours écrite : une correction qui ne touche que les notes fait avancer la version de l'entretien.
        "modifie_le": maintenant(),
    }


def _poser_suites(session: Session, perimetre: Perimetre, entretien: Entretien, saisie: SaisieEntretien) -> None:
    _poser_enqueteurs(session, perimetre, entretien, saisie.enqueteurs or (perimetre.compte_id,))
    _poser_personnes(session, perimetre, entretien, saisie)
    _poser_releves(session, perimetre, entretien, saisie)
    textes.poser(session, perimetre, entretien, NatureTexte.NOTES, saisie.notes)
    textes.poser(session, perimetre, entretien, NatureTexte.TRANSCRIPTION, saisie.transcription)
    racontes.creer(session, perimetre, entretien, saisie)


def _type_acteur(session: Session, perimetre: Perimetre, saisie: SaisieEntretien) -> TypeActeur:
    """Le type de l'organisation rencontrée ; sans organisation, celui qui est saisi."""
    if saisie.organisation_id is not None:
        return trouver(session, Organisation, saisie.organisation_id, perimetre).type_acteur
    return _donne(saisie.type_acteur)


def _donne(valeur: V | None) -> V:
    """Une valeur dont `_verifier` a déjà exigé la présence."""
    if valeur is None:
        raise ValueError("une saisie incomplète aurait dû être refusée")
    return valeur


def _version_notice(session: Session, perimetre: Perimetre) -> str | None:
    return session.scalar(select(Investigation.notice_version).where(Investigation.id == perimetre.investigation_id))


def _poser_enqueteurs(session: Session, perimetre: Perimetre, entretien: Entretien, voulus: Iterable[int]) -> None:
    requete = select(EntretienEnqueteur).where(EntretienEnqueteur.entretien_id == entretien.id)
    actuels = {lien.compte_id: lien for lien in session.scalars(requete)}
    choisis = set(voulus)
    exiger_enqueteurs(session, perimetre, choisis - actuels.keys())
    for absent in actuels.keys() - choisis:
        session.delete(actuels[absent])
    session.add_all(
        EntretienEnqueteur(entretien_id=entretien.id, compte_id=compte_id)
        for compte_id in sorted(choisis - actuels.keys())
    )


def _poser_personnes(session: Session, perimetre: Perimetre, entretien: Entretien, saisie: SaisieEntretien) -> None:
    nouvelles = [
        interlocuteurs.creer(session, perimetre, personne, organisation_id=saisie.organisation_id).id
        for personne in saisie.nouveaux_interlocuteurs
    ]
    interlocuteurs.presenter(
        session, perimetre, entretien_id=entretien.id, presents=[*saisie.interlocuteurs, *nouvelles]
    )


def _poser_releves(session: Session, perimetre: Perimetre, entretien: Entretien, saisie: SaisieEntretien) -> None:
    """Les irritants relevés deviennent ceux donnés ; « non abordé » ne laisse pas de ligne."""
    voulus = {cle: releve for cle, releve in saisie.releves.items() if releve is not Releve.NON_ABORDE}
    intensites = _intensites(saisie)
    requete = select(IrritantReleve).where(IrritantReleve.entretien_id == entretien.id)
    actuels = {ligne.etiquette_id: ligne for ligne in session.scalars(requete)}
    _exiger_irritants(session, perimetre, voulus.keys() - actuels.keys())
    for etiquette_id, ligne in actuels.items():
        if etiquette_id in voulus:
            ligne.releve, ligne.intensite = voulus[etiquette_id], intensites.get(etiquette_id)
        elif ligne.releve is not Releve.NON_ABORDE:
            session.delete(ligne)
    session.add_all(
        IrritantReleve(
            investigation_id=entretien.investigation_id,
            entretien_id=entretien.id,
            etiquette_id=etiquette_id,
            releve=voulus[etiquette_id],
            intensite=intensites.get(etiquette_id),
        )
        for etiquette_id in sorted(voulus.keys() - actuels.keys())
    )


def _intensites(saisie: SaisieEntretien) -> dict[int, int]:
    """Une intensité ne se note que pour un irritant évoqué, de 1 à 5."""
    evoques = {cle for cle, releve in saisie.releves.items() if releve in {Releve.SPONTANE, Releve.RELANCE}}
    notees = {cle: note for cle, note in saisie.intensites.items() if cle in evoques}
    if any(note not in ECHELLE_INTENSITE for note in notees.values()):
        raise DonneeInvalide("L'intensité d'un irritant va de 1 à 5.", champ="releves")
    return notees


def _exiger_irritants(session: Session, perimetre: Perimetre, demandes: Iterable[int]) -> None:
    voulus = set(demandes)
    requete = select(Etiquette.id).where(
        visible(Etiquette, perimetre), Etiquette.famille == FamilleEtiquette.IRRITANT, Etiquette.id.in_(sorted(voulus))
    )
    if voulus and voulus - set(session.scalars(requete)):
        raise DonneeInvalide("Un irritant relevé n'est plus dans la grille : rechargez la page.", champ="releves")
