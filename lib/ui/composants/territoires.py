"""Filtres et blocs de la comparaison des terrains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.analytics.proportions import EFFECTIF_MINIMUM, Verdict
from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import INSECABLE, compter, date_longue, enumeration, typographier
from lib.domain.vocabulaire import TypeActeur
from lib.services.terrains import TerrainLu
from lib.services.territoires import DetailIrritant, VueTerrains
from lib.ui.composants.figures import afficher_figure, montrer_tableau
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.textes import litteral

TOUS_ACTEURS = "Tous les acteurs"
VERDICTS = "\n".join(f"- **{verdict.libelle}** : {verdict.aide}." for verdict in Verdict)
DEFINITIONS = typographier(
    f"""- **n/N** : N compte les acteurs avec qui l'irritant a été abordé (évoqué spontanément, sur relance, ou écarté),
  n ceux qui l'évoquent. « Non abordé » n'est pas « non » : il est exclu.
- **[ ; ]** : intervalle de Wilson à 95 %, l'ordre de grandeur du hasard sur si peu d'acteurs.
- **Spontanément** : dit sans relance, sur ceux qui l'évoquent.
{VERDICTS}
- **q** : part attendue de fausses découvertes (Benjamini-Hochberg). Sous {EFFECTIF_MINIMUM} acteurs, ni pourcentage
  ni test."""
)
TROP_PEU = (
    f"Aucun irritant n'a été abordé avec au moins {EFFECTIF_MINIMUM} acteurs dans deux terrains : rien ne se compare "
    "encore. Les effectifs sont dans le tableau."
)
PAR_LIBELLE = {type_acteur.libelle: type_acteur for type_acteur in TypeActeur}


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltresTerrains:
    """Ce que l'adresse de la page demande. `paire` absente : tous les terrains visités."""

    type_acteur: TypeActeur | None
    paire: tuple[int, int] | None


def filtres(terrains: Sequence[TerrainLu]) -> FiltresTerrains:
    """Type d'acteur et paire de terrains, liés à l'adresse : le lien envoyé montre le même écran."""
    noms = {terrain.nom: terrain.id for terrain in terrains}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        acteur = st.selectbox(
            "Type d'acteur", [TOUS_ACTEURS, *PAR_LIBELLE], key="terrains_acteur", bind="query-params", width=240
        )
        choisis = st.multiselect(
            "Deux terrains à comparer (sinon, tous)",
            list(noms),
            max_selections=2,
            placeholder="Tous les terrains visités",
            key="terrains_compares",
            bind="query-params",
            width=520,
        )
    paire = (noms[choisis[0]], noms[choisis[1]]) if len(choisis) == 2 else None
    return FiltresTerrains(type_acteur=PAR_LIBELLE.get(acteur), paire=paire)


def reserves(vue: VueTerrains) -> None:
    """Un terrain prévu et peu visité se dit avant les chiffres."""
    if vue.avertissements:
        st.warning("\n\n".join(map(litteral, vue.avertissements)))


def comparaison(vue: VueTerrains) -> None:
    """Le résumé en mots, la figure, son tableau, et la définition de chaque nombre."""
    st.write(litteral(vue.resume))
    if vue.figure is None:
        st.info(typographier(TROP_PEU))
        montrer_tableau(vue.tableau)
    else:
        afficher_figure(vue.figure, alternative=vue.alternative, tableau=vue.tableau)
    st.caption(litteral(_situer(vue)) + "\n\n" + DEFINITIONS)


def _situer(vue: VueTerrains) -> str:
    rencontres = enumeration(
        f"{compter(n, 'entretien réalisé', 'entretiens réalisés')} pour {nom}" for nom, n in vue.rencontres.items()
    )
    phrases = [f"Données arrêtées au {date_longue(vue.au)} : {rencontres}."]
    if vue.figure and vue.non_traces:
        phrases.append(f"{compter(vue.non_traces, 'irritant')} dans le tableau seulement.")
    return typographier(" ".join(phrases))


def detail(vue: VueTerrains, choisis: FiltresTerrains, perimetre: Perimetre) -> None:
    """Un irritant au choix : sa définition, ses chiffres en mots, et les citations qui les portent."""
    if not vue.details:
        _rien(perimetre)
        return
    st.header("Ce qui porte ces chiffres", anchor=False)
    noms = [irritant.nom for irritant in vue.details]
    nom = st.selectbox("Irritant", noms, key="terrains_irritant", bind="query-params")
    acteur = {"citations_acteur": choisis.type_acteur.libelle} if choisis.type_acteur else {}
    _montrer(vue.details[noms.index(nom)], vue.rencontres, acteur)


def _montrer(irritant: DetailIrritant, terrains: Iterable[str], acteur: Mapping[str, str]) -> None:
    phrases = [f"- {litteral(phrase)}" for phrase in (*irritant.par_terrain, *irritant.ecarts)]
    definition = f"Définition{INSECABLE}: {litteral(irritant.definition)}\n\n" if irritant.definition else ""
    st.markdown(definition + "\n".join(phrases))
    with st.container(horizontal=True):
        lien("citations", "Lire les citations de cet irritant", citations_etiquette=irritant.nom, **acteur)
        for terrain in terrains:
            place = {"citations_etiquette": irritant.nom, "citations_terrain": terrain, **acteur}
            lien("citations", f"Seulement {litteral(terrain)}", **place)


def _rien(perimetre: Perimetre) -> None:
    st.info("Aucun irritant n'a encore été relevé pour ces critères.")
    if peut_consigner(perimetre):
        lien("saisie", "Consigner un entretien et les irritants qui y sont évoqués")
