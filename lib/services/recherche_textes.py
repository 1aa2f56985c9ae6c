"""Chercher des mots dans les textes entiers des entretiens ; pour l'équipe seule."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.indexation import objets_qui_repondent, refaire_index
from lib.db.modeles import Entretien, Terrain, Texte
from lib.db.racines import racine
from lib.domain.droits import Perimetre, exiger, peut_lire_identites
from lib.domain.mots import NatureIndexee, Recherche, lire_recherche
from lib.domain.vocabulaire import NatureTexte
from lib.services.filtres_citations import FiltresCitations, conditions_d_entretien

PAR_PAGE = 10
EXTRAITS = 2
LONGUEUR_EXTRAIT = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class TexteTrouve:
    """Un texte qui répond, et les lignes qui portent le plus de ce qu'on cherche."""

    entretien_id: int
    code: str
    terrain: str
    tenu_le: date | None
    nature: NatureTexte
    extraits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTextes:
    """Dix textes au plus. total : combien répondent."""

    textes: tuple[TexteTrouve, ...] = ()
    total: int = 0
    page: int = 1

    @property
    def pages(self) -> int:
        """Nombre de pages, une au moins."""
        return max(1, -(-self.total // PAR_PAGE))


def chercher_textes(session: Session, perimetre: Perimetre, *, filtres: FiltresCitations, page: int = 1) -> PageTextes:
    """Une page de textes, les rencontres les plus récentes d'abord ; seuls jouent les filtres de l'entretien.

    Lève AccesRefuse hors de l'équipe : un texte entier n'en sort pas.
    """
    exiger(peut_lire_identites, perimetre)
    recherche = lire_recherche(filtres.texte)
    if recherche.vide:
        return PageTextes()
    investigation_id = perimetre.investigation_id
    repond = objets_qui_repondent(recherche, NatureIndexee.TEXTE, investigation_id, Texte.id)
    conditions = [Texte.investigation_id == investigation_id, *conditions_d_entretien(perimetre, filtres), *repond]
    total = session.scalar(select(func.count(Texte.id)).join(Entretien).where(*conditions)) or 0
    page = page if (page - 1) * PAR_PAGE < total else 1
    lignes = session.execute(
        select(Texte.contenu, Texte.nature, Entretien.id, Entretien.code, Entretien.tenu_le, Terrain.nom)
        .join(Entretien, Entretien.id == Texte.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .where(*conditions)
        .order_by(Entretien.tenu_le.desc(), Texte.id.desc())
        .limit(PAR_PAGE)
        .offset((page - 1) * PAR_PAGE)
    )
    return PageTextes(textes=tuple(_lire(ligne, recherche) for ligne in lignes), total=total, page=page)


def _lire(ligne: Any, recherche: Recherche) -> TexteTrouve:
    return TexteTrouve(
        entretien_id=ligne.id,
        code=ligne.code,
        terrain=ligne.nom,
        tenu_le=ligne.tenu_le,
        nature=ligne.nature,
        extraits=extraire(ligne.contenu, recherche),
    )


def extraire(contenu: str, recherche: Recherche) -> tuple[str, ...]:
    """Les lignes qui portent le plus de ce qu'on cherche, dans l'ordre du texte, chacune raccourcie autour."""
    notees = [(recherche.approche(ligne, racine), rang, ligne) for rang, ligne in enumerate(contenu.splitlines())]
    portent = sorted((note for note in notees if note[0]), key=lambda note: (-note[0], note[1]))[:EXTRAITS]
    return tuple(_raccourcir(ligne, recherche) for _, _, ligne in sorted(portent, key=lambda note: note[1]))


def _raccourcir(ligne: str, recherche: Recherche) -> str:
    if len(ligne) <= LONGUEUR_EXTRAIT:
        return ligne.strip()
    mots = ligne.split(" ")
    premier = next((rang for rang, mot in enumerate(mots) if recherche.approche(mot, racine)), 0)
    debut = len(" ".join(mots[: max(0, premier - 15)]))
    extrait = ligne[debut : debut + LONGUEUR_EXTRAIT].strip()
    return f"{'…' if debut else ''}{extrait}{'…' if debut + LONGUEUR_EXTRAIT < len(ligne) else ''}"


def refaire(session: Session, investigation_id: int) -> None:
    """Récrit l'index de recherche d'une investigation."""
    refaire_index(session, investigation_id)
