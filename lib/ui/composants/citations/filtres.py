"""Les filtres des citations, tenus par l'adresse : une recherche s'envoie à un collègue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from lib.domain.vocabulaire import FamilleEtiquette, TypeActeur, Vocabulaire
from lib.services.citations import FiltresCitations
from lib.services.grille import EtiquetteLue, choisir, lister_grille
from lib.services.sessions import Acces
from lib.services.terrains import lister_terrains
from lib.ui.caches import vue

V = TypeVar("V")
W = TypeVar("W", bound=Vocabulaire)

TOUTES = "toutes"
TOUS = "tous"
SANS = "sans étiquette"
CLE_PAGE = "citations_page"
CLE_ETIQUETTE = "citations_etiquette"
DEPART: dict[str, str | bool] = {
    CLE_ETIQUETTE: TOUTES,
    "citations_branche": True,
    "citations_famille": TOUTES,
    "citations_terrain": TOUS,
    "citations_acteur": TOUS,
    "citations_texte": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choix:
    """Ce que la personne a choisi. actif : au moins un filtre est posé."""

    filtres: FiltresCitations
    etiquette: EtiquetteLue | None
    actif: bool


def choisir_filtres(acces: Acces) -> Choix:
    """Dessine les filtres. Les mots cherchés restent hors de l'adresse : ils peuvent nommer quelqu'un."""
    grille = vue(lister_grille, acces, archivees=True)
    par_nom = {_nommer(etiquette): etiquette for etiquette in grille}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choisie = _liste(CLE_ETIQUETTE, "Étiquette", [TOUTES, SANS, *par_nom], largeur=320)
        etiquette = par_nom.get(choisie)
        branche = _avec_sa_branche(grille, etiquette)
        famille = _parmi("citations_famille", "Famille", _par_libelle(FamilleEtiquette), tous=TOUTES)
        terrains = {terrain.nom: terrain.id for terrain in vue(lister_terrains, acces)}
        terrain = _parmi("citations_terrain", "Terrain", terrains)
        acteur = _parmi("citations_acteur", "Type d'acteur", _par_libelle(TypeActeur))
        texte = st.text_input(
            "Mots de la citation",
            key="citations_texte",
            placeholder="Par exemple : prefecture",
            width=260,
            on_change=revenir_au_debut,
            autocomplete="off",
        )
    filtres = FiltresCitations(
        etiquettes=choisir(
            grille, etiquette_id=etiquette.id if etiquette else None, descendantes=branche, famille=famille
        ),
        sans_etiquette=choisie == SANS,
        terrain_id=terrain,
        type_acteur=acteur,
        texte=(texte or "").strip(),
    )
    return Choix(filtres=filtres, etiquette=etiquette, actif=filtres != FiltresCitations())


def effacer_filtres() -> None:
    """Rend les filtres à leur départ."""
    for cle, valeur in DEPART.items():
        if cle in st.session_state:
            st.session_state[cle] = valeur
    revenir_au_debut()


def revenir_au_debut() -> None:
    """Un filtre change : la page 3 d'une autre recherche n'a plus de sens."""
    st.session_state[CLE_PAGE] = 1


def _nommer(etiquette: EtiquetteLue) -> str:
    return f"{etiquette.nom} (archivée)" if etiquette.archivee else etiquette.nom


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
