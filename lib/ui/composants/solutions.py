"""Les blocs du registre des solutions existantes."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import typographier
from lib.services import solutions
from lib.services.solutions import LONGUEUR_COUT, LONGUEUR_LIEN, SaisieSolution, SolutionLue
from lib.services.transaction import ecriture
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

ENTETES = ("Solution", "Coût pour l'entreprise", "Coût pour l'association", "Ce qui manque", "Partenariats suivis")
LARGEUR = 800


def montrer(lues: Sequence[SolutionLue], *, equipe: bool) -> None:
    """Le registre, les solutions retirées à part."""
    vivantes = [lue for lue in lues if not lue.archivee]
    if not vivantes:
        suite = " Inscrivez la première, puis choisissez-la dans un partenariat." if equipe else ""
        st.info(f"Aucune solution existante n'est encore inscrite.{suite}")
        return
    st.caption(
        typographier(
            "Outils et réseaux cités en entretien. « Partenariats suivis » : combien, parmi ceux que l'enquête suit, "
            "sont nés par cette voie ; ce n'est pas une mesure de son succès."
        )
    )
    afficher_tableau(ENTETES, [_ligne(lue) for lue in vivantes], legende="Registre des solutions existantes")


def _ligne(lue: SolutionLue) -> tuple[str, ...]:
    saisie = lue.saisie
    nom = litteral(f"{saisie.nom} ({saisie.lien})" if saisie.lien else saisie.nom)
    return (
        nom,
        litteral(saisie.cout_entreprise) or "Inconnu",
        litteral(saisie.cout_association) or "Inconnu",
        litteral(" ".join(saisie.manque.split())),
        lue.partenariats_ecrits,
    )


def inscrire(perimetre: Perimetre) -> None:
    """Ajouter une solution au registre."""
    rang = st.session_state.get("_solutions_inscrites", 0)
    with st.expander("Inscrire une solution"), st.form(f"solution-neuve-{rang}", border=False):
        saisie = _champs(SaisieSolution(nom=""), f"neuve{rang}")
        if st.form_submit_button("Inscrire la solution", type="primary"):
            with afficher_erreurs():
                with ecriture(moteur(), perimetre) as session:
                    solutions.creer(session, perimetre, saisie)
                st.session_state["_solutions_inscrites"] = rang + 1
                annoncer("Solution inscrite au registre.")
                st.rerun()


def corriger(lues: Sequence[SolutionLue], perimetre: Perimetre) -> None:
    """Choisir une solution, la corriger, la retirer ou la remettre."""
    par_id = {lue.id: lue for lue in lues}
    if not par_id:
        return
    choisie = st.selectbox(
        "Solution à corriger",
        list(par_id),
        index=None,
        format_func=lambda cle: _nommer(par_id[cle]) if cle in par_id else "",
        placeholder="Choisir une solution",
        key="solution_choisie",
        width=LARGEUR,
    )
    if choisie in par_id:
        _fiche(par_id[choisie], perimetre)


def _nommer(lue: SolutionLue) -> str:
    return f"{lue.saisie.nom} (retirée)" if lue.archivee else lue.saisie.nom


def _fiche(lue: SolutionLue, perimetre: Perimetre) -> None:
    nom = f"solution-{lue.id}"
    version = version_ouverte(nom, lue.version)
    proposer_de_relire(nom, version, lue.version)
    with st.form(f"{nom}-{version}", border=True, width=LARGEUR):
        saisie = _champs(lue.saisie, f"{nom}v{version}")
        if st.form_submit_button("Enregistrer la solution", type="primary"):
            with afficher_erreurs():
                with ecriture(moteur(), perimetre) as session:
                    solutions.corriger(session, perimetre, saisie, solution_id=lue.id, version=version)
                rouvrir(nom)
                annoncer("Solution enregistrée.")
                st.rerun()
    _retirer(lue, nom)


def _retirer(lue: SolutionLue, nom: str) -> None:
    faire = solutions.retablir if lue.archivee else solutions.archiver
    bouton_a_confirmer(
        Geste(
            cle=f"{nom}-archive",
            bouton="Remettre au registre" if lue.archivee else "Retirer du registre",
            question="Elle pourra de nouveau se choisir dans un partenariat."
            if lue.archivee
            else "Les partenariats qui en viennent la gardent ; vous pourrez la remettre.",
            faire=partial(faire, solution_id=lue.id),
            droit=peut_consigner,
            fait="Solution remise au registre." if lue.archivee else "Solution retirée du registre.",
            fiche=nom,
        )
    )


def _champs(depart: SaisieSolution, cle: str) -> SaisieSolution:
    nom = st.text_input("Nom de la solution", depart.nom, key=f"{cle}.nom", autocomplete="off")
    gauche, droite = st.columns(2)
    with gauche:
        entreprise = st.text_input(
            ENTETES[1], depart.cout_entreprise, max_chars=LONGUEUR_COUT, key=f"{cle}.entreprise", autocomplete="off"
        )
    with droite:
        association = st.text_input(
            ENTETES[2], depart.cout_association, max_chars=LONGUEUR_COUT, key=f"{cle}.association", autocomplete="off"
        )
    manque = st.text_area(ENTETES[3], depart.manque, max_chars=2000, height=90, key=f"{cle}.manque")
    lien = st.text_input(
        "Adresse (facultatif)",
        depart.lien,
        max_chars=LONGUEUR_LIEN,
        placeholder="https://exemple.fr",
        key=f"{cle}.lien",
        autocomplete="off",
    )
    return SaisieSolution(nom=nom, cout_entreprise=entreprise, cout_association=association, manque=manque, lien=lien)
