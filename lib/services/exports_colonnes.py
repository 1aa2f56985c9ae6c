"""De quoi une table exportée est faite : ses colonnes, qui a le droit de chacune, et comment une ligne se lit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.formats import mois_annee
from lib.domain.vocabulaire import TypeActeur, Vocabulaire
from lib.echanges.tableur import Ligne, Valeur
from lib.services.pseudonymisation import Pseudonymisation

LIGNES_PAR_LOT = 1000
# Presque toutes les valeurs d'un export : rien à leur demander de plus.
TELLES_QUELLES = frozenset((str, int, float, bool, date, datetime, type(None)))
Requete = Select[*tuple[Any, ...]]


class Niveau(IntEnum):
    """À qui une colonne ou une table peut sortir, du plus large au plus étroit."""

    LECTURE = 0
    EQUIPE = 1
    IDENTIFIE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tus:
    """Ce qu'un fichier sorti hors de l'équipe tait : les petits effectifs. Voir `exports_secret.charger_tus`.

    dits : (terrain, type d'acteur) dont les entretiens disent le type ; tout autre couple se tait.
    organisations : celles dont le type désignerait l'une d'elles. plan : effectifs du plan, déjà écrits.
    """

    dits: frozenset[tuple[str, TypeActeur]] = frozenset()
    organisations: frozenset[int] = frozenset()
    plan: Mapping[str, Mapping[tuple[str, TypeActeur], str]] = field(default_factory=dict)

    @property
    def vide(self) -> bool:
        """Vrai pour l'équipe d'enquête, à qui rien n'est tu."""
        return not self.plan

    def taisent_rencontre(self, terrain: str, type_acteur: TypeActeur, organisation_id: int | None) -> bool:
        """Vrai si le type de l'acteur rencontré se tait, par sa rareté sur ce terrain ou par son organisation."""
        return not self.vide and ((terrain, type_acteur) not in self.dits or organisation_id in self.organisations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexte:
    """Pour qui et comment on exporte.

    arret : date à laquelle les statuts s'entendent. pseudonymisation : absente d'un export identifié. tus : les petits
    effectifs que ce fichier ne doit pas laisser lire. panier_de : le compte dont on ne sort que le panier.
    """

    perimetre: Perimetre
    identifie: bool
    arret: date
    pseudonymisation: Pseudonymisation | None = None
    panier_de: int | None = None
    tus: Tus = Tus()

    @property
    def niveau(self) -> Niveau:
        """Ce que l'export peut porter."""
        if self.identifie:
            return Niveau.IDENTIFIE
        return Niveau.EQUIPE if peut_lire_identites(self.perimetre) else Niveau.LECTURE

    def nettoyer(self, texte: str, entretien_id: int | None = None) -> str:
        """Un texte libre, sans les noms connus si l'export est pseudonymisé."""
        return self.pseudonymisation.masquer(texte, entretien_id) if self.pseudonymisation else texte


Lire = Callable[[Any, Contexte], Valeur]


@dataclass(frozen=True, slots=True)
class Colonne:
    """Un en-tête et ce qui s'y lit d'une ligne de la requête.

    attribut : lu tel quel, s'il suffit à la dire. lier : la même colonne, une fois su pour qui l'on écrit ; ce que le
    contexte décide se décide alors une fois, et non à chaque ligne.
    """

    entete: str
    lire: Lire
    niveau: Niveau = Niveau.LECTURE
    attribut: str = ""
    lier: "Callable[[Contexte], Colonne] | None" = None

    def dans(self, contexte: Contexte) -> "Colonne":
        """La colonne telle qu'elle se lit dans ce contexte."""
        return self.lier(contexte) if self.lier else self


@dataclass(frozen=True, slots=True, kw_only=True)
class TableExportee:
    """Une table que l'on peut sortir.

    requete : les lignes permises au contexte, triées. assembler : regroupe les lignes de la requête quand il en
    faut plusieurs pour une ligne écrite. compter : la requête dont les lignes se comptent, si ce n'est pas la même.
    """

    code: str
    nom: str
    aide: str
    colonnes: Sequence[Colonne]
    requete: Callable[[Contexte], Requete]
    niveau: Niveau = Niveau.LECTURE
    assembler: Callable[[Iterable[Any]], Iterable[Any]] = field(default=iter)
    compter: Callable[[Contexte], Requete] | None = None

    def entetes(self, contexte: Contexte) -> list[str]:
        """Les en-têtes que le contexte permet."""
        return [colonne.entete for colonne in self._permises(contexte)]

    def compter_lignes(self, session: Session, contexte: Contexte) -> int:
        """Nombre de lignes que l'export écrirait."""
        comptees = (self.compter or self.requete)(contexte).order_by(None).subquery()
        return session.scalar(select(func.count()).select_from(comptees)) or 0

    def lire_lignes(self, session: Session, contexte: Contexte) -> Iterator[Ligne]:
        """Les lignes une à une ; la base n'en livre qu'un lot à la fois."""
        flux = session.execute(self.requete(contexte).execution_options(yield_per=LIGNES_PAR_LOT))
        colonnes = [colonne.dans(contexte) for colonne in self._permises(contexte)]
        yield from _ecrire_lignes(self.assembler(flux), colonnes, contexte)

    def _permises(self, contexte: Contexte) -> list[Colonne]:
        return [colonne for colonne in self.colonnes if colonne.niveau <= contexte.niveau]


def _ecrire_lignes(lignes: Iterable[Any], colonnes: Sequence[Colonne], contexte: Contexte) -> Iterator[Ligne]:
    """Les valeurs telles quelles se prennent toutes ensemble ; les autres colonnes se lisent ensuite, à leur place."""
    prendre = attrgetter(
        *(colonne.attribut or colonnes[0].attribut or "__class__" for colonne in colonnes), "__class__"
    )
    libelles: set[type] = set()
    autres = [(rang, colonne.lire) for rang, colonne in enumerate(colonnes) if not colonne.attribut]
    for ligne in lignes:
        prises = [
            v if (genre := type(v)) in TELLES_QUELLES else v.libelle if genre in libelles else _apprendre(v, libelles)
            for v in prendre(ligne)[:-1]
        ]
        for rang, lire in autres:
            prises[rang] = lire(ligne, contexte)
        yield prises


def _apprendre(brute_: Any, libelles: set[type]) -> Valeur:
    """La valeur écrite ; le genre d'un vocabulaire se retient, pour ne plus se demander."""
    if isinstance(brute_, Vocabulaire):
        libelles.add(type(brute_))
    return valeur(brute_)


def brute(entete: str, attribut: str, niveau: Niveau = Niveau.LECTURE) -> Colonne:
    """Une valeur telle que la base la donne ; un vocabulaire s'écrit par son libellé."""
    prendre = attrgetter(attribut)
    return Colonne(entete, lambda ligne, _: valeur(prendre(ligne)), niveau, attribut)


def acteur(entete: str = "Type d'acteur") -> Colonne:
    """Le type de l'acteur rencontré ; tu quand un ou deux seulement l'ont été sur ce terrain."""

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        tait = contexte.tus.taisent_rencontre(ligne.terrain, ligne.type_acteur, ligne.rencontree_id)
        return CACHE if tait else valeur(ligne.type_acteur)

    entiere = Colonne(entete, lire)
    return replace(entiere, lier=lambda contexte: brute(entete, "type_acteur") if contexte.tus.vide else entiere)


def trait(colonne: Colonne) -> Colonne:
    """Ce qui décrit une organisation ; tu quand son type la désignerait."""

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        return CACHE if ligne.organisation_id in contexte.tus.organisations else colonne.lire(ligne, contexte)

    return Colonne(colonne.entete, lire, colonne.niveau)


def du_plan(entete: str, attribut: str) -> Colonne:
    """Un effectif du plan, tel qu'il peut se publier."""

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        if contexte.tus.vide:
            return valeur(getattr(ligne, attribut))
        ecrit = contexte.tus.plan[attribut].get((ligne.terrain, ligne.type_acteur), CACHE)
        return int(ecrit) if ecrit.isdigit() else ecrit

    return Colonne(entete, lire)


def jour(entete: str, attribut: str) -> Colonne:
    """Le jour pour l'équipe, le mois pour les autres : la date d'une rencontre suffit parfois à nommer quelqu'un."""

    prendre = attrgetter(attribut)

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        quand = prendre(ligne)
        return mois_annee(quand) if quand and contexte.niveau is Niveau.LECTURE else quand

    mesuree = Colonne(entete, lire)
    return replace(mesuree, lier=lambda c: mesuree if c.niveau is Niveau.LECTURE else brute(entete, attribut))


def libre(entete: str, attribut: str, niveau: Niveau = Niveau.EQUIPE, *, entretien: str = "entretien_id") -> Colonne:
    """Un texte écrit librement : les noms connus en sont effacés dans un export pseudonymisé."""

    prendre = attrgetter(attribut)

    def lire(ligne: Any, contexte: Contexte) -> Valeur:
        texte = prendre(ligne)
        return contexte.nettoyer(texte, getattr(ligne, entretien, None)) if texte else ""

    def lier(contexte: Contexte) -> Colonne:
        nettoyer = contexte.nettoyer if contexte.pseudonymisation is None else contexte.pseudonymisation.masquer

        def lire_ici(ligne: Any, _: Contexte) -> Valeur:
            texte = prendre(ligne)
            return nettoyer(texte, getattr(ligne, entretien, None)) if texte else ""

        return Colonne(entete, lire_ici, niveau)

    return Colonne(entete, lire, niveau, lier=lier)


def valeur(brute_: Any) -> Valeur:
    """Ce qui s'écrit dans une cellule."""
    if type(brute_) in TELLES_QUELLES:
        return brute_  # type: ignore[no-any-return]
    if isinstance(brute_, Vocabulaire):
        return brute_.libelle
    return float(brute_) if isinstance(brute_, Decimal) else brute_
