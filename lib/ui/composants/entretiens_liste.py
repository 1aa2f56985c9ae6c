"""La liste des entretiens : filtres dans l'adresse, saisies en cours, tableau, pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.formats import compter, date_abregee, nombre
from lib.domain.vocabulaire import StatutEntretien, TypeActeur, Vocabulaire
from lib.services import brouillons
from lib.services.entretiens import (
    CriteresEntretiens,
    PageEntretiens,
    TriEntretiens,
    lister,
    lister_enqueteurs,
    nommer,
)
from lib.services.entretiens.liste import LigneEntretien
from lib.services.sessions import Acces
from lib.services.terrains import TerrainLu, lister_terrains
from lib.services.transaction import lecture
from lib.ui.caches import vue
from lib.ui.composants.entretiens_brouillon import FORMULAIRE
from lib.ui.composants.entretiens_reprise import moment
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur

FICHE = Fiche(adresse="entretien", parametre="entretien")
ENTETES = ("Code", "Date", "Organisation", "Type", "Terrain", "Mené par", "Statut", "Citations")
TOUS = "tous"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieOuverte:
    """Une saisie en cours : l'entretien qu'elle corrige (None pour un nouveau) et quand elle a été gardée."""

    entretien_id: int | None
    libelle: str


def lire_saisies(perimetre: Perimetre) -> tuple[SaisieOuverte, ...]:
    """Les saisies en cours de la personne, avec le code de l'entretien corrigé."""
    with lecture(moteur()) as session:
        en_cours = brouillons.lister(session, perimetre, formulaire=FORMULAIRE)
        codes = nommer(session, perimetre, identifiants=tuple(int(b.cle) for b in en_cours if b.cle.isdigit()))
    return tuple(
        SaisieOuverte(entretien_id=int(b.cle) if b.cle else None, libelle=_presenter(b, codes))
        for b in en_cours
        if not b.cle or int(b.cle) in codes
    )


def _presenter(brouillon: brouillons.BrouillonEnCours, codes: Mapping[int, str]) -> str:
    quoi = f"Corrections de {codes[int(brouillon.cle)]}" if brouillon.cle else "Nouvel entretien"
    return f"{quoi} ({moment(brouillon.modifie_le)})"


def montrer_saisies(saisies: tuple[SaisieOuverte, ...]) -> None:
    """Un lien par saisie en cours ; rien s'il n'y en a pas."""
    if not saisies:
        return
    st.header("Vos saisies en cours", anchor=False)
    for saisie in saisies:
        parametres = {} if saisie.entretien_id is None else {"entretien": str(saisie.entretien_id)}
        st.page_link(chemin("saisie"), label=saisie.libelle, icon=":material/edit_note:", query_params=parametres)


def filtrer(acces: Acces) -> CriteresEntretiens:
    """Les filtres, dans l'adresse de la page sauf la recherche et l'équipe, qui peuvent nommer quelqu'un."""
    terrains, equipe = vue(lister_terrains, acces), vue(lister_enqueteurs, acces)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        recherche = st.text_input(
            "Rechercher", key="e_recherche", placeholder="Code, organisation ou mots du texte", width=280
        )
        terrain = _choix("e_terrain", "Terrain", _noms(terrains), lie=True)
        type_acteur = _choix("e_type", "Type d'acteur", _libelles(TypeActeur), lie=True)
        statut = _choix("e_statut", "Statut", _libelles(StatutEntretien), lie=True)
        enqueteur = _choix("e_equipe", "Mené par", {str(cle): nom for cle, nom in equipe.items()}, lie=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        du = _jour("e_du", "Depuis le")
        au = _jour("e_au", "Jusqu'au")
        tri = st.selectbox(
            "Trier",
            [t.value for t in TriEntretiens],
            format_func=lambda code: TriEntretiens(code).libelle,
            key="e_tri",
            bind="query-params",
            width=250,
        )
        archives = st.toggle("Entretiens archivés", key="e_archives", bind="query-params")
    return CriteresEntretiens(
        terrain_id=next((t.id for t in terrains if t.code == terrain), None),
        type_acteur=TypeActeur(type_acteur) if type_acteur else None,
        statut=StatutEntretien(statut) if statut else None,
        enqueteur_id=int(enqueteur) if enqueteur else None,
        du=du,
        au=au,
        recherche=recherche or "",
        archives=archives,
        tri=TriEntretiens(tri),
    )


def _choix(cle: str, libelle: str, choix: Mapping[str, str], *, lie: bool) -> str | None:
    proposes = {TOUS: "Tous"} | dict(choix)
    choisi = st.selectbox(
        libelle,
        list(proposes),
        format_func=lambda code: proposes.get(code, code),
        key=cle,
        bind="query-params" if lie else None,
        width=165,
    )
    return None if choisi == TOUS else choisi


def _jour(cle: str, libelle: str) -> date | None:
    choisi = st.date_input(libelle, value=None, format="DD/MM/YYYY", key=cle, bind="query-params", width=165)
    return choisi if isinstance(choisi, date) else None


def _noms(terrains: tuple[TerrainLu, ...]) -> dict[str, str]:
    return {terrain.code: terrain.nom for terrain in terrains}


def _libelles(vocabulaire: type[Vocabulaire]) -> dict[str, str]:
    return {membre.value: membre.libelle for membre in vocabulaire}


def montrer_liste(acces: Acces, criteres: CriteresEntretiens) -> None:
    """Le tableau et ses pages, ou ce qu'il y a à faire quand il est vide."""
    resultat = vue(lister, acces, criteres=criteres, page=_page_demandee(criteres))
    if not resultat.total:
        _vide(criteres)
        return
    st.markdown(_bilan(resultat))
    tableau_ouvrant(
        ENTETES,
        _lignes(resultat),
        fiche=FICHE,
        legende="Entretiens, un par ligne",
        cle="e_tableau",
        nombres=(7,),
    )
    _pages(resultat)


def _bilan(resultat: PageEntretiens) -> str:
    total = compter(resultat.total, "entretien")
    return total if resultat.pages == 1 else f"{total}, page {resultat.page} sur {resultat.pages}"


@lru_cache(maxsize=64)
def _lignes(resultat: PageEntretiens) -> tuple[LigneOuvrante, ...]:
    return tuple(_ligne(ligne) for ligne in resultat.lignes)


def _ligne(ligne: LigneEntretien) -> LigneOuvrante:
    return LigneOuvrante(
        id=ligne.id,
        cellules=(
            ligne.code,
            date_abregee(ligne.tenu_le) if ligne.tenu_le else "sans date",
            ligne.organisation,
            ligne.type_acteur.libelle,
            ligne.terrain,
            ligne.enqueteurs,
            ligne.statut.libelle,
            nombre(ligne.citations),
        ),
    )


def _vide(criteres: CriteresEntretiens) -> None:
    if criteres == CriteresEntretiens(tri=criteres.tri):
        st.info("Aucun entretien pour le moment. Commencez par consigner le premier.")
    else:
        st.info("Aucun entretien pour ces critères : élargissez-les, ou consignez celui que vous cherchez.")
    st.page_link(chemin("saisie"), label="Consigner un entretien", icon=":material/add:")


def _page_demandee(criteres: CriteresEntretiens) -> int:
    """La page de l'adresse ; revient à la première quand les critères changent."""
    if st.session_state.get("_e_criteres") not in (None, criteres):
        st.query_params.pop("e_page", None)
    st.session_state["_e_criteres"] = criteres
    demandee = st.query_params.get("e_page", "")
    return int(demandee) if demandee.isascii() and demandee.isdigit() and len(demandee) < 7 else 1


def _pages(resultat: PageEntretiens) -> None:
    if resultat.pages == 1:
        return
    with st.container(horizontal=True):
        for libelle, page, possible in (
            ("Page précédente", resultat.page - 1, resultat.page > 1),
            ("Page suivante", resultat.page + 1, resultat.page < resultat.pages),
        ):
            st.button(libelle, key=f"e_{libelle}", disabled=not possible, on_click=_aller, args=(page,))


def _aller(page: int) -> None:
    st.query_params["e_page"] = str(page)
