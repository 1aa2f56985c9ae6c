"""Le fil du journal : depuis la dernière lecture, quels partenariats, quels noms connus ont pu changer ?

Ce qui est gardé l'est par base et par investigation. Une lecture s'y fie si le journal qu'elle voit contient encore, à
l'identique, la dernière ligne suivie : une base remise en arrière ou une transaction annulée ne la contient plus, et
tout se relit. `docs/decisions/0015-partenariats-tenus-en-memoire.md` dit pourquoi cela suffit.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from lib.db.modeles import LigneJournal
from lib.domain.droits import Perimetre, peut_lire
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import ActionJournal

R = TypeVar("R")
ECRITURES = (
    ActionJournal.CREATION,
    ActionJournal.MODIFICATION,
    ActionJournal.SUPPRESSION,
    ActionJournal.CHARGEMENT,
)
"""Lignes écrites rang par rang, le verrou de la version tenu : aucune n'apparaît après une plus récente."""
REPRIS = ("partenariats", "formes_partenariat", "organisations", "entretiens")
"""Objets dont un changement fait relire les seuls partenariats qui en dépendent."""
REFAITS = ("terrains", "solutions_existantes", "investigations", "demonstration")
"""Objets rares dont un changement fait tout relire."""
NOMS = ("organisations", "interlocuteurs", "demonstration")
"""Objets qui portent les noms que l'on efface hors de l'équipe."""
SUIVIES = 2000
"""Lignes de journal suivies d'une lecture à l'autre ; au-delà, tout relire coûte moins."""
GARDES = 48
"""Comptes et vues gardés par investigation, les derniers lus."""
CLE = "fil_du_journal"


class Ligne(NamedTuple):
    """Une ligne du journal, assez pour la reconnaître et savoir ce qu'elle touche."""

    id: int
    survenu_le: Any
    objet: str
    objet_id: str | None


class Touche(NamedTuple):
    """Un objet changé, et le rang de la lecture qui l'a appris."""

    rang: int
    objet: str
    objet_id: int


@dataclass(slots=True)
class Fil:
    """Jusqu'où le journal d'une investigation est suivi. `rang` avance quand un partenariat a pu changer,
    `rang_des_noms` quand un nom connu a pu changer.

    complet_depuis : rang avant lequel on ne sait plus dire quels objets ont changé, et où l'on relit donc tout.
    """

    curseur: Ligne
    rang: int = 0
    rang_des_noms: int = 0
    complet_depuis: int = 0
    touches: list[Touche] = field(default_factory=list)
    gardes: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    verrou: Lock = field(default_factory=Lock)

    def avancer(self, session: Session, investigation_id: int) -> "Suite | None":
        """Le fil tel que cette lecture le voit ; `None` s'il est rompu pour elle."""
        with self.verrou:
            vues = _lire(session, investigation_id, self.curseur.id)
            if not vues or vues[0] != self.curseur or len(vues) > SUIVIES:
                return None
            self._suivre(vues[1:])
            return Suite(self, self.rang, self.rang_des_noms)

    def _suivre(self, lignes: Sequence[Ligne]) -> None:
        if not lignes:
            return
        self.curseur = lignes[-1]
        self.rang_des_noms += any(ligne.objet in NOMS for ligne in lignes)
        utiles = [ligne for ligne in lignes if ligne.objet in REPRIS or ligne.objet in REFAITS]
        if not utiles:
            return
        self.rang += 1
        reprises = [ligne for ligne in utiles if ligne.objet in REPRIS]
        if len(reprises) < len(utiles) or len(self.touches) + len(reprises) > SUIVIES:
            self.touches.clear()
            self.complet_depuis = self.rang
        else:
            self.touches += [Touche(self.rang, ligne.objet, _numero(ligne)) for ligne in reprises]

    def touches_depuis(self, rang: int, jusqu_a: int) -> list[Touche] | None:
        """Ce qui a changé après un rang, jusqu'à un autre compris ; `None` s'il faut tout relire."""
        with self.verrou:
            if rang < self.complet_depuis:
                return None
            return [touche for touche in self.touches if rang < touche.rang <= jusqu_a]

    def garde(self, cle: Hashable, faire: Callable[[], R]) -> R:
        """Ce qui est gardé sous cette clé, fait s'il manque ; le moins récemment lu s'en va."""
        with self.verrou:
            if cle not in self.gardes:
                self.gardes[cle] = faire()
                if len(self.gardes) > GARDES:
                    self.gardes.popitem(last=False)
            self.gardes.move_to_end(cle)
            return cast("R", self.gardes[cle])


class Suite(NamedTuple):
    """Le fil tel qu'une lecture le voit : à ces rangs et avant."""

    fil: Fil
    rang: int
    rang_des_noms: int


def suivre(session: Session, perimetre: Perimetre) -> Suite | None:
    """Le fil de l'investigation ouverte, suivi une fois par transaction ; `None` : cette lecture ne peut s'y fier.

    Une écriture en cours lit ses propres lignes, que personne d'autre ne verra si elle s'annule : elle s'en passe.
    """
    moteur, investigation_id = session.get_bind(), perimetre.investigation_id
    if investigation_id is None or not isinstance(moteur, Engine) or moteur.get_execution_options().get("ecriture"):
        return None
    vu, transaction = session.info.get(CLE), session.get_transaction()
    if vu is not None and transaction is not None and vu[:2] == (transaction, investigation_id):
        return cast("Suite", vu[2])
    suite = _reprendre(session, moteur, investigation_id)
    session.info[CLE] = (session.get_transaction(), investigation_id, suite)
    return suite


def garder(session: Session, perimetre: Perimetre, cle: Hashable, calculer: Callable[[], R]) -> R:
    """Le résultat d'un calcul qui ne lit que les partenariats et ce dont ils dépendent, refait quand ils changent.

    Il est partagé : en lecture seule.
    """
    suite = suivre(session, perimetre)
    if suite is None:
        return calculer()
    place = suite.fil.garde(("vue", sans_compte(perimetre), cle), _Place)
    return _a_jour(place, (suite.rang, aujourd_hui()), calculer)


def garder_des_noms(session: Session, perimetre: Perimetre, cle: Hashable, calculer: Callable[[], R]) -> R:
    """Le résultat d'un calcul qui ne lit que les noms connus de l'investigation, refait quand l'un change."""
    suite = suivre(session, perimetre)
    if suite is None:
        return calculer()
    return _a_jour(suite.fil.garde(("noms", cle), _Place), (suite.rang_des_noms,), calculer)


def _a_jour(place: "_Place", repere: tuple[Any, ...], calculer: Callable[[], R]) -> R:
    with place.verrou:
        if place.repere != repere:
            place.valeur = calculer()
            place.repere = repere
        return cast("R", place.valeur)


def sans_compte(perimetre: Perimetre) -> Hashable:
    """Ce qui décide de ce que l'on lit, sans dire qui lit."""
    return perimetre.role, perimetre.fictive, perimetre.restitue, perimetre.terrains


def lignes_visibles(perimetre: Perimetre) -> Hashable:
    """Ce qui décide des lignes que `visible` laisse voir : deux rôles qui voient les mêmes partagent leurs comptes."""
    return peut_lire(perimetre), perimetre.sans_archives, perimetre.terrains


@dataclass(slots=True)
class _Place:
    repere: tuple[Any, ...] = ()
    valeur: Any = None
    verrou: Lock = field(default_factory=Lock)


_FILS: "WeakKeyDictionary[Engine, dict[int, Fil]]" = WeakKeyDictionary()
_VERROU = Lock()


def _reprendre(session: Session, moteur: Engine, investigation_id: int) -> Suite | None:
    """Le fil connu s'il mène jusqu'à cette lecture ; sinon un neuf, qui part d'elle et ne sait encore rien."""
    with _VERROU:
        fils = _FILS.setdefault(moteur, {})
        fil = fils.get(investigation_id)
    suite = fil.avancer(session, investigation_id) if fil else None
    if suite is not None:
        return suite
    dernieres = _lire(session, investigation_id)
    if not dernieres:
        return None
    neuf = Fil(curseur=dernieres[-1])
    with _VERROU:
        fils[investigation_id] = neuf
    return Suite(neuf, neuf.rang, neuf.rang_des_noms)


def _lire(session: Session, investigation_id: int, depuis: int | None = None) -> list[Ligne]:
    """Les lignes d'écriture à partir d'une, elle comprise ; sans elle, la dernière."""
    requete = _DERNIERE if depuis is None else _SUIVANTES
    valeurs = {"investigation_id": investigation_id, "depuis": depuis or 0}
    return [Ligne._make(ligne) for ligne in session.execute(requete, valeurs)]


_ECRITES = select(LigneJournal.id, LigneJournal.survenu_le, LigneJournal.objet, LigneJournal.objet_id).where(
    LigneJournal.investigation_id == bindparam("investigation_id"), LigneJournal.action.in_(ECRITURES)
)
_SUIVANTES = _ECRITES.where(LigneJournal.id >= bindparam("depuis")).order_by(LigneJournal.id).limit(SUIVIES + 1)
_DERNIERE = _ECRITES.order_by(LigneJournal.id.desc()).limit(1)


def _numero(ligne: Ligne) -> int:
    """Le numéro de l'objet touché ; pour une forme, celui de son partenariat."""
    return int((ligne.objet_id or "0").split("/")[0])
