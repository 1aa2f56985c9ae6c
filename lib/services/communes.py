"""Choisir une commune par son nom ou son code : communes et arrondissements municipaux officiels."""

from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import Territoire
from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import nom_recherche

NIVEAUX = (NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)
LONGUEUR_MINIMALE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneTrouvee:
    """Une commune et le département qui la distingue de ses homonymes."""

    code: str
    nom: str
    departement: str


def chercher_communes(session: Session, *, texte: str, limite: int = 6) -> tuple[CommuneTrouvee, ...]:
    """Communes dont le nom ou le code INSEE commence par le texte, les noms exacts d'abord, puis les plus courts."""
    recherche = nom_recherche(texte)
    if len(recherche) < LONGUEUR_MINIMALE:
        return ()
    departement = aliased(Territoire)
    requete = (
        select(Territoire.code, Territoire.nom, func.coalesce(departement.nom, "").label("departement"))
        .outerjoin(
            departement,
            (departement.niveau == NiveauTerritoire.DEPARTEMENT) & (departement.code == Territoire.departement_code),
        )
        .where(
            Territoire.niveau.in_(NIVEAUX),
            or_(
                Territoire.nom_recherche.startswith(recherche, autoescape=True),
                Territoire.code == recherche.upper(),
            ),
        )
        .order_by(
            case((Territoire.nom_recherche == recherche, 0), else_=1), func.length(Territoire.nom), Territoire.code
        )
        .limit(limite)
    )
    return tuple(CommuneTrouvee(**ligne._asdict()) for ligne in session.execute(requete))


def nommer_commune(session: Session, *, code: str) -> str | None:
    """Le nom d'une commune par son code INSEE ; None si le référentiel ne la connaît pas."""
    requete = select(Territoire.nom).where(Territoire.niveau.in_(NIVEAUX), Territoire.code == code)
    return session.scalar(requete)
