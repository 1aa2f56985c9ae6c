"""La grille « poursuivre ou arrêter » : chaque question, son avis, ce qui le fonde, et les preuves de l'enquête."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.decision import AvisDecision, QuestionDecision, RubriqueDecision
from lib.domain.droits import Perimetre, peut_figer
from lib.domain.formats import compter, enumeration, nombre, typographier
from lib.services.decision.pieces import SANS_PIECE, GrilleLue, Piece, citations_de
from lib.services.decision.prise import DecisionLue
from lib.services.decision.saisies import Saisies, remplir_ligne
from lib.services.sessions import Acces
from lib.ui.composants import decision_appuis as appuis_choisis
from lib.ui.composants.decision import AIDE
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.composants.volet import volet
from lib.ui.ecrire import ecrire, tour
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

CODES = re.compile(r"[^\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneSaisie:
    """Ce que la personne a mis dans le formulaire d'une ligne. appuis : des codes d'entretien, séparés."""

    question: QuestionDecision
    avis: AvisDecision
    constat: str
    appuis: str
    version: int


def vivante(grille: GrilleLue, acces: Acces) -> None:
    """La grille avec les chiffres d'aujourd'hui, et de quoi la remplir pour l'équipe."""
    saisies = grille.saisies
    _bilan([ligne.avis for ligne in saisies.lignes.values()])
    if peut_figer(acces.perimetre):
        _remplir(saisies, acces)
    for rubrique in RubriqueDecision:
        st.header(rubrique.libelle, anchor=False)
        for question in _questions(rubrique):
            ligne = saisies.lignes[question]
            _dire(question, ligne.avis, ligne.constat, (), grille.pieces[question])


def figee(prise: DecisionLue, saisies: Saisies) -> None:
    """La grille telle qu'elle se lisait le jour de la décision ; seuls les mots cités se relisent, avec leur accord."""
    _bilan([ligne.avis for ligne in prise.grille])
    lignes = {ligne.question: ligne for ligne in prise.grille}
    for rubrique in RubriqueDecision:
        st.header(rubrique.libelle, anchor=False)
        for question in _questions(rubrique):
            if question in lignes:
                ligne = lignes[question]
                citations = citations_de(question, saisies)
                _dire(question, ligne.avis, ligne.constat, ligne.pieces, citations)


def _bilan(avis: Sequence[AvisDecision]) -> None:
    comptes = Counter(avis)
    instruites = len(avis) - comptes[AvisDecision.A_INSTRUIRE]
    details = enumeration(
        compter(comptes[membre], membre.libelle.lower())
        for membre in (AvisDecision.FAVORABLE, AvisDecision.RESERVE, AvisDecision.DEFAVORABLE)
    )
    combien = compter(instruites, "ligne instruite", "lignes instruites")
    st.markdown(typographier(f"**{combien} sur {nombre(len(avis))}** : {details}."))


def _questions(rubrique: RubriqueDecision) -> Iterable[QuestionDecision]:
    return (question for question in QuestionDecision if question.rubrique is rubrique)


def _dire(
    question: QuestionDecision, avis: AvisDecision, constat: str, figees: Sequence[str], pieces: Sequence[Piece]
) -> None:
    """La question, l'avis et ce qui le fonde, puis les preuves : celles qui s'ouvrent dans un tableau de liens."""
    st.subheader(typographier(question.libelle), anchor=False)
    fonde = typographier(" : ") + litteral(constat) if constat else ""
    lues = [*figees, *(piece.texte for piece in pieces if not piece.page)]
    preuves = "\n".join(f"- {litteral(texte)}" for texte in lues)
    if not lues and not pieces:
        preuves = f"*{typographier(SANS_PIECE)}*"
    st.markdown("\n\n".join(filter(None, (f"**{avis.libelle}**{fonde}", preuves))))
    _ouvrir(question, [piece for piece in pieces if piece.page])


def _ouvrir(question: QuestionDecision, pieces: Sequence[Piece]) -> None:
    if not pieces:
        return
    tableau_ouvrant(
        ("Preuve", "Ce qu'elle dit"),
        [
            LigneOuvrante(id=rang, cellules=(piece.nom, piece.suite), fiche=_fiche(piece))
            for rang, piece in enumerate(pieces)
        ],
        fiche=_fiche(pieces[0]),
        legende=typographier(f"Preuves : {question.libelle}"),
        cle=f"preuves-{question.value}",
    )


def _fiche(piece: Piece) -> Fiche:
    return Fiche(adresse=piece.page, parametre="", fixes=tuple(piece.parametres.items()))


def _remplir(saisies: Saisies, acces: Acces) -> None:
    contenu = volet("Remplir une ligne", cle="remplir-ligne")
    if contenu is None:
        return
    with contenu:
        question = st.selectbox(
            "Ligne de la grille",
            list(QuestionDecision),
            format_func=lambda q: typographier(q.libelle),
            key="question",
        ) or next(iter(QuestionDecision))
        ligne = saisies.lignes[question]
        fiche = f"ligne-{question.value}"
        version = version_ouverte(fiche, ligne.version)
        proposer_de_relire(fiche, version, ligne.version)
        with st.form(f"{fiche}-{version}-{tour(fiche)}"):
            avis = st.radio(
                "Avis",
                list(AvisDecision),
                index=list(AvisDecision).index(ligne.avis),
                format_func=lambda a: a.libelle,
                horizontal=True,
                key=f"{fiche}-{version}-avis",
            )
            constat = st.text_area(
                "Ce qui le fonde", ligne.constat, max_chars=4000, help=AIDE, key=f"{fiche}-{version}-constat"
            )
            appuis = st.text_input(
                "Entretiens qui l'appuient (facultatif)",
                ", ".join(appui.code for appui in ligne.appuis),
                placeholder="E-NAT-001, E-NAT-004",
                key=f"{fiche}-{version}-appuis",
            )
            envoye = st.form_submit_button("Enregistrer la ligne", type="primary")
        if envoye and avis is not None:
            saisie = LigneSaisie(question=question, avis=avis, constat=constat, appuis=appuis, version=version)
            _enregistrer(saisie, acces.perimetre)
        appuis_choisis.appuyer(ligne, saisies, acces)


def _enregistrer(saisie: LigneSaisie, perimetre: Perimetre) -> None:
    fiche = f"ligne-{saisie.question.value}"

    def geste(session: Session) -> None:
        remplir_ligne(
            session,
            perimetre,
            question=saisie.question,
            avis=saisie.avis,
            constat=saisie.constat,
            version=saisie.version,
            appuis=CODES.findall(saisie.appuis),
        )
        rouvrir(fiche)

    ecrire(perimetre, geste, "La ligne est enregistrée.", neuf=fiche)
