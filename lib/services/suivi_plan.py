"""Suivre le plan d'entretiens : ce qui est fait, ce qui manque et pour quand, à quel rythme, par quel canal."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.analytics.retards import dire_attente
from lib.db.modeles import Entretien
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.formats import ABSENT, compter, date_abregee, nombre, typographier
from lib.domain.vocabulaire import CanalRecrutement, StatutEntretien
from lib.graphiques.commun import Tableau
from lib.services.couverture import TerrainCouvert, lire_couverture, lire_dates
from lib.services.syntheses import compte_dans_les_chiffres

CIBLES_MAXIMUM = 4
PAR_CIBLE_MAXIMUM = 8
SEMAINES_MONTREES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiviPlan:
    """Le plan prêt à lire. conseils : ce que le plan demande de trop, ou ce que le rythme ne permettra pas."""

    au: date
    phrases: tuple[str, ...]
    conseils: tuple[str, ...]
    cellules: Tableau
    semaines: Tableau
    canaux: Tableau


def suivre_plan(session: Session, perimetre: Perimetre) -> SuiviPlan:
    """Le plan d'entretiens de tous les terrains ouverts au compte. Cinq requêtes."""
    exiger(peut_consigner, perimetre)
    debut, au = lire_dates(session, perimetre)
    terrains = [terrain for terrain in lire_couverture(session, perimetre) if terrain.cellules]
    semaines = _compter_semaines(session, perimetre)
    return SuiviPlan(
        au=au,
        phrases=tuple(dire_attente(terrain.attente, debut=debut, au=au) for terrain in terrains),
        conseils=(*_doctrine(terrains), *_rythme(terrains, semaines, debut=debut, au=au)),
        cellules=_tableau_cellules(terrains),
        semaines=_tableau_semaines(semaines),
        canaux=_tableau_canaux(session, perimetre),
    )


def _compter_semaines(session: Session, perimetre: Perimetre) -> Counter[date]:
    """Entretiens réalisés par semaine, désignée par son lundi."""
    lignes = session.execute(
        select(Entretien.tenu_le, func.count())
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres())
        .group_by(Entretien.tenu_le)
    )
    semaines: Counter[date] = Counter()
    for jour, n in lignes:
        if jour is not None:
            semaines[jour - timedelta(days=jour.weekday())] += n
    return semaines


def _doctrine(terrains: Sequence[TerrainCouvert]) -> Iterable[str]:
    """Une investigation tient à quatre cibles au plus, de sept ou huit personnes : au-delà, on n'en finit pas."""
    cibles = [cellule for terrain in terrains for cellule in terrain.cellules if cellule.prevus]
    if not cibles:
        yield "Aucun entretien n'est prévu : décrivez le plan pour savoir ce qui manque."
    if len(cibles) > CIBLES_MAXIMUM:
        yield typographier(
            f"Le plan compte {compter(len(cibles), 'cible')} (un terrain, un type d'acteur) ; l'usage des"
            f" investigations est de {CIBLES_MAXIMUM} au plus, de 7 ou 8 personnes chacune."
        )
    grosses = [cellule for cellule in cibles if cellule.prevus > PAR_CIBLE_MAXIMUM]
    for cellule in grosses:
        yield typographier(
            f"{cellule.terrain}, {cellule.type_acteur.libelle.lower()} : {compter(cellule.prevus, 'entretien')} prévus,"
            f" plus que les {PAR_CIBLE_MAXIMUM} d'usage."
        )


def _rythme(terrains: Sequence[TerrainCouvert], semaines: Counter[date], *, debut: date, au: date) -> Iterable[str]:
    reste = sum(cellule.prevus - cellule.realises for terrain in terrains for cellule in terrain.manques)
    faits, ecoulees = sum(semaines.values()), max(1.0, (au - debut).days / 7)
    if not reste or not faits:
        return
    par_semaine = faits / ecoulees
    yield typographier(
        f"Rythme : {nombre(par_semaine, 1)} entretien par semaine depuis le début. À ce rythme, les"
        f" {nombre(reste)} qui manquent demandent encore {compter(math.ceil(reste / par_semaine), 'semaine')}."
    )


def _tableau_cellules(terrains: Sequence[TerrainCouvert]) -> Tableau:
    return Tableau(
        legende="Plan d'entretiens, par terrain et par type d'acteur",
        entetes=("Terrain", "Type d'acteur", "Prévus", "À venir", "Refusés", "Réalisés", "Il manque", "Échéance"),
        lignes=tuple(
            (
                cellule.terrain,
                cellule.type_acteur.libelle,
                nombre(cellule.prevus),
                nombre(cellule.a_venir),
                nombre(cellule.refuses),
                nombre(cellule.realises),
                nombre(max(0, cellule.prevus - cellule.realises)),
                date_abregee(cellule.echeance) if cellule.echeance else ABSENT,
            )
            for terrain in terrains
            for cellule in terrain.cellules
        ),
    )


def _tableau_semaines(semaines: Counter[date]) -> Tableau:
    """Les dernières semaines, celles sans entretien comprises."""
    if not semaines:
        return Tableau(legende="", entetes=(), lignes=())
    derniere = max(semaines)
    montrees = [derniere - timedelta(weeks=rang) for rang in range(SEMAINES_MONTREES)]
    return Tableau(
        legende="Entretiens réalisés par semaine",
        entetes=("Semaine du", "Réalisés"),
        lignes=tuple((date_abregee(lundi), nombre(semaines[lundi])) for lundi in montrees if lundi >= min(semaines)),
    )


def _tableau_canaux(session: Session, perimetre: Perimetre) -> Tableau:
    lignes = session.execute(
        select(Entretien.canal, Entretien.statut, func.count())
        .where(visible(Entretien, perimetre), Entretien.archive_le.is_(None))
        .group_by(Entretien.canal, Entretien.statut)
    )
    comptes = Counter({(canal, statut): n for canal, statut, n in lignes})
    statuts = (StatutEntretien.CONTACTE, StatutEntretien.PREVU, StatutEntretien.REFUSE, StatutEntretien.REALISE)
    canaux: list[tuple[CanalRecrutement | None, str]] = [(canal, canal.libelle) for canal in CanalRecrutement]
    canaux.append((None, "Non précisé"))
    return Tableau(
        legende="Par où les personnes ont été trouvées",
        entetes=("Canal", *(statut.libelle for statut in statuts)),
        lignes=tuple(
            (libelle, *(nombre(comptes[canal, statut]) for statut in statuts))
            for canal, libelle in canaux
            if any(comptes[canal, statut] for statut in statuts)
        ),
    )
