"""Les blocs de la page des durées d'engagement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import streamlit as st

from lib.domain.axes import AxeDuree, UniteDuree
from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import compter, date_longue, enumeration, typographier
from lib.domain.vocabulaire import FormeEngagement, PlaceDuree, Rythme, Vocabulaire
from lib.services.durees import motifs, perennisation, sensibilite
from lib.services.durees.bloc import BlocDurees, Repere
from lib.services.durees.courbes import VueCourbes
from lib.services.durees.criteres import SELON, CriteresDurees
from lib.services.durees.lecture import ECARTEES, MESUREES, FiltresDurees
from lib.services.sessions import Acces
from lib.ui.caches import vue
from lib.ui.composants.derriere import adresse, menu_de_listes
from lib.ui.composants.export_chiffres import bouton_chiffres
from lib.ui.composants.figures import afficher_figure, montrer_tableau
from lib.ui.navigation import chemin
from lib.ui.textes import litteral

V = TypeVar("V", bound=Vocabulaire)
TOUS = "Tous"
TOUTES = "Toutes"
AXES = (AxeDuree.TERRAIN, AxeDuree.TAILLE, AxeDuree.FORME, AxeDuree.RYTHME, AxeDuree.OUTIL, AxeDuree.EPCI)
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
- **Durée moyenne restreinte** : les mois passés en partenariat jusqu'à un horizon où tous les groupes sont suivis.
- **Motifs de fin** : ils se font concurrence (Aalen et Johansen) ; leurs parts et celle qui dure encore font 100 %.
- **Partenariats connus parce qu'ils duraient encore** : ils n'entrent qu'à l'âge où nous les avons appris.
- **Durées en mois entiers**, au plus proche, ou en jours si vous le choisissez (pérennisation et cohortes restent en
  mois) ; une date connue au mois ou à l'année compte pour son milieu."""
)
PAS_DE_MOYENNE = typographier(
    "Cette page ne donne pas la durée moyenne des partenariats terminés : les plus longs durent encore, cette moyenne "
    "ne garderait que les plus courts. Ni « moyenne nationale » : aucune source ne mesure la durée des partenariats "
    "des TPE et PME. Seul repère publié, celui des fondations d'entreprise, qui ne sont pas des TPE : 64 % (EY) ou "
    "83 % (Carenews) d'entre elles soutiennent sur plusieurs années, le plus souvent deux ou trois (Panorama 2024)."
)


class PartieDurees(Vocabulaire):
    """Ce que la page montre à la fois."""

    COURBES = "courbes", "Durées"
    MOTIFS = "motifs", "Motifs de fin"
    PERENNISATION = "perennisation", "Pérennisation et cohortes"
    SENSIBILITE = "sensibilite", typographier("La conclusion tient-elle ?")


PARTIES = {partie.libelle: partie for partie in PartieDurees}


def choisir() -> CriteresDurees:
    """Ce que l'on compare, et sur quels épisodes ; tout est dans l'adresse de la page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        axe = _choix("durees_groupe", "Comparer selon", AXES)
        rythme = _choix("durees_rythme", "Rythme", Rythme, tous=TOUS)
        forme = _choix("durees_forme", "Forme d'engagement", FormeEngagement, tous=TOUTES)
        unite = _choix("durees_unite", "Unité", UniteDuree, largeur=120)
        au = st.date_input(
            "Arrêter les chiffres au",
            value=None,
            key="durees_au",
            bind="query-params",
            format="DD/MM/YYYY",
            min_value=date(1990, 1, 1),
            max_value="today",
            width=200,
        )
    arret = au if isinstance(au, date) else None
    return CriteresDurees(
        axe=axe or AxeDuree.TERRAIN,
        unite=unite or UniteDuree.MOIS,
        au=arret,
        filtres=FiltresDurees(rythme=rythme, forme=forme),
    )


def choisir_partie() -> PartieDurees:
    """Une question à la fois : chacune a son adresse, et ne se calcule que si on la pose."""
    choisie = st.segmented_control(
        "Ce que vous voulez savoir",
        list(PARTIES),
        default=PartieDurees.COURBES.libelle,
        key="durees_partie",
        bind="query-params",
    )
    return PARTIES.get(choisie or "", PartieDurees.COURBES)


def _choix(cle: str, libelle: str, valeurs: "type[V] | tuple[V, ...]", tous: str = "", largeur: int = 240) -> V | None:
    """Une valeur désignée dans l'adresse par son libellé ; None pour toutes."""
    choix = {valeur.libelle: valeur for valeur in valeurs}
    choisi = st.selectbox(libelle, [*([tous] if tous else []), *choix], key=cle, bind="query-params", width=largeur)
    return choix.get(choisi)


# --- Effectifs --------------------------------------------------------------------------------------------------


def effectifs(lue: VueCourbes, criteres: CriteresDurees) -> None:
    """Combien d'épisodes portent les chiffres, combien sont écartés ; un menu ouvre ceux que l'on veut voir."""
    st.markdown(_dire_effectifs(lue))
    if any(lue.places.values()):
        _ouvrir_la_liste(lue.places, criteres)


def _dire_effectifs(lue: VueCourbes) -> str:
    """« 84 épisodes mesurés, dont 54 terminés, 21 en cours et 9 à vérifier. Écartés : 6 pas commencés. »"""
    mesures = compter(lue.mesures, "épisode mesuré", "épisodes mesurés")
    dont = enumeration(_dire(place, lue.places.get(place, 0)) for place in MESUREES)
    ecartes = enumeration(_dire(place, lue.places[place]) for place in ECARTEES if lue.places.get(place))
    suite = f" Écartés et comptés à part : {ecartes}." if ecartes else ""
    return typographier(f"Chiffres arrêtés au {date_longue(lue.au)} : {mesures}, dont {dont}.{suite}")


def _dire(place: PlaceDuree, combien: int) -> str:
    """« **54 terminés** »."""
    return f"**{compter(combien, *MOTS[place])}**"


def _ouvrir_la_liste(comptes: Mapping[PlaceDuree, int], criteres: CriteresDurees) -> None:
    places = (*MESUREES, *ECARTEES)
    menu_de_listes(
        "Ouvrir la liste des partenariats qui portent ces chiffres",
        {place.libelle: adresse(criteres, place=place) for place in places},
        {place.libelle: comptes.get(place, 0) for place in places},
        "durees_liste",
    )


# --- Parties ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Montrer:
    """De quoi montrer un bloc et sortir ses chiffres."""

    acces: Acces
    criteres: CriteresDurees
    au: date

    def bloc(self, contenu: BlocDurees, titre: str) -> None:
        """Ce que disent les chiffres, leur figure s'il y en a une, leurs tableaux, et leur export."""
        st.header(typographier(titre), anchor=False)
        st.markdown("\n\n".join(litteral(phrase) for phrase in contenu.phrases))
        tableaux = list(contenu.tableaux)
        if contenu.figure is not None:
            afficher_figure(contenu.figure, alternative=contenu.alternative, tableau=tableaux.pop(0))
        for tableau in tableaux:
            montrer_tableau(tableau)
        bouton_chiffres(
            self.acces,
            code=contenu.code,
            au=self.au,
            filtre=dire_filtre(self.criteres),
            unite=(contenu.unite or self.criteres.unite).value,
            mesures=contenu.mesures,
            quoi=typographier(titre[:1].lower() + titre[1:]),
        )


def dire_filtre(criteres: CriteresDurees) -> str:
    """« selon le terrain ; rythme : récurrent »."""
    filtres = criteres.filtres
    choix = [SELON[criteres.axe]]
    choix += [f"rythme : {filtres.rythme.libelle.lower()}"] if filtres.rythme else []
    choix += [f"forme : {filtres.forme.libelle.lower()}"] if filtres.forme else []
    return typographier(" ; ".join(choix))


def montrer(partie: PartieDurees, lue: VueCourbes, acces: Acces, criteres: CriteresDurees) -> None:
    """La réponse à la question choisie."""
    ecran = Montrer(acces, criteres, lue.au)
    if partie is PartieDurees.COURBES:
        _courbes(lue, ecran)
    elif partie is PartieDurees.MOTIFS:
        _motifs(vue(motifs.preparer, acces, criteres=criteres), ecran)
    elif partie is PartieDurees.PERENNISATION:
        _perennisation(vue(perennisation.preparer, acces, criteres=criteres), ecran)
    else:
        _sensibilite(vue(sensibilite.preparer, acces, criteres=criteres), ecran)


def _courbes(lue: VueCourbes, ecran: Montrer) -> None:
    with st.container(horizontal=True):
        for chiffre in lue.reperes:
            _repere(chiffre)
    if lue.ensemble is not None:
        ecran.bloc(lue.ensemble, "Tous ensemble")
    if lue.groupes is not None:
        ecran.bloc(lue.groupes, SELON[ecran.criteres.axe].capitalize())
        menu_de_listes(
            "Ouvrir la liste d'un groupe",
            {nom: adresse(ecran.criteres, groupe=nom) for nom in lue.comptes},
            lue.comptes,
            "durees_liste_groupe",
        )


def _motifs(lue: motifs.VueMotifs, ecran: Montrer) -> None:
    if lue.bloc is None:
        st.info("Aucune fin n'est encore connue : il n'y a pas de motif à compter.")
    else:
        ecran.bloc(lue.bloc, "Pourquoi les partenariats s'arrêtent")
        menu_de_listes(
            "Ouvrir la liste des fins d'un motif",
            {famille.libelle: adresse(ecran.criteres, famille=famille) for famille in lue.comptes},
            {famille.libelle: combien for famille, combien in lue.comptes.items()},
            "durees_liste_motif",
        )


def _perennisation(lue: perennisation.VuePerennisation, ecran: Montrer) -> None:
    _repere(lue.repere)
    menu_de_listes(
        "Ouvrir la liste des partenariats qui portent ces chiffres",
        {part.libelle: adresse(ecran.criteres, part=part) for part in lue.comptes},
        {part.libelle: combien for part, combien in lue.comptes.items()},
        "durees_liste_part",
    )
    ecran.bloc(lue.perennisation, "Ce que veut dire « pérennisé »")
    ecran.bloc(lue.ponctuels, "Du ponctuel au durable")
    ecran.bloc(lue.cohortes, "Par trimestre de début")


def _sensibilite(lue: sensibilite.VueSensibilite, ecran: Montrer) -> None:
    if lue.bloc is not None:
        ecran.bloc(lue.bloc, "Les mêmes chiffres, en changeant ce qui pourrait les faire")


def _repere(chiffre: Repere) -> None:
    st.metric(
        chiffre.libelle,
        chiffre.valeur,
        delta=chiffre.precision or None,
        delta_color="off",
        delta_arrow="off",
        width=280,
    )


def methode() -> None:
    """Pourquoi pas de moyenne, et comment se lisent les chiffres."""
    st.header("Comment lire ces chiffres", anchor=False)
    st.markdown(f"**{PAS_DE_MOYENNE}**\n\n{METHODE}")


def vide(perimetre: Perimetre, criteres: CriteresDurees, lue: VueCourbes) -> None:
    """Rien à mesurer : pourquoi, et quoi faire."""
    if criteres.au is not None:
        st.info(
            typographier(
                f"Aucun partenariat n'avait commencé au {date_longue(lue.au)} : choisissez une date plus tardive."
            )
        )
    elif criteres.filtres != FiltresDurees():
        st.info("Aucun partenariat à mesurer avec ces filtres : élargissez-les.")
    else:
        st.info("Aucun partenariat commencé n'est encore consigné : il n'y a pas de durée à mesurer.")
        if peut_consigner(perimetre):
            st.page_link(chemin("nouveau-partenariat"), label="Consigner un partenariat", icon=":material/add:")
