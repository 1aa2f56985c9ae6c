"""Des partenariats comptés par ce qui les distingue, sans relire ceux qui n'ont pas changé.

La règle reste celle de la requête, en SQL : la mémoire ne garde que la ligne qu'elle a rendue pour chaque partenariat,
en deux tableaux compacts, et redemande à la même requête les seuls partenariats touchés depuis.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from lib.db.modeles import Partenariat
from lib.domain.droits import Perimetre
from lib.services.memoire.fil import Suite, Touche, lignes_visibles, suivre

if TYPE_CHECKING:
    import numpy as np

R = TypeVar("R")
Requete = Select[*tuple[Any, ...]]
Comptees = Iterable[tuple[tuple[Any, ...], int]]
"""(ce qui distingue, combien de partenariats)."""
LOT = 500
LIGNES_MORTES = 1000
"""Lignes que plus aucun partenariat ne porte, au-delà desquelles on repart de zéro."""


def tenir_comptes(
    session: Session,
    perimetre: Perimetre,
    detail: Callable[[], Requete],
    cle: Hashable,
    lire: Callable[[Comptees], R],
) -> R:
    """`lire` appliqué aux lignes de `detail`, comptées ; son résultat est gardé et partagé : en lecture seule.

    detail : fait la requête, qui rend au plus une ligne par partenariat, sans ordre ni limite, et ne dépend que des
    objets suivis par le fil.
    cle : tout ce qui fait cette requête, périmètre mis à part.
    """
    suite = suivre(session, perimetre)
    if suite is None:
        return lire(grouper(session, detail()))
    etat = suite.fil.garde(("comptes", lignes_visibles(perimetre), cle), Etat)
    with etat.verrou:
        etat.rejoindre(session, detail, suite)
        if etat.lu is None:
            etat.lu = (lire(etat.comptees()),)
        return cast("R", etat.lu[0])


def grouper(session: Session, detail: Requete) -> Comptees:
    """Les mêmes lignes comptées par la base, sans rien garder."""
    lignes = detail.subquery()
    groupes = select(*lignes.c, func.count()).group_by(*lignes.c)
    return ((tuple(ligne[:-1]), ligne[-1]) for ligne in session.execute(groupes))


@dataclass(slots=True)
class Etat:
    """Les partenariats d'une requête : leurs numéros, et le rang de la ligne de chacun dans `lignes`.

    reprise : la même requête, pour les seuls partenariats touchés ; écrite une fois, la bâtir coûte plus que la lire.
    """

    rang: int = -1
    numeros: Any = None
    codes: Any = None
    lignes: dict[tuple[Any, ...], int] = field(default_factory=dict)
    lu: tuple[Any] | None = None
    reprise: Any = None
    verrou: Lock = field(default_factory=Lock)

    def rejoindre(self, session: Session, detail: Callable[[], Requete], suite: Suite) -> None:
        """Relit ce qui a changé jusqu'au rang de cette lecture ; rien si une autre l'a déjà fait."""
        if self.numeros is not None and self.rang >= suite.rang:
            return
        touches = None if self.numeros is None else suite.fil.touches_depuis(self.rang, suite.rang)
        if touches is None or len(self.lignes) > len(self.numeros) + LIGNES_MORTES:
            self._tout_relire(session, detail)
        elif touches:
            self._reprendre(session, tuple(touches))
        self.rang = suite.rang

    def comptees(self) -> Comptees:
        """Les lignes et leur nombre."""
        import numpy as np

        effectifs = np.bincount(self.codes, minlength=len(self.lignes)).tolist() if self.lignes else []
        return ((ligne, n) for ligne, n in zip(self.lignes, effectifs, strict=True) if n)

    def _tout_relire(self, session: Session, detail: Callable[[], Requete]) -> None:
        self.numeros, self.lignes, self.lu = None, {}, None  # une lecture interrompue ne laisse rien à reprendre
        entiere = detail().add_columns(Partenariat.id)
        self.reprise = entiere.where(Partenariat.id.in_(bindparam("numeros_touches", expanding=True)))
        self.numeros, self.codes = self._coder(session.execute(entiere))

    def _reprendre(self, session: Session, touches: tuple[Touche, ...]) -> None:
        import numpy as np

        numeros = _numeros(session, touches)
        gardes = ~np.isin(self.numeros, numeros)
        parts = [(self.numeros[gardes], self.codes[gardes])]
        for debut in range(0, len(numeros), LOT):
            lot = {"numeros_touches": numeros[debut : debut + LOT]}
            parts.append(self._coder(session.execute(self.reprise, lot)))
        self.numeros, self.codes = (np.concatenate(colonnes) for colonnes in zip(*parts, strict=True))
        self.lu = None

    def _coder(self, rangees: Iterable[Any]) -> "tuple[np.ndarray, np.ndarray]":
        import numpy as np

        numeros, codes, lignes = [], [], self.lignes
        for *ligne, numero in rangees:
            numeros.append(numero)
            codes.append(lignes.setdefault(tuple(ligne), len(lignes)))
        return np.array(numeros, dtype=np.int64), np.array(codes, dtype=np.int32)


def _numeros(session: Session, touches: tuple[Touche, ...]) -> list[int]:
    """Les partenariats touchés, lus une fois pour tous les comptes d'une même lecture."""
    lus: dict[tuple[Touche, ...], list[int]] = session.info.setdefault("partenariats_touches", {})
    if touches not in lus:
        lus[touches] = _lire_numeros(session, touches)
    return lus[touches]


def _lire_numeros(session: Session, touches: tuple[Touche, ...]) -> list[int]:
    """Eux-mêmes, ou par leur structure ou l'entretien qui les a fait connaître."""
    directs = {touche.objet_id for touche in touches if touche.objet in ("partenariats", "formes_partenariat")}
    organisations = sorted({touche.objet_id for touche in touches if touche.objet == "organisations"})
    entretiens = sorted({touche.objet_id for touche in touches if touche.objet == "entretiens"})
    liens: list[ColumnElement[bool]] = []
    if organisations:
        liens += [Partenariat.entreprise_id.in_(organisations), Partenariat.association_id.in_(organisations)]
    if entretiens:
        liens.append(Partenariat.source_entretien_id.in_(entretiens))
    indirects = session.scalars(select(Partenariat.id).where(or_(*liens))) if liens else ()
    return sorted(directs.union(indirects))
