"""Fusionner une étiquette dans une autre, et revenir en arrière."""

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import compter, guillemets, typographier
from lib.services.fusion_etiquettes import defusionner, fusionner
from lib.services.grille import EtiquetteLue, descendance
from lib.ui.composants.confirmation import Geste
from lib.ui.composants.grille.formulaires import enregistrer


def choisir_fusion(
    etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], perimetre: Perimetre, fiche: str, version: int
) -> None:
    """L'étiquette à garder, et ce que la fusion y fera passer."""
    branche = set(descendance(grille, etiquette.id))
    noms = {
        autre.id: " › ".join(autre.chemin)
        for autre in grille
        if autre.famille is etiquette.famille and not autre.archivee and autre.id not in branche
    }
    if not noms:
        st.write("Aucune autre étiquette de sa famille ne peut la recevoir.")
        return
    st.caption(
        typographier(
            f"{compter(etiquette.citations, 'citation')}, ses relevés et ce qui est rangé sous elle passent à "
            "l'étiquette gardée ; elle-même est archivée. Une fusion se défait, à l'identique."
        )
    )
    with st.form(f"{fiche}-fusion", border=False):
        gardee = st.selectbox(
            "Étiquette à garder",
            list(noms),
            index=None,
            placeholder="Choisir dans sa famille",
            format_func=lambda identifiant: noms[identifiant],
            key=f"{fiche}-gardee",
        )
        demande = st.form_submit_button("Fusionner")
    if demande and gardee is None:
        st.error("Choisissez l'étiquette à garder.")
    elif demande and gardee is not None:
        enregistrer(
            lambda session: fusionner(session, perimetre, etiquette_id=etiquette.id, version=version, dans_id=gardee),
            perimetre,
            f"{guillemets(etiquette.nom)} est fusionnée dans {guillemets(noms[gardee])}. "
            "On peut défaire la fusion depuis cette page.",
            fiche,
            etiquette=gardee,
        )


def geste_de_retour(etiquette_id: int, nom: str, version: int, *, cle: str) -> Geste:
    """Défaire une fusion, après confirmation."""
    return Geste(
        cle=cle,
        bouton="Défaire la fusion",
        question=f"{guillemets(nom)} reprendra ses citations, ses relevés et ce qui était rangé sous elle.",
        faire=lambda session, perimetre: defusionner(session, perimetre, etiquette_id=etiquette_id, version=version),
        droit=peut_consigner,
        fait=f"Fusion défaite : {guillemets(nom)} est de nouveau dans la grille.",
        fiche=f"etiquette-{etiquette_id}",
    )
