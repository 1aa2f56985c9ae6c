"""Appuyer une ligne de la grille sur une citation, un indicateur, une solution ou une hypothèse ; retirer un appui."""

import streamlit as st

from lib.domain.decision import SourceAppui
from lib.domain.formats import guillemets, typographier
from lib.domain.indicateurs import CodeIndicateur
from lib.services.decision.saisies import LigneLue, Saisies
from lib.services.decision.sources import SourceLue, ajouter_source, retirer_source
from lib.services.sessions import Acces
from lib.services.solutions import choix_de_solutions
from lib.ui.caches import vue
from lib.ui.composants.preuves import LONGUEUR, choisir_citation, choisir_indicateur, choisir_solution
from lib.ui.ecrire import ecrire, tour


def appuyer(ligne: LigneLue, saisies: Saisies, acces: Acces) -> None:
    """Ce sur quoi la ligne s'appuie en plus des entretiens ; hors du formulaire, dont rien ne se perd."""
    famille = f"appui-{ligne.question.value}"
    cle = f"{famille}-{tour(famille)}"
    st.markdown(typographier("**L'appuyer sur une preuve** : elle se lit sous la ligne, et s'ouvre."))
    source = st.radio(
        "L'appui est", list(SourceAppui), format_func=lambda s: s.libelle, horizontal=True, key=f"{cle}-source"
    )
    choisie = source or SourceAppui.CITATION
    reference = _choisir(choisie, saisies, acces, cle)
    if st.button("Ajouter cet appui", key=f"{cle}-ajouter"):
        ecrire(
            acces.perimetre,
            lambda session: ajouter_source(
                session, acces.perimetre, question=ligne.question, source=choisie, reference=reference
            ),
            "L'appui est ajouté à la ligne.",
            neuf=famille,
        )
    if ligne.sources:
        _retirer(ligne, acces, cle, famille)


def _choisir(source: SourceAppui, saisies: Saisies, acces: Acces, cle: str) -> str:
    """La référence de l'appui ; vide tant que rien n'est choisi."""
    if source is SourceAppui.INDICATEUR:
        return choisir_indicateur(cle)
    if source is SourceAppui.SOLUTION:
        return choisir_solution(vue(choix_de_solutions, acces), cle)
    if source is SourceAppui.HYPOTHESE:
        return _choisir_hypothese(saisies, cle)
    return choisir_citation(acces, cle)


def _choisir_hypothese(saisies: Saisies, cle: str) -> str:
    if not saisies.hypotheses:
        st.info("Aucune hypothèse n'est posée dans cette investigation.")
        return ""
    choisie = st.selectbox(
        "Hypothèse",
        saisies.hypotheses,
        format_func=lambda h: f"{h.code} – {h.enonce}",
        key=f"{cle}-hypothese",
    )
    return choisie.code if choisie else ""


def _retirer(ligne: LigneLue, acces: Acces, cle: str, famille: str) -> None:
    noms = {source.id: _nommer(source) for source in ligne.sources}
    choisi = st.selectbox(
        "Retirer un appui",
        [None, *noms],
        format_func=lambda numero: noms[numero] if numero else "Aucun",
        key=f"{cle}-retire",
    )
    if choisi is not None and st.button("Retirer cet appui", key=f"{cle}-retirer"):
        ecrire(
            acces.perimetre,
            lambda session: retirer_source(session, acces.perimetre, source_id=choisi),
            "L'appui est retiré ; le journal le garde.",
            neuf=famille,
        )


def _nommer(source: SourceLue) -> str:
    """« Citation, E-MRS-001 : « … » »."""
    nom = CodeIndicateur(source.nom).libelle if source.nom in list(CodeIndicateur) else source.nom
    mots = source.mots if len(source.mots) <= LONGUEUR else f"{source.mots[:LONGUEUR]}…"
    cites = typographier(" : ") + guillemets(mots) if mots else ""
    return f"{source.source.libelle}, {nom}{cites}"
