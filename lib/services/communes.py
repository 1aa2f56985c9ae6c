"""Choisir une commune par son nom ou son code : communes et arrondissements municipaux officiels."""

from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import Territoire
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import enumeration, guillemets
from lib.domain.vocabulaire import NiveauTerritoire
from lib.echanges.referentiels import lire_communes_anciennes, nom_recherche
from lib.services.referentiels import territoires_presents

NIVEAUX = (NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)
LONGUEUR_MINIMALE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneTrouvee:
    """Une commune et le département qui la distingue de ses homonymes."""

    code: str
    nom: str
    departement: str


def chercher_communes(session: Session, *, texte: str, limite: int = 6) -> tuple[CommuneTrouvee, ...]:
    """Communes dont le nom ou le code INSEE commence par le texte, les noms exacts d'abord, puis les plus courts.

    Le code d'une commune fusionnée trouve celle qui l'a reprise.
    """
    recherche = nom_recherche(texte)
    code = recherche.upper()
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
                Territoire.code == lire_communes_anciennes().get(code, code),
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


def verifier_commune(session: Session, *, code: str | None) -> None:
    """Refuse un code qui n'est pas celui d'une commune d'aujourd'hui. Lève DonneeInvalide (`commune_code`).

    Sans référentiel en base, rien ne se vérifie : tout code passe.
    """
    if not code:
        return
    niveaux = set(session.scalars(select(Territoire.niveau).where(Territoire.code == code)))
    if niveaux.isdisjoint(NIVEAUX) and territoires_presents(session):
        raise DonneeInvalide(_dire_la_faute(session, code, niveaux), champ="commune_code")


def _dire_la_faute(session: Session, code: str, niveaux: set[NiveauTerritoire]) -> str:
    if niveaux:
        autres = enumeration(sorted(f"un code de niveau {guillemets(niveau.libelle.lower())}" for niveau in niveaux))
        return f"{guillemets(code)} est {autres}, pas celui d'une commune : cherchez la commune par son nom."
    actuelle = lire_communes_anciennes().get(code)
    if actuelle:
        nom = nommer_commune(session, code=actuelle) or "une autre commune"
        return f"La commune {code} a fusionné ou changé de code : c'est aujourd'hui {nom} ({actuelle}). Choisissez-la."
    return f"Aucune commune ne porte le code {guillemets(code)} : cherchez-la par son nom."
