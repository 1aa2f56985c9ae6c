"""La relecture des indicateurs : un fil par indicateur, où l'on demande, répond, valide, et appelle quelqu'un."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import Compte, Habilitation, MentionRelecture, MessageRelecture
from lib.db.verrou import attendre_son_tour
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs, peut_relire, peut_valider
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide
from lib.domain.formats import enumeration, guillemets
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.relecture import EtatRelecture, mentions
from lib.domain.vocabulaire import Role
from lib.services.indicateurs import lire_indicateurs
from lib.services.textes_partages import Partages, nettoyer, partager

FIL_CHANGE = "Quelqu'un d'autre vient d'écrire sur cet indicateur : relisez le fil. Votre message est gardé."
CHIFFRE_CHANGE = "Ce chiffre a changé pendant que vous le lisiez : relisez-le. Votre message est gardé."
LONGUEUR = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLu:
    """Un message du fil : qui l'a écrit et à quel titre, sur quel chiffre, avec quel état."""

    rang: int
    etat: EtatRelecture
    texte: str
    chiffre_vu: str
    auteur: str
    role: Role | None
    ecrit_le: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relecture:
    """Où en est la relecture. derniers : le dernier message de chaque indicateur. fil : tous ceux du choisi.

    attendus : les indicateurs où la personne est appelée et n'a pas encore répondu.
    """

    derniers: Mapping[str, MessageLu] = field(default_factory=dict)
    fil: tuple[MessageLu, ...] = ()
    attendus: tuple[str, ...] = ()

    def etat(self, code: str, resume: str) -> EtatRelecture:
        """Où en est un indicateur dont le chiffre se lit `resume` : à relire s'il a changé depuis qu'il fut validé."""
        dernier = self.derniers.get(code)
        if dernier is None or self.depasse(code, resume):
            return EtatRelecture.A_RELIRE
        return dernier.etat

    def depasse(self, code: str, resume: str) -> bool:
        """Vrai si l'indicateur a été validé sur un autre chiffre que celui qui se lit aujourd'hui."""
        dernier = self.derniers.get(code)
        return dernier is not None and dernier.etat is EtatRelecture.VALIDE and dernier.chiffre_vu != resume

    def rang(self, code: str) -> int:
        """Rang du dernier message d'un fil ; zéro s'il est vide."""
        dernier = self.derniers.get(code)
        return dernier.rang if dernier else 0


def lire_relecture(session: Session, perimetre: Perimetre, *, indicateur: CodeIndicateur, pour: int) -> Relecture:
    """Le dernier message de chaque indicateur, le fil de celui-ci, et où `pour` (un compte) est attendu.

    Une requête, et une de plus hors de l'équipe : un nom appris depuis s'efface à la lecture. Vide en visite, et
    pour qui n'ouvre que certains terrains. Lève AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    if not peut_relire(perimetre):
        return Relecture()
    lignes = session.execute(_requete(perimetre, indicateur, pour)).all()
    lus = partager(session, perimetre, {ligne.texte for ligne in lignes})
    messages = [(ligne.indicateur, _message(ligne, lus)) for ligne in lignes]
    return Relecture(
        derniers=dict(messages),
        fil=tuple(message for code, message in messages if code == indicateur),
        attendus=tuple(dict.fromkeys(ligne.indicateur for ligne in lignes if ligne.attendu)),
    )


def ecrire_message(
    session: Session,
    perimetre: Perimetre,
    *,
    indicateur: CodeIndicateur,
    etat: EtatRelecture,
    texte: str,
    chiffre: str,
    rang: int,
) -> None:
    """Ajoute un message au fil. chiffre, rang : ce que la personne a sous les yeux (résumé, dernier message).

    Les noms connus s'effacent du texte à l'enregistrement ; « @identifiant » appelle quelqu'un de l'investigation.
    Lève AccesRefuse ; DonneeInvalide (question sans texte, personne inconnue) ; Conflit si le fil ou le chiffre ont
    changé entre-temps, et alors rien n'est écrit.
    """
    exiger(peut_relire, perimetre)
    if etat is EtatRelecture.VALIDE and not peut_valider(perimetre):
        raise AccesRefuse("Valider revient à la relecture : l'équipe répond, elle ne valide pas ce qu'elle a produit.")
    if len(texte) > LONGUEUR:
        raise DonneeInvalide(f"Un message compte {LONGUEUR} signes au plus.", champ="texte")
    appeles = _appeles(session, perimetre, texte)
    ecrit = nettoyer(session, perimetre, texte, champ="texte")
    if not ecrit and etat is not EtatRelecture.VALIDE:
        raise DonneeInvalide("Écrivez ce que vous demandez ou répondez.", champ="texte")
    attendre_son_tour(session, f"relecture-{perimetre.investigation_id}-{indicateur.value}")
    _verifier(session, perimetre, indicateur, chiffre, rang)
    message = MessageRelecture(
        investigation_id=perimetre.investigation_id,
        indicateur=indicateur.value,
        rang=rang + 1,
        etat=etat,
        texte=ecrit,
        chiffre_vu=chiffre,
        cree_par=perimetre.auteur_id,
    )
    session.add(message)
    session.flush()
    numeros = {"message_id": message.id, "investigation_id": message.investigation_id}
    session.add_all(MentionRelecture(compte_id=compte_id, **numeros) for compte_id in appeles)
    session.flush()


def _verifier(session: Session, perimetre: Perimetre, indicateur: CodeIndicateur, chiffre: str, rang: int) -> None:
    dernier = session.scalar(
        select(func.max(MessageRelecture.rang)).where(
            MessageRelecture.investigation_id == perimetre.investigation_id,
            MessageRelecture.indicateur == indicateur.value,
        )
    )
    if (dernier or 0) != rang:
        raise Conflit(FIL_CHANGE)
    actuel = next(lu.resume for lu in lire_indicateurs(session, perimetre).tous if lu.code is indicateur)
    if actuel != chiffre:
        raise Conflit(CHIFFRE_CHANGE)


def _appeles(session: Session, perimetre: Perimetre, texte: str) -> list[int]:
    """Comptes appelés ; seuls se voient ceux qui ouvrent l'investigation. Lève DonneeInvalide pour tout autre."""
    if "@" not in texte:
        return []
    ouvre = exists().where(
        Habilitation.compte_id == Compte.id, Habilitation.investigation_id == perimetre.investigation_id
    )
    lignes = session.execute(
        select(Compte.identifiant, Compte.id).where(
            Compte.actif, ouvre, Compte.role.in_((Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR))
        )
    )
    comptes: dict[str, int] = {ligne.identifiant: ligne.id for ligne in lignes}
    trouves, perdus = mentions(texte, comptes.keys())
    if perdus:
        noms = enumeration(guillemets(f"@{nom}") for nom in perdus)
        raise DonneeInvalide(f"{noms} ne désigne personne qui ouvre cette investigation.", champ="texte")
    return [comptes[nom] for nom in trouves]


# --- Lire -------------------------------------------------------------------------------------------------------


def _requete(perimetre: Perimetre, indicateur: CodeIndicateur, pour: int) -> Select[*tuple[Any, ...]]:
    suivant = aliased(MessageRelecture)
    dernier = ~exists().where(
        suivant.investigation_id == MessageRelecture.investigation_id,
        suivant.indicateur == MessageRelecture.indicateur,
        suivant.rang > MessageRelecture.rang,
    )
    return (
        select(
            *(MessageRelecture.indicateur, MessageRelecture.rang, MessageRelecture.etat, MessageRelecture.texte),
            *(MessageRelecture.chiffre_vu, MessageRelecture.cree_le, Compte.nom_affiche, Compte.role),
            _attendu(pour).label("attendu"),
        )
        .outerjoin(Compte, Compte.id == MessageRelecture.cree_par)
        .where(
            MessageRelecture.investigation_id == perimetre.investigation_id,
            or_(dernier, MessageRelecture.indicateur == indicateur.value),
        )
        .order_by(MessageRelecture.indicateur, MessageRelecture.rang)
    )


def _attendu(pour: int) -> ColumnElement[bool]:
    """La personne est appelée dans ce fil, et n'y a rien écrit depuis."""
    appel, reponse = aliased(MessageRelecture), aliased(MessageRelecture)
    meme_fil = and_(
        appel.investigation_id == MessageRelecture.investigation_id,
        appel.indicateur == MessageRelecture.indicateur,
    )
    a_repondu = exists().where(
        reponse.investigation_id == appel.investigation_id,
        reponse.indicateur == appel.indicateur,
        reponse.cree_par == pour,
        reponse.rang > appel.rang,
    )
    return exists().where(
        MentionRelecture.compte_id == pour, MentionRelecture.message_id == appel.id, meme_fil, ~a_repondu
    )


def _message(ligne: Row[Any], lus: Partages) -> MessageLu:
    return MessageLu(
        rang=ligne.rang,
        etat=ligne.etat,
        texte=lus[ligne.texte],
        chiffre_vu=ligne.chiffre_vu,
        auteur=ligne.nom_affiche or "Exploitation",
        role=ligne.role,
        ecrit_le=ligne.cree_le,
    )
