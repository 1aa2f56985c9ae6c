"""L'arbre de la grille : une étiquette par ligne, en retrait sous celle où elle est rangée."""

from collections.abc import Sequence
from textwrap import shorten

import streamlit as st

from lib.analytics.confidentialite import REGLE, est_cache
from lib.domain.droits import Perimetre, peut_consigner, peut_lire_identites
from lib.domain.formats import INSECABLE, compter, guillemets, typographier
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services.exemples import Exemple
from lib.services.grille import EtiquetteLue, TotalCitations, filtrer
from lib.services.sessions import Acces
from lib.ui.composants.citations import CLE_ETIQUETTE, SANS
from lib.ui.composants.exemples import lire_exemples
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant

PAR_PAGE = 50
ENTETES = ("Étiquette", "Définition", "Citations", "Entretiens")
FICHE = Fiche(adresse="grille", parametre="etiquette")
NON_ETIQUETEES = Fiche(adresse="citations", parametre="", fixes=((CLE_ETIQUETTE, SANS),))
TOUTES = "Toutes"
# À partir de là, un arbre se cherche plus qu'il ne se parcourt.
A_CHERCHER = 12
LONGUEUR_EXEMPLE = 120


def montrer_arbre(grille: Sequence[EtiquetteLue], total: TotalCitations, acces: Acces) -> None:
    """Les étiquettes d'une famille ou de toutes, cinquante par page, puis ce que nulle étiquette ne porte."""
    if not grille:
        _grille_vide(acces.perimetre)
        return
    _dire_total(total, acces.perimetre)
    famille, mots = _choisir(grille)
    montrees = filtrer(grille, mots, famille)
    if not montrees:
        st.info("Aucune étiquette ne répond à cette recherche.")
        return
    pages = -(-len(montrees) // PAR_PAGE)
    page = st.pagination(pages, key="grille_page", bind="query-params") if pages > 1 else 1
    exemples = lire_exemples(grille, acces)
    lignes = [
        _ligne(etiquette, exemples.get(etiquette.id, ()), a_plat=bool(mots))
        for etiquette in montrees[(page - 1) * PAR_PAGE : page * PAR_PAGE]
    ]
    if famille is None and not mots:
        lignes.append(_sans_etiquette(total))
    tableau_ouvrant(
        ENTETES,
        lignes,
        fiche=FICHE,
        legende="Grille de codage, une étiquette par ligne, en retrait sous celle où elle est rangée",
        cle="grille-tableau",
        nombres=(2, 3),
    )
    if any(est_cache(cellule) for ligne in lignes for cellule in ligne.cellules):
        st.caption(REGLE)


def _dire_total(total: TotalCitations, perimetre: Perimetre) -> None:
    permises = "" if peut_lire_identites(perimetre) else " que l'on peut citer"
    st.caption(
        typographier(
            f"{compter(total.citations, 'citation')}{permises}, dans {compter(total.entretiens, 'entretien')} réalisés "
            "avec notice remise. Chaque compte est celui de l'étiquette seule, sans celles rangées sous elle ; une "
            "citation qui porte deux étiquettes compte dans chacune."
        )
    )


def _choisir(grille: Sequence[EtiquetteLue]) -> tuple[FamilleEtiquette | None, str]:
    familles = {famille.libelle: famille for famille in FamilleEtiquette if any(e.famille is famille for e in grille)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choisie = st.segmented_control(
            "Famille", [TOUTES, *familles], default=TOUTES, required=True, key="grille_famille", bind="query-params"
        )
        mots = ""
        if len(grille) > A_CHERCHER:
            mots = st.text_input(
                "Chercher une étiquette",
                key="grille_mots",
                bind="query-params",
                placeholder="Nom ou définition, sans accents",
                width=280,
                autocomplete="off",
            )
    return familles.get(str(choisie)), (mots or "").strip()


def _ligne(etiquette: EtiquetteLue, exemples: Sequence[Exemple], *, a_plat: bool) -> LigneOuvrante:
    """a_plat : trouvée par une recherche, elle dit son chemin plutôt que son retrait."""
    retrait = f"–{INSECABLE}" * etiquette.niveau
    nom = " › ".join(etiquette.chemin) if a_plat else f"{retrait}{etiquette.nom}"
    cellules = (
        f"{nom}{_etat(etiquette)}",
        _dire_definition(etiquette, exemples),
        etiquette.citations_ecrites,
        etiquette.entretiens_ecrits,
    )
    return LigneOuvrante(id=etiquette.id, cellules=cellules, teinte=etiquette.couleur or "")


def _dire_definition(etiquette: EtiquetteLue, exemples: Sequence[Exemple]) -> str:
    """Ce qu'elle veut dire, et la première citation prise en exemple."""
    if not exemples:
        return etiquette.definition
    cite = guillemets(shorten(exemples[0].citation, LONGUEUR_EXEMPLE, placeholder="…"))
    return f"{etiquette.definition} {typographier('Par exemple :')} {cite}".strip()


def _etat(etiquette: EtiquetteLue) -> str:
    if etiquette.fusionnee_dans_id is not None:
        return " (fusionnée)"
    return " (archivée)" if etiquette.archivee else ""


def _sans_etiquette(total: TotalCitations) -> LigneOuvrante:
    """Une citation sans étiquette ne disparaît pas : elle a sa ligne."""
    cellules = (
        "Sans étiquette",
        "Citations surlignées qui n'ont pas, ou plus, d'étiquette.",
        total.sans_ecrites,
        total.entretiens_sans_ecrits,
    )
    return LigneOuvrante(id=0, cellules=cellules, fiche=NON_ETIQUETEES)


def _grille_vide(perimetre: Perimetre) -> None:
    st.info("La grille est vide : aucune étiquette n'existe encore dans cette investigation.")
    if not peut_consigner(perimetre):
        st.write("Les étiquettes paraîtront ici dès que l'équipe en aura posé les premières.")
