"""Les options comparées, ce qui existe déjà, et de quoi décrire une option."""

from collections.abc import Iterable

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.decision import NatureOption
from lib.domain.droits import Perimetre, peut_figer
from lib.domain.formats import compter, euros, typographier
from lib.services.decision.prise import DecisionLue
from lib.services.decision.saisies import COUT_MAXIMUM, DELAI_MAXIMUM, OptionLue, Saisies, SolutionCitee, decrire_option
from lib.services.sessions import Acces
from lib.ui.composants.decision import AIDE
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.composants.tableau_liens import tableau_en_cartes
from lib.ui.composants.volet import volet
from lib.ui.ecrire import ecrire
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

NON_DIT = "non dit"


def montrer(saisies: Saisies, prise: DecisionLue | None, acces: Acces) -> None:
    """Les options, figées une fois la décision prise ; puis ce qui existe déjà."""
    _comparer(prise.options if prise else saisies.options.values())
    if prise is None and peut_figer(acces.perimetre):
        _decrire(saisies, acces.perimetre)
    _existant(saisies.solutions)
    lien("solutions", "Ouvrir le registre des solutions existantes")


def _comparer(options: Iterable[OptionLue]) -> None:
    lues = list(options)
    entetes = ("Option", "Coût", "Délai", "Territoire", "Critère de succès")
    lignes = [
        (
            o.nature.libelle,
            NON_DIT if o.cout_euros is None else euros(o.cout_euros),
            NON_DIT if o.delai_mois is None else compter(o.delai_mois, "mois", "mois"),
            o.territoire or NON_DIT,
            o.critere or NON_DIT,
        )
        for o in lues
    ]
    tableau_en_cartes(entetes, lignes, legende="Options comparées, une par ligne", cle="options-comparees")
    for option in lues:
        if option.description:
            st.markdown(typographier(f"**{option.nature.libelle}** : ") + litteral(option.description))


def _existant(recensees: Iterable[SolutionCitee]) -> None:
    st.header("Ce qui existe déjà", anchor=False)
    lignes = [
        tuple(mot or NON_DIT for mot in (s.nom, s.cout_entreprise, s.cout_association, s.manque)) for s in recensees
    ]
    if not lignes:
        st.info("Aucune solution existante n'est recensée dans cette investigation.")
        return
    entetes = ("Solution", "Coût pour l'entreprise", "Coût pour l'association", "Ce qui manque")
    tableau_en_cartes(entetes, lignes, legende="Solutions existantes, une par ligne", cle="options-existant")


def _decrire(saisies: Saisies, perimetre: Perimetre) -> None:
    contenu = volet("Décrire une option", cle="decrire-option")
    if contenu is None:
        return
    with contenu:
        choisie = st.selectbox("Option", list(NatureOption), format_func=lambda n: n.libelle, key="option")
        nature = choisie or NatureOption.CONCIERGERIE
        option = saisies.options[nature]
        fiche = f"option-{nature.value}"
        version = version_ouverte(fiche, option.version)
        proposer_de_relire(fiche, version, option.version)
        with st.form(f"{fiche}-{version}"):
            saisie = _champs(f"{fiche}-{version}", option, version)
            envoye = st.form_submit_button("Enregistrer l'option", type="primary")
        if envoye:
            _enregistrer(saisie, perimetre)


def _champs(cle: str, option: OptionLue, version: int) -> OptionLue:
    description = st.text_area("En quoi elle consiste", option.description, max_chars=2000, key=f"{cle}-description")
    cout = st.number_input("Coût (euros)", 0, COUT_MAXIMUM, option.cout_euros, step=1000, key=f"{cle}-cout")
    delai = st.number_input("Délai (mois)", 0, DELAI_MAXIMUM, option.delai_mois, step=1, key=f"{cle}-delai")
    territoire = st.text_input("Territoire", option.territoire, max_chars=200, key=f"{cle}-territoire")
    critere = st.text_area("Critère de succès", option.critere, max_chars=1000, help=AIDE, key=f"{cle}-critere")
    return OptionLue(
        nature=option.nature,
        description=description,
        cout_euros=cout,
        delai_mois=delai,
        territoire=territoire,
        critere=critere,
        version=version,
    )


def _enregistrer(saisie: OptionLue, perimetre: Perimetre) -> None:
    def geste(session: Session) -> None:
        decrire_option(session, perimetre, option=saisie)
        rouvrir(f"option-{saisie.nature.value}")

    ecrire(perimetre, geste, f"L'option « {saisie.nature.libelle} » est enregistrée.")
