"""Filtres et blocs de la comparaison des terrains, et sa carte."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import streamlit as st

from lib.analytics.confidentialite import sous_secret
from lib.analytics.proportions import EFFECTIF_MINIMUM, Verdict
from lib.domain.axes import AxeDuree, Dimension
from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import INSECABLE, compter, date_longue, typographier
from lib.domain.vocabulaire import FamilleEtiquette, TypeActeur, Vocabulaire
from lib.services.carte import VueCarte, lire_carte
from lib.services.sessions import Acces
from lib.services.territoires import CriteresTerrains, DetailEtiquette, VueTerrains, comparer_terrains, lister_groupes
from lib.ui.caches import vue
from lib.ui.composants.figures import afficher_figure, montrer_tableau
from lib.ui.composants.tableau_de_bord import lien
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
        famille = _choix("terrains_famille", "Ce que l'on compare", FamilleEtiquette)
        dimension = Dimension.TERRAIN if secret else _choix("terrains_dimension", "Selon", Dimension)
        acteur = None
        if not secret and dimension is not Dimension.TYPE_ACTEUR:
            acteur = _choix("terrains_acteur", "Type d'acteur", TypeActeur, tous=TOUS_ACTEURS)
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


def _choix(cle: str, libelle: str, valeurs: type[V], tous: str = "") -> V | None:
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
    terrains = vue(comparer_terrains, acces, criteres=criteres)
    reserves(terrains)
    if partie is PartieTerritoires.CARTE:
        carte(acces, criteres)
        return
    if terrains.details:
        comparaison(terrains)
    detail(terrains, criteres, acces.perimetre)


# --- Comparaison ------------------------------------------------------------------------------------------------


def reserves(vue: VueTerrains) -> None:
    """Un terrain prévu et peu visité se dit avant les chiffres."""
    if vue.avertissements:
        st.warning("\n\n".join(map(litteral, vue.avertissements)))


def comparaison(vue: VueTerrains) -> None:
    """Le résumé en mots, la figure, son tableau, et la définition de chaque nombre."""
    st.write(litteral(vue.resume))
    for remarque in vue.remarques:
        st.write(litteral(remarque))
    if vue.figure is None:
        if vue.non_traces == len(vue.details):
            st.info(typographier(TROP_PETITS if vue.regle else TROP_PEU))
        montrer_tableau(vue.tableau)
    else:
        afficher_figure(vue.figure, alternative=vue.alternative, tableau=vue.tableau)
    regle = f"\n\n{litteral(vue.regle)}" if vue.regle else ""
    definitions = typographier(PASSAGES if vue.mots.codage else RELEVES)
    st.caption(f"{litteral(_situer(vue))}\n\n{definitions}\n{TESTS}{regle}")


def _situer(vue: VueTerrains) -> str:
    if vue.figure is None or not vue.non_traces:
        return vue.situation
    return typographier(f"{vue.situation} {compter(vue.non_traces, 'autre')} dans le tableau seulement.")


def detail(vue: VueTerrains, criteres: CriteresTerrains, perimetre: Perimetre) -> None:
    """Une étiquette au choix : sa définition, ses chiffres en mots, et les citations qui les portent."""
    if not vue.details:
        _rien(vue, perimetre)
        return
    st.header("Ce qui porte ces chiffres", anchor=False)
    noms = [etiquette.nom for etiquette in vue.details]
    nom = st.selectbox(criteres.famille.libelle, noms, key="terrains_irritant", bind="query-params")
    _montrer(vue.details[noms.index(nom or noms[0])], vue.rencontres, criteres)


def _montrer(etiquette: DetailEtiquette, groupes: Iterable[str], criteres: CriteresTerrains) -> None:
    phrases = [f"- {litteral(phrase)}" for phrase in (*etiquette.par_groupe, *etiquette.ecarts)]
    definition = f"Définition{INSECABLE}: {litteral(etiquette.definition)}\n\n" if etiquette.definition else ""
    st.markdown(definition + "\n".join(phrases))
    acteur = {"citations_acteur": criteres.type_acteur.libelle} if criteres.type_acteur else {}
    with st.container(horizontal=True):
        lien("citations", "Lire les citations qui la portent", citations_etiquette=etiquette.nom, **acteur)
        for groupe in groupes:
            place = _citations_du_groupe(groupe, criteres.dimension)
            if place:
                parametres = {"citations_etiquette": etiquette.nom, **place, **acteur}
                lien("citations", f"Seulement {litteral(groupe)}", **parametres)
        _durees(criteres.dimension)


def _citations_du_groupe(groupe: str, dimension: Dimension) -> Mapping[str, str]:
    """Ce qui, dans l'adresse des citations, désigne ce groupe ; vide si elles ne se filtrent pas ainsi."""
    if dimension is Dimension.TERRAIN:
        return {"citations_terrain": groupe}
    return {"citations_acteur": groupe} if dimension is Dimension.TYPE_ACTEUR else {}


def _durees(dimension: Dimension) -> None:
    """Les durées des mêmes groupes, ou à défaut des terrains."""
    axe = AXES_DES_DUREES.get(dimension, AxeDuree.TERRAIN)
    lien("durees", f"Comparer les durées d'engagement : {axe.libelle.lower()}", durees_groupe=axe.libelle)


def _rien(vue: VueTerrains, perimetre: Perimetre) -> None:
    st.info(litteral(vue.rien))
    if peut_consigner(perimetre):
        lien("saisie", "Consigner un entretien et les irritants qui y sont évoqués")


# --- Carte ------------------------------------------------------------------------------------------------------


def carte(acces: Acces, criteres: CriteresTerrains) -> None:
    """Les départements, un indicateur au choix, et toujours le tableau des mêmes nombres."""
    couverture = vue(lire_carte, acces, famille=criteres.famille, type_acteur=criteres.type_acteur)
    choisie = ENTRETIENS
    if couverture.etiquettes:
        options = [ENTRETIENS, *couverture.etiquettes]
        choisie = st.selectbox("Ce que montre la carte", options, key="terrains_carte", bind="query-params", width=520)
    if choisie not in {None, ENTRETIENS}:
        choix = {"famille": criteres.famille, "type_acteur": criteres.type_acteur, "etiquette": choisie}
        _carte(vue(lire_carte, acces, **choix))
    else:
        _carte(couverture)


def _carte(lue: VueCarte) -> None:
    st.markdown("\n".join(f"- {litteral(phrase)}" for phrase in lue.phrases))
    afficher_figure(lue.figure, alternative=lue.alternative, tableau=lue.tableau)
    notes = [f"Données arrêtées au {date_longue(lue.au)}.", *lue.notes]
    st.caption("\n\n".join(litteral(typographier(note)) for note in notes))
