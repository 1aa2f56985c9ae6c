"""Chiffres publics : des comptes seulement, aucune case de une ou deux unités, secret secondaire compris."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lib.analytics import confidentialite
from lib.analytics.confidentialite import CACHE, PETIT, SEUIL, proteger, proteger_croisement, publier
from lib.db import partenariats as en_sql
from lib.db.modeles import CiblePlan, Entretien, Investigation, Partenariat, SyntheseIrritant, Terrain
from lib.db.perimetre import terrains_archives
from lib.domain.droits import Perimetre
from lib.domain.formats import guillemets, nombre, typographier
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import Releve, Role, StatutPartenariat, TypeActeur
from lib.services.memoire.comptes import Comptees, tenir_comptes
from lib.services.partenariats_suivis import suivi
from lib.services.syntheses import compte_dans_les_chiffres

REGLE = typographier(
    f"Une ou deux unités s'écrivent « {PETIT} » ; « {CACHE} » évite de les retrouver par soustraction."
)
REGLE_ENTIERE = confidentialite.REGLE
"""La règle écrite au bas de ce qui est publié."""

REUNIS = {
    "En cours": (StatutPartenariat.ACTIF, StatutPartenariat.SUSPENDU),
    "Terminés": (StatutPartenariat.TERMINE,),
    "À vérifier": (StatutPartenariat.A_VERIFIER,),
    "Pas commencés": (StatutPartenariat.ENVISAGE, StatutPartenariat.EN_DISCUSSION, StatutPartenariat.SANS_SUITE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chiffre:
    """Une ligne publiée. `valeur` : déjà écrite. `definition` : ce qui est compté."""

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
    return ChiffresPublics(
        arretes_au=max(investigation.date_arret or jour for investigation in publiees),
        chiffres=tuple(
            chiffre
            for investigation in publiees
            for chiffre in _chiffrer(session, investigation, seule=len(publiees) == 1, jour=jour)
        ),
    )


def _chiffrer(session: Session, investigation: Investigation, *, seule: bool, jour: date) -> Iterable[Chiffre]:
    nom = "" if seule and not investigation.fictive else f" – {investigation.nom}"
    if investigation.fictive:
        nom += " (données fictives)"
    yield from _entretiens(session, investigation.id, nom)
    yield _irritants(session, investigation.id, nom)
    yield from _partenariats(session, investigation.id, nom, investigation.date_arret or jour)


def _entretiens(session: Session, investigation_id: int, nom: str) -> Iterable[Chiffre]:
    terrains = session.execute(
        select(Terrain.id, Terrain.nom)
        .where(Terrain.investigation_id == investigation_id, Terrain.archive_le.is_(None))
        .order_by(Terrain.ordre, Terrain.id)
    ).all()
    prevus, realises = _prevus(session, investigation_id), _realises(session, investigation_id)
    publies = proteger_croisement(realises)
    yield Chiffre(
        intitule=f"Entretiens réalisés{nom}",
        valeur=_sur(publies.total, sum(prevus.values())),
        definition=typographier(f"Rencontres tenues, notice d'information remise, sur le nombre prévu. {REGLE}"),
    )
    intitule = f"Entretiens réalisés{nom}"
    par_terrain = {libelle: _sur(publies.lignes.get(id_, "0"), prevus[id_]) for id_, libelle in terrains}
    yield from _detailler(par_terrain, intitule, "Par terrain d'enquête.")
    par_type = {t.libelle: publies.colonnes.get(t, "0") for t in TypeActeur}
    yield from _detailler(par_type, intitule, "Par type d'acteur rencontré.")


def _detailler(ecrites: Mapping[str, str], intitule: str, definition: str) -> Iterable[Chiffre]:
    """Une ligne par catégorie, déjà protégées ensemble."""
    for libelle, valeur in ecrites.items():
        yield Chiffre(intitule=f"{intitule} : {libelle}", valeur=valeur, definition=definition)


def _sur(realises: str, prevus: int) -> str:
    return f"{realises} sur {nombre(prevus)} prévus" if prevus else f"{realises}, aucun prévu"


def _prevus(session: Session, investigation_id: int) -> Counter[int]:
    lignes = session.execute(
        select(CiblePlan.terrain_id, func.sum(CiblePlan.prevu))
        .join(Terrain, Terrain.id == CiblePlan.terrain_id)
        .where(CiblePlan.investigation_id == investigation_id, Terrain.archive_le.is_(None))
        .group_by(CiblePlan.terrain_id)
    )
    return Counter({terrain_id: int(prevu) for terrain_id, prevu in lignes})


def _realises(session: Session, investigation_id: int) -> Counter[tuple[int, TypeActeur]]:
    lignes = session.execute(
        select(Entretien.terrain_id, Entretien.type_acteur, func.count())
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .where(Entretien.investigation_id == investigation_id, Terrain.archive_le.is_(None), compte_dans_les_chiffres())
        .group_by(Entretien.terrain_id, Entretien.type_acteur)
    )
    return Counter({(terrain_id, type_acteur): n for terrain_id, type_acteur, n in lignes})


def _irritants(session: Session, investigation_id: int, nom: str) -> Chiffre:
    """Combien d'irritants sont partagés : leur nombre n'est pas un effectif de personnes, il se publie tel quel."""
    partages = (
        select(SyntheseIrritant.etiquette_id)
        .where(
            SyntheseIrritant.investigation_id == investigation_id,
            SyntheseIrritant.terrain_id.not_in(terrains_archives()),
            SyntheseIrritant.releve.in_([Releve.SPONTANE, Releve.RELANCE]),
        )
        .group_by(SyntheseIrritant.etiquette_id)
        .having(func.sum(SyntheseIrritant.entretiens) >= SEUIL)
        .subquery()
    )
    return Chiffre(
        intitule=f"Irritants partagés{nom}",
        valeur=nombre(session.scalar(select(func.count()).select_from(partages)) or 0),
        definition=f"Irritants évoqués, spontanément ou sur relance, par au moins {SEUIL} acteurs rencontrés.",
    )


def _partenariats(session: Session, investigation_id: int, nom: str, au: date) -> Iterable[Chiffre]:
    reunis = compter_statuts(session, investigation_id, au)
    yield Chiffre(
        intitule=f"Partenariats suivis{nom}",
        valeur=publier(sum(reunis.values())),
        definition="Liens entre une entreprise et une association dont l'enquête suit l'histoire.",
    )
    mois = guillemets(StatutPartenariat.A_VERIFIER.libelle)
    definition = typographier(f"À la date d'arrêt. {mois} : sans nouvelle depuis plus de douze mois.")
    ecrits = dict(zip(reunis, proteger(list(reunis.values())).cases, strict=True))
    yield from _detailler(ecrits, f"Partenariats suivis{nom}", definition)


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
