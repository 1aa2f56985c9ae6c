"""Les épisodes du périmètre, une ligne par durée et par groupe, comptés par la base : de quoi tout mesurer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.durees import LigneDuree
from lib.db import partenariats as en_sql
from lib.db.modeles import FormePartenariat, Organisation, Partenariat, SolutionExistante, Terrain, Territoire
from lib.db.perimetre import visible
from lib.domain.axes import AxeDuree, LectureDates, UniteDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import date_longue
from lib.domain.territoires import TYPES_EPCI
from lib.domain.vocabulaire import (
    FormeEngagement,
    ModeRecueil,
    MotifFin,
    NiveauTerritoire,
    PlaceDuree,
    Rythme,
    TailleEntreprise,
)
from lib.services.investigations import date_des_chiffres
from lib.services.memoire.comptes import Comptees, grouper, tenir_comptes
from lib.services.partenariats_suivis import suivi

Requete = Select[*tuple[Any, ...]]
ENSEMBLE = "ensemble"
FAMILLES: Mapping[str, str] = {motif.value: motif.famille.value for motif in MotifFin}
MESUREES = (PlaceDuree.TERMINE, PlaceDuree.EN_COURS, PlaceDuree.A_VERIFIER)
ECARTEES = (PlaceDuree.DEBUT_INCONNU, PlaceDuree.FIN_INCONNUE, PlaceDuree.NON_COMMENCE)
LIBELLES: Mapping[AxeDuree, Mapping[str, str]] = {
    AxeDuree.TAILLE: {membre.value: membre.libelle for membre in TailleEntreprise},
    AxeDuree.FORME: {membre.value: membre.libelle for membre in FormeEngagement},
    AxeDuree.RYTHME: {membre.value: membre.libelle for membre in Rythme},
    AxeDuree.EPCI: TYPES_EPCI,
}
INCONNUS: Mapping[AxeDuree, str] = {
    AxeDuree.TAILLE: "Taille inconnue",
    AxeDuree.FORME: "Forme inconnue",
    AxeDuree.OUTIL: "Sans outil connu",
    AxeDuree.EPCI: "Commune inconnue",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltresDurees:
    """Ce que l'on garde. Vide : tout. `a_verifier`, `survivants` : faux pour voir si la conclusion tient sans eux."""

    rythme: Rythme | None = None
    forme: FormeEngagement | None = None
    terrain_id: int | None = None
    a_verifier: bool = True
    survivants: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodesLus:
    """Les lignes à analyser, à la date `au` ; `places` compte tous les épisodes, mesurés ou non."""

    au: date
    unite: UniteDuree
    lignes: tuple[LigneDuree, ...]
    places: Mapping[PlaceDuree, int]

    @property
    def ecartes(self) -> dict[PlaceDuree, int]:
        """Combien d'épisodes ne se mesurent pas, par raison."""
        return {place: self.places[place] for place in ECARTEES if self.places.get(place)}

    @property
    def mesures(self) -> int:
        """Combien d'épisodes se mesurent."""
        return sum(self.places.get(place, 0) for place in MESUREES)


def lire_episodes(
    session: Session,
    perimetre: Perimetre,
    *,
    axe: AxeDuree | None = None,
    strates: AxeDuree | None = None,
    unite: UniteDuree = UniteDuree.MOIS,
    au: date | None = None,
    filtres: FiltresDurees | None = None,
    dates: LectureDates = LectureDates.MILIEU,
) -> EpisodesLus:
    """Durées, issues et entrées tardives des épisodes, comptés en SQL puis tenus ; jamais d'objet de l'ORM.

    axe : ce qui fait les groupes ; à défaut, un seul, « ensemble ». strates : ce qui stratifie la comparaison.
    unite : celle des durées rendues. au : date d'arrêt ; à défaut, celle de l'investigation.
    dates : comment se lit une date connue au mois ou à l'année.
    Un épisode appris d'un entretien sans notice n'y est pas.
    Lève AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    arret = au or date_des_chiffres(session, perimetre)
    choix = (arret, axe, strates, unite, filtres or FiltresDurees(), dates)
    lire = partial(_assembler, arret, axe, unite)
    if AxeDuree.EPCI in (axe, strates):  # les communes se chargent sans passer par le journal
        return lire(grouper(session, _detail(perimetre, *choix)))
    return tenir_comptes(session, perimetre, partial(_detail, perimetre, *choix), ("épisodes", *choix), lire)


def _assembler(arret: date, axe: AxeDuree | None, unite: UniteDuree, comptees: Comptees) -> EpisodesLus:
    lignes: list[tuple[int, str, LigneDuree]] = []
    places: Counter[str] = Counter()
    rangs: dict[tuple[int, str | None], tuple[int, str]] = {}
    for (ordre, groupe, strate, place, motif, duree, entree), effectif in comptees:
        places[place] += effectif
        if duree is None:
            continue
        if (ordre, groupe) not in rangs:
            rangs[ordre, groupe] = _rang(axe, groupe, ordre), nommer(axe, groupe)
        rang, nom = rangs[ordre, groupe]
        issue = FAMILLES[motif] if place == PlaceDuree.TERMINE else None
        ligne = LigneDuree(nom, duree, issue, effectif, entree, strate or "")
        lignes.append((rang, nom, ligne))
    lignes.sort(key=itemgetter(0, 1))
    return EpisodesLus(
        au=arret,
        unite=unite,
        lignes=tuple(rangee[2] for rangee in lignes),
        places={PlaceDuree(place): n for place, n in places.items()},
    )


def exiger_un_debut(lus: EpisodesLus) -> None:
    """Lève DonneeInvalide si des partenariats sont consignés, mais qu'aucun n'avait commencé à la date d'arrêt."""
    if set(lus.places) == {PlaceDuree.NON_COMMENCE}:
        raise DonneeInvalide(
            f"Aucun partenariat n'avait commencé au {date_longue(lus.au)} : choisissez une date plus tardive.",
            champ="au",
        )


def _rang(axe: AxeDuree | None, valeur: str | None, ordre: int) -> int:
    """Les terrains dans leur ordre, un vocabulaire dans le sien ; ce que l'on ne connaît pas en dernier."""
    codes = list(LIBELLES.get(axe, ())) if axe else []
    if not codes:
        return ordre
    return codes.index(valeur) if valeur in codes else len(codes)


def nommer(axe: AxeDuree | None, valeur: str | None) -> str:
    """Le nom d'un groupe, tel qu'il s'affiche."""
    if axe is None:
        return ENSEMBLE
    return LIBELLES.get(axe, {}).get(valeur or "", valeur or INCONNUS.get(axe, "Inconnu"))


# --- Requête ----------------------------------------------------------------------------------------------------

Entreprise, Association = aliased(Organisation), aliased(Organisation)
Commune, Epci = aliased(Territoire), aliased(Territoire)


def _detail(
    perimetre: Perimetre,
    au: date,
    axe: AxeDuree | None,
    strates: AxeDuree | None,
    unite: UniteDuree,
    filtres: FiltresDurees,
    dates: LectureDates,
) -> Requete:
    """Une ligne par épisode : groupe, strate, place, motif, durée et entrée."""
    mesure = en_sql.mesurable(au)
    duree: ColumnElement[Any] = en_sql.ecart_jours(Partenariat.debut, en_sql.sortie(au))
    entree = en_sql.jours_avant_suivi(au)
    if dates is not LectureDates.MILIEU:
        duree = en_sql.selon_la_precision(duree, au, signe=1 if dates is LectureDates.LONGUE else -1)
        entree = case((entree > duree, duree), else_=entree)
    if unite is UniteDuree.MOIS:
        duree, entree = en_sql.en_mois(duree), en_sql.en_mois(entree)
    detail = select(
        (Terrain.ordre if axe is AxeDuree.TERRAIN else literal(0)).label("ordre"),
        valeur_de(axe).label("groupe"),
        valeur_de(strates).label("strate"),
        en_sql.place(au).label("place"),
        case((en_sql.est_termine(au), Partenariat.motif_fin)).label("motif"),
        case((mesure, duree)).label("duree"),
        case((mesure, entree)).label("entree"),
    ).where(*conditions(perimetre, filtres, au))
    for jointe in {axe, strates} - {None}:
        detail = joindre(detail, jointe)
    return detail


def valeur_de(axe: AxeDuree | None) -> ColumnElement[Any]:
    """Ce qui fait le groupe d'un épisode sur cet axe ; la requête doit être jointe par `joindre`."""
    colonnes: dict[AxeDuree, Any] = {
        AxeDuree.TERRAIN: Terrain.nom,
        AxeDuree.TAILLE: Entreprise.taille,
        AxeDuree.FORME: FormePartenariat.forme,
        AxeDuree.RYTHME: Partenariat.rythme,
        AxeDuree.OUTIL: SolutionExistante.nom,
        AxeDuree.EPCI: Epci.type_epci,
        AxeDuree.COHORTE: en_sql.trimestre(Partenariat.debut),
    }
    return colonnes[axe] if axe else literal("")


def joindre(requete: Requete, axe: AxeDuree | None) -> Requete:
    """La requête, avec les tables dont l'axe a besoin."""
    if axe is AxeDuree.TERRAIN:
        return requete.join(Terrain, Terrain.id == Partenariat.terrain_id)
    if axe is AxeDuree.TAILLE:
        return requete.join(Entreprise, Entreprise.id == Partenariat.entreprise_id)
    if axe is AxeDuree.FORME:
        principale = and_(FormePartenariat.partenariat_id == Partenariat.id, FormePartenariat.principale)
        return requete.outerjoin(FormePartenariat, principale)
    if axe is AxeDuree.OUTIL:
        return requete.outerjoin(SolutionExistante, SolutionExistante.id == Partenariat.solution_id)
    if axe is AxeDuree.EPCI:
        return _joindre_intercommunalite(requete)
    return requete


def _joindre_intercommunalite(requete: Requete) -> Requete:
    commune = and_(
        Commune.code == Association.commune_code,
        Commune.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.ARRONDISSEMENT)),
    )
    epci = and_(Epci.code == Commune.epci_code, Epci.niveau == NiveauTerritoire.EPCI)
    avec_association = requete.join(Association, Association.id == Partenariat.association_id)
    return avec_association.outerjoin(Commune, commune).outerjoin(Epci, epci)


def conditions(perimetre: Perimetre, filtres: FiltresDurees, au: date) -> list[ColumnElement[bool]]:
    """Les épisodes du périmètre que les chiffres gardent : ceux qui comptent, moins ce qui est filtré."""
    gardees: list[ColumnElement[bool]] = [visible(Partenariat, perimetre), suivi()]
    if filtres.rythme:
        gardees.append(Partenariat.rythme == filtres.rythme)
    if filtres.terrain_id is not None:
        gardees.append(Partenariat.terrain_id == filtres.terrain_id)
    if filtres.forme:
        du_partenariat = and_(
            FormePartenariat.partenariat_id == Partenariat.id, FormePartenariat.forme == filtres.forme
        )
        gardees.append(select(FormePartenariat.forme).where(du_partenariat).correlate(Partenariat).exists())
    if not filtres.a_verifier:
        gardees.append(en_sql.place(au) != PlaceDuree.A_VERIFIER.value)
    if not filtres.survivants:
        gardees.append(Partenariat.mode_recueil != ModeRecueil.VIVANTS_SEULEMENT)
    return gardees
