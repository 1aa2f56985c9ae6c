"""Filtres et blocs de la page des territoires : la comparaison et la carte, leurs chemins vers les citations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from lib.analytics.confidentialite import sous_secret
from lib.analytics.proportions import EFFECTIF_MINIMUM, Verdict
from lib.domain.axes import AxeDuree, Dimension
from lib.domain.droits import Perimetre, peut_consigner, peut_lire_le_detail
from lib.domain.formats import INSECABLE, compter, date_longue, typographier
from lib.domain.vocabulaire import FamilleEtiquette, TypeActeur, Vocabulaire
from lib.services.carte import Cartes, VueCarte, lire_cartes
from lib.services.groupes import dimensions_ouvertes
from lib.services.sessions import Acces
from lib.services.territoires import CriteresTerrains, VueTerrains, comparer_terrains, lister_groupes
from lib.services.territoires_details import DetailEtiquette
from lib.ui.caches import vue
from lib.ui.composants.figures import afficher_figure, afficher_figure_ouvrante, montrer_tableau
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.navigation import chemin
from lib.ui.textes import litteral

V = TypeVar("V", bound=Vocabulaire)
TOUS_ACTEURS = "Tous les acteurs"
ENTRETIENS = "Entretiens réalisés"
VERDICTS = "\n".join(f"- **{verdict.libelle}** : {verdict.aide}." for verdict in Verdict)
RELEVES = """- **n/N** : N compte les acteurs avec qui l'irritant a été abordé (évoqué spontanément, sur relance, ou
  écarté), n ceux qui l'évoquent. « Non abordé » n'est pas « non » : il est exclu.
- **Spontanément** : dit sans relance, sur ceux qui l'évoquent. **Intensité** : note moyenne, de 1 à 5, quand ceux qui
  l'évoquent en ont reçu une."""
PASSAGES = """- **n/N** : N compte les entretiens codés, n ceux dont un passage porte l'étiquette. « Non codé » est
  exclu : on ne sait pas encore ce qui s'y dit."""
TESTS = typographier(
    f"""- **[ ; ]** : intervalle de Wilson à 95 %, l'ordre de grandeur du hasard sur si peu d'acteurs.
{VERDICTS}
- **q** : part attendue de fausses découvertes (Benjamini-Hochberg). Sous {EFFECTIF_MINIMUM} acteurs, ni pourcentage
  ni test."""
)
TROP_PEU = (
    f"Rien n'a été abordé avec au moins {EFFECTIF_MINIMUM} acteurs dans deux groupes : rien ne se compare encore. Les "
    "effectifs sont dans le tableau."
)
UN_SEUL = (
    f"Un seul groupe réunit {EFFECTIF_MINIMUM} acteurs sur un même sujet : la figure, qui en oppose deux, ne se trace"
    " pas. Ses écarts à tous les autres réunis sont dans le tableau, et en mots dessous."
)
TOUJOURS = "La carte réunit tous les départements : « Selon » et les groupes choisis n'agissent que sur la comparaison."
LIENS_MAXIMUM = 5
TROP_PETITS = "Les effectifs sont trop petits pour que la figure se publie : le tableau donne ceux qui peuvent l'être."
AXES_DES_DUREES = {Dimension.EPCI: AxeDuree.EPCI, Dimension.RURALITE: AxeDuree.EPCI}
COMPARABLES = {
    Dimension.TERRAIN: "Terrains à comparer (sinon, tous)",
    Dimension.TYPE_ACTEUR: "Types d'acteur à comparer (sinon, tous)",
}


class PartieTerritoires(Vocabulaire):
    """Ce que la page montre à la fois."""

    COMPARAISON = "comparaison", "Comparaison"
    CARTE = "carte", "Carte"


PARTIES = {partie.libelle: partie for partie in PartieTerritoires}


def choisir(acces: Acces) -> CriteresTerrains:
    """Ce que l'on compare et entre quels groupes, lié à l'adresse : le lien envoyé montre le même écran.

    La visite de démonstration ne croise rien : deux vues comparées rendraient les petits effectifs.
    """
    secret = sous_secret(acces.perimetre)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        famille = _choix("terrains_famille", "Ce que l'on compare", tuple(FamilleEtiquette))
        ouvertes = dimensions_ouvertes(acces.perimetre)
        dimension = Dimension.TERRAIN if secret else _choix("terrains_dimension", "Selon", ouvertes)
        acteur = None
        if not secret and dimension is not Dimension.TYPE_ACTEUR:
            acteur = _choix("terrains_acteur", "Type d'acteur", tuple(TypeActeur), tous=TOUS_ACTEURS)
        choisis = st.multiselect(
            COMPARABLES.get(dimension or Dimension.TERRAIN, "Lieux à comparer (sinon, tous)"),
            vue(lister_groupes, acces, dimension=dimension or Dimension.TERRAIN),
            placeholder="Tous ceux où l'on a rencontré quelqu'un",
            key=_cle_des_groupes(dimension),
            bind="query-params",
            width=520,
        )
    return CriteresTerrains(
        dimension=dimension or Dimension.TERRAIN,
        famille=famille or FamilleEtiquette.IRRITANT,
        type_acteur=acteur,
        groupes=tuple(choisis) if len(choisis) > 1 else (),
    )


def _cle_des_groupes(dimension: Dimension | None) -> str:
    """Un choix par dimension : Marseille n'est pas un département."""
    return "terrains_compares" if dimension in {None, Dimension.TERRAIN} else f"terrains_{dimension}s"


def _choix(cle: str, libelle: str, valeurs: Sequence[V], tous: str = "") -> V | None:
    """Une valeur désignée dans l'adresse par son libellé ; None pour toutes."""
    choix = {valeur.libelle: valeur for valeur in valeurs}
    choisi = st.selectbox(libelle, [*([tous] if tous else []), *choix], key=cle, bind="query-params", width=220)
    return choix.get(choisi or "")


def choisir_partie() -> PartieTerritoires:
    """Une chose à la fois : la carte ne se charge que si on la demande."""
    choisie = st.segmented_control(
        "Ce que vous voulez voir",
        list(PARTIES),
        default=PartieTerritoires.COMPARAISON.libelle,
        key="terrains_partie",
        bind="query-params",
    )
    return PARTIES.get(choisie or "", PartieTerritoires.COMPARAISON)


def montrer(partie: PartieTerritoires, acces: Acces, criteres: CriteresTerrains) -> None:
    """La comparaison ou la carte ; dans les deux cas, ce qui manque se dit d'abord."""
    if partie is PartieTerritoires.CARTE:
        cartes = vue(lire_cartes, acces, famille=criteres.famille, type_acteur=criteres.type_acteur)
        reserves(cartes.avertissements)
        carte(cartes, criteres, ouvrante=peut_lire_le_detail(acces.perimetre))
        return
    terrains = vue(comparer_terrains, acces, criteres=criteres)
    reserves(terrains.avertissements)
    if terrains.details:
        comparaison(terrains, criteres)
    detail(terrains, criteres, acces.perimetre)


# --- Comparaison ------------------------------------------------------------------------------------------------


def reserves(avertissements: Sequence[str]) -> None:
    """Un terrain prévu et peu visité se dit avant les chiffres."""
    if avertissements:
        st.warning("\n\n".join(map(litteral, avertissements)))


def comparaison(vue: VueTerrains, criteres: CriteresTerrains) -> None:
    """Le résumé en mots, la figure, son tableau, et la définition de chaque nombre."""
    st.write(litteral(vue.resume))
    for remarque in vue.remarques:
        st.write(litteral(remarque))
    if vue.figure is None:
        if vue.non_traces == len(vue.details):
            st.info(typographier(_sans_figure(vue)))
        montrer_tableau(vue.tableau)
    else:
        touche = afficher_figure_ouvrante(
            vue.figure, alternative=vue.alternative, tableau=vue.tableau, cle="terrains_figure"
        )
        _ouvrir_le_point(touche, vue, criteres)
    regle = f"\n\n{litteral(vue.regle)}" if vue.regle else ""
    definitions = typographier(PASSAGES if vue.mots.codage else RELEVES)
    st.caption(f"{litteral(_situer(vue))}\n\n{definitions}\n{TESTS}{regle}")


def _sans_figure(vue: VueTerrains) -> str:
    if vue.regle:
        return TROP_PETITS
    return UN_SEUL if vue.famille else TROP_PEU


def _situer(vue: VueTerrains) -> str:
    if vue.figure is None or not vue.non_traces:
        return vue.situation
    return typographier(f"{vue.situation} {compter(vue.non_traces, 'autre')} dans le tableau seulement.")


def _ouvrir_le_point(touche: tuple[Any, ...] | None, vue: VueTerrains, criteres: CriteresTerrains) -> None:
    """Les citations de l'étiquette et du groupe touchés, s'ils sont de la figure."""
    if touche is None or len(touche) != 2:
        return
    etiquette, groupe = map(str, touche)
    if groupe in vue.rencontres and etiquette in vue.details.noms:
        st.switch_page(chemin("citations"), query_params=_citations(criteres, etiquette, groupe))


def _citations(criteres: CriteresTerrains, etiquette: str = "", groupe: str = "") -> dict[str, str]:
    """Ce que porte l'adresse des citations d'une étiquette, d'un groupe et d'un type d'acteur ; vide : tous."""
    lieu: dict[str, str] = {}
    if groupe and criteres.dimension is Dimension.TERRAIN:
        lieu = {"citations_terrain": groupe}
    elif groupe and criteres.dimension is Dimension.TYPE_ACTEUR:
        lieu = {"citations_acteur": groupe}
    elif groupe:
        lieu = {"citations_dimension": criteres.dimension.libelle, "citations_lieu": groupe}
    acteur = {"citations_acteur": criteres.type_acteur.libelle} if criteres.type_acteur else {}
    return {**({"citations_etiquette": etiquette} if etiquette else {}), **lieu, **acteur}


def detail(vue: VueTerrains, criteres: CriteresTerrains, perimetre: Perimetre) -> None:
    """Une étiquette au choix : sa définition, ses chiffres en mots, et les citations qui les portent."""
    if not vue.details:
        _rien(vue, perimetre)
        return
    st.header("Ce qui porte ces chiffres", anchor=False)
    noms = vue.details.noms
    nom = st.selectbox(criteres.famille.libelle, noms, key="terrains_irritant", bind="query-params")
    _montrer(vue.details.ecrire(nom or noms[0]), vue.rencontres, criteres)


def _montrer(etiquette: DetailEtiquette, groupes: Iterable[str], criteres: CriteresTerrains) -> None:
    phrases = [f"- {litteral(phrase)}" for phrase in (*etiquette.par_groupe, *etiquette.ecarts)]
    definition = f"Définition{INSECABLE}: {litteral(etiquette.definition)}\n\n" if etiquette.definition else ""
    st.markdown(definition + "\n".join(phrases))
    noms = list(groupes)
    with st.container(horizontal=True, vertical_alignment="center"):
        lien("citations", "Lire les citations qui la portent", **_citations(criteres, etiquette.nom))
        if len(noms) <= LIENS_MAXIMUM:
            for groupe in noms:
                lien("citations", f"Seulement {litteral(groupe)}", **_citations(criteres, etiquette.nom, groupe))
        else:
            listes = {groupe: _citations(criteres, etiquette.nom, groupe) for groupe in noms}
            _menu("Seulement les citations d'un groupe", listes, "terrains_citations")
        _durees(criteres.dimension)


def _menu(libelle: str, listes: Mapping[str, dict[str, str]], cle: str) -> None:
    """Un menu qui ouvre les citations de l'un des groupes, quand autant de liens feraient une page."""
    choisi = st.menu_button(libelle, list(listes), key=cle)
    if choisi is not None:
        st.switch_page(chemin("citations"), query_params=listes[choisi])


def _durees(dimension: Dimension) -> None:
    """Les durées des mêmes groupes, ou à défaut des terrains."""
    axe = AXES_DES_DUREES.get(dimension, AxeDuree.TERRAIN)
    lien("durees", f"Comparer les durées d'engagement : {axe.libelle.lower()}", durees_groupe=axe.libelle)


def _rien(vue: VueTerrains, perimetre: Perimetre) -> None:
    st.info(litteral(vue.rien))
    if peut_consigner(perimetre):
        lien("saisie", "Consigner un entretien")


# --- Carte ------------------------------------------------------------------------------------------------------


def carte(cartes: Cartes, criteres: CriteresTerrains, *, ouvrante: bool) -> None:
    """Les départements, un indicateur au choix, et toujours le tableau des mêmes nombres.

    ouvrante : toucher un département, ou le choisir au menu, ouvre ses citations.
    """
    choisie = None
    if cartes.etiquettes:
        options = [ENTRETIENS, *cartes.etiquettes]
        choisie = st.selectbox("Ce que montre la carte", options, key="terrains_carte", bind="query-params", width=520)
    etiquette = choisie if choisie in cartes.etiquettes else None
    lue = cartes.dessiner(etiquette)
    st.markdown("\n".join(f"- {litteral(phrase)}" for phrase in lue.phrases))
    if ouvrante:
        _carte_ouvrante(lue, replace(criteres, dimension=Dimension.DEPARTEMENT), etiquette or "")
    else:
        afficher_figure(lue.figure, alternative=lue.alternative, tableau=lue.tableau)
    notes = [f"Données arrêtées au {date_longue(lue.au)}.", *([TOUJOURS] if ouvrante else []), *lue.notes]
    st.caption("\n\n".join(litteral(typographier(note)) for note in notes))


def _carte_ouvrante(lue: VueCarte, criteres: CriteresTerrains, etiquette: str) -> None:
    listes = {nom: _citations(criteres, etiquette, nom) for nom in lue.visites}
    if listes:
        _menu("Lire les citations d'un département", listes, "terrains_citations_carte")
    touche = afficher_figure_ouvrante(
        lue.figure, alternative=lue.alternative, tableau=lue.tableau, cle="terrains_carte_figure"
    )
    if touche and str(touche[0]) in listes:
        st.switch_page(chemin("citations"), query_params=listes[str(touche[0])])
