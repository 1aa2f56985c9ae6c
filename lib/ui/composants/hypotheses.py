"""Les hypothèses, celles que rien ne contredit d'abord, et de quoi changer leur statut avec une raison."""

from collections.abc import Sequence

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter, date_longue, nombre, typographier
from lib.domain.horloge import a_paris
from lib.domain.vocabulaire import SensPreuve, StatutHypothese
from lib.services.hypotheses import HypotheseLue, StatutDate, changer_statut
from lib.services.transaction import ecriture
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


def une_seule(hypotheses: Sequence[HypotheseLue], perimetre: Perimetre) -> None:
    """Une hypothèse au choix : ce qui la réfuterait, son histoire, et le changement de statut pour l'équipe."""
    codes = [h.code for h in hypotheses]
    st.header("Une hypothèse en entier", anchor=False)
    choisie = hypotheses[codes.index(st.selectbox("Hypothèse", codes, key="hypothese", bind="query-params"))]
    st.markdown(typographier(f"**{choisie.nature.libelle}** : ") + litteral(choisie.enonce))
    st.markdown(typographier("**Ce qui la réfuterait** : ") + (litteral(choisie.refutation) or "non dit"))
    st.write(compter(choisie.preuves, "preuve versée", "preuves versées") + ".")
    st.markdown("\n".join(map(_dire_statut, choisie.histoire)))
    if peut_consigner(perimetre):
        _changer(choisie, perimetre)


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
    if not envoye or statut is None:
        return
    try:
        with ecriture(moteur(), perimetre) as session:
            changer_statut(session, perimetre, hypothese_id=hypothese.id, statut=statut, raison=raison)
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
        return
    annoncer(f"Le statut de {hypothese.code} est changé.")
    st.rerun()
