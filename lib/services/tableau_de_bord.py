"""Le tableau de bord : où en est l'enquête, et ses derniers entretiens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import REGLE, TableauProtege, est_cache, publier, sous_secret
from lib.analytics.retards import est_en_retard
from lib.db.modeles import Entretien, Investigation, Organisation, Partenariat, SyntheseEtiquette, Terrain
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites, peut_lire_indicateurs
from lib.domain.formats import nombre
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import TypeActeur
from lib.graphiques import couverture as figure_couverture
from lib.graphiques.commun import Tableau
from lib.services.couverture import TerrainCouvert, dire_attentes, lire_couverture, publier_rencontres
from lib.services.memoire.comptes import Comptees, tenir_comptes
from lib.services.partenariats_suivis import suivi
from lib.services.syntheses import compte_dans_les_chiffres

if TYPE_CHECKING:
    import plotly.graph_objects as go

DERNIERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EntretienRecent:
    """Un entretien réalisé. `organisation` : vide pour qui ne lit pas les identités."""

    id: int
    code: str
    terrain: str
    type_acteur: TypeActeur
    tenu_le: date
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vue:
    """Ce que le tableau de bord montre à tout le périmètre, figure et tableaux prêts.

    etiquetages : couples citation × étiquette ; hors de l'équipe, citations permises seulement.
    attentes : une phrase par terrain où il manque quelqu'un, les retards d'abord. regle : celle des petits effectifs,
    à écrire au bas quand ils sont cachés ; derniers est vide si l'un des terrains l'est.
    """

    au: date
    terrains: tuple[TerrainCouvert, ...]
    realises: int
    realises_ecrits: str
    prevus: int
    etiquetages: int
    partenariats: int
    partenariats_ecrits: str
    derniers: tuple[EntretienRecent, ...]
    retards: tuple[str, ...]
    attentes: tuple[str, ...]
    figure: "go.Figure"
    alternative: str
    tableau: Tableau
    regle: str = ""

    @property
    def vide(self) -> bool:
        """Ni plan, ni entretien : l'enquête n'a pas commencé."""
        return not any((self.realises, self.prevus, self.partenariats))


def lire_vue(session: Session, perimetre: Perimetre) -> Vue:
    """Six requêtes au plus, dont aucune ne relit les étiquetages. Lève AccesRefuse sans droit de lecture."""
    exiger(peut_lire_indicateurs, perimetre)
    debut, au, etiquetages, partenariats = _chiffres(session, perimetre)
    terrains = lire_couverture(session, perimetre)
    prevus = [terrain for terrain in terrains if terrain.prevus or terrain.realises]
    secret = sous_secret(perimetre)
    publies = _publier(prevus, secret=secret)
    couvertures = [t.couverture for t, total in zip(prevus, publies.totaux_lignes, strict=True) if not est_cache(total)]
    phrases = dire_attentes(prevus, debut=debut, au=au, secret=secret)
    attendus = [terrain for terrain in prevus if not terrain.attente.complet]
    tard = [terrain for terrain in attendus if est_en_retard(terrain.attente, debut=debut, au=au)]
    return Vue(
        au=au,
        terrains=terrains,
        realises=sum(terrain.realises for terrain in terrains),
        realises_ecrits=publies.total,
        prevus=sum(terrain.prevus for terrain in terrains),
        etiquetages=etiquetages,
        partenariats=partenariats,
        partenariats_ecrits=publier(partenariats) if secret else nombre(partenariats),
        derniers=() if any(map(est_cache, publies.totaux_lignes)) else _derniers(session, perimetre),
        retards=tuple(phrases[terrain.nom] for terrain in tard),
        attentes=tuple(phrases[terrain.nom] for terrain in attendus if terrain not in tard),
        figure=figure_couverture.figure(couvertures),
        alternative=figure_couverture.description(couvertures),
        tableau=_tableau(prevus, publies),
        regle=REGLE if secret else "",
    )


def _chiffres(session: Session, perimetre: Perimetre) -> tuple[date, date, int, int]:
    """Début de l'investigation, date d'arrêt, étiquettes posées sur des citations, partenariats suivis."""
    mesure = SyntheseEtiquette.verbatims if peut_lire_identites(perimetre) else SyntheseEtiquette.citables
    etiquetages = select(func.coalesce(func.sum(mesure), 0)).where(visible(SyntheseEtiquette, perimetre))
    requete = select(Investigation.debut, Investigation.date_arret, etiquetages.scalar_subquery())
    ouverte = requete.where(Investigation.id == perimetre.investigation_id)
    debut, arret, nombre_etiquetages = session.execute(ouverte).one()
    suivis = tenir_comptes(session, perimetre, partial(_suivis, perimetre), "suivis", _sommer)
    return debut, arret or aujourd_hui(), int(nombre_etiquetages), suivis


def _suivis(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    """Une ligne par partenariat suivi."""
    return select(literal(1).label("un")).select_from(Partenariat).where(visible(Partenariat, perimetre), suivi())


def _sommer(comptees: Comptees) -> int:
    return sum(n for _, n in comptees)


def _derniers(session: Session, perimetre: Perimetre) -> tuple[EntretienRecent, ...]:
    nommee = peut_lire_identites(perimetre)
    lignes = session.execute(
        select(
            Entretien.id,
            Entretien.code,
            Terrain.nom.label("terrain"),
            Entretien.type_acteur,
            Entretien.tenu_le,
            Organisation.nom.label("organisation"),
        )
        .join_from(Entretien, Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(Organisation, and_(Organisation.id == Entretien.organisation_id, literal(nommee)))
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres())
        .order_by(Entretien.tenu_le.desc(), Entretien.id.desc())
        .limit(DERNIERS)
    )
    return tuple(
        EntretienRecent(
            id=ligne.id,
            code=ligne.code,
            terrain=ligne.terrain,
            type_acteur=ligne.type_acteur,
            tenu_le=ligne.tenu_le,
            organisation=ligne.organisation or "",
        )
        for ligne in lignes
    )


def _types(terrains: Sequence[TerrainCouvert]) -> list[TypeActeur]:
    return [t for t in TypeActeur if any(c.type_acteur is t for terrain in terrains for c in terrain.cellules)]


def _publier(terrains: Sequence[TerrainCouvert], *, secret: bool) -> TableauProtege:
    """Les réalisés par terrain et par type d'acteur, tels que ce compte peut les lire."""
    effectifs = [[_realises(terrain, t) for t in _types(terrains)] for terrain in terrains]
    if secret:
        return _proteger(terrains)
    return TableauProtege(
        lignes=tuple(tuple(map(nombre, ligne)) for ligne in effectifs),
        totaux_lignes=tuple(nombre(sum(ligne)) for ligne in effectifs),
        totaux_colonnes=(),
        total=nombre(sum(map(sum, effectifs))),
    )


def _proteger(terrains: Sequence[TerrainCouvert]) -> TableauProtege:
    protege = publier_rencontres(terrains)
    types = _types(terrains)
    return TableauProtege(
        lignes=tuple(tuple(protege.cases.get((t.terrain_id, type_), "0") for type_ in types) for t in terrains),
        totaux_lignes=tuple(protege.lignes.get(t.terrain_id, "0") for t in terrains),
        totaux_colonnes=tuple(protege.colonnes.get(type_, "0") for type_ in types),
        total=protege.total,
    )


def _tableau(terrains: Sequence[TerrainCouvert], publies: TableauProtege) -> Tableau:
    """Terrain et type d'acteur : les chiffres de la figure, détaillés ; par terrain seulement si le détail se tait."""
    if publies.lignes and all(map(est_cache, (case for ligne in publies.lignes for case in ligne if case != "0"))):
        return Tableau(
            legende="Entretiens réalisés sur entretiens prévus, par terrain",
            entetes=("Terrain", "Total"),
            lignes=tuple(
                (t.nom, _sur(total, t.prevus)) for t, total in zip(terrains, publies.totaux_lignes, strict=True)
            ),
        )
    types = _types(terrains)
    lignes = [
        (
            terrain.nom,
            *(_case(terrain, t, n) for t, n in zip(types, textes, strict=True)),
            _sur(total, terrain.prevus),
        )
        for terrain, textes, total in zip(terrains, publies.lignes, publies.totaux_lignes, strict=True)
    ]
    return Tableau(
        legende="Entretiens réalisés sur entretiens prévus, par terrain et par type d'acteur",
        entetes=("Terrain", *(t.libelle for t in types), "Total"),
        lignes=tuple(lignes),
    )


def _realises(terrain: TerrainCouvert, type_acteur: TypeActeur) -> int:
    return sum(cellule.realises for cellule in terrain.cellules if cellule.type_acteur is type_acteur)


def _case(terrain: TerrainCouvert, type_acteur: TypeActeur, realises: str) -> str:
    cellule = next((c for c in terrain.cellules if c.type_acteur is type_acteur), None)
    if cellule is None:
        return "–"
    return _sur(realises, cellule.prevus)


def _sur(realises: str, prevus: int) -> str:
    return f"{realises} sur {prevus}" if prevus else f"{realises}, aucun prévu"
