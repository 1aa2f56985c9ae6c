"""Saisies en cours, gardées au fil de la frappe : hors journal, sans effet sur les vues, propres à une personne."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Brouillon
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit
from lib.services.transaction import Lecteur

AILLEURS = "Cette saisie a continué dans un autre onglet ou sur un autre poste : rien n'y a été écrasé."


@dataclass(frozen=True, slots=True, kw_only=True)
class BrouillonLu:
    """Une saisie en cours et l'instant de son dernier enregistrement."""

    cle: str
    contenu: dict[str, Any]
    modifie_le: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BrouillonEnCours:
    """Une saisie en cours, sans son contenu."""

    cle: str
    modifie_le: datetime


def lire(session: Session, perimetre: Perimetre, *, formulaire: str, cle: str = "") -> BrouillonLu | None:
    """La saisie en cours de cette personne pour ce formulaire, ou None."""
    exiger(peut_consigner, perimetre)
    requete = select(Brouillon.cle, Brouillon.contenu, Brouillon.modifie_le)
    ligne = session.execute(requete.where(*_la_ligne(perimetre, formulaire, cle))).one_or_none()
    return BrouillonLu(cle=ligne.cle, contenu=ligne.contenu, modifie_le=ligne.modifie_le) if ligne else None


def lire_ensemble(
    session: Session, perimetre: Perimetre, *, formulaires: tuple[str, ...], cle: str = ""
) -> dict[str, BrouillonLu]:
    """Les saisies de cette personne pour plusieurs formulaires et une même clé, par formulaire."""
    exiger(peut_consigner, perimetre)
    requete = select(Brouillon.formulaire, Brouillon.cle, Brouillon.contenu, Brouillon.modifie_le).where(
        Brouillon.compte_id == perimetre.compte_id,
        Brouillon.investigation_id == perimetre.investigation_id,
        Brouillon.formulaire.in_(formulaires),
        Brouillon.cle == cle,
    )
    return {
        ligne.formulaire: BrouillonLu(cle=ligne.cle, contenu=ligne.contenu, modifie_le=ligne.modifie_le)
        for ligne in session.execute(requete)
    }


# Construite une fois, sur la table : lue à chaque affichage de la liste, elle coûterait le double par l'ORM.
_B = Brouillon.__table__.c
_LISTE = (
    select(_B.cle, _B.modifie_le)
    .where(
        _B.compte_id == bindparam("compte_id"),
        _B.investigation_id == bindparam("investigation_id"),
        _B.formulaire == bindparam("formulaire"),
    )
    .order_by(_B.modifie_le.desc())
)


def lister(session: Lecteur, perimetre: Perimetre, *, formulaire: str) -> tuple[BrouillonEnCours, ...]:
    """Les saisies en cours de cette personne pour un formulaire, la plus récente d'abord."""
    exiger(peut_consigner, perimetre)
    qui = {"compte_id": perimetre.compte_id, "investigation_id": perimetre.investigation_id, "formulaire": formulaire}
    return tuple(BrouillonEnCours(cle=cle, modifie_le=instant) for cle, instant in session.execute(_LISTE, qui))


def ecrire(
    session: Session,
    perimetre: Perimetre,
    *,
    formulaire: str,
    cle: str = "",
    contenu: dict[str, Any],
    attendu: datetime | None,
) -> datetime:
    """Garde la saisie et rend l'instant de cet enregistrement.

    attendu : l'instant que l'on croit en base (None : aucune saisie). S'il a changé, un autre onglet a écrit :
    lève Conflit et n'écrase rien.
    """
    exiger(peut_consigner, perimetre)
    instant = maintenant()
    if attendu is None:
        _creer(session, perimetre, formulaire, cle, contenu, instant)
    else:
        _remplacer(session, perimetre, formulaire, cle, contenu, instant, attendu)
    return instant


def effacer(session: Session, perimetre: Perimetre, *, formulaire: str, cle: str = "") -> None:
    """Efface la saisie en cours, s'il y en a une."""
    exiger(peut_consigner, perimetre)
    session.execute(delete(Brouillon).where(*_la_ligne(perimetre, formulaire, cle)))


def _creer(
    session: Session, perimetre: Perimetre, formulaire: str, cle: str, contenu: dict[str, Any], instant: datetime
) -> None:
    if session.scalar(select(Brouillon.id).where(*_la_ligne(perimetre, formulaire, cle))) is not None:
        raise Conflit(AILLEURS)
    ligne = {
        "compte_id": perimetre.compte_id,
        "investigation_id": perimetre.investigation_id,
        "formulaire": formulaire,
        "cle": cle,
        "contenu": contenu,
        "modifie_le": instant,
    }
    session.execute(insert(Brouillon), ligne)


def _remplacer(
    session: Session,
    perimetre: Perimetre,
    formulaire: str,
    cle: str,
    contenu: dict[str, Any],
    instant: datetime,
    attendu: datetime,
) -> None:
    ordre = (
        update(Brouillon)
        .where(*_la_ligne(perimetre, formulaire, cle), Brouillon.modifie_le == attendu)
        .values(contenu=contenu, modifie_le=instant)
        .execution_options(synchronize_session=False)
    )
    if session.connection().execute(ordre).rowcount == 0:
        raise Conflit(AILLEURS)


def _la_ligne(perimetre: Perimetre, formulaire: str, cle: str) -> tuple[ColumnElement[bool], ...]:
    return (*_les_miens(perimetre, formulaire), Brouillon.cle == cle)


def _les_miens(perimetre: Perimetre, formulaire: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Brouillon.compte_id == perimetre.compte_id,
        Brouillon.investigation_id == perimetre.investigation_id,
        Brouillon.formulaire == formulaire,
    )
