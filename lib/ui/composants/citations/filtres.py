"""Les filtres des citations, tenus par l'adresse : une recherche s'envoie à un collègue."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

import streamlit as st

from lib.domain.axes import Dimension
from lib.domain.citations import TRIS_DE_L_EQUIPE, TriCitations
from lib.domain.droits import peut_exporter, peut_lire_identites, peut_lire_le_detail
from lib.domain.mots import NatureIndexee
from lib.domain.vocabulaire import AccordCitation, FamilleEtiquette, TailleEntreprise, TypeActeur, Vocabulaire
from lib.services.citations import FiltresCitations
from lib.services.equipe_de_codage import lister_codeurs, lister_meneurs
from lib.services.grille import EtiquetteLue, choisir, lister_grille
from lib.services.groupes import dimensions_ouvertes
from lib.services.sessions import Acces
from lib.services.terrains import lister_terrains
from lib.services.territoires import lister_groupes
from lib.ui.adresse import identifiant
from lib.ui.caches import vue

V = TypeVar("V")
W = TypeVar("W", bound=Vocabulaire)

TOUTES = "toutes"
TOUS = "tous"
SANS = "sans étiquette"
CLE_PAGE = "citations_page"
CLE_SEULE = "citation"
CLE_ETIQUETTE = "citations_etiquette"
CLE_TRI = "citations_tri"
CLE_PANIER = "citations_panier"
CLE_PLUS = "citations_plus"
CLE_DIMENSION = "citations_dimension"
CLE_LIEU = "citations_lieu"
LECTURE, GRILLE = "Lecture", "Grille"
DEPART: dict[str, str | bool | None] = {
    CLE_ETIQUETTE: TOUTES,
    "citations_branche": True,
    "citations_famille": TOUTES,
    "citations_terrain": TOUS,
    "citations_acteur": TOUS,
    "citations_texte": "",
    "citations_ou": NatureIndexee.CITATION.libelle,
    "citations_taille": TOUTES,
    "citations_accord": TOUS,
    "citations_menee_par": None,
    "citations_codee_par": None,
    "citations_du": None,
    "citations_au": None,
    CLE_DIMENSION: TOUS,
    CLE_LIEU: TOUS,
    CLE_PANIER: False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choix:
    """Ce que la personne a choisi. actif : au moins un filtre est posé. grille : en tableau plutôt qu'en lecture."""

    filtres: FiltresCitations
    etiquette: EtiquetteLue | None
    actif: bool
    grille: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plus:
    """Les filtres que l'on demande plus rarement."""

    taille: TailleEntreprise | None = None
    accord: AccordCitation | None = None
    enqueteur_id: int | None = None
    codeur_id: int | None = None
    du: date | None = None
    au: date | None = None
    dimension: Dimension | None = None
    lieu: str = ""


def choisir_filtres(acces: Acces) -> Choix:
    """Dessine les filtres. Les mots cherchés et l'équipe restent hors de l'adresse : ils peuvent nommer quelqu'un."""
    seule = identifiant(CLE_SEULE) if peut_exporter(acces.perimetre) else None
    if seule is not None:
        return Choix(filtres=FiltresCitations(verbatim_id=seule), etiquette=None, actif=True, grille=False)
    return _dessiner(acces)


def _dessiner(acces: Acces) -> Choix:
    grille = vue(lister_grille, acces, archivees=True)
    par_nom = {etiquette.designation: etiquette for etiquette in grille}
    equipe = peut_lire_identites(acces.perimetre)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choisie = _liste(CLE_ETIQUETTE, "Étiquette", [TOUTES, SANS, *par_nom], largeur=320)
        etiquette = par_nom.get(choisie)
        branche = _avec_sa_branche(grille, etiquette)
        famille = _parmi("citations_famille", "Famille", _par_libelle(FamilleEtiquette), tous=TOUTES)
        terrains = {terrain.nom: terrain.id for terrain in vue(lister_terrains, acces)}
        terrain = _parmi("citations_terrain", "Terrain", terrains)
        acteur = _parmi("citations_acteur", "Type d'acteur", _par_libelle(TypeActeur))
        texte = _chercher()
        nature = _chercher_ou() if equipe else NatureIndexee.CITATION
    plus = _choisir_plus(acces, equipe=equipe)
    tri, decroissant, en_grille, panier = _presenter(equipe=equipe)
    filtres = FiltresCitations(
        etiquettes=choisir(
            grille, etiquette_id=etiquette.id if etiquette else None, descendantes=branche, famille=famille
        ),
        sans_etiquette=choisie == SANS,
        terrain_id=terrain,
        type_acteur=acteur,
        texte=texte,
        nature=nature,
        **asdict(plus),
        panier_de=acces.perimetre.compte_id if panier else None,
        tri=tri,
        decroissant=decroissant,
    )
    neutre = FiltresCitations(tri=tri, decroissant=decroissant, nature=nature)
    return Choix(filtres=filtres, etiquette=etiquette, actif=filtres != neutre, grille=en_grille)


def effacer_filtres() -> None:
    """Rend les filtres à leur départ."""
    st.query_params.pop(CLE_SEULE, None)
    for cle, valeur in DEPART.items():
        if cle in st.session_state:
            st.session_state[cle] = valeur
    revenir_au_debut()


def revenir_au_debut() -> None:
    """Un filtre change : la page 3 d'une autre recherche n'a plus de sens."""
    st.session_state[CLE_PAGE] = 1


# --- Les mots ---------------------------------------------------------------------------------------------------


def _chercher() -> str:
    saisie = st.text_input(
        "Mots",
        key="citations_texte",
        placeholder='préfecture "pas le temps" -argent',
        help="Tous les mots, sans accents, au singulier ou au pluriel. Entre guillemets, l'expression exacte ; "
        "précédé d'un tiret, le mot qui ne doit pas y être.",
        width=280,
        on_change=revenir_au_debut,
        autocomplete="off",
    )
    return (saisie or "").strip()


def _chercher_ou() -> NatureIndexee:
    choisi = st.segmented_control(
        "Chercher dans",
        [nature.libelle for nature in NatureIndexee],
        default=NatureIndexee.CITATION.libelle,
        required=True,
        key="citations_ou",
        bind="query-params",
        on_change=revenir_au_debut,
    )
    return _par_libelle(NatureIndexee).get(str(choisi), NatureIndexee.CITATION)


# --- Plus de filtres --------------------------------------------------------------------------------------------


def _choisir_plus(acces: Acces, *, equipe: bool) -> _Plus:
    """Rares, ils ne se dessinent qu'à la demande ; un lien qui en porte un les montre."""
    if not st.toggle("Plus de filtres", key=CLE_PLUS, bind="query-params", value=_en_porte()):
        return _Plus()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        du, au = _jour("citations_du", "Rencontres depuis le"), _jour("citations_au", "jusqu'au")
        dimension, lieu = _choisir_lieu(acces)
        if not equipe:
            return _Plus(du=du, au=au, dimension=dimension, lieu=lieu)
        return _Plus(
            du=du,
            au=au,
            dimension=dimension,
            lieu=lieu,
            taille=_parmi("citations_taille", "Taille de l'entreprise", _par_libelle(TailleEntreprise), tous=TOUTES),
            accord=_parmi("citations_accord", "Accord de citer", _par_libelle(AccordCitation)),
            enqueteur_id=_personne("citations_menee_par", "Entretien mené par", vue(lister_meneurs, acces)),
            codeur_id=_personne("citations_codee_par", "Étiquettes posées par", vue(lister_codeurs, acces)),
        )


def _en_porte() -> bool:
    rares = ("citations_du", "citations_au", "citations_taille", "citations_accord", CLE_DIMENSION)
    return any(cle in st.query_params for cle in rares)


def _choisir_lieu(acces: Acces) -> tuple[Dimension | None, str]:
    """Un lieu officiel, le même que sur la page des territoires ; la visite n'en choisit pas, il désignerait."""
    if not peut_lire_le_detail(acces.perimetre):
        return None, ""
    lieux = {d.libelle: d for d in dimensions_ouvertes(acces.perimetre) if d.est_un_lieu}
    dimension = _parmi(CLE_DIMENSION, "Lieu selon", lieux)
    if dimension is None:
        return None, ""
    lieu = _liste(CLE_LIEU, dimension.libelle, [TOUS, *vue(lister_groupes, acces, dimension=dimension)], largeur=260)
    return (None, "") if lieu == TOUS else (dimension, lieu)


def _jour(cle: str, libelle: str) -> date | None:
    choisi = st.date_input(
        libelle, value=None, format="DD/MM/YYYY", key=cle, bind="query-params", width=170, on_change=revenir_au_debut
    )
    return choisi if isinstance(choisi, date) else None


def _personne(cle: str, libelle: str, noms: dict[int, str]) -> int | None:
    """Hors de l'adresse : elle porterait un nom."""
    return st.selectbox(
        libelle,
        list(noms),
        index=None,
        placeholder="tous",
        format_func=lambda identifiant: noms.get(identifiant, ""),
        key=cle,
        width=200,
        on_change=revenir_au_debut,
    )


# --- Présenter --------------------------------------------------------------------------------------------------


def _presenter(*, equipe: bool) -> tuple[TriCitations, bool, bool, bool]:
    """L'ordre, son sens, la grille plutôt que la lecture, le panier seul."""
    tris = {code: _dire_tri(code) for code in tris_permis(equipe=equipe)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            "Trier",
            list(tris),
            format_func=lambda choisi: tris.get(choisi, ""),
            key=CLE_TRI,
            bind="query-params",
            width=260,
            on_change=revenir_au_debut,
        )
        montre = st.segmented_control(
            "Montrer", [LECTURE, GRILLE], default=LECTURE, required=True, key="citations_vue", bind="query-params"
        )
        panier = st.toggle("Mon panier seulement", key=CLE_PANIER, bind="query-params", on_change=revenir_au_debut)
    tri, decroissant = lire_tri(code or "")
    return tri, decroissant, montre == GRILLE, panier


def tris_permis(*, equipe: bool) -> list[str]:
    """Les ordres proposés : chacun dans les deux sens, précédé d'un tiret s'il est décroissant."""
    permis = [tri for tri in TriCitations if equipe or tri not in TRIS_DE_L_EQUIPE]
    return [f"{sens}{tri.value}" for tri in permis for sens in ("", "-")]


def lire_tri(code: str) -> tuple[TriCitations, bool]:
    """Un ordre et son sens ; un code inconnu vaut l'ordre de départ."""
    nu = code.removeprefix("-")
    return (TriCitations(nu), code.startswith("-")) if nu in list(TriCitations) else (TriCitations.RECENTES, False)


def _dire_tri(code: str) -> str:
    tri, decroissant = lire_tri(code)
    if tri is TriCitations.RECENTES:
        return "Premières surlignées" if decroissant else tri.libelle
    return f"{tri.libelle}, {'décroissant' if decroissant else 'croissant'}"


def _avec_sa_branche(grille: Sequence[EtiquetteLue], etiquette: EtiquetteLue | None) -> bool:
    """Une étiquette sans descendante n'a rien à demander."""
    if etiquette is None or not any(autre.parent_id == etiquette.id for autre in grille):
        return True
    return st.toggle(
        "Avec ses sous-étiquettes", value=True, key="citations_branche", bind="query-params", on_change=revenir_au_debut
    )


def _liste(cle: str, libelle: str, options: Sequence[str], largeur: int = 190) -> str:
    choisi = st.selectbox(libelle, options, key=cle, bind="query-params", width=largeur, on_change=revenir_au_debut)
    return choisi or options[0]


def _parmi(cle: str, libelle: str, choix: Mapping[str, V], *, tous: str = TOUS) -> V | None:
    return choix.get(_liste(cle, libelle, [tous, *choix]))


def _par_libelle(vocabulaire: type[W]) -> dict[str, W]:
    return {membre.libelle: membre for membre in vocabulaire}
