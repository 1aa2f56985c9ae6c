"""La liste des partenariats : ceux qu'il faut rappeler, filtres dans l'adresse, tableau, pages."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from lib.domain.dates_imprecises import DateImprecise
from lib.domain.dates_imprecises import lire as lire_date
from lib.domain.dire_partenariat import depuis
from lib.domain.droits import Perimetre, peut_consigner, peut_lire_identites
from lib.domain.formats import compter, date_courte, date_longue, nombre, typographier
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import (
    FormeEngagement,
    Rythme,
    StatutPartenariat,
    TypeEvenement,
    Vocabulaire,
)
from lib.services import partenariats
from lib.services.partenariats_lecture import (
    CriteresPartenariats,
    LignePartenariat,
    PagePartenariats,
    a_rappeler,
    lister,
)
from lib.services.sessions import Acces
from lib.services.terrains import lister_terrains
from lib.services.transaction import ecriture
from lib.ui.caches import vue
from lib.ui.composants import derriere
from lib.ui.composants.partenariat_note import ouvrir_note
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

V = TypeVar("V")
W = TypeVar("W", bound=Vocabulaire)
FICHE = Fiche(adresse="partenariat", parametre="partenariat")
ENTETES = ("Entreprise – association", "Statut", "Terrain", "Forme", "Rythme", "Période", "Dernière nouvelle")
TOUS = "Tous"
NOTER = "Noter"
RAPPELS = 4
PAGE = "partenariats_page"


# --- À rappeler -------------------------------------------------------------------------------------------------


def rappels(acces: Acces) -> None:
    """Les partenariats sans nouvelle depuis le plus longtemps ; un bouton note qu'ils durent encore."""
    if not peut_consigner(acces.perimetre):
        return
    page = vue(a_rappeler, acces, limite=RAPPELS)
    if not page.total:
        return
    titre = compter(page.total, "partenariat à rappeler", "partenariats à rappeler")
    st.header(titre, anchor=False)
    quand = st.text_input(
        typographier("Appelez, puis notez d'un geste ceux qui durent encore ; nouvelle reçue le"),
        value=date_courte(aujourd_hui()),
        key="p_nouvelle",
        autocomplete="off",
        width=680,
    )
    for ligne in page.lignes:
        _rappel(ligne, acces.perimetre, quand or "")


def _rappel(ligne: LignePartenariat, perimetre: Perimetre, quand: str) -> None:
    libelle = f"Toujours en cours : {litteral(_paire(ligne))}, sans nouvelle {depuis(ligne.derniere_nouvelle)}"
    if st.button(libelle, key=f"p_toujours{ligne.id}", wrap=True):
        with afficher_erreurs():
            _noter(ligne, perimetre, lire_date(quand))


def _noter(ligne: LignePartenariat, perimetre: Perimetre, quand: DateImprecise) -> None:
    with ecriture(moteur(), perimetre) as session:
        partenariats.ajouter_evenement(
            session,
            perimetre,
            partenariat_id=ligne.id,
            type_evenement=TypeEvenement.NOUVELLE,
            date_effet=quand.jour,
            precision=quand.precision,
        )
    annoncer(f"{_paire(ligne)} : noté « toujours en cours » ({quand.ecrire()}).")
    st.rerun()


# --- Liste ------------------------------------------------------------------------------------------------------


def filtrer(acces: Acces) -> CriteresPartenariats:
    """Les filtres, dans l'adresse de la page sauf la recherche, qui peut nommer une personne."""
    terrains = {terrain.nom: terrain.id for terrain in vue(lister_terrains, acces)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        recherche = st.text_input(
            "Rechercher",
            key="p_recherche",
            placeholder="Entreprise ou association"
            if peut_lire_identites(acces.perimetre)
            else "Numéro d'organisation",
            width=240,
        )
        terrain = _choix("partenariats_terrain", "Terrain", terrains)
        statut = _choix("partenariats_statut", "Statut", _par_libelle(StatutPartenariat))
        forme = _choix("partenariats_forme", "Forme", _par_libelle(FormeEngagement), largeur=240)
        rythme = _choix("partenariats_rythme", "Rythme", _par_libelle(Rythme))
        archives = peut_consigner(acces.perimetre) and st.toggle(
            "Archivés", key="partenariats_archives", bind="query-params"
        )
    return CriteresPartenariats(
        terrain_id=terrain,
        statut=statut,
        forme=forme,
        rythme=rythme,
        place=derriere.lire_place(),
        selection=derriere.lire_selection(),
        au=derriere.lire_arret(),
        recherche=recherche or "",
        archives=archives,
    )


def montrer_liste(acces: Acces, criteres: CriteresPartenariats) -> None:
    """Le tableau et ses pages, ou ce qu'il y a à faire quand il est vide."""
    resultat = vue(lister, acces, criteres=criteres, page=_page_demandee(criteres))
    _dire_chiffre(criteres, resultat)
    if not resultat.total:
        _vide(acces.perimetre, criteres)
        return
    st.markdown(_bilan(resultat))
    touchee = tableau_ouvrant(
        ENTETES,
        [LigneOuvrante(id=ligne.id, cellules=_cellules(ligne)) for ligne in resultat.lignes],
        fiche=FICHE,
        legende="Partenariats, un par ligne",
        cle="p_tableau",
        geste=NOTER if peut_consigner(acces.perimetre) else "",
    )
    if touchee is not None:
        ouvrir_note(touchee)
    _pages(resultat)


def _choix(cle: str, libelle: str, choix: Mapping[str, V], largeur: int = 180) -> V | None:
    """Une valeur du choix, désignée dans l'adresse par son libellé ; None pour tous."""
    choisi = st.selectbox(libelle, [TOUS, *choix], key=cle, bind="query-params", width=largeur)
    return choix.get(choisi)


def _par_libelle(vocabulaire: type[W]) -> dict[str, W]:
    return {membre.libelle: membre for membre in vocabulaire}


def _dire_chiffre(criteres: CriteresPartenariats, resultat: PagePartenariats) -> None:
    if not derriere.vient_d_un_chiffre(criteres.place, criteres.selection):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        quoi = litteral(derriere.nommer(criteres.place, criteres.selection))
        phrase = f"Les épisodes derrière un chiffre des durées : {quoi} au {date_longue(resultat.au)}."
        st.info(typographier(phrase))
        st.button("Voir tous les partenariats", on_click=derriere.oublier)


def _bilan(resultat: PagePartenariats) -> str:
    page = "" if resultat.pages == 1 else f", page {resultat.page} sur {nombre(resultat.pages)}"
    return f"{compter(resultat.total, 'partenariat')}{page}. Statuts au {date_longue(resultat.au)}."


def _cellules(ligne: LignePartenariat) -> tuple[str, ...]:
    return (
        _paire(ligne),
        ligne.statut.libelle,
        ligne.terrain,
        ligne.forme.libelle if ligne.forme else "",
        ligne.rythme.libelle,
        _periode(ligne),
        ligne.derniere_nouvelle.abreger() if ligne.derniere_nouvelle else "",
    )


def _periode(ligne: LignePartenariat) -> str:
    """« depuis janv. 2025 », « mai 2025 – 2 oct. 2026 » ; vide si rien n'a commencé."""
    if ligne.debut is None:
        return ""
    return f"{ligne.debut.abreger()} – {ligne.fin.abreger()}" if ligne.fin else depuis(ligne.debut, abrege=True)


def _paire(ligne: LignePartenariat) -> str:
    return f"{ligne.entreprise} – {ligne.association}"


def _vide(perimetre: Perimetre, criteres: CriteresPartenariats) -> None:
    if criteres == CriteresPartenariats():
        st.info("Aucun partenariat consigné pour le moment. Ils se notent depuis un entretien, ou ici.")
    else:
        st.info("Aucun partenariat pour ces critères : élargissez-les.")
    if peut_consigner(perimetre):
        st.page_link(chemin("nouveau-partenariat"), label="Consigner un partenariat", icon=":material/add:")


def _page_demandee(criteres: CriteresPartenariats) -> int:
    """La page de l'adresse ; revient à la première quand les critères changent."""
    if st.session_state.get("_p_criteres") not in (None, criteres):
        st.query_params.pop(PAGE, None)
    st.session_state["_p_criteres"] = criteres
    demandee = st.query_params.get(PAGE, "")
    return int(demandee) if demandee.isascii() and demandee.isdigit() and len(demandee) < 7 else 1


def _pages(resultat: PagePartenariats) -> None:
    if resultat.pages == 1:
        return
    with st.container(horizontal=True):
        for libelle, page, possible in (
            ("Page précédente", resultat.page - 1, resultat.page > 1),
            ("Page suivante", resultat.page + 1, resultat.page < resultat.pages),
        ):
            st.button(libelle, key=f"p_{libelle}", disabled=not possible, on_click=_aller, args=(page,))


def _aller(page: int) -> None:
    st.query_params[PAGE] = str(page)
