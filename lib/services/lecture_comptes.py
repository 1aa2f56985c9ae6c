"""Ce que l'administration lit des comptes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lib.db.modeles import Compte, Habilitation, Investigation, SessionOuverte, Terrain
from lib.domain.droits import Perimetre, exiger, peut_administrer
from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import Role
from lib.services.comptes import Ouverture
from lib.services.transaction import Lecteur

PAR_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteLu:
    """Un compte dans la liste. version : celle à rendre à `modifier_compte`."""

    id: int
    identifiant: str
    nom: str
    role: Role
    actif: bool
    demonstration: bool
    provisoire: bool
    version: int
    derniere_connexion: datetime | None
    ouvertures: frozenset[Ouverture] = frozenset()


def compter_comptes(session: Lecteur, perimetre: Perimetre) -> int:
    """Nombre de comptes, fermés compris."""
    exiger(peut_administrer, perimetre)
    return session.scalar(select(func.count()).select_from(Compte)) or 0


def lister_comptes(session: Lecteur, perimetre: Perimetre, *, page: int = 1) -> list[CompteLu]:
    """Une page de comptes, dans l'ordre des identifiants. page : à partir de 1."""
    exiger(peut_administrer, perimetre)
    requete = _requete().order_by(Compte.identifiant).limit(PAR_PAGE).offset((page - 1) * PAR_PAGE)
    return _lire(session, session.execute(requete).all())


def lire_compte(session: Lecteur, perimetre: Perimetre, *, compte_id: int) -> CompteLu:
    """Un compte. Lève Introuvable."""
    exiger(peut_administrer, perimetre)
    lus = _lire(session, session.execute(_requete().where(Compte.id == compte_id)).all())
    if not lus:
        raise Introuvable("Ce compte n'existe pas.")
    return lus[0]


def ouvertures_possibles(session: Lecteur, perimetre: Perimetre) -> dict[Ouverture, str]:
    """Tout ce qu'un compte peut ouvrir : chaque investigation entière, puis chacun de ses terrains."""
    exiger(peut_administrer, perimetre)
    requete = (
        select(Investigation.id, Investigation.nom, Terrain.id.label("terrain_id"), Terrain.nom.label("terrain"))
        .outerjoin(Terrain, Terrain.investigation_id == Investigation.id)
        .order_by(Investigation.nom, Investigation.id, Terrain.ordre, Terrain.id)
    )
    possibles: dict[Ouverture, str] = {}
    for ligne in session.execute(requete):
        possibles[ligne.id, None] = f"{ligne.nom} – tous les terrains"
        if ligne.terrain_id is not None:
            possibles[ligne.id, ligne.terrain_id] = f"{ligne.nom} – {ligne.terrain}"
    return possibles


def noms_des_comptes(session: Lecteur, perimetre: Perimetre) -> dict[int, str]:
    """Identifiant interne → nom affiché, pour filtrer le journal."""
    exiger(peut_administrer, perimetre)
    lignes = session.execute(select(Compte.id, Compte.nom_affiche).order_by(Compte.nom_affiche)).all()
    return {ligne.id: ligne.nom_affiche for ligne in lignes}


def _requete() -> Any:
    derniere = (
        select(func.max(SessionOuverte.ouverte_le)).where(SessionOuverte.compte_id == Compte.id).scalar_subquery()
    )
    return select(
        Compte.id,
        Compte.identifiant,
        Compte.nom_affiche.label("nom"),
        Compte.role,
        Compte.actif,
        Compte.demonstration,
        Compte.mot_de_passe_provisoire.label("provisoire"),
        Compte.version,
        derniere.label("derniere_connexion"),
    )


def _lire(session: Lecteur, lignes: Sequence[Any]) -> list[CompteLu]:
    brutes = [ligne._asdict() for ligne in lignes]
    ouvertures = _ouvertures(session, [brute["id"] for brute in brutes])
    return [CompteLu(**brute, ouvertures=frozenset(ouvertures[brute["id"]])) for brute in brutes]


def _ouvertures(session: Lecteur, comptes: list[int]) -> dict[int, set[Ouverture]]:
    requete = select(Habilitation.compte_id, Habilitation.investigation_id, Habilitation.terrain_id)
    trouvees: dict[int, set[Ouverture]] = defaultdict(set)
    for compte_id, investigation_id, terrain_id in session.execute(requete.where(Habilitation.compte_id.in_(comptes))):
        trouvees[compte_id].add((investigation_id, terrain_id))
    return trouvees
