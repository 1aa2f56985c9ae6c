"""Filtres et blocs de la saturation : la courbe, puis l'aide à l'arrêt avec tous ses nombres."""

from collections.abc import Sequence

import streamlit as st

from lib.analytics.confidentialite import sous_secret
from lib.domain.droits import Perimetre
from lib.domain.formats import compter, nombre, pourcentage, typographier
from lib.domain.vocabulaire import TypeActeur
from lib.services.saturation import VueSaturation
from lib.services.terrains import TerrainLu
from lib.ui.composants.figures import afficher_figure
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.textes import litteral

TOUS = "tous"
DEFINITIONS = typographier(
    """- **Trait plein** : étiquettes différentes entendues, entretiens pris dans l'ordre des dates.
- **Tirets et bande** : médiane et 90 % de 500 ordres tirés au hasard .
- **Aide à l'arrêt** : étiquettes nouvelles de la dernière suite, rapportées à celles de la base (Guest, Namey et Chen,
  2020). Elle décrit les acteurs rencontrés, et se tait sur ceux qu'on n'a pas rencontrés."""
)


def filtres(terrains: Sequence[TerrainLu], perimetre: Perimetre) -> tuple[int | None, TypeActeur | None]:
    """Terrain et type d'acteur, liés à l'adresse ; la visite voit tout réuni, le détail désignerait quelqu'un."""
    if sous_secret(perimetre):
        return None, None
    noms = {terrain.nom: terrain.id for terrain in terrains}
    types = {membre.libelle: membre for membre in TypeActeur}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        terrain = st.selectbox("Terrain", [TOUS, *noms], key="saturation_terrain", bind="query-params", width=280)
        acteur = st.selectbox("Type d'acteur", [TOUS, *types], key="saturation_acteur", bind="query-params", width=240)
    return noms.get(terrain), types.get(acteur)


def montrer(vue: VueSaturation) -> None:
    """L'aide à l'arrêt, la courbe et ses définitions ; sans entretien codé, ce qu'il y a à faire."""
    if vue.figure is None or vue.tableau is None:
        st.info("Aucun entretien réalisé n'est encore codé pour ces critères : la courbe commence au premier.")
        return
    st.markdown(litteral(dire_arret(vue)))
    afficher_figure(vue.figure, alternative=vue.alternative, tableau=vue.tableau)
    st.caption(litteral(situer(vue)) + "\n\n" + DEFINITIONS)
    lien("citations", "Lire les citations qui portent ces étiquettes")


def dire_arret(vue: VueSaturation) -> str:
    """L'aide à l'arrêt en mots, jamais sans ses nombres."""
    arret = vue.arret
    if arret.part is None:
        manque = arret.taille_base + arret.longueur_suite
        return typographier(
            f"Trop tôt pour le dire : il faut au moins {compter(manque, 'entretien codé', 'entretiens codés')} "
            f"({nombre(arret.taille_base)} de base, {nombre(arret.longueur_suite)} de suite), "
            f"il y en a {nombre(vue.suivis)}."
        )
    conclusion = "peu de neuf arrive encore" if arret.atteint else "du neuf arrive encore"
    tous = vue.suivis == vue.codes
    ou = "Parmi les acteurs rencontrés" if tous else f"Sur les {nombre(vue.suivis)} premiers entretiens codés seulement"
    derniers = f"les {nombre(arret.longueur_suite)} derniers{' entretiens' if tous else ' de ceux-là'}"
    return typographier(
        f"{ou}, {conclusion} : {derniers} apportent "
        f"{compter(arret.nouvelles, 'étiquette nouvelle', 'étiquettes nouvelles')} pour {nombre(arret.base)} entendues "
        f"dans les {nombre(arret.taille_base)} premiers, "
        f"soit {pourcentage(arret.part)} (seuil : {pourcentage(arret.seuil)})."
    )


def situer(vue: VueSaturation) -> str:
    """Sur combien d'entretiens porte la courbe, et combien attendent d'être codés."""
    phrase = f"Courbe sur {compter(vue.suivis, 'entretien codé', 'entretiens codés')} ; {nombre(vue.codes)} codés sur "
    phrase += compter(vue.realises, "entretien réalisé", "entretiens réalisés") + "."
    if vue.suivis < vue.codes:
        phrase += f" Seuls les {nombre(vue.suivis)} premiers sont suivis."
    return typographier(phrase)
