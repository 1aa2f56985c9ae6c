"""Sessions de connexion : une ligne en base, relue à chaque passage."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, exists, select, update
from sqlalchemy.orm import Session

from lib.db.directe import RequeteDirecte
from lib.db.modeles import Billet, Compte, Habilitation, Investigation, LigneJournal, SessionOuverte, VersionDonnees
from lib.domain.droits import Perimetre
from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services.transaction import lire_directement

DUREE_ABSOLUE = timedelta(hours=12)
DUREE_INACTIVE = timedelta(hours=2)
DUREE_BILLET = timedelta(seconds=60)
# Une écriture par passage serait trop : l'inactivité se mesure à cinq minutes près.
PAS_DE_PRESENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acces:
    """Qui est là, ce qu'il voit, et la version des données qu'il regarde.

    version : compteur d'écritures de l'investigation ouverte, clé de fraîcheur des vues gardées.
    provisoire : le mot de passe vient de quelqu'un d'autre ; aucune investigation n'est ouverte tant qu'il dure.
    """

    perimetre: Perimetre
    session_id: int
    identifiant: str
    nom: str
    investigation: str
    version: int
    vue_le: datetime
    provisoire: bool = False


def empreinte(jeton: str) -> str:
    """Empreinte d'un jeton : la base ne garde jamais le jeton lui-même."""
    return hashlib.sha256(jeton.encode()).hexdigest()


# Construite une fois, sur les tables et non les modèles : lue à chaque passage, elle coûterait le double par l'ORM.
_SESSION, _COMPTE, _INVESTIGATION, _VERSION, _HABILITATION = (
    modele.__table__ for modele in (SessionOuverte, Compte, Investigation, VersionDonnees, Habilitation)
)
_REQUETE = (
    select(
        _SESSION.c.id.label("session_id"),
        _SESSION.c.vue_le,
        _COMPTE.c.id.label("compte_id"),
        _COMPTE.c.identifiant,
        _COMPTE.c.nom_affiche,
        _COMPTE.c.role,
        _COMPTE.c.mot_de_passe_provisoire,
        _INVESTIGATION.c.id.label("investigation_id"),
        _INVESTIGATION.c.nom.label("investigation"),
        _INVESTIGATION.c.fictive,
        _VERSION.c.version,
        _HABILITATION.c.id.label("habilitation_id"),
        _HABILITATION.c.terrain_id,
    )
    .select_from(_SESSION)
    .join(_COMPTE, _COMPTE.c.id == _SESSION.c.compte_id)
    # Une investigation archivée ne se lit plus, mais ne ferme pas la session de qui l'avait ouverte.
    .outerjoin(
        _INVESTIGATION,
        (_INVESTIGATION.c.id == _SESSION.c.investigation_id) & _INVESTIGATION.c.archive_le.is_(None),
    )
    .outerjoin(_VERSION, _VERSION.c.investigation_id == _INVESTIGATION.c.id)
    .outerjoin(
        _HABILITATION,
        (_HABILITATION.c.compte_id == _COMPTE.c.id) & (_HABILITATION.c.investigation_id == _INVESTIGATION.c.id),
    )
    .where(
        _SESSION.c.empreinte == bindparam("empreinte"),
        _SESSION.c.revoquee_le.is_(None),
        _SESSION.c.expire_le > bindparam("instant"),
        _SESSION.c.vue_le > bindparam("inactive_depuis"),
        _COMPTE.c.actif.is_(True),
    )
)


_DIRECTE = RequeteDirecte(_REQUETE)


def lire_acces(session: Session | Connection, jeton: str, instant: datetime) -> Acces | None:
    """Accès que donne un jeton à un instant, ou None : inconnu, révoqué, expiré, inactif, compte fermé."""
    return _acces(session.execute(_REQUETE, _parametres(jeton, instant)).all())


def lire_acces_du_passage(moteur: Engine, jeton: str, instant: datetime) -> Acces | None:
    """Comme `lire_acces`, au moindre prix : chaque passage de chaque personne commence par là."""
    return _acces(lire_directement(moteur, _DIRECTE, _parametres(jeton, instant)))


def _parametres(jeton: str, instant: datetime) -> dict[str, Any]:
    return {"empreinte": empreinte(jeton), "instant": instant, "inactive_depuis": instant - DUREE_INACTIVE}


def _acces(lignes: Sequence[Any]) -> Acces | None:
    if not lignes:
        return None
    premiere = lignes[0]
    habilite = premiere.role is Role.ADMINISTRATEUR or any(ligne.habilitation_id is not None for ligne in lignes)
    ouverte = habilite and not premiere.mot_de_passe_provisoire
    perimetre = Perimetre(
        compte_id=premiere.compte_id,
        role=premiere.role,
        investigation_id=premiere.investigation_id if ouverte else None,
        fictive=bool(premiere.fictive),
        terrains=_terrains(premiere.role, [ligne.terrain_id for ligne in lignes]),
    )
    return Acces(
        perimetre=perimetre,
        session_id=premiere.session_id,
        identifiant=premiere.identifiant,
        nom=premiere.nom_affiche,
        investigation=(premiere.investigation or "") if ouverte else "",
        version=premiere.version or 0,
        vue_le=premiere.vue_le,
        provisoire=premiere.mot_de_passe_provisoire,
    )


def _terrains(role: Role, terrains: list[int | None]) -> frozenset[int] | None:
    """Une habilitation sans terrain ouvre toute l'investigation ; sinon, les seuls terrains nommés."""
    if role is Role.ADMINISTRATEUR or None in terrains:
        return None
    return frozenset(t for t in terrains if t is not None)


def creer_billet(session: Session, compte_id: int, instant: datetime) -> str:
    """Passe à usage unique, d'une minute, à échanger contre une session ; la base n'en garde que l'empreinte."""
    jeton = secrets.token_urlsafe(32)
    billet = Billet(empreinte=empreinte(jeton), compte_id=compte_id, expire_le=instant + DUREE_BILLET)
    session.add(billet)
    return jeton


def echanger_billet(session: Session, billet: str, instant: datetime) -> str:
    """Ouvre la session d'un billet et rend son jeton. De deux échanges en même temps, un seul gagne.

    Lève Introuvable : billet inconnu, déjà servi ou périmé.
    """
    vivant = (Billet.empreinte == empreinte(billet), Billet.utilise_le.is_(None), Billet.expire_le > instant)
    # Une seule requête : la base départage, la seconde ne trouve plus rien à modifier.
    servi = update(Billet).where(*vivant).values(utilise_le=instant).returning(Billet.compte_id)
    compte_id = session.scalar(servi.execution_options(synchronize_session=False))
    if compte_id is None:
        raise Introuvable("Cette connexion a expiré : identifiez-vous à nouveau.")
    return _ouvrir(session, compte_id, instant)


def fermer(session: Session, jeton: str, instant: datetime) -> None:
    """Révoque la session d'un jeton ; sans effet si elle n'existe pas ou plus."""
    vivante = (SessionOuverte.empreinte == empreinte(jeton), SessionOuverte.revoquee_le.is_(None))
    compte_id = session.scalar(_revoquer(instant).where(*vivante).returning(SessionOuverte.compte_id))
    if compte_id is not None:
        _noter(session, ActionJournal.DECONNEXION, compte_id)


def fermer_toutes(session: Session, compte_id: int, instant: datetime, *, sauf: int | None = None) -> None:
    """Révoque toutes les sessions d'un compte. sauf : la session à laisser ouverte."""
    vivantes = [SessionOuverte.compte_id == compte_id, SessionOuverte.revoquee_le.is_(None)]
    if sauf is not None:
        vivantes.append(SessionOuverte.id != sauf)
    session.execute(_revoquer(instant).where(*vivantes))


def doit_se_signaler(acces: Acces, instant: datetime) -> bool:
    """Vrai si la dernière présence notée date assez pour en noter une nouvelle."""
    return instant - acces.vue_le >= PAS_DE_PRESENCE


def toucher(session: Session, session_id: int, instant: datetime) -> None:
    """Note une présence : l'inactivité se compte à partir d'elle."""
    presence = update(SessionOuverte).where(SessionOuverte.id == session_id).values(vue_le=instant)
    session.execute(presence.execution_options(synchronize_session=False))


def investigations_ouvrables(session: Session, perimetre: Perimetre) -> dict[int, str]:
    """Les investigations que le compte peut ouvrir : identifiant → nom, dans l'ordre des noms."""
    lignes = session.execute(_ouvrables(perimetre.compte_id, perimetre.role).order_by(Investigation.nom)).all()
    return {ligne.id: ligne.nom for ligne in lignes}


def choisir_investigation(session: Session, perimetre: Perimetre, session_id: int, investigation_id: int) -> None:
    """Ouvre une autre investigation dans cette session. Lève Introuvable si le compte n'y a pas droit."""
    permise = _ouvrables(perimetre.compte_id, perimetre.role).where(Investigation.id == investigation_id)
    ouverte = session.get(SessionOuverte, session_id)
    if session.execute(permise).first() is None or ouverte is None or ouverte.compte_id != perimetre.compte_id:
        raise Introuvable("Cette investigation n'existe pas, ou n'est pas ouverte à votre compte.")
    ouverte.investigation_id = investigation_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionVue:
    """Une session vivante, telle que son titulaire la lit."""

    id: int
    ouverte_le: datetime
    vue_le: datetime


def lister_sessions(session: Session, perimetre: Perimetre, instant: datetime) -> list[SessionVue]:
    """Les sessions vivantes du compte, la plus récente d'abord (cinquante au plus)."""
    requete = (
        select(SessionOuverte.id, SessionOuverte.ouverte_le, SessionOuverte.vue_le)
        .where(
            SessionOuverte.compte_id == perimetre.compte_id,
            SessionOuverte.revoquee_le.is_(None),
            SessionOuverte.expire_le > instant,
            SessionOuverte.vue_le > instant - DUREE_INACTIVE,
        )
        .order_by(SessionOuverte.id.desc())
        .limit(50)
    )
    return [SessionVue(id=rang, ouverte_le=ouverte, vue_le=vue) for rang, ouverte, vue in session.execute(requete)]


def _ouvrir(session: Session, compte_id: int, instant: datetime) -> str:
    compte = session.get_one(Compte, compte_id)
    jeton = secrets.token_urlsafe(32)
    ouverte = SessionOuverte(
        empreinte=empreinte(jeton),
        compte_id=compte_id,
        investigation_id=_investigation_de_depart(session, compte),
        ouverte_le=instant,
        vue_le=instant,
        expire_le=instant + DUREE_ABSOLUE,
    )
    session.add(ouverte)
    return jeton


def _investigation_de_depart(session: Session, compte: Compte) -> int | None:
    """Celle de la dernière session, si elle est toujours permise ; sinon la plus récente des permises."""
    derniere = select(SessionOuverte.investigation_id).where(SessionOuverte.compte_id == compte.id)
    precedente = session.scalar(derniere.order_by(SessionOuverte.id.desc()).limit(1))
    permises = session.execute(_ouvrables(compte.id, compte.role).order_by(Investigation.id.desc())).all()
    identifiants = [ligne.id for ligne in permises]
    return precedente if precedente in identifiants else next(iter(identifiants), None)


def _ouvrables(compte_id: int, role: Role) -> Select[int, str]:
    requete = select(Investigation.id, Investigation.nom).where(Investigation.archive_le.is_(None))
    if role is Role.DEMONSTRATION:
        requete = requete.where(Investigation.fictive.is_(True))
    if role is Role.ADMINISTRATEUR:
        return requete
    habilitation = (Habilitation.compte_id == compte_id) & (Habilitation.investigation_id == Investigation.id)
    return requete.where(exists().where(habilitation))


def _revoquer(instant: datetime) -> Any:
    return update(SessionOuverte).values(revoquee_le=instant).execution_options(synchronize_session=False)


def _noter(session: Session, action: ActionJournal, compte_id: int) -> None:
    session.add(LigneJournal(action=action, objet="comptes", objet_id=str(compte_id), compte_id=compte_id))
