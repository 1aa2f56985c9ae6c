"""Les blocs de la page de chronologie."""

from typing import Any

import streamlit as st

from lib.domain.axes import AxeDuree
from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import date_longue
from lib.domain.vocabulaire import FormeEngagement, Rythme
from lib.graphiques.chronologie import LEGENDE
from lib.services.chronologie import AXES, CriteresChronologie, VueChronologie
from lib.services.durees.lecture import FiltresDurees
from lib.services.sessions import Acces
from lib.services.terrains import lister_terrains
from lib.ui.caches import vue
from lib.ui.composants.figures import SANS_BARRE, montrer_tableau
from lib.ui.navigation import chemin

TOUS = "Tous"
PAR_LIBELLE = {axe.libelle: axe for axe in AXES}
RYTHMES = {rythme.libelle: rythme for rythme in Rythme}
FORMES = {forme.libelle: forme for forme in FormeEngagement}


def choisir(acces: Acces) -> CriteresChronologie:
    """Ce qui range les traits et ce qu'on garde ; tout est dans l'adresse."""
    terrains = {terrain.nom: terrain.id for terrain in vue(lister_terrains, acces)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        axe = st.selectbox("Ranger par", list(PAR_LIBELLE), key="chrono_axe", bind="query-params", width=240)
        terrain = st.selectbox("Terrain", [TOUS, *terrains], key="chrono_terrain", bind="query-params", width=240)
        rythme = st.selectbox("Rythme", [TOUS, *RYTHMES], key="chrono_rythme", bind="query-params", width=200)
        forme = st.selectbox("Forme", [TOUS, *FORMES], key="chrono_forme", bind="query-params", width=240)
    filtres = FiltresDurees(rythme=RYTHMES.get(rythme), forme=FORMES.get(forme), terrain_id=terrains.get(terrain))
    return CriteresChronologie(axe=PAR_LIBELLE.get(axe, AxeDuree.TERRAIN), filtres=filtres)


def montrer(lue: VueChronologie) -> None:
    """La figure, comment la lire, et les mêmes traits en tableau, repliés."""
    st.markdown(f"{lue.phrase} Chiffres arrêtés au {date_longue(lue.au)}.")
    clic = st.plotly_chart(
        lue.figure,
        config=SANS_BARRE,
        alt=lue.alternative,
        on_select="rerun",
        selection_mode="points",
        key="chrono_figure",
    )
    _ouvrir(lue, [point.get("customdata") for point in clic.selection.points])
    st.caption(LEGENDE)
    with st.expander("Les mêmes partenariats en tableau"):
        montrer_tableau(lue.tableau)


def _ouvrir(lue: VueChronologie, cliquees: list[Any]) -> None:
    """La fiche du trait cliqué, si c'en est un de la figure."""
    connues = {trait.fiche_id for trait in lue.traits if trait.fiche_id}
    for cliquee in cliquees:
        fiche_id = cliquee[0] if isinstance(cliquee, list) and cliquee else cliquee
        if fiche_id in connues:
            st.switch_page(chemin("partenariat"), query_params={"partenariat": str(fiche_id)})


def vide(perimetre: Perimetre, criteres: CriteresChronologie) -> None:
    """Rien à placer dans le temps : pourquoi, et quoi faire."""
    if criteres.filtres != FiltresDurees():
        st.info("Aucun partenariat commencé avec ces filtres : élargissez-les.")
        return
    st.info("Aucun partenariat commencé n'est encore consigné.")
    if peut_consigner(perimetre):
        st.page_link(chemin("nouveau-partenariat"), label="Consigner un partenariat", icon=":material/add:")
