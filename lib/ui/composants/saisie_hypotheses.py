"""De quoi poser une hypothèse, et corriger ce qu'elle dit."""

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre
from lib.domain.formats import typographier
from lib.domain.vocabulaire import NatureHypothese
from lib.services.hypotheses import HypotheseLue
from lib.services.saisie_hypotheses import LONGUEUR, SaisieHypothese, corriger_hypothese, poser_hypothese
from lib.ui.composants.volet import volet
from lib.ui.ecrire import ecrire, tour
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

AIDE = typographier("Tous les comptes la lisent : les noms que l'outil connaît s'effacent à l'enregistrement.")


def poser(perimetre: Perimetre, *, ouverte: bool) -> None:
    """Une hypothèse nouvelle. ouverte : le formulaire se montre d'emblée, quand il n'y en a encore aucune."""
    contenu = volet("Poser une hypothèse", cle="poser-hypothese", ouvert=ouverte)
    if contenu is None:
        return
    with contenu:
        famille = "hypothese-neuve"
        cle = f"{famille}-{tour(famille)}"
        with st.form(cle):
            nature = st.radio("Elle porte sur", list(NatureHypothese), format_func=lambda n: n.libelle, horizontal=True)
            saisie = _champs(cle, "", "")
            envoye = st.form_submit_button("Poser l'hypothèse", type="primary")
        if envoye and nature is not None:
            ecrire(
                perimetre,
                lambda session: poser_hypothese(session, perimetre, nature=nature, saisie=saisie),
                "L'hypothèse est posée, ouverte : cherchez d'abord ce qui la réfuterait.",
                neuf=famille,
            )


def corriger(hypothese: HypotheseLue, perimetre: Perimetre) -> None:
    """L'énoncé et ce qui le réfuterait."""
    fiche = f"hypothese-{hypothese.id}"
    contenu = volet("Corriger ce qu'elle dit", cle=f"corriger-{fiche}")
    if contenu is None:
        return
    with contenu:
        version = version_ouverte(fiche, hypothese.version)
        proposer_de_relire(fiche, version, hypothese.version)
        with st.form(f"{fiche}-{version}"):
            saisie = _champs(f"{fiche}-{version}", hypothese.enonce, hypothese.refutation)
            envoye = st.form_submit_button("Enregistrer la correction", type="primary")
        if envoye:
            _corriger(hypothese.id, version, saisie, perimetre)


def _champs(cle: str, enonce: str, refutation: str) -> SaisieHypothese:
    return SaisieHypothese(
        enonce=st.text_area("Ce que l'on croit", enonce, max_chars=LONGUEUR, help=AIDE, key=f"{cle}-enonce"),
        refutation=st.text_area("Ce qui la réfuterait", refutation, max_chars=2 * LONGUEUR, key=f"{cle}-refutation"),
    )


def _corriger(hypothese_id: int, version: int, saisie: SaisieHypothese, perimetre: Perimetre) -> None:
    def geste(session: Session) -> None:
        corriger_hypothese(session, perimetre, hypothese_id=hypothese_id, version=version, saisie=saisie)
        rouvrir(f"hypothese-{hypothese_id}")

    ecrire(perimetre, geste, "L'hypothèse est corrigée.")
