"""Les épisodes du périmètre, une ligne par durée et par groupe, comptés par la base : de quoi tout mesurer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.durees import LigneDuree
from lib.db import partenariats as en_sql
from lib.db.modeles import FormePartenariat, Organisation, Partenariat, SolutionExistante, Terrain, Territoire
from lib.db.perimetre import visible
from lib.domain.axes import AxeDuree, UniteDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import date_longue
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
from lib.services.partenariats_suivis import suivi

Requete = Select[*tuple[Any, ...]]
ENSEMBLE = "ensemble"
ECARTEES = (PlaceDuree.DEBUT_INCONNU, PlaceDuree.FIN_INCONNUE, PlaceDuree.NON_COMMENCE)
LIBELLES: Mapping[AxeDuree, Mapping[str, str]] = {
    AxeDuree.TAILLE: {membre.value: membre.libelle for membre in TailleEntreprise},
    AxeDuree.FORME: {membre.value: membre.libelle for membre in FormeEngagement},
    AxeDuree.RYTHME: {membre.value: membre.libelle for membre in Rythme},
    AxeDuree.EPCI: {
        "METRO": "Métropole",
        "MET69": "Métropole",
        "CU": "Communauté urbaine",
        "CA": "Communauté d'agglomération",
        "CC": "Communauté de communes",
    },
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
    """Les lignes à analyser, à la date `au` ; `ecartes` compte les épisodes dont la durée ne se mesure pas."""

    au: date
    unite: UniteDuree
    lignes: tuple[LigneDuree, ...]
    ecartes: Mapping[PlaceDuree, int]


def lire_episodes(
    session: Session,
    perimetre: Perimetre,
    *,
    axe: AxeDuree | None = None,
    strates: AxeDuree | None = None,
    unite: UniteDuree = UniteDuree.MOIS,
    au: date | None = None,
    filtres: FiltresDurees | None = None,
) -> EpisodesLus:
    """Durées, issues et entrées tardives des épisodes, agrégées en SQL ; une seule lecture, jamais d'objet de l'ORM.

    axe : ce qui fait les groupes ; à défaut, un seul, « ensemble ». strates : ce qui stratifie la comparaison.
    unite : celle des durées rendues. au : date d'arrêt ; à défaut, celle de l'investigation.
    Un épisode appris d'un entretien sans notice n'y est pas.
    Lève DonneeInvalide si rien n'avait commencé à la date d'arrêt, AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    arret = au or date_des_chiffres(session, perimetre)
    lignes: list[tuple[int, str, LigneDuree]] = []
    ecartes: Counter[PlaceDuree] = Counter()
    requete = _requete(perimetre, arret, axe, strates, unite, filtres or FiltresDurees())
    for ordre, groupe, strate, place, motif, duree, entree, effectif in session.execute(requete):
        if duree is None:
            ecartes[PlaceDuree(place)] += effectif
            continue
        ligne = LigneDuree(
            groupe=_nommer(axe, groupe),
            strate=strate or "",
            duree=duree,
            motif=MotifFin(motif).famille.value if place == PlaceDuree.TERMINE else None,
            entree=entree,
            effectif=effectif,
        )
        lignes.append((ordre, ligne.groupe, ligne))
    _verifier_arret(arret, bool(lignes), ecartes)
    lignes.sort(key=lambda rangee: rangee[:2])
    return EpisodesLus(au=arret, unite=unite, lignes=tuple(ligne for *_, ligne in lignes), ecartes=dict(ecartes))


def _verifier_arret(arret: date, mesures: bool, ecartes: Mapping[PlaceDuree, int]) -> None:
    if not mesures and set(ecartes) == {PlaceDuree.NON_COMMENCE}:
        raise DonneeInvalide(
            f"Aucun partenariat n'avait commencé au {date_longue(arret)} : choisissez une date plus tardive.",
            champ="au",
        )


def _nommer(axe: AxeDuree | None, valeur: str | None) -> str:
    if axe is None:
        return ENSEMBLE
    return LIBELLES.get(axe, {}).get(valeur or "", valeur or INCONNUS.get(axe, "Inconnu"))


# --- Requête ----------------------------------------------------------------------------------------------------

Entreprise, Association = aliased(Organisation), aliased(Organisation)
Commune, Epci = aliased(Territoire), aliased(Territoire)


def _requete(
    perimetre: Perimetre,
    au: date,
    axe: AxeDuree | None,
    strates: AxeDuree | None,
    unite: UniteDuree,
    filtres: FiltresDurees,
) -> Requete:
    """Une ligne par groupe, strate, place, motif, durée et entrée."""
    temps = en_sql.mois_ecoules if unite is UniteDuree.MOIS else en_sql.ecart_jours
    mesure = en_sql.mesurable(au)
    detail = select(
        (Terrain.ordre if axe is AxeDuree.TERRAIN else literal(0)).label("ordre"),
        _valeur(axe).label("groupe"),
        _valeur(strates).label("strate"),
        en_sql.place(au).label("place"),
        case((en_sql.est_termine(au), Partenariat.motif_fin)).label("motif"),
        case((mesure, temps(Partenariat.debut, en_sql.sortie(au)))).label("duree"),
        case((mesure, temps(Partenariat.debut, en_sql.entree(au)))).label("entree"),
    ).where(visible(Partenariat, perimetre), suivi(), *_filtrer(filtres, au))
    for jointe in {axe, strates} - {None}:
        detail = _joindre(detail, jointe)
    lignes = detail.subquery()
    return select(*lignes.c, func.count()).group_by(*lignes.c)


def _valeur(axe: AxeDuree | None) -> ColumnElement[Any]:
    colonnes: dict[AxeDuree, Any] = {
        AxeDuree.TERRAIN: Terrain.nom,
        AxeDuree.TAILLE: Entreprise.taille,
        AxeDuree.FORME: FormePartenariat.forme,
        AxeDuree.RYTHME: Partenariat.rythme,
        AxeDuree.OUTIL: SolutionExistante.nom,
        AxeDuree.EPCI: Epci.type_epci,
    }
    return colonnes[axe] if axe else literal("")


def _joindre(requete: Requete, axe: AxeDuree | None) -> Requete:
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


def _filtrer(filtres: FiltresDurees, au: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filtres.rythme:
        conditions.append(Partenariat.rythme == filtres.rythme)
    if filtres.terrain_id is not None:
        conditions.append(Partenariat.terrain_id == filtres.terrain_id)
    if filtres.forme:
        du_partenariat = and_(
            FormePartenariat.partenariat_id == Partenariat.id, FormePartenariat.forme == filtres.forme
        )
        conditions.append(select(FormePartenariat.forme).where(du_partenariat).correlate(Partenariat).exists())
    if not filtres.a_verifier:
        conditions.append(en_sql.place(au) != PlaceDuree.A_VERIFIER.value)
    if not filtres.survivants:
        conditions.append(Partenariat.mode_recueil != ModeRecueil.VIVANTS_SEULEMENT)
    return conditions
