"""La carte des départements : où l'on est allé, où l'on devait aller, ou qui évoque un irritant ; et son tableau."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Row, Select, String, and_, cast, null, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, REGLE, est_cache, proteger, proteger_blocs, sous_secret
from lib.db.modeles import Terrain, TerrainTerritoire, Territoire
from lib.domain.axes import Dimension
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.formats import compter, effectif, enumeration, nombre, pluriel, typographier
from lib.domain.vocabulaire import FamilleEtiquette, NiveauTerritoire, TypeActeur
from lib.echanges.contours import CREDIT, Contour, lire_contours
from lib.graphiques import carte
from lib.graphiques.carte import Zone
from lib.graphiques.commun import Tableau
from lib.services.couverture import TerrainCouvert, lire_cadre, publier_rencontres, visible_terrain
from lib.services.groupes import SANS_COMMUNE, EtiquetteComparee, GroupesLus, compter_par_terrain, lire_groupes
from lib.services.territoires_dits import avertir

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITRE = typographier("Où a-t-on rencontré des acteurs ?")
TEINTES = (
    "Le nombre écrit est celui des entretiens réalisés ; la teinte, plus forte quand il grandit, ne fait que le redire."
)
TEINTES_DITES = (
    "Le nombre écrit dit combien l'évoquent, sur combien avec qui le sujet a été abordé ; la teinte redit le premier."
    " Si peu d'acteurs par département ne se comparent pas : ce sont des effectifs, pas des parts."
)
OUTRE_MER = typographier(
    "Outre-mer en carrés, sans forme ni échelle : 971 Guadeloupe, 972 Martinique, 973 Guyane, 974 La Réunion,"
    " 976 Mayotte. Paris et sa petite couronne sont agrandis en haut à gauche."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VueCarte:
    """La carte prête à afficher, toujours avec son tableau. notes : comment la lire, d'où viennent ses contours.

    visites : départements dont les citations s'ouvrent ; aucun pour la visite de démonstration.
    """

    au: date
    phrases: tuple[str, ...]
    figure: "go.Figure"
    alternative: str
    tableau: Tableau
    notes: tuple[str, ...]
    visites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cartes:
    """Une carte par étiquette, et celle des rencontres (None) : lues ensemble, chacune tracée quand on la demande.

    dessiner lève Introuvable si l'étiquette n'est pas dans la grille. avertissements : terrains prévus et peu ou pas
    visités. etiquettes : celles qui se choisissent ; aucune pour la visite de démonstration.
    """

    avertissements: tuple[str, ...]
    etiquettes: tuple[str, ...]
    dessiner: Callable[[str | None], VueCarte]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Departement:
    code: str
    nom: str
    region_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lues:
    """Ce que toutes les cartes d'une famille lisent.

    terrains, par_terrain : pour la visite seulement, dont ils bornent la vue ; par_terrain : ses départements et leurs
    entretiens, ceux sans commune connue sous SANS_COMMUNE.
    """

    groupes: GroupesLus
    departements: Mapping[str, _Departement]
    prevus: Mapping[str, set[str]]
    type_acteur: TypeActeur | None
    au: date
    terrains: tuple[TerrainCouvert, ...]
    par_terrain: Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Ce qui s'écrit d'un département ; `valeur` le classe et vaut None quand rien ne s'y compte ou ne s'y dit."""

    departement: _Departement
    texte: str
    valeur: int | None
    cellules: tuple[str, ...]


def lire_cartes(
    session: Session,
    perimetre: Perimetre,
    *,
    famille: FamilleEtiquette = FamilleEtiquette.IRRITANT,
    type_acteur: TypeActeur | None = None,
) -> Cartes:
    """Les entretiens réalisés par département, et ceux qui évoquent chaque étiquette. Cinq requêtes, six en visite.

    Lève AccesRefuse si la visite demande un type d'acteur.
    """
    exiger(peut_lire_indicateurs, perimetre)
    secret = sous_secret(perimetre)
    if secret and type_acteur is not None:
        raise AccesRefuse("La visite ne voit que les entretiens réalisés : le reste laisserait deviner qui parle.")
    cadre = lire_cadre(session, perimetre)
    departements, prevus = _lire_lieux(session, perimetre)
    lues = _Lues(
        groupes=lire_groupes(session, perimetre, MotsComparaison(famille=famille, dimension=Dimension.DEPARTEMENT)),
        departements=departements,
        prevus=prevus,
        type_acteur=type_acteur,
        au=cadre.au,
        terrains=cadre.terrains if secret else (),
        par_terrain=compter_par_terrain(session, perimetre) if secret else {},
    )
    return Cartes(
        avertissements=tuple(avertir(cadre, None, secret=secret)),
        etiquettes=() if secret else tuple(etiquette.nom for etiquette in lues.groupes.etiquettes),
        dessiner=cache(partial(_dessiner, lues, secret)),
    )


def _dessiner(lues: "_Lues", secret: bool, etiquette: str | None) -> VueCarte:
    if secret and etiquette is not None:
        raise AccesRefuse("La visite ne voit que les entretiens réalisés : le reste laisserait deviner qui parle.")
    lus, departements = lues.groupes, lues.departements
    choisie = _trouver(lus, etiquette) if etiquette is not None else None
    textes = _publier(lues) if secret else None
    effectifs = _effectifs(lus, lues.type_acteur)
    cases = _etiquetee(lues, choisie) if choisie else _couverture(departements, lues.prevus, effectifs, textes)
    zones = list(_zones(cases, departements, lire_contours()))
    titre = TITRE if choisie is None else typographier(f"Qui évoque « {choisie.nom} » ?")
    regle = (REGLE,) if secret else ()
    return VueCarte(
        au=lues.au,
        phrases=tuple(_dire(lues, textes)),
        figure=carte.figure(zones, titre=titre),
        alternative=carte.description(zones, titre=titre),
        tableau=_tableau(cases, choisie, lus),
        notes=(TEINTES if choisie is None else TEINTES_DITES, OUTRE_MER, typographier(CREDIT), *regle),
        visites=() if secret else tuple(effectifs),
    )


def _trouver(lus: GroupesLus, nom: str) -> EtiquetteComparee:
    for etiquette in lus.etiquettes:
        if etiquette.nom == nom:
            return etiquette
    raise Introuvable("Cette étiquette n'est pas dans la grille, ou n'y est plus.")


# --- Lire -------------------------------------------------------------------------------------------------------


def _lire_lieux(session: Session, perimetre: Perimetre) -> tuple[dict[str, _Departement], dict[str, set[str]]]:
    """Les départements par nom, et par terrain les codes de ceux qu'il recouvre. Une requête."""
    lignes = session.execute(_departements().union_all(_prevus(perimetre))).all()
    departements = {
        ligne.lieu: _Departement(code=ligne.code, nom=ligne.lieu, region_code=ligne.region_code)
        for ligne in sorted(lignes, key=lambda ligne: str(ligne.code))
        if ligne.terrain is None
    }
    prevus: dict[str, set[str]] = {}
    du_plan = [ligne for ligne in lignes if ligne.terrain is not None]
    for ligne in sorted(du_plan, key=lambda ligne: (ligne.ordre, ligne.id)):
        prevus.setdefault(ligne.terrain, set()).update(_recouverts(ligne, departements))
    return departements, prevus


def _recouverts(ligne: Row[Any], departements: Mapping[str, _Departement]) -> Iterable[str]:
    """Le département désigné, ceux de la région, ou celui de la commune et de l'intercommunalité."""
    niveau = NiveauTerritoire(ligne.niveau)
    if niveau is NiveauTerritoire.REGION:
        return [d.code for d in departements.values() if d.region_code == ligne.code]
    if niveau is NiveauTerritoire.DEPARTEMENT:
        return [ligne.code]
    return [ligne.lieu] if ligne.lieu else []


def _departements() -> Select[*tuple[Any, ...]]:
    return select(
        cast(null(), String).label("terrain"),
        cast(Territoire.niveau, String).label("niveau"),
        Territoire.code.label("code"),
        Territoire.nom.label("lieu"),
        Territoire.region_code.label("region_code"),
        cast(null(), Integer).label("ordre"),
        cast(null(), Integer).label("id"),
    ).where(Territoire.niveau == NiveauTerritoire.DEPARTEMENT)


def _prevus(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    """Ce que chaque terrain recouvre ; `lieu` : le département d'une commune ou d'une intercommunalité."""
    dedans = and_(
        Territoire.niveau.in_((NiveauTerritoire.COMMUNE, NiveauTerritoire.EPCI)),
        Territoire.niveau == TerrainTerritoire.niveau,
        Territoire.code == TerrainTerritoire.code,
    )
    return (
        select(
            Terrain.nom,
            cast(TerrainTerritoire.niveau, String),
            TerrainTerritoire.code,
            Territoire.departement_code,
            cast(null(), String),
            Terrain.ordre,
            Terrain.id,
        )
        .join(TerrainTerritoire, TerrainTerritoire.terrain_id == Terrain.id)
        .outerjoin(Territoire, dedans)
        .where(visible_terrain(perimetre), Terrain.archive_le.is_(None))
    )


# --- Cases ------------------------------------------------------------------------------------------------------


def _effectifs(lus: GroupesLus, type_acteur: TypeActeur | None) -> dict[str, int]:
    """Entretiens réalisés par département ; ceux où l'on n'a rencontré personne de ce type n'y sont pas."""
    effectifs = {nom: lus.effectif(nom, type_acteur) for nom in lus.rencontres}
    return {nom: n for nom, n in effectifs.items() if n}


def _couverture(
    departements: Mapping[str, _Departement],
    prevus: Mapping[str, set[str]],
    effectifs: Mapping[str, int],
    publies: Mapping[str, str] | None,
) -> list[_Case]:
    """Un département visité porte son effectif ; prévu et jamais visité, il porte zéro ; les autres, rien.

    publies : les effectifs tels qu'ils peuvent se lire ; None s'ils se lisent tous.
    """
    attendus = set().union(*prevus.values()) if prevus else set()
    concernes = [d for d in departements.values() if d.nom in effectifs or d.code in attendus]
    comptes = {d.nom: effectifs.get(d.nom, 0) for d in concernes}
    textes = {nom: nombre(n) for nom, n in comptes.items()} | dict(publies or {})
    return [
        _Case(
            departement=d,
            texte=textes[d.nom],
            valeur=None if est_cache(textes[d.nom]) else comptes[d.nom],
            cellules=(textes[d.nom], "oui" if d.code in attendus else "non"),
        )
        for d in concernes
    ]


def _publier(lues: _Lues) -> dict[str, str]:
    """Protégés région par région, car un terrain est souvent une région dont le total se lit ailleurs.

    Ce qui n'a pas de commune connue (sous SANS_COMMUNE) complète le total, et se protège avec le reste. Si l'effectif
    d'un seul terrain se tait à l'accueil, tous les départements visités se taisent : ils le rendraient. De même si un
    terrain, dont le total s'y lit, exigeait d'en taire un de plus que sa région : il est à cheval sur plusieurs.
    """
    visites = _effectifs(lues.groupes, None)
    rencontres = publier_rencontres(lues.terrains)
    if any(map(est_cache, (*rencontres.lignes.values(), rencontres.total))):
        return dict.fromkeys([*visites, SANS_COMMUNE], CACHE)
    blocs: dict[str, dict[str, int]] = {SANS_COMMUNE: {SANS_COMMUNE: lues.groupes.hors_groupes}}
    for nom, n in visites.items():
        blocs.setdefault(lues.departements[nom].region_code, {})[nom] = n
    textes = proteger_blocs(list(blocs.values()))
    if any(_exige_plus(siens, textes) for siens in lues.par_terrain.values()):
        return dict.fromkeys([*visites, SANS_COMMUNE], CACHE)
    return textes


def _exige_plus(terrain: Mapping[str, int], textes: Mapping[str, str]) -> bool:
    """Vrai si le total de ce terrain, connu, rend l'un de ses départements tel que la carte l'écrirait."""
    proteges = zip(terrain, proteger(list(terrain.values())).cases, strict=True)
    return any(est_cache(texte) and not est_cache(textes.get(nom, CACHE)) for nom, texte in proteges)


def _etiquetee(lues: _Lues, etiquette: EtiquetteComparee) -> list[_Case]:
    cases = []
    for nom in _effectifs(lues.groupes, lues.type_acteur):
        releves = lues.groupes.relever(etiquette.id, nom, lues.type_acteur)
        abordes = bool(releves.abordes)
        texte = effectif(releves.evoques, releves.abordes) if abordes else "non abordé"
        valeur = releves.evoques if abordes else None
        cases.append(
            _Case(
                departement=lues.departements[nom],
                texte=texte if abordes else "–",
                valeur=valeur,
                cellules=(texte, nombre(releves.rencontres)),
            )
        )
    return cases


def _zones(
    cases: Iterable[_Case], departements: Mapping[str, _Departement], contours: Iterable[Contour]
) -> Iterable[Zone]:
    """Une zone par contour ; un département agrandi ne porte son nombre que dans l'agrandissement."""
    contours = list(contours)
    par_code = {case.departement.code: case for case in cases}
    noms = {departement.code: departement.nom for departement in departements.values()}
    agrandis = {contour.code for contour in contours if contour.encart == "couronne"}
    for contour in contours:
        case = par_code.get(contour.code)
        yield Zone(
            nom=noms.get(contour.code, contour.code),
            centre=contour.centre,
            anneaux=contour.anneaux,
            valeur=case.valeur if case else None,
            texte=case.texte if case else "",
            contour_seul=contour.code in agrandis and not contour.encart,
            dessous=contour.code if contour.encart == "outre-mer" else "",
        )


def _tableau(cases: Sequence[_Case], etiquette: EtiquetteComparee | None, lus: GroupesLus) -> Tableau:
    ranges = sorted(cases, key=lambda case: (-(case.valeur or 0), case.departement.code))
    if etiquette is None:
        legende, entetes = "Entretiens réalisés par département", ("Réalisés", "Dans un terrain prévu")
    else:
        quoi = "codés dont un passage porte l'étiquette" if lus.mots.codage else "qui l'évoquent, sur abordés"
        legende, entetes = typographier(f"« {etiquette.nom} » par département"), (f"Entretiens {quoi}", "Réalisés")
    return Tableau(
        legende=legende,
        entetes=("Code", "Département", *entetes),
        lignes=tuple((case.departement.code, case.departement.nom, *case.cellules) for case in ranges),
    )


def _dire(lues: _Lues, publies: Mapping[str, str] | None) -> Iterable[str]:
    """Ce que la carte montre, en mots ; puis chaque terrain dont des départements n'ont pas été visités."""
    lus, departements, type_acteur = lues.groupes, lues.departements, lues.type_acteur
    visites = _effectifs(lus, type_acteur)
    qui = f"acteurs de type « {type_acteur.libelle.lower()} »" if type_acteur else "acteurs"
    if visites:
        yield typographier(
            f"Des {qui} ont été rencontrés dans {compter(len(visites), 'département')}. La commune est celle de"
            " l'entretien, à défaut celle de l'organisation."
        )
    elif not lus.hors_groupes and not type_acteur:
        yield "Aucun entretien réalisé : la carte reste vide."
    elif departements:
        avec = f" avec des {qui}" if type_acteur else ""
        yield typographier(f"Aucun entretien réalisé{avec} n'a de commune connue : la carte reste vide.")
    else:
        yield "Les territoires officiels ne sont pas chargés : demandez-le à une personne qui administre l'outil."
    if lus.hors_groupes:
        yield typographier(_dire_hors(lus.hors_groupes, (publies or {}).get(SANS_COMMUNE, "")))
    for terrain, codes in lues.prevus.items():
        manquants = [d.nom for d in departements.values() if d.code in codes and d.nom not in visites]
        if manquants:
            yield typographier(f"{terrain} : prévu et jamais visité, {enumeration(manquants)}.")


def _dire_hors(hors_groupes: int, publie: str) -> str:
    if est_cache(publie):
        return "Des entretiens sans commune connue ne sont pas sur la carte."
    verbe = pluriel(hors_groupes, "n'est pas", "ne sont pas")
    return f"{compter(hors_groupes, 'entretien', 'entretiens')} sans commune connue {verbe} sur la carte."
