"""Chiffres publics : des comptes seulement, aucune case de une ou deux unités, secret secondaire compris."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lib.analytics import confidentialite
from lib.analytics.confidentialite import CACHE, PETIT, SEUIL, proteger, proteger_croisement, publier
from lib.db import partenariats as en_sql
from lib.db.modeles import CiblePlan, Investigation, Partenariat, SyntheseIrritant, SyntheseSituation, Terrain
from lib.db.perimetre import terrains_archives
from lib.domain.droits import Perimetre
from lib.domain.formats import guillemets, nombre, typographier
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import Releve, Role, StatutPartenariat, TypeActeur
from lib.services.memoire.comptes import Comptees, tenir_comptes
from lib.services.partenariats_suivis import suivi

REGLE = typographier(
    f"Une ou deux unités s'écrivent « {PETIT} » ; « {CACHE} » évite de les retrouver par soustraction."
)
REGLE_ENTIERE = confidentialite.REGLE
"""La règle écrite au bas de ce qui est publié."""

FICTIVES = "(données fictives)"
REUNIS = {
    "En cours": (StatutPartenariat.ACTIF, StatutPartenariat.SUSPENDU),
    "Terminés": (StatutPartenariat.TERMINE,),
    "À vérifier": (StatutPartenariat.A_VERIFIER,),
    "Pas commencés": (StatutPartenariat.ENVISAGE, StatutPartenariat.EN_DISCUSSION, StatutPartenariat.SANS_SUITE),
}
"""Ce que réunit chaque ligne publiée, dans l'ordre où elles se lisent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chiffre:
    """Une ligne publiée. `valeur` : déjà écrite. `definition` : ce qui est compté.

    enquete : le nom de l'investigation, « données fictives » compris, que l'intitulé porte aussi ; vide s'il est seul.
    """

    enquete: str
    intitule: str
    valeur: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiffresPublics:
    """Tout ce que l'application publie, à une date."""

    arretes_au: date
    chiffres: tuple[Chiffre, ...]


def lire_chiffres_publics(session: Session) -> ChiffresPublics | None:
    """Les investigations réelles et ouvertes ; à défaut, la démonstration, dite fictive ; à défaut, rien.

    Cinq requêtes, et une par investigation.

    Seule lecture sans périmètre de l'application : ce qu'elle rend est public par construction.
    """
    ouvertes = session.scalars(
        select(Investigation).where(Investigation.archive_le.is_(None)).order_by(Investigation.debut, Investigation.id)
    ).all()
    reelles = [investigation for investigation in ouvertes if not investigation.fictive]
    publiees = reelles or ouvertes
    if not publiees:
        return None
    jour = aujourd_hui()
    comptes = _compter(session, {investigation.id: investigation.date_arret or jour for investigation in publiees})
    return ChiffresPublics(
        arretes_au=max(investigation.date_arret or jour for investigation in publiees),
        chiffres=tuple(
            chiffre
            for investigation in publiees
            for chiffre in _chiffrer(comptes[investigation.id], investigation, seule=len(publiees) == 1)
        ),
    )


@dataclass(slots=True, kw_only=True)
class _Comptes:
    """Ce qu'une investigation compte, avant toute protection."""

    terrains: dict[int, str] = field(default_factory=dict)
    prevus: Counter[int] = field(default_factory=Counter)
    realises: Counter[tuple[int, TypeActeur]] = field(default_factory=Counter)
    partages: int = 0
    statuts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REUNIS, 0))


def _chiffrer(comptes: _Comptes, investigation: Investigation, *, seule: bool) -> Iterable[Chiffre]:
    nom = "" if seule and not investigation.fictive else investigation.nom
    if investigation.fictive and not nom.endswith(FICTIVES):
        nom = f"{nom} {FICTIVES}"
    yield from _entretiens(comptes, nom)
    yield Chiffre(
        enquete=nom,
        intitule=_intituler("Irritants partagés", nom),
        valeur=nombre(comptes.partages),
        definition=f"Irritants évoqués, spontanément ou sur relance, par au moins {SEUIL} acteurs rencontrés.",
    )
    yield from _partenariats(comptes.statuts, nom)


def _intituler(quoi: str, nom: str, detail: str = "") -> str:
    return f"{quoi}{f' – {nom}' if nom else ''}{f' : {detail}' if detail else ''}"


def _entretiens(comptes: _Comptes, nom: str) -> Iterable[Chiffre]:
    prevus, publies = comptes.prevus, proteger_croisement(comptes.realises)
    quoi = "Entretiens réalisés"
    yield Chiffre(
        enquete=nom,
        intitule=_intituler(quoi, nom),
        valeur=_sur(publies.total, sum(prevus.values())),
        definition=typographier(f"Rencontres tenues, notice d'information remise, sur le nombre prévu. {REGLE}"),
    )
    terrains = comptes.terrains.items()
    par_terrain = {terrain: _sur(publies.lignes.get(id_, "0"), prevus[id_]) for id_, terrain in terrains}
    yield from _detailler(par_terrain, quoi, nom, "Par terrain d'enquête.")
    par_type = {t.libelle: publies.colonnes.get(t, "0") for t in TypeActeur}
    yield from _detailler(par_type, quoi, nom, "Par type d'acteur rencontré.")


def _partenariats(reunis: Mapping[str, int], nom: str) -> Iterable[Chiffre]:
    quoi = "Partenariats suivis"
    yield Chiffre(
        enquete=nom,
        intitule=_intituler(quoi, nom),
        valeur=publier(sum(reunis.values())),
        definition="Liens entre une entreprise et une association dont l'enquête suit l'histoire.",
    )
    mois = guillemets(StatutPartenariat.A_VERIFIER.libelle)
    definition = typographier(f"À la date d'arrêt. {mois} : sans nouvelle depuis plus de douze mois.")
    ecrits = dict(zip(reunis, proteger(list(reunis.values())).cases, strict=True))
    yield from _detailler(ecrits, quoi, nom, definition)


def _detailler(ecrites: Mapping[str, str], quoi: str, nom: str, definition: str) -> Iterable[Chiffre]:
    """Une ligne par catégorie, déjà protégées ensemble."""
    for libelle, valeur in ecrites.items():
        yield Chiffre(enquete=nom, intitule=_intituler(quoi, nom, libelle), valeur=valeur, definition=definition)


def _sur(realises: str, prevus: int) -> str:
    return f"{realises} sur {nombre(prevus)} prévus" if prevus else f"{realises}, aucun prévu"


# --- Compter ----------------------------------------------------------------------------------------------------


def _compter(session: Session, dates: Mapping[int, date]) -> dict[int, _Comptes]:
    """Toutes les investigations ensemble : quatre requêtes, et par investigation ce que son journal fait relire."""
    comptes = {investigation_id: _Comptes() for investigation_id in dates}
    _lire_terrains(session, comptes)
    _lire_prevus(session, comptes)
    _lire_realises(session, comptes)
    _lire_partages(session, comptes)
    for investigation_id, au in dates.items():
        comptes[investigation_id].statuts = compter_statuts(session, investigation_id, au)
    return comptes


def _lire_terrains(session: Session, comptes: Mapping[int, _Comptes]) -> None:
    lignes = session.execute(
        select(Terrain.investigation_id, Terrain.id, Terrain.nom)
        .where(Terrain.investigation_id.in_(comptes), Terrain.archive_le.is_(None))
        .order_by(Terrain.ordre, Terrain.id)
    )
    for investigation_id, id_, nom in lignes:
        comptes[investigation_id].terrains[id_] = nom


def _lire_prevus(session: Session, comptes: Mapping[int, _Comptes]) -> None:
    lignes = session.execute(
        select(CiblePlan.investigation_id, CiblePlan.terrain_id, func.sum(CiblePlan.prevu))
        .where(CiblePlan.investigation_id.in_(comptes), CiblePlan.terrain_id.not_in(terrains_archives()))
        .group_by(CiblePlan.investigation_id, CiblePlan.terrain_id)
    )
    for investigation_id, terrain_id, prevu in lignes:
        comptes[investigation_id].prevus[terrain_id] = int(prevu)


def _lire_realises(session: Session, comptes: Mapping[int, _Comptes]) -> None:
    """Un compte tenu : dix mille entretiens ne se recomptent pas pour qui passe."""
    table = SyntheseSituation
    lignes = session.execute(
        select(table.investigation_id, table.terrain_id, table.type_acteur, func.sum(table.entretiens))
        .where(table.investigation_id.in_(comptes), table.terrain_id.not_in(terrains_archives()), table.entretiens > 0)
        .group_by(table.investigation_id, table.terrain_id, table.type_acteur)
    )
    for investigation_id, terrain_id, type_acteur, n in lignes:
        comptes[investigation_id].realises[terrain_id, type_acteur] = int(n)


def _lire_partages(session: Session, comptes: Mapping[int, _Comptes]) -> None:
    """Combien d'irritants sont partagés : leur nombre n'est pas un effectif de personnes, il se publie tel quel."""
    table = SyntheseIrritant
    partages = (
        select(table.investigation_id)
        .where(
            table.investigation_id.in_(comptes),
            table.terrain_id.not_in(terrains_archives()),
            table.releve.in_([Releve.SPONTANE, Releve.RELANCE]),
        )
        .group_by(table.investigation_id, table.etiquette_id)
        .having(func.sum(table.entretiens) >= SEUIL)
        .subquery()
    )
    par_investigation = select(partages.c.investigation_id, func.count()).group_by(partages.c.investigation_id)
    for investigation_id, n in session.execute(par_investigation):
        comptes[investigation_id].partages = n


def compter_statuts(session: Session, investigation_id: int, au: date) -> dict[str, int]:
    """Partenariats suivis hors des terrains archivés, par statut réuni, dans l'ordre où ils se lisent.

    Une requête, rien si aucun n'a changé depuis la dernière lecture.
    """
    tous = Perimetre(compte_id=0, role=Role.DEMONSTRATION, investigation_id=investigation_id, restitue=True)
    return tenir_comptes(session, tous, partial(_statuts, investigation_id, au), ("statuts", au), _reunir)


def _statuts(investigation_id: int, au: date) -> Select[*tuple[Any, ...]]:
    """Une ligne par partenariat : son statut."""
    return select(en_sql.statut(au).label("statut")).where(
        Partenariat.investigation_id == investigation_id,
        Partenariat.terrain_id.not_in(terrains_archives()),
        suivi(),
    )


def _reunir(comptees: Comptees) -> dict[str, int]:
    statuts = Counter({StatutPartenariat(code): n for (code,), n in comptees})
    return {libelle: sum(statuts[s] for s in membres) for libelle, membres in REUNIS.items()}
