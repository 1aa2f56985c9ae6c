"""Les textes entiers qui portent les mots cherchés, et ce qui les entoure ; pour l'équipe."""

import streamlit as st

from lib.domain.formats import compter, date_abregee, typographier
from lib.services.recherche_textes import TexteTrouve, chercher_textes
from lib.services.sessions import Acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.citations.filtres import CLE_PAGE, Choix, effacer_filtres
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant

ENTETES = ("Entretien", "Extrait", "Texte", "Terrain", "Date")
FICHE = Fiche(adresse="codage", parametre="entretien")


def afficher_textes(acces: Acces, choix: Choix) -> None:
    """Dix textes par page, chacun avec les lignes qui portent le plus de ce qu'on cherche."""
    demandee = st.session_state.get(CLE_PAGE) or identifiant(CLE_PAGE) or 1
    page = vue(chercher_textes, acces, filtres=choix.filtres, page=demandee)
    if not page.textes:
        st.info("Aucun texte ne porte ces mots.")
        st.button("Effacer les filtres", on_click=effacer_filtres)
        return
    st.markdown(f"**{compter(page.total, 'texte')}**")
    st.caption(
        typographier("Les filtres d'étiquette et de codage ne jouent pas ici : ces mots ne sont pas tous cités.")
    )
    lignes = [_ligne(rang, texte) for rang, texte in enumerate(page.textes)]
    tableau_ouvrant(ENTETES, lignes, fiche=FICHE, legende="Textes qui portent les mots cherchés", cle="textes-trouves")
    if page.pages > 1:
        st.session_state[CLE_PAGE] = page.page
        st.pagination(page.pages, key=CLE_PAGE, bind="query-params")


def _ligne(rang: int, texte: TexteTrouve) -> LigneOuvrante:
    """Un entretien peut avoir deux textes : la ligne se désigne par son rang, son lien par l'entretien."""
    fiche = Fiche(adresse="codage", parametre="", fixes=(("entretien", str(texte.entretien_id)),))
    cellules = (
        texte.code,
        " […] ".join(texte.extraits),
        texte.nature.libelle,
        texte.terrain,
        date_abregee(texte.tenu_le),
    )
    return LigneOuvrante(id=rang, cellules=cellules, fiche=fiche)
