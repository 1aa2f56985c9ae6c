"""Effacer des textes libres les personnes et les organisations que l'investigation connaît."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import String, cast, func, null, select, type_coerce
from sqlalchemy.orm import Session

from lib.db.modeles import EntretienInterlocuteur, Interlocuteur, Organisation
from lib.domain.droits import Perimetre
from lib.domain.masquage import (
    PERSONNE,
    Masque,
    masque_des_personnes,
    mots_simples,
    prenom,
    replier,
    sans_article,
)
from lib.domain.pseudonymes import designer_organisation
from lib.domain.textes import plier
from lib.domain.vocabulaire import TypeActeur
from lib.services.memoire.fil import garder_des_noms


class Pseudonymisation:
    """Les masques d'une investigation : un pour tous les textes, un par entretien pour les prénoms.

    Un prénom seul (« Judith accepte ») n'est effacé que dans les entretiens de la personne : ailleurs, ce peut être
    un lieu, une rue ou quelqu'un d'autre.
    """

    def __init__(self, commun: Masque, par_entretien: dict[int, Masque]) -> None:
        self._commun = commun
        self._par_entretien = par_entretien
        self._courts: dict[tuple[str, int | None], str] = {}

    def masquer(self, texte: str, entretien_id: int | None = None) -> str:
        """Le texte sans les noms connus."""
        if len(texte) > COURT:
            return self._masquer(texte, entretien_id)
        cle = (texte, entretien_id)
        if cle not in self._courts:
            self._courts[cle] = self._masquer(texte, entretien_id)
        return self._courts[cle]

    def _masquer(self, texte: str, entretien_id: int | None) -> str:
        propre = self._par_entretien.get(entretien_id) if entretien_id is not None else None
        mots = mots_simples(texte)
        masque = texte if self._commun.ignore(mots) else self._commun.masquer(texte)
        return masque if propre is None or propre.ignore(mots) else propre.masquer(masque)


# Qui parle, une fonction, un lieu : des textes qui reviennent d'une ligne à l'autre.
COURT = 30
MOT_SIMPLE = re.compile(r"[^\W_]+")
Extrait = tuple[int, str]
"""Un entretien et des mots qui en viennent."""


def charger_pseudonymisation(
    session: Session,
    perimetre: Perimetre,
    *,
    extraits: Collection[Extrait] | None = None,
    neutres: Container[int] = (),
) -> Pseudonymisation:
    """Une requête : toute l'investigation, archives comprises, car un nom archivé reste un nom.

    extraits : ne retenir que les noms qui peuvent s'y trouver. Sur eux le résultat est le même ; une page de
    vingt-cinq citations ne paie pas les milliers de noms de l'enquête.
    neutres : organisations dont même le type se tait.
    """
    entretiens = None if extraits is None else {entretien_id for entretien_id, _ in extraits}
    textes = None if extraits is None else [texte for _, texte in extraits]
    presences, organisations = _noms_connus(session, perimetre)
    remplacements = masque_des_personnes(_personnes_possibles(dict.fromkeys(nom for nom, _ in presences), textes))
    remplacements |= _masque_des_organisations(organisations, textes, neutres)
    presents = [(nom, id_) for nom, id_ in presences if id_ and (entretiens is None or id_ in entretiens)]
    return Pseudonymisation(Masque(remplacements), _prenoms(presents))


def effacer_partout(session: Session, perimetre: Perimetre, textes: Collection[str]) -> list[str]:
    """Des textes écrits par l'équipe, sans personne ni organisation connue. Deux requêtes, une si nul nom n'a changé.

    Ils ne viennent d'aucun entretien en particulier : les prénoms de toute l'enquête s'y effacent aussi.
    """
    connus = garder_des_noms(session, perimetre, "derniers mots", partial(_ranger_les_noms, session, perimetre))
    replies, plies = _mots(map(replier, textes)), _mots(map(plier, textes))
    entiers = masque_des_personnes(_possibles(connus.personnes, replies))
    entiers |= _emprunts(_possibles(connus.organisations, plies))
    commun, propre = Masque(entiers), Masque(dict.fromkeys(_possibles(connus.prenoms, replies), PERSONNE))
    return [propre.masquer(commun.masquer(texte)) for texte in textes]


N = TypeVar("N")


@dataclass(frozen=True, slots=True, kw_only=True)
class NomsRanges:
    """Les noms connus, par le dernier mot qui les finit toujours ; sous « », ceux que nul mot simple ne finit."""

    personnes: Mapping[str, Sequence[str]]
    prenoms: Mapping[str, Sequence[str]]
    organisations: Mapping[str, "Sequence[OrganisationNommee]"]


def _ranger_les_noms(session: Session, perimetre: Perimetre) -> NomsRanges:
    presences, organisations = _noms_connus(session, perimetre)
    noms = list(dict.fromkeys(nom for nom, _ in presences))
    seuls = dict.fromkeys(seul for nom in noms if (seul := prenom(nom)))
    return NomsRanges(
        personnes=_ranger(noms, lambda nom: replier(_dernier(nom))),
        prenoms=_ranger(seuls, replier),
        organisations=_ranger(organisations, lambda organisation: _dernier(organisation[3])),
    )


def _ranger(noms: Iterable[N], dernier: Callable[[N], str]) -> dict[str, list[N]]:
    ranges: dict[str, list[N]] = defaultdict(list)
    for nom in noms:
        ranges[_fin(dernier(nom))].append(nom)
    return dict(ranges)


def _possibles(ranges: Mapping[str, Sequence[N]], mots: Iterable[str]) -> Iterator[N]:
    """Ceux que ces mots peuvent finir."""
    return (nom for mot in ("", *mots) for nom in ranges.get(mot, ()))


Presence = tuple[str, int | None]
OrganisationNommee = tuple[str, int, str, str]


def _noms_connus(session: Session, perimetre: Perimetre) -> tuple[list[Presence], list[OrganisationNommee]]:
    """Les personnes (une fois par entretien où elles étaient, une fois sans entretien sinon), puis les organisations.

    Une seule requête : les deux se lisent toujours ensemble, et plusieurs pages en ont besoin à chaque passage.
    """
    # Le type reste un code : n'en faire un membre du vocabulaire que pour les lignes retenues.
    code = type_coerce(Organisation.type_acteur, String)
    # Une fiche qui en a rejoint une autre porte le même nom d'emprunt qu'elle.
    tenue = func.coalesce(Organisation.fusionnee_dans_id, Organisation.id)
    personnes = (
        select(Interlocuteur.nom, EntretienInterlocuteur.entretien_id, cast(null(), String), cast(null(), String))
        .outerjoin(EntretienInterlocuteur, EntretienInterlocuteur.interlocuteur_id == Interlocuteur.id)
        .where(Interlocuteur.investigation_id == perimetre.investigation_id)
    )
    organisations = select(Organisation.nom, tenue, code, Organisation.nom_recherche).where(
        Organisation.investigation_id == perimetre.investigation_id
    )
    presences: list[Presence] = []
    nommees: list[OrganisationNommee] = []
    for nom, numero, type_acteur, plie in session.execute(personnes.union_all(organisations)):
        if type_acteur is None:
            presences.append((nom, numero))
        else:
            nommees.append((nom, numero, type_acteur, plie))
    return presences, nommees


def _dernier(nom: str) -> str:
    return nom.rpartition(" ")[2]


def _personnes_possibles(noms: Iterable[str], textes: Iterable[str] | None) -> Iterator[str]:
    """Un nom de personne, entier ou de famille, finit toujours par son dernier mot."""
    if textes is None:
        yield from noms
        return
    mots = _mots(map(replier, textes))
    yield from (nom for nom in noms if _peut_finir(replier(_dernier(nom)), mots))


def _masque_des_organisations(
    organisations: Iterable[OrganisationNommee], textes: Iterable[str] | None, neutres: Container[int] = ()
) -> dict[str, str]:
    mots = None if textes is None else _mots(map(plier, textes))
    return _emprunts((o for o in organisations if mots is None or _peut_finir(_dernier(o[3]), mots)), neutres)


def _emprunts(organisations: Iterable[OrganisationNommee], neutres: Container[int] = ()) -> dict[str, str]:
    """Chaque organisation et son nom d'emprunt."""
    return {
        sans_article(nom): f"[{designer_organisation(None if id_ in neutres else TypeActeur(type_acteur), id_)}]"
        for nom, id_, type_acteur, _ in organisations
    }


def _mots(textes: Iterable[str]) -> set[str]:
    return {mot for texte in textes for mot in MOT_SIMPLE.findall(texte)}


def _peut_finir(dernier: str, mots: Container[str]) -> bool:
    fin = _fin(dernier)
    return not fin or fin in mots


def _fin(dernier: str) -> str:
    trouves = MOT_SIMPLE.findall(dernier)
    return trouves[-1] if trouves else ""


def _prenoms(presents: Iterable[tuple[str, int]]) -> dict[int, Masque]:
    prenoms: dict[int, dict[str, str]] = defaultdict(dict)
    for nom, entretien_id in presents:
        if seul := prenom(nom):
            prenoms[entretien_id][seul] = PERSONNE
    return {entretien_id: Masque(remplacements) for entretien_id, remplacements in prenoms.items()}
