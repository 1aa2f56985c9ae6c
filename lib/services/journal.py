"""Le journal, tel que l'administration le lit : qui, quand, quoi, avant, après, pourquoi."""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Enum, Select, func, select

from lib.db.base import Base
from lib.db.modeles import Compte, Investigation, LigneJournal
from lib.domain.droits import Perimetre, exiger, peut_administrer, peut_consigner
from lib.domain.formats import date_et_heure, date_longue, guillemets
from lib.domain.horloge import FUSEAU, a_paris
from lib.domain.libelles_journal import CHAMPS_TUS, libelle_champ, libelle_objet
from lib.domain.vocabulaire import ActionJournal, Vocabulaire
from lib.services.transaction import Lecteur

PAR_PAGE = 50
# Compter au-delà coûterait plus que cela n'apprend : on resserre plutôt la recherche.
LIGNES_MAXIMUM = 5_000
LONGUEUR_VALEUR = 160
VIDE = "vide"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteresJournal:
    """Ce que l'on cherche ; None ne filtre pas. Les deux jours sont compris, à l'heure de Paris."""

    objet: str | None = None
    action: ActionJournal | None = None
    compte_id: int | None = None
    depuis: date | None = None
    jusqu_a: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneLue:
    """Une ligne du journal, déjà écrite en français."""

    id: int
    quand: datetime
    qui: str
    action: ActionJournal
    objet: str
    investigation: str
    changements: tuple[str, ...]
    motif: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJournal:
    """Une page, la plus récente d'abord. `borne` : il y a plus de lignes que l'on n'en compte."""

    lignes: tuple[LigneLue, ...]
    total: int
    pages: int
    borne: bool


def lire_journal(session: Lecteur, perimetre: Perimetre, *, criteres: CriteresJournal, page: int = 1) -> PageJournal:
    """Une page de cinquante lignes. page : à partir de 1."""
    exiger(peut_administrer, perimetre)
    conditions = _conditions(criteres)
    total = _compter(session, conditions)
    lignes = session.execute(_lignes(conditions).limit(PAR_PAGE).offset((page - 1) * PAR_PAGE))
    return PageJournal(
        lignes=tuple(_lire(ligne) for ligne in lignes),
        total=min(total, LIGNES_MAXIMUM),
        pages=max(1, math.ceil(min(total, LIGNES_MAXIMUM) / PAR_PAGE)),
        borne=total > LIGNES_MAXIMUM,
    )


def lire_histoire(session: Lecteur, perimetre: Perimetre, *, objet: str, objet_id: int) -> tuple[LigneLue, ...]:
    """Les cinquante derniers changements d'une ligne de l'investigation ; pour l'équipe seulement."""
    exiger(peut_consigner, perimetre)
    conditions = [
        LigneJournal.objet == objet,
        LigneJournal.objet_id == str(objet_id),
        LigneJournal.investigation_id == perimetre.investigation_id,
    ]
    return tuple(_lire(ligne) for ligne in session.execute(_lignes(conditions).limit(PAR_PAGE)))


def _lignes(conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Les lignes qui répondent, la plus récente d'abord."""
    return (
        select(
            LigneJournal.id,
            LigneJournal.survenu_le,
            Compte.nom_affiche,
            LigneJournal.action,
            LigneJournal.objet,
            LigneJournal.objet_id,
            Investigation.nom.label("investigation"),
            LigneJournal.avant,
            LigneJournal.apres,
            LigneJournal.motif,
        )
        .outerjoin(Compte, Compte.id == LigneJournal.compte_id)
        .outerjoin(Investigation, Investigation.id == LigneJournal.investigation_id)
        .where(*conditions)
        .order_by(LigneJournal.id.desc())
    )


def _conditions(criteres: CriteresJournal) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteres.objet:
        conditions.append(LigneJournal.objet == criteres.objet)
    if criteres.action:
        conditions.append(LigneJournal.action == criteres.action)
    if criteres.compte_id is not None:
        conditions.append(LigneJournal.compte_id == criteres.compte_id)
    if criteres.depuis:
        conditions.append(LigneJournal.survenu_le >= _minuit(criteres.depuis))
    if criteres.jusqu_a:
        conditions.append(LigneJournal.survenu_le < _minuit(criteres.jusqu_a + timedelta(days=1)))
    return conditions


def _minuit(jour: date) -> datetime:
    return datetime.combine(jour, time(), FUSEAU)


def _compter(session: Lecteur, conditions: list[ColumnElement[bool]]) -> int:
    bornees = select(LigneJournal.id).where(*conditions).limit(LIGNES_MAXIMUM + 1).subquery()
    return session.scalar(select(func.count()).select_from(bornees)) or 0


def _lire(ligne: Any) -> LigneLue:
    numero = f" n° {ligne.objet_id}" if ligne.objet_id else ""
    return LigneLue(
        id=ligne.id,
        quand=a_paris(ligne.survenu_le),
        qui=ligne.nom_affiche or _sans_compte(ligne.action),
        action=ligne.action,
        objet=f"{libelle_objet(ligne.objet)}{numero}",
        investigation=ligne.investigation or "",
        changements=_changements(ligne.objet, ligne.avant or {}, ligne.apres or {}),
        motif=ligne.motif,
    )


def _sans_compte(action: ActionJournal) -> str:
    return "Personne non identifiée" if action is ActionJournal.ECHEC_CONNEXION else "Exploitation"


def _changements(objet: str, avant: dict[str, Any], apres: dict[str, Any]) -> tuple[str, ...]:
    champs = [champ for champ in {**avant, **apres} if champ not in CHAMPS_TUS]
    phrases = (_changement(objet, champ, avant, apres) for champ in champs)
    return tuple(phrase for phrase in phrases if phrase)


def _changement(objet: str, champ: str, avant: dict[str, Any], apres: dict[str, Any]) -> str:
    """« Nom : « avant » → « après » » ; une création ne dit que ce qui a été rempli."""
    vocabulaire = _vocabulaire(objet, champ)
    textes = [_valeur(lot[champ], vocabulaire) for lot in (avant, apres) if champ in lot]
    if len(textes) == 1 and textes[0] == VIDE:
        return ""
    return f"{libelle_champ(champ)} : {' → '.join(textes)}"


def _vocabulaire(objet: str, champ: str) -> type[Vocabulaire] | None:
    table = Base.metadata.tables.get(objet)
    colonne = table.columns.get(champ) if table is not None else None
    classe = colonne.type.enum_class if colonne is not None and isinstance(colonne.type, Enum) else None
    return classe if classe is not None and issubclass(classe, Vocabulaire) else None


def _valeur(valeur: Any, vocabulaire: type[Vocabulaire] | None) -> str:
    if valeur is None or valeur == "":
        return VIDE
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if vocabulaire is not None and valeur in list(vocabulaire):
        return vocabulaire(valeur).libelle
    return _texte(valeur) if isinstance(valeur, str) else str(valeur)


def _texte(valeur: str) -> str:
    if instant := _instant(valeur):
        return instant
    court = valeur if len(valeur) <= LONGUEUR_VALEUR else f"{valeur[:LONGUEUR_VALEUR]}…"
    return guillemets(" ".join(court.split()))


def _instant(valeur: str) -> str:
    """Une date ou un instant gardé par le journal (ISO 8601), écrit à la française ; chaîne vide sinon."""
    if not valeur[:4].isdigit() or len(valeur) < len("2026-11-23"):
        return ""
    try:
        lu = datetime.fromisoformat(valeur)
    except ValueError:
        return ""
    if len(valeur) == len("2026-11-23"):
        return date_longue(lu)
    return date_et_heure(a_paris(lu)) if lu.tzinfo else ""
