"""Une étiquette en entier : ce qu'elle veut dire, où elle est posée, son histoire, et comment la faire évoluer."""

import streamlit as st

from lib.analytics.confidentialite import CACHE, REGLE, est_cache
from lib.domain.droits import Perimetre, peut_consigner, peut_lire_identites
from lib.domain.formats import compter, date_et_heure, guillemets, typographier
from lib.services import etiquettes
from lib.services.grille import EtiquetteLue
from lib.services.histoire_etiquette import HistoireEtiquette, lire_histoire_etiquette
from lib.services.sessions import Acces
from lib.ui.caches import vue
from lib.ui.composants.citations import CLE_ETIQUETTE
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.exemples import montrer_exemples
from lib.ui.composants.grille.formulaires import TEXTES, bouton_vers, deplacer, modifier, ordonner
from lib.ui.composants.grille.fusion import choisir_fusion, geste_de_retour
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.navigation import chemin
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, version_ouverte


def montrer_etiquette(etiquette: EtiquetteLue, acces: Acces) -> None:
    """Sa définition, ses règles, ses exemples, ses comptes et le chemin vers ses citations."""
    st.header(litteral(etiquette.nom), anchor=False)
    place = [etiquette.famille.libelle, *map(litteral, etiquette.chemin[:-1])]
    st.caption(" › ".join(place) + (" – archivée" if etiquette.archivee else ""))
    for champ, titre in TEXTES.items():
        if ecrit := getattr(etiquette, champ):
            st.markdown(typographier(f"**{titre}** : ") + litteral(ecrit))
    montrer_exemples(etiquette, acces)
    _dire_comptes(etiquette, acces.perimetre)
    with st.container(horizontal=True, vertical_alignment="center"):
        adresse = {CLE_ETIQUETTE: etiquette.designation}
        st.page_link(chemin("citations"), label="Lire ses citations", query_params=adresse)
        bouton_vers("Revenir à toute la grille")


def _dire_comptes(etiquette: EtiquetteLue, perimetre: Perimetre) -> None:
    """Ses citations et ses entretiens, ou ce qui en tient la place et pourquoi."""
    if est_cache(etiquette.entretiens_ecrits):
        st.markdown(typographier(f"Entretiens : {etiquette.entretiens_ecrits} ; citations : {CACHE}"))
        st.caption(REGLE)
        return
    permises = "" if peut_lire_identites(perimetre) else " que l'on peut citer"
    citations, entretiens = compter(etiquette.citations, "citation"), compter(etiquette.entretiens, "entretien")
    st.markdown(f"{citations}{permises}, {entretiens}")


def gerer_etiquette(etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], acces: Acces) -> None:
    """Modifier, ranger ailleurs, fusionner, scinder, archiver ou rétablir ; et tout ce qui lui est arrivé."""
    perimetre, fiche = acces.perimetre, f"etiquette-{etiquette.id}"
    histoire = vue(lire_histoire_etiquette, acces, etiquette_id=etiquette.id)
    version = version_ouverte(fiche, etiquette.version)
    proposer_de_relire(fiche, version, etiquette.version)
    if etiquette.fusionnee_dans_id is not None:
        _montrer_fusionnee(etiquette, grille)
        _montrer_histoire(histoire)
        return
    with st.expander("Modifier son nom et sa définition"):
        modifier(etiquette, perimetre, fiche, version)
    with st.expander("La ranger ailleurs"):
        deplacer(etiquette, grille, perimetre, fiche, version)
        ordonner(etiquette, grille, perimetre, fiche, version)
    if not etiquette.archivee:
        with st.expander("La fusionner dans une autre"):
            choisir_fusion(etiquette, grille, perimetre, fiche, version)
    _montrer_versees(histoire, etiquette)
    with st.container(horizontal=True):
        if not etiquette.archivee and etiquette.citations:
            bouton_vers("Scinder l'étiquette", etiquette=etiquette.id, scinder=1)
        bouton_a_confirmer(_retrait(etiquette))
    _montrer_histoire(histoire)


def _montrer_fusionnee(etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...]) -> None:
    gardee = next((e.nom for e in grille if e.id == etiquette.fusionnee_dans_id), "une autre")
    st.info(litteral(f"Fusionnée dans {guillemets(gardee)} : ses citations y sont."))
    bouton_a_confirmer(geste_de_retour(etiquette.id, etiquette.nom, etiquette.version, cle="grille-retour"))


def _montrer_versees(histoire: HistoireEtiquette, etiquette: EtiquetteLue) -> None:
    """Ce qui s'est fondu en elle, et de quoi l'en sortir."""
    for versee in histoire.versees:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(litteral(f"{guillemets(versee.nom)} a été fusionnée dans {guillemets(etiquette.nom)}."))
            cle = f"grille-retour-{versee.id}"
            bouton_a_confirmer(geste_de_retour(versee.id, versee.nom, versee.version, cle=cle))


def _montrer_histoire(histoire: HistoireEtiquette) -> None:
    with st.expander("Son histoire"):
        afficher_tableau(
            ("Quand", "Qui", "Quoi"),
            [(date_et_heure(e.quand), litteral(e.qui), litteral(" · ".join(e.quoi))) for e in histoire.episodes[:50]],
            legende="Ce qui est arrivé à cette étiquette, du plus récent au plus ancien",
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
