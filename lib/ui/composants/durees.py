"""Les blocs de la page des durées d'engagement."""

from collections.abc import Mapping

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import compter, date_longue, enumeration, nombre, typographier
from lib.domain.vocabulaire import PlaceDuree, Rythme
from lib.services.durees import MESUREES, BlocDurees, Repere, VueDurees
from lib.ui.composants.figures import afficher_figure, montrer_tableau
from lib.ui.navigation import chemin
from lib.ui.textes import litteral

TOUS_RYTHMES = "Tous les rythmes"
PAR_LIBELLE = {rythme.libelle: rythme for rythme in Rythme}
ECARTEES = (PlaceDuree.DEBUT_INCONNU, PlaceDuree.FIN_INCONNUE, PlaceDuree.NON_COMMENCE)
MOTS = {
    PlaceDuree.TERMINE: ("terminé", "terminés"),
    PlaceDuree.EN_COURS: ("en cours", "en cours"),
    PlaceDuree.A_VERIFIER: ("à vérifier", "à vérifier"),
    PlaceDuree.DEBUT_INCONNU: ("au début inconnu", "au début inconnu"),
    PlaceDuree.FIN_INCONNUE: ("à la fin inconnue", "à la fin inconnue"),
    PlaceDuree.NON_COMMENCE: ("pas commencé", "pas commencés"),
}
METHODE = typographier(
    """- **Un épisode** va du début (signature ou première action) à la fin. Un renouvellement ne l'interrompt pas.
- **Terminé** : on connaît sa durée. **En cours** : il durait encore à la date d'arrêt. **À vérifier** : sans nouvelle
  depuis plus de douze mois, il compte jusqu'à la dernière, ni terminé ni en cours.
- **Écartés, et comptés à part** : début ou fin à date inconnue. « Envisagé », « en discussion » et « sans suite » ne
  sont jamais comptés : rien n'a commencé.
- **Courbe** : estimateur de Kaplan-Meier, intervalle à 95 % (log-log). Elle s'arrête où moins de cinq partenariats
  sont encore suivis. Les petits traits verticaux sont des partenariats qui duraient encore quand on a cessé de les
  suivre.
- **Partenariats connus parce qu'ils duraient encore** : ils n'entrent qu'à l'âge où nous les avons appris.
- **Durées en mois entiers**, au plus proche ; une date connue au mois ou à l'année compte pour son milieu."""
)
PAS_DE_MOYENNE = typographier(
    "Cette page ne donne pas la durée moyenne des partenariats terminés : les plus longs durent encore, cette moyenne "
    "ne garderait que les plus courts."
)


def choisir_rythme() -> Rythme | None:
    """Un rythme, ou tous ; dans l'adresse de la page."""
    choisi = st.segmented_control(
        "Rythme des partenariats",
        [TOUS_RYTHMES, *PAR_LIBELLE],
        default=TOUS_RYTHMES,
        key="durees_rythme",
        bind="query-params",
    )
    return PAR_LIBELLE.get(choisi or "")


def effectifs(vue: VueDurees, rythme: Rythme | None) -> None:
    """Combien d'épisodes portent les chiffres, combien sont écartés ; un menu ouvre ceux que l'on veut voir."""
    st.markdown(_dire_effectifs(vue))
    if any(vue.places.values()):
        _ouvrir_la_liste(vue.places, rythme)


def _dire_effectifs(vue: VueDurees) -> str:
    """« 84 épisodes mesurés, dont 54 terminés, 21 en cours et 9 à vérifier. Écartés : 6 pas commencés. »"""
    mesures = compter(vue.mesures, "épisode mesuré", "épisodes mesurés")
    dont = enumeration(_dire(place, vue.places.get(place, 0)) for place in MESUREES)
    ecartes = enumeration(_dire(place, vue.places[place]) for place in ECARTEES if vue.places.get(place))
    suite = f" Écartés et comptés à part : {ecartes}." if ecartes else ""
    return typographier(f"Chiffres arrêtés au {date_longue(vue.au)} : {mesures}, dont {dont}.{suite}")


def _dire(place: PlaceDuree, combien: int) -> str:
    """« **54 terminés** »."""
    return f"**{compter(combien, *MOTS[place])}**"


def _ouvrir_la_liste(comptes: Mapping[PlaceDuree, int], rythme: Rythme | None) -> None:
    choisie = st.menu_button(
        "Ouvrir la liste des partenariats qui portent ces chiffres",
        [place for place in (*MESUREES, *ECARTEES) if comptes.get(place)],
        format_func=lambda place: f"{place.libelle} ({nombre(comptes[place])})",
        key="durees_liste",
    )
    if choisie is not None:
        st.switch_page(chemin("partenariats"), query_params=adresse_des_episodes(choisie, rythme))


def adresse_des_episodes(place: PlaceDuree, rythme: Rythme | None) -> dict[str, str]:
    """Paramètres de la liste qui montrent exactement les épisodes d'un nombre de la page."""
    return {"partenariats_place": place.value} | ({"partenariats_rythme": rythme.libelle} if rythme else {})


def reperes(vues: tuple[Repere, ...]) -> None:
    """La médiane et la part encore en cours à un et deux ans, avec leur intervalle."""
    with st.container(horizontal=True):
        for repere in vues:
            st.metric(
                repere.libelle,
                repere.valeur,
                delta=repere.precision or None,
                delta_color="off",
                delta_arrow="off",
                width=280,
            )


def bloc(contenu: BlocDurees, titre: str) -> None:
    """Ce que dit la figure, la figure, et ses chiffres en tableaux."""
    st.header(titre, anchor=False)
    st.markdown("\n\n".join(litteral(phrase) for phrase in contenu.phrases))
    premier, *autres = contenu.tableaux
    afficher_figure(contenu.figure, alternative=contenu.alternative, tableau=premier)
    for tableau in autres:
        montrer_tableau(tableau)


def methode() -> None:
    """Pourquoi pas de moyenne, et comment se lisent les chiffres."""
    st.header("Comment lire ces chiffres", anchor=False)
    st.markdown(f"**{PAS_DE_MOYENNE}**\n\n{METHODE}")


def vide(perimetre: Perimetre, rythme: Rythme | None) -> None:
    """Rien à mesurer : quoi faire."""
    if rythme is not None:
        st.info(f"Aucun partenariat {rythme.libelle.lower()} à mesurer : choisissez un autre rythme.")
        return
    st.info("Aucun partenariat commencé n'est encore consigné : il n'y a pas de durée à mesurer.")
    if peut_consigner(perimetre):
        st.page_link(chemin("nouveau-partenariat"), label="Consigner un partenariat", icon=":material/add:")
