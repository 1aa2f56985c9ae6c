"""La grille de codage : l'arbre d'un coup d'œil, une étiquette en entier, et de quoi la faire évoluer."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner, peut_lire_identites
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import INSECABLE, compter, nombre, typographier
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services import etiquettes
from lib.services.grille import EtiquetteLue, descendance
from lib.services.transaction import ecriture
from lib.ui.composants.citations import CLE_ETIQUETTE
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral, phrase
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

PAR_PAGE = 50
ENTETES = ("Étiquette", "Définition", "Citations", "Entretiens")
FICHE = Fiche(adresse="grille", parametre="etiquette")
RACINE = "À la racine de sa famille"
TOUTES = "Toutes"
TEXTES = {
    "definition": "Définition",
    "inclusion": "Ce qu'elle comprend",
    "exclusion": "Ce qu'elle ne comprend pas",
    "exemples": "Exemples",
}


def aller(**parametres: int | str) -> None:
    """Rouvre la grille, sur une étiquette ou sans rien."""
    st.switch_page(chemin("grille"), query_params={nom: str(valeur) for nom, valeur in parametres.items()})


def bouton_vers(libelle: str, **parametres: int | str) -> None:
    """Un bouton qui rouvre la grille autrement : un lien vers la page ouverte se lirait comme « vous êtes ici »."""
    if st.button(libelle, key=f"grille-{libelle}"):
        aller(**parametres)


# --- L'arbre ----------------------------------------------------------------------------------------------------


def montrer_arbre(grille: Sequence[EtiquetteLue], perimetre: Perimetre) -> None:
    """Les étiquettes d'une famille ou de toutes, cinquante par page, chacune en retrait sous son parent."""
    if not grille:
        _grille_vide(perimetre)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        familles = {
            famille.libelle: famille for famille in FamilleEtiquette if any(e.famille is famille for e in grille)
        }
        choisie = st.segmented_control(
            "Famille", [TOUTES, *familles], default=TOUTES, required=True, key="grille_famille", bind="query-params"
        )
    montrees = [e for e in grille if choisie in {TOUTES, None} or e.famille is familles.get(str(choisie))]
    pages = -(-len(montrees) // PAR_PAGE)
    page = st.pagination(pages, key="grille_page", bind="query-params") if pages > 1 else 1
    tableau_ouvrant(
        ENTETES,
        [_ligne(etiquette) for etiquette in montrees[(page - 1) * PAR_PAGE : page * PAR_PAGE]],
        fiche=FICHE,
        legende="Grille de codage, une étiquette par ligne, en retrait sous celle où elle est rangée",
        cle="grille-tableau",
        nombres=(2, 3),
    )


def _ligne(etiquette: EtiquetteLue) -> LigneOuvrante:
    retrait = f"–{INSECABLE}" * etiquette.niveau
    archivee = " (archivée)" if etiquette.archivee else ""
    cellules = (
        f"{retrait}{etiquette.nom}{archivee}",
        etiquette.definition,
        nombre(etiquette.citations),
        nombre(etiquette.entretiens),
    )
    return LigneOuvrante(id=etiquette.id, cellules=cellules)


def _grille_vide(perimetre: Perimetre) -> None:
    st.info("La grille est vide : aucune étiquette n'existe encore dans cette investigation.")
    if not peut_consigner(perimetre):
        st.write("Les étiquettes paraîtront ici dès que l'équipe en aura posé les premières.")


# --- Une étiquette ----------------------------------------------------------------------------------------------


def montrer_etiquette(etiquette: EtiquetteLue, perimetre: Perimetre) -> None:
    """Sa définition, ses règles, ses comptes et le chemin vers ses citations."""
    st.header(litteral(etiquette.nom), anchor=False)
    place = [etiquette.famille.libelle, *map(litteral, etiquette.chemin[:-1])]
    st.caption(" › ".join(place) + (" – archivée" if etiquette.archivee else ""))
    for champ, titre in TEXTES.items():
        if ecrit := getattr(etiquette, champ):
            st.markdown(typographier(f"**{titre}** : ") + litteral(ecrit))
    st.markdown(f"{_dire_citations(etiquette, perimetre)}, {compter(etiquette.entretiens, 'entretien')}")
    with st.container(horizontal=True):
        nom = f"{etiquette.nom} (archivée)" if etiquette.archivee else etiquette.nom
        st.page_link(chemin("citations"), label="Lire ses citations", query_params={CLE_ETIQUETTE: nom})
        bouton_vers("Revenir à toute la grille")


def _dire_citations(etiquette: EtiquetteLue, perimetre: Perimetre) -> str:
    permises = "" if peut_lire_identites(perimetre) else " que l'on peut citer"
    return f"{compter(etiquette.citations, 'citation')}{permises}"


# --- La faire évoluer -------------------------------------------------------------------------------------------


def gerer_etiquette(etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], perimetre: Perimetre) -> None:
    """Modifier, ranger ailleurs, archiver ou rétablir."""
    fiche = f"etiquette-{etiquette.id}"
    version = version_ouverte(fiche, etiquette.version)
    proposer_de_relire(fiche, version, etiquette.version)
    with st.expander("Modifier son nom et sa définition"):
        _modifier(etiquette, perimetre, fiche, version)
    with st.expander("La ranger ailleurs"):
        _deplacer(etiquette, grille, perimetre, fiche, version)
    bouton_a_confirmer(_retrait(etiquette))


def creer(grille: Sequence[EtiquetteLue], perimetre: Perimetre) -> None:
    """Le formulaire d'une étiquette neuve."""
    st.header("Ajouter une étiquette", anchor=False)
    with st.form("grille-creation"):
        nom = _saisir_nom("", "grille-creation")
        sous = _choisir_parent("La ranger sous", grille, RACINE, "grille-creation-parent")
        famille = st.selectbox(
            "Famille",
            list(FamilleEtiquette),
            format_func=lambda membre: membre.libelle,
            help="Rangée sous une autre étiquette, elle prend sa famille.",
        )
        textes = _saisir_textes({}, "grille-creation")
        if st.form_submit_button("Ajouter à la grille", type="primary"):
            _enregistrer(
                lambda session: etiquettes.creer(
                    session, perimetre, nom=nom, famille=famille, parent_id=sous, **textes
                ),
                perimetre,
                f"« {nom} » est dans la grille.",
            )
    bouton_vers("Revenir à toute la grille")


def _modifier(etiquette: EtiquetteLue, perimetre: Perimetre, fiche: str, version: int) -> None:
    with st.form(f"{fiche}-texte", border=False):
        # Des clés qui portent la version ouverte : ce que quelqu'un d'autre enregistre n'efface pas la saisie.
        cle = f"{fiche}-{version}"
        nom = _saisir_nom(etiquette.nom, cle)
        textes = _saisir_textes({champ: getattr(etiquette, champ) for champ in TEXTES}, cle)
        if st.form_submit_button("Enregistrer", type="primary"):
            _enregistrer(
                lambda session: etiquettes.modifier(
                    session, perimetre, etiquette_id=etiquette.id, version=version, nom=nom, **textes
                ),
                perimetre,
                "Étiquette enregistrée.",
                fiche,
                etiquette=etiquette.id,
            )


def _deplacer(
    etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], perimetre: Perimetre, fiche: str, version: int
) -> None:
    branche = set(descendance(grille, etiquette.id))
    ailleurs = [autre for autre in grille if autre.id not in branche and not autre.archivee]
    with st.form(f"{fiche}-place", border=False):
        sous = _choisir_parent("La ranger sous", ailleurs, RACINE, f"{fiche}-parent", etiquette.parent_id)
        if st.form_submit_button("Ranger ici", type="primary"):
            _enregistrer(
                lambda session: etiquettes.deplacer(
                    session, perimetre, etiquette_id=etiquette.id, version=version, parent_id=sous
                ),
                perimetre,
                "Étiquette rangée, avec celles qui sont sous elle.",
                fiche,
                etiquette=etiquette.id,
            )


def _retrait(etiquette: EtiquetteLue) -> Geste:
    cible = {"etiquette_id": etiquette.id, "version": etiquette.version}
    if etiquette.archivee:
        return Geste(
            cle="grille-retablir",
            bouton="Rétablir l'étiquette",
            question="Elle redeviendra proposée au codage.",
            faire=lambda session, perimetre: etiquettes.retablir(session, perimetre, **cible),
            droit=peut_consigner,
            fait="Étiquette rétablie.",
        )
    return Geste(
        cle="grille-archiver",
        bouton="Archiver l'étiquette",
        question="Elle ne sera plus proposée au codage. Ses citations et ses comptes restent ; on peut la rétablir.",
        faire=lambda session, perimetre: etiquettes.archiver(session, perimetre, **cible),
        droit=peut_consigner,
        fait="Étiquette archivée.",
    )


def _choisir_parent(
    libelle: str, grille: Sequence[EtiquetteLue], racine: str, cle: str, actuel: int | None = None
) -> int | None:
    noms = {None: racine} | {e.id: f"{INSECABLE * 3 * e.niveau}{e.nom}" for e in grille if not e.archivee}
    choix: list[int | None] = list(noms)
    depart = choix.index(actuel) if actuel in noms else 0
    return st.selectbox(libelle, choix, index=depart, format_func=lambda identifiant: noms[identifiant], key=cle)


def _saisir_nom(depart: str, cle: str) -> str:
    longueur = etiquettes.LONGUEUR_NOM
    return st.text_input("Nom", value=depart, max_chars=longueur, autocomplete="off", key=f"{cle}-nom") or ""


def _saisir_textes(depart: dict[str, str], cle: str) -> dict[str, str]:
    return {
        champ: st.text_area(titre, value=depart.get(champ, ""), height="content", key=f"{cle}-{champ}") or ""
        for champ, titre in TEXTES.items()
    }


def _enregistrer(
    faire: Callable[[Any], object], perimetre: Perimetre, fait: str, fiche: str = "", **retour: int
) -> None:
    """Écrit puis rouvre la grille ; un refus se dit sous le formulaire, la saisie reste."""
    try:
        with ecriture(moteur(), perimetre) as session:
            cree = faire(session)
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
        return
    rouvrir(fiche)
    annoncer(typographier(fait))
    aller(**(retour or {"etiquette": int(str(cree))}))
