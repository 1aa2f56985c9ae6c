"""Suivre le plan d'entretiens : ce qui est fait, ce qui manque et pour quand, à quel rythme, par quel canal."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.retards import dire_attente
from lib.db.modeles import Entretien, Organisation, Territoire
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.formats import ABSENT, compter, date_abregee, date_longue, nombre, pluriel, typographier
from lib.domain.vocabulaire import CanalRecrutement, NiveauTerritoire, StatutEntretien
from lib.graphiques.commun import Tableau
from lib.services.couverture import CelluleCouverture, TerrainCouvert, lire_couverture, lire_dates
from lib.services.syntheses import compte_dans_les_chiffres

CIBLES_MAXIMUM = 4
PAR_CIBLE = (7, 8)
SEMAINES = (6, 9)
SEMAINES_MONTREES = 12
STATUTS = {
    StatutEntretien.CONTACTE: "Contactés",
    StatutEntretien.PREVU: "Rendez-vous pris",
    StatutEntretien.REFUSE: "Refusés",
    StatutEntretien.REALISE: "Réalisés",
}
"""Ce que devient une personne sollicitée, dans l'ordre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiviPlan:
    """Le plan prêt à lire. doctrine : chaque usage des investigations, tenu ou non. rythme : ce qu'il permettra."""

    au: date
    phrases: tuple[str, ...]
    doctrine: tuple[str, ...]
    rythme: tuple[str, ...]
    cellules: Tableau
    semaines: Tableau
    canaux: Tableau
    clubs: Tableau


def suivre_plan(session: Session, perimetre: Perimetre) -> SuiviPlan:
    """Le plan d'entretiens de tous les terrains ouverts au compte. Six requêtes."""
    exiger(peut_consigner, perimetre)
    debut, au = lire_dates(session, perimetre)
    terrains = [terrain for terrain in lire_couverture(session, perimetre) if terrain.cellules]
    semaines = _compter_semaines(session, perimetre)
    return SuiviPlan(
        au=au,
        phrases=tuple(dire_attente(terrain.attente, debut=debut, au=au) for terrain in terrains),
        doctrine=tuple(_doctrine(terrains, debut=debut)),
        rythme=tuple(_rythme(terrains, semaines, debut=debut, au=au)),
        cellules=_tableau_cellules(terrains),
        semaines=_tableau_semaines(semaines),
        canaux=_tableau_canaux(session, perimetre),
        clubs=_tableau_clubs(session, perimetre),
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


def _doctrine(terrains: Sequence[TerrainCouvert], *, debut: date) -> Iterable[str]:
    """Quatre cibles au plus, de sept ou huit personnes, en six à neuf semaines : au-delà, on n'en finit pas."""
    cibles = [cellule for terrain in terrains for cellule in terrain.cellules if cellule.prevus]
    if not cibles:
        yield "Aucun entretien n'est prévu : décrivez le plan pour savoir ce qui manque."
        return
    nombre_de_cibles = compter(
        len(cibles), "cible (un terrain, un type d'acteur)", "cibles (un terrain, un type d'acteur)"
    )
    tenu = "c'est l'usage" if len(cibles) <= CIBLES_MAXIMUM else "c'est trop"
    yield typographier(f"Le plan compte {nombre_de_cibles} : {tenu}, {CIBLES_MAXIMUM} au plus.")
    yield _taille_des_cibles(cibles)
    yield _duree_prevue(cibles, debut)


def _taille_des_cibles(cibles: Sequence[CelluleCouverture]) -> str:
    petit, grand = PAR_CIBLE
    usage = f"{petit} ou {grand} personnes par cible"
    hors = [f"{c.terrain}, {c.type_acteur.libelle.lower()} ({c.prevus})" for c in cibles if c.prevus not in PAR_CIBLE]
    if not hors:
        return typographier(f"Chaque cible compte {petit} ou {grand} personnes : c'est l'usage.")
    trop = any(c.prevus > grand for c in cibles)
    peu = any(c.prevus < petit for c in cibles)
    pourquoi = " et ".join(
        [
            *(["au-delà, on n'apprend plus rien de neuf"] if trop else []),
            *(["en deçà, rien ne se compare"] if peu else []),
        ]
    )
    return typographier(f"L'usage est de {usage} ; {pourquoi}. S'en écartent : {' ; '.join(hors)}.")


def _duree_prevue(cibles: Sequence[CelluleCouverture], debut: date) -> str:
    """De la première rencontre possible à la dernière échéance."""
    court, long = SEMAINES
    echeances = [cellule.echeance for cellule in cibles if cellule.echeance]
    if not echeances:
        return typographier(
            "Aucune échéance n'est fixée : on ne sait pas si l'enquête tiendra en"
            f" {court} à {long} semaines, comme c'est l'usage."
        )
    fin = max(echeances)
    semaines = max(0, math.ceil((fin - debut).days / 7))
    etendue = f"Du {date_longue(debut)} au {date_longue(fin)}, {compter(semaines, 'semaine')}"
    if court <= semaines <= long:
        return typographier(f"{etendue} : c'est l'usage ({court} à {long}).")
    return typographier(f"{etendue} : {'plus' if semaines > long else 'moins'} que l'usage ({court} à {long}).")


def _rythme(terrains: Sequence[TerrainCouvert], semaines: Counter[date], *, debut: date, au: date) -> Iterable[str]:
    """Ce que le rythme passé permettra, et celui qu'il faudrait pour tenir la dernière échéance."""
    manques = [cellule for terrain in terrains for cellule in terrain.manques]
    reste = sum(cellule.prevus - cellule.realises for cellule in manques)
    faits, ecoulees = sum(semaines.values()), max(1.0, (au - debut).days / 7)
    if not reste:
        return
    if faits:
        par_semaine = faits / ecoulees
        yield typographier(
            f"Rythme : {nombre(par_semaine, 1)} {pluriel(par_semaine, 'entretien')} par semaine depuis le début."
            f" À ce rythme, les {nombre(reste)} qui manquent demandent encore"
            f" {compter(math.ceil(reste / par_semaine), 'semaine')}."
        )
    echeances = [cellule.echeance for cellule in manques if cellule.echeance and cellule.echeance > au]
    if echeances:
        fin = max(echeances)
        a_tenir = sum(c.prevus - c.realises for c in manques if c.echeance and c.echeance > au)
        par_semaine = a_tenir / max(1.0, (fin - au).days / 7)
        yield typographier(
            f"Pour les {nombre(a_tenir)} attendus d'ici le {date_longue(fin)}, il en faudrait"
            f" {nombre(par_semaine, 1)} par semaine."
        )


def _tableau_cellules(terrains: Sequence[TerrainCouvert]) -> Tableau:
    return Tableau(
        legende="Plan d'entretiens, par terrain et par type d'acteur",
        entetes=(
            "Terrain",
            "Type d'acteur",
            "Prévus au plan",
            "Contactés",
            "Rendez-vous pris",
            "Refusés",
            "Réalisés",
            "Il manque",
            "Échéance",
        ),
        lignes=tuple(
            (
                cellule.terrain,
                cellule.type_acteur.libelle,
                nombre(cellule.prevus),
                nombre(cellule.contactes),
                nombre(cellule.planifies),
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
    canaux: list[tuple[CanalRecrutement | None, str]] = [(canal, canal.libelle) for canal in CanalRecrutement]
    canaux.append((None, "Non précisé"))
    return Tableau(
        legende="Par où les personnes ont été trouvées",
        entetes=("Canal", *STATUTS.values()),
        lignes=tuple(
            (libelle, *(nombre(comptes[canal, statut]) for statut in STATUTS))
            for canal, libelle in canaux
            if any(comptes[canal, statut] for statut in STATUTS)
        ),
    )


def _tableau_clubs(session: Session, perimetre: Perimetre) -> Tableau:
    """La communauté Les entreprises s'engagent a un club par département : celui où est la personne."""
    code = func.coalesce(Entretien.commune_code, Organisation.commune_code)
    commune, departement = aliased(Territoire), aliased(Territoire)
    lieu = and_(commune.code == code, commune.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)))
    lignes = session.execute(
        select(departement.nom, Entretien.statut, func.count())
        .select_from(Entretien)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .outerjoin(commune, lieu)
        .outerjoin(
            departement,
            and_(departement.code == commune.departement_code, departement.niveau == NiveauTerritoire.DEPARTEMENT),
        )
        .where(
            visible(Entretien, perimetre),
            Entretien.archive_le.is_(None),
            Entretien.canal == CanalRecrutement.LES_ENTREPRISES_S_ENGAGENT,
        )
        .group_by(departement.nom, Entretien.statut)
    )
    comptes = Counter({(nom or "Département inconnu", statut): n for nom, statut, n in lignes})
    return Tableau(
        legende="Personnes trouvées par Les entreprises s'engagent, selon le département où elles sont",
        entetes=("Club départemental", *STATUTS.values()),
        lignes=tuple(
            (nom, *(nombre(comptes[nom, statut]) for statut in STATUTS)) for nom in sorted({nom for nom, _ in comptes})
        ),
    )
