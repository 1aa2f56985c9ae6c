"""Les hypothèses, celles que rien ne contredit d'abord, et de quoi changer leur statut avec une raison."""

from collections.abc import Sequence

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner, peut_lire_identites
from lib.domain.formats import date_longue, nombre, typographier
from lib.domain.horloge import a_paris
from lib.domain.vocabulaire import SensPreuve, StatutHypothese
from lib.services.balances import CelluleBalance
from lib.services.hypotheses import HypotheseLue, StatutDate, changer_statut
from lib.services.sessions import Acces
from lib.ui.composants import preuves, saisie_hypotheses
from lib.ui.composants.tableau_liens import LigneOuvrante, tableau_ouvrant
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.ecrire import ecrire, tour
from lib.ui.textes import litteral, phrase

ENTETES = ("Hypothèse", "Statut", "Pour", "Contre", "Nuance")
SANS_TERRAIN = "Indicateurs et solutions"
RAISON_TUE = "raison gardée dans l'équipe"
DIFFUSABLE = "Cette raison peut se lire hors de l'équipe"
AIDE_DIFFUSABLE = typographier(
    "La relecture la lira sans les noms que l'outil connaît. N'y mettez ni un nom qu'il ne connaît pas, ni les mots de "
    "quelqu'un qui n'a pas accepté d'être cité."
)


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
        LigneOuvrante(
            id=h.id,
            cellules=(f"{h.code} – {h.enonce}", h.statut.libelle, *(nombre(h.poids.get(s, 0)) for s in SensPreuve)),
        )
        for h in hypotheses
    ]
    legende = "Hypothèses, celles que rien ne contredit d'abord"
    tableau_ouvrant(ENTETES, lignes, fiche=None, legende=legende, cle="hypotheses-ensemble")
    st.caption("Pour, contre, nuance\N{NO-BREAK SPACE}: somme des poids (1 à 3) des preuves.")


def une_seule(hypotheses: Sequence[HypotheseLue], acces: Acces) -> None:
    """Une hypothèse au choix : ce qui la réfuterait, ses preuves, ce qui manque, son histoire."""
    codes = [h.code for h in hypotheses]
    st.header("Une hypothèse en entier", anchor=False)
    choisie = hypotheses[codes.index(st.selectbox("Hypothèse", codes, key="hypothese", bind="query-params"))]
    st.markdown(typographier(f"**{choisie.nature.libelle}** : ") + litteral(choisie.enonce))
    st.markdown(typographier("**Ce qui la réfuterait** : ") + (litteral(choisie.refutation) or "non dit"))
    if peut_consigner(acces.perimetre):
        saisie_hypotheses.corriger(choisie, acces.perimetre)
    _manques(choisie)
    preuves.montrer(choisie, acces)
    _balance(choisie)
    if peut_consigner(acces.perimetre):
        preuves.verser(choisie, acces)
    st.subheader("Statut", anchor=False)
    st.markdown("\n".join(_dire_statut(decide, acces.perimetre) for decide in choisie.histoire))
    if peut_consigner(acces.perimetre):
        _changer(choisie, acces.perimetre)


def vide() -> None:
    """Aucune hypothèse."""
    st.info("Aucune hypothèse n'est posée dans cette investigation.")


def _manques(hypothese: HypotheseLue) -> None:
    st.subheader("Ce qui manque pour conclure", anchor=False)
    if not hypothese.manques:
        st.write("Rien ne manque : des preuves des deux côtés, venues de chaque terrain et de chaque type d'acteur.")
        return
    st.markdown("\n".join(f"- {phrase(manque)}" for manque in hypothese.manques))


def _balance(hypothese: HypotheseLue) -> None:
    if not hypothese.balance:
        return
    entetes = ("D'où elles viennent", *(sens.libelle for sens in SensPreuve), "Acteurs")
    st.caption(typographier("La balance, d'où que viennent les preuves : poids par terrain et par type d'acteur."))
    legende = f"Balance de {hypothese.code}, par terrain et par type d'acteur"
    afficher_tableau(entetes, [_rangee(cellule) for cellule in hypothese.balance], legende=legende)


def _rangee(cellule: CelluleBalance) -> tuple[str, ...]:
    poids = (nombre(cellule.poids.get(sens, 0)) for sens in SensPreuve)
    acteur = f", {cellule.type_acteur.libelle.lower()}" if cellule.type_acteur else ""
    return (litteral(cellule.terrain) or SANS_TERRAIN) + acteur, *poids, nombre(cellule.acteurs)


def _dire_statut(decide: StatutDate, perimetre: Perimetre) -> str:
    quand = date_longue(a_paris(decide.decide_le).date())
    qui = f", par {litteral(decide.auteur)}" if decide.auteur else ""
    raison = litteral(decide.raison) or f"*{RAISON_TUE}*"
    portee = " (lue aussi en relecture)" if decide.diffusable and peut_lire_identites(perimetre) else ""
    return typographier(f"- {quand}, **{decide.statut.libelle.lower()}**{qui} : ") + f"{raison}{portee}"


def _changer(hypothese: HypotheseLue, perimetre: Perimetre) -> None:
    famille = f"statut-{hypothese.id}"
    with st.form(f"{famille}-{tour(famille)}"):
        statut = st.selectbox("Nouveau statut", list(StatutHypothese), format_func=lambda membre: membre.libelle)
        raison = st.text_area("Raison du changement")
        diffusable = st.checkbox(DIFFUSABLE, help=AIDE_DIFFUSABLE)
        envoye = st.form_submit_button("Changer le statut", type="primary")
    if envoye and statut is not None:
        ecrire(
            perimetre,
            lambda session: changer_statut(
                session, perimetre, hypothese_id=hypothese.id, statut=statut, raison=raison, diffusable=diffusable
            ),
            f"Le statut de {hypothese.code} est changé.",
            neuf=famille,
        )
