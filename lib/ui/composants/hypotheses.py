"""Les hypothèses, celles que rien ne contredit d'abord, et de quoi changer leur statut avec une raison."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner, peut_lire_identites
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter, date_longue, nombre, typographier
from lib.domain.horloge import a_paris
from lib.domain.vocabulaire import SensPreuve, StatutHypothese
from lib.services.hypotheses import (
    POIDS,
    HypotheseLue,
    StatutDate,
    changer_statut,
    lire_preuves,
    retirer_preuve,
    verser_preuve,
)
from lib.services.sessions import Acces
from lib.services.transaction import ecriture
from lib.ui.caches import vue
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral, phrase

ENTETES = ("Hypothèse", "Statut", "Pour", "Contre", "Nuance")


def ensemble(hypotheses: Sequence[HypotheseLue]) -> None:
    """Ce qui manque pour conclure, puis la balance de chacune."""
    sans = [h.code for h in hypotheses if not h.eprouvee]
    if sans:
        st.warning(
            typographier(
                f"Rien ne contredit encore {', '.join(map(litteral, sans))} : cherchez d'abord ce qui les réfuterait."
            )
        )
    lignes = [
        (litteral(f"{h.code} – {h.enonce}"), h.statut.libelle, *(nombre(h.poids.get(s, 0)) for s in SensPreuve))
        for h in hypotheses
    ]
    afficher_tableau(ENTETES, lignes, legende="Hypothèses, celles que rien ne contredit d'abord")
    st.caption("Pour, contre, nuance\N{NO-BREAK SPACE}: somme des poids (1 à 3) des preuves.")


def une_seule(hypotheses: Sequence[HypotheseLue], acces: Acces) -> None:
    """Une hypothèse au choix : ce qui la réfuterait, son histoire, et le changement de statut pour l'équipe."""
    codes = [h.code for h in hypotheses]
    st.header("Une hypothèse en entier", anchor=False)
    choisie = hypotheses[codes.index(st.selectbox("Hypothèse", codes, key="hypothese", bind="query-params"))]
    st.markdown(typographier(f"**{choisie.nature.libelle}** : ") + litteral(choisie.enonce))
    st.markdown(typographier("**Ce qui la réfuterait** : ") + (litteral(choisie.refutation) or "non dit"))
    _preuves(choisie, acces)
    if peut_consigner(acces.perimetre):
        _verser(choisie, acces.perimetre)
    st.subheader("Statut", anchor=False)
    st.markdown("\n".join(map(_dire_statut, choisie.histoire)))
    if peut_consigner(acces.perimetre):
        _changer(choisie, acces.perimetre)


def _preuves(hypothese: HypotheseLue, acces: Acces) -> None:
    st.subheader("Preuves", anchor=False)
    st.write(compter(hypothese.preuves, "preuve versée", "preuves versées") + ".")
    lues = vue(lire_preuves, acces, hypothese_id=hypothese.id)
    if not lues or not peut_lire_identites(acces.perimetre):
        return
    afficher_tableau(
        ("Sens", "Poids", "Entretien", "Ce qu'elle dit"),
        [(p.sens.libelle, nombre(p.poids), litteral(p.source), litteral(p.commentaire)) for p in lues],
        legende=f"Preuves de {hypothese.code}",
    )
    choisie = st.selectbox(
        "Retirer une preuve",
        [None, *lues],
        format_func=lambda p: f"{p.sens.libelle}, {p.source}" if p else "Aucune",
        key=f"hypothese-retirer-{hypothese.id}",
    )
    if choisie is not None and st.button("Retirer cette preuve"):
        _ecrire(
            acces.perimetre,
            lambda session: retirer_preuve(session, acces.perimetre, preuve_id=choisie.id),
            f"La preuve tirée de {choisie.source} est retirée.",
        )


def _verser(hypothese: HypotheseLue, perimetre: Perimetre) -> None:
    with st.form(f"preuve-{hypothese.id}"):
        sens = st.radio("La preuve est", list(SensPreuve), format_func=lambda sens: sens.libelle, horizontal=True)
        entretien = st.text_input("Code de l'entretien", placeholder="E-MRS-001")
        poids = st.number_input("Poids (1 à 3)", min_value=POIDS[0], max_value=POIDS[-1], value=POIDS[0])
        commentaire = st.text_area("Ce qu'elle dit (facultatif)")
        envoye = st.form_submit_button("Verser la preuve")
    if envoye and sens is not None:
        _ecrire(
            perimetre,
            lambda session: verser_preuve(
                session,
                perimetre,
                hypothese_id=hypothese.id,
                entretien=entretien,
                sens=sens,
                poids=int(poids),
                commentaire=commentaire,
            ),
            f"La preuve est versée à {hypothese.code}.",
        )


def _ecrire(perimetre: Perimetre, geste: Callable[[Any], None], message: str) -> None:
    """Une écriture ; un refus se dit sans perdre ce qui était saisi."""
    try:
        with ecriture(moteur(), perimetre) as session:
            geste(session)
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
        return
    annoncer(message)
    st.rerun()


def vide() -> None:
    """Aucune hypothèse."""
    st.info("Aucune hypothèse n'est posée dans cette investigation.")


def _dire_statut(decide: StatutDate) -> str:
    quand = date_longue(a_paris(decide.decide_le).date())
    return f"- {quand}, {decide.statut.libelle.lower()}. {litteral(decide.raison)}"


def _changer(hypothese: HypotheseLue, perimetre: Perimetre) -> None:
    with st.form(f"hypothese-{hypothese.id}"):
        statut = st.selectbox("Nouveau statut", list(StatutHypothese), format_func=lambda membre: membre.libelle)
        raison = st.text_area("Raison du changement")
        envoye = st.form_submit_button("Changer le statut", type="primary")
    if envoye and statut is not None:
        _ecrire(
            perimetre,
            lambda session: changer_statut(session, perimetre, hypothese_id=hypothese.id, statut=statut, raison=raison),
            f"Le statut de {hypothese.code} est changé.",
        )
