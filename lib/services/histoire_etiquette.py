"""L'histoire d'une étiquette : ce que le journal en dit, et ce qui s'y est fondu."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import Compte, Etiquette, FusionEtiquettes
from lib.db.perimetre import trouver
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.formats import guillemets
from lib.domain.horloge import a_paris
from lib.services.journal import lire_histoire


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Un moment de l'histoire d'une étiquette, à l'heure de Paris."""

    quand: datetime
    qui: str
    quoi: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versee:
    """Une étiquette fondue dans une autre, fusion que l'on peut encore défaire."""

    id: int
    nom: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoireEtiquette:
    """episodes : du plus récent au plus ancien. versees : ce qui s'est fondu en elle, à ce jour."""

    episodes: tuple[Episode, ...]
    versees: tuple[Versee, ...]


def lire_histoire_etiquette(session: Session, perimetre: Perimetre, *, etiquette_id: int) -> HistoireEtiquette:
    """Créations, changements et fusions d'une étiquette. Lève AccesRefuse hors de l'équipe, Introuvable."""
    exiger(peut_consigner, perimetre)
    trouver(session, Etiquette, etiquette_id, perimetre)
    lignes = lire_histoire(session, perimetre, objet="etiquettes", objet_id=etiquette_id)
    ecrits = [
        Episode(quand=ligne.quand, qui=ligne.qui, quoi=(ligne.action.libelle, *ligne.changements)) for ligne in lignes
    ]
    fusions = _fusions(session, etiquette_id)
    episodes = sorted([*ecrits, *fusions], key=lambda episode: episode.quand, reverse=True)
    return HistoireEtiquette(episodes=tuple(episodes), versees=_versees(session, etiquette_id))


def _fusions(session: Session, etiquette_id: int) -> list[Episode]:
    absorbee, gardee, auteur, retour = aliased(Etiquette), aliased(Etiquette), aliased(Compte), aliased(Compte)
    lignes = session.execute(
        select(
            FusionEtiquettes.cree_le,
            FusionEtiquettes.defaite_le,
            absorbee.nom.label("absorbee"),
            gardee.nom.label("gardee"),
            auteur.nom_affiche.label("auteur"),
            retour.nom_affiche.label("retour"),
        )
        .join(absorbee, absorbee.id == FusionEtiquettes.absorbee_id)
        .join(gardee, gardee.id == FusionEtiquettes.gardee_id)
        .outerjoin(auteur, auteur.id == FusionEtiquettes.cree_par)
        .outerjoin(retour, retour.id == FusionEtiquettes.defaite_par)
        .where(or_(FusionEtiquettes.absorbee_id == etiquette_id, FusionEtiquettes.gardee_id == etiquette_id))
    )
    episodes = []
    for ligne in lignes:
        dite = f"{guillemets(ligne.absorbee)} versée dans {guillemets(ligne.gardee)}"
        episodes.append(_episode(ligne.cree_le, ligne.auteur, f"Fusion : {dite}"))
        if ligne.defaite_le is not None:
            episodes.append(_episode(ligne.defaite_le, ligne.retour, f"Fusion défaite : {dite}"))
    return episodes


def _episode(quand: datetime, qui: str | None, quoi: str) -> Episode:
    return Episode(quand=a_paris(quand), qui=qui or "Exploitation", quoi=(quoi,))


def _versees(session: Session, etiquette_id: int) -> tuple[Versee, ...]:
    requete = select(Etiquette.id, Etiquette.nom, Etiquette.version).where(Etiquette.fusionnee_dans_id == etiquette_id)
    return tuple(Versee(id=id_, nom=nom, version=version) for id_, nom, version in session.execute(requete))
