"""Les preuves d'une hypothèse : les lire, ouvrir leur source, en verser, en retirer."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import compter, date_abregee, guillemets, typographier
from lib.domain.horloge import a_paris
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.preuves import SourcePreuve
from lib.domain.vocabulaire import SensPreuve
from lib.services.citations import Citation, FiltresCitations, lister_citations
from lib.services.hypotheses import HypotheseLue
from lib.services.preuves import (
    MAXIMUM,
    POIDS,
    Cible,
    PreuveLue,
    lire_preuves,
    retirer_preuve,
    verser_preuve,
)
from lib.services.sessions import Acces
from lib.services.solutions import choix_de_solutions
from lib.ui.caches import vue
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.composants.volet import volet
from lib.ui.ecrire import ecrire, tour
from lib.ui.textes import litteral

ENTIERE, OUVRANT, FERMANT = re.compile(r"^«\s*([^«»]*?)\s*»$"), re.compile(r"«\s*"), re.compile(r"\s*»")
SANS_ENTRETIEN = {SourcePreuve.INDICATEUR, SourcePreuve.SOLUTION}
"""Sources que toute personne qui lit les preuves peut ouvrir."""
ENTRETIEN_FERME = "Un entretien cité en preuve ne s'ouvre que pour l'équipe : sa fiche dit qui a été rencontré."
LONGUEUR = 90
"""Signes d'une citation dans une liste de choix."""


def montrer(hypothese: HypotheseLue, acces: Acces) -> None:
    """Chaque preuve, ce qui contredit d'abord, puis celle que l'on ouvre."""
    st.subheader("Preuves", anchor=False)
    st.write(compter(hypothese.preuves, "preuve versée", "preuves versées") + ".")
    if not hypothese.preuves:
        return
    lues = _contraires_d_abord(vue(lire_preuves, acces, hypothese_id=hypothese.id))
    st.markdown("\n".join(map(_dire, lues)))
    if hypothese.preuves > len(lues) >= MAXIMUM:
        st.caption(f"Seules les {MAXIMUM} premières se lisent ici ; toutes pèsent.")
    _ouvrir(hypothese, lues, acces.perimetre)


def _contraires_d_abord(lues: Sequence[PreuveLue]) -> list[PreuveLue]:
    ordre = (SensPreuve.CONTRE, SensPreuve.NUANCE, SensPreuve.POUR)
    return sorted(lues, key=lambda preuve: (ordre.index(preuve.sens), -preuve.poids))


def _dire(preuve: PreuveLue) -> str:
    """« - **Contre, poids 3** – Citation, E-MRS-001… : « … ». Versée par Léa, 20 nov. 2026. »"""
    morceaux = [typographier(f"- **{preuve.sens.libelle}, poids {preuve.poids}** – {preuve.source.libelle}")]
    if preuve.source is SourcePreuve.INDICATEUR and preuve.mots:
        morceaux.append(typographier(" : ") + litteral(preuve.mots))
    else:
        morceaux.append(f", {litteral(preuve.designation)}")
        morceaux.append(typographier(" : ") + guillemets(_citer(preuve.mots)) if preuve.mots else "")
    if preuve.absence:
        morceaux.append(typographier(" : ") + f"*{typographier(preuve.absence)}*")
    if preuve.commentaire:
        morceaux.append(f" – {litteral(preuve.commentaire)}")
    quand = date_abregee(a_paris(preuve.versee_le).date())
    qui = f" par {litteral(preuve.auteur)}" if preuve.auteur else ""
    return f"{''.join(morceaux)}  \n  Versée{qui}, {quand}."


def _citer(mots: str) -> str:
    """Les mots d'une citation, ses propres guillemets devenus ceux de second rang."""
    nus = ENTIERE.sub(r"\1", mots.strip())
    return litteral(FERMANT.sub("”", OUVRANT.sub("“", nus)))


def _ouvrir(hypothese: HypotheseLue, lues: Sequence[PreuveLue], perimetre: Perimetre) -> None:
    equipe = peut_consigner(perimetre)
    ouvrables = [preuve for preuve in lues if equipe or _se_lit(preuve)]
    if not equipe and any(preuve.source is SourcePreuve.ENTRETIEN for preuve in lues):
        st.caption(typographier(ENTRETIEN_FERME))
    if not ouvrables:
        return
    choisie = st.selectbox(
        "Ouvrir une preuve",
        [None, *ouvrables],
        format_func=lambda p: f"{p.sens.libelle}, {p.designation}" if p else "Aucune",
        key=f"preuve-ouverte-{hypothese.id}",
    )
    if choisie is None:
        return
    _source(choisie)
    if equipe and st.button("Retirer cette preuve"):
        ecrire(
            perimetre,
            lambda session: retirer_preuve(session, perimetre, preuve_id=choisie.id),
            f"La preuve tirée de {choisie.designation} est retirée.",
        )


def _se_lit(preuve: PreuveLue) -> bool:
    """Hors de l'équipe : un indicateur, une solution, ou une citation dont les mots se lisent."""
    return preuve.source in SANS_ENTRETIEN or (preuve.source is SourcePreuve.CITATION and not preuve.absence)


def _source(preuve: PreuveLue) -> None:
    if preuve.indicateur:
        lien("indicateurs", "Ouvrir l'indicateur", indicateur=preuve.indicateur.libelle)
    elif preuve.source is SourcePreuve.SOLUTION:
        lien("solutions", "Ouvrir le registre des solutions existantes")
    elif preuve.verbatim_id and preuve.entretien_id is None:
        lien("citations", "Lire la citation, sous pseudonyme", citation=preuve.verbatim_id)
    elif preuve.verbatim_id and not preuve.absence:
        lien(
            "codage",
            "Lire la citation à sa place dans l'entretien",
            entretien=preuve.entretien_id,
            verbatim=preuve.verbatim_id,
        )
    elif preuve.entretien_id:
        lien("entretien", "Ouvrir la fiche de l'entretien", entretien=preuve.entretien_id)


# --- Verser -----------------------------------------------------------------------------------------------------


def verser(hypothese: HypotheseLue, acces: Acces) -> None:
    """De quoi verser une preuve : sa source, son sens, son poids, ce qu'elle dit."""
    famille = f"preuve-{hypothese.id}"
    cle = f"{famille}-{tour(famille)}"
    contenu = volet("Verser une preuve", cle=f"verser-{hypothese.id}")
    if contenu is None:
        return
    with contenu:
        source = st.radio(
            "Elle vient de", list(SourcePreuve), format_func=_libelle, horizontal=True, key=f"{cle}-source"
        )
        reference = _choisir(source or SourcePreuve.CITATION, acces, cle)
        sens = st.radio("Elle pèse", list(SensPreuve), format_func=_libelle, horizontal=True, key=f"{cle}-sens")
        poids = st.number_input("Poids (1 à 3)", POIDS[0], POIDS[-1], POIDS[0], key=f"{cle}-poids")
        commentaire = st.text_area("Ce qu'elle dit (facultatif, pour l'équipe seule)", key=f"{cle}-commentaire")
        envoye = st.button("Verser la preuve", key=f"{cle}-envoyer", type="primary")
        if envoye and sens is not None and source is not None:
            cible = Cible(source=source, reference=reference)
            ecrire(
                acces.perimetre,
                lambda session: verser_preuve(
                    session,
                    acces.perimetre,
                    hypothese_id=hypothese.id,
                    cible=cible,
                    sens=sens,
                    poids=int(poids),
                    commentaire=commentaire,
                ),
                f"La preuve est versée à {hypothese.code}.",
                neuf=famille,
            )


def _libelle(membre: SourcePreuve | SensPreuve) -> str:
    return membre.libelle


def _choisir(source: SourcePreuve, acces: Acces, cle: str) -> str:
    """La référence de ce que la preuve désigne ; vide tant que rien n'est choisi."""
    if source is SourcePreuve.ENTRETIEN:
        return st.text_input("Code de l'entretien", placeholder="E-MRS-001", key=f"{cle}-entretien")
    if source is SourcePreuve.INDICATEUR:
        return choisir_indicateur(cle)
    if source is SourcePreuve.SOLUTION:
        return choisir_solution(vue(choix_de_solutions, acces), cle)
    return choisir_citation(acces, cle)


def choisir_indicateur(cle: str) -> str:
    """Le code d'un indicateur de la page des indicateurs."""
    indicateur = st.selectbox(
        "Indicateur", list(CodeIndicateur), format_func=lambda code: code.libelle, key=f"{cle}-indicateur"
    )
    return indicateur.value if indicateur else ""


def choisir_solution(solutions: Mapping[int, str], cle: str) -> str:
    """Le numéro d'une solution du registre ; vide s'il n'y en a pas."""
    if not solutions:
        st.info("Aucune solution existante n'est recensée dans cette investigation.")
        return ""
    choisie = st.selectbox(
        "Solution existante", list(solutions), format_func=lambda numero: solutions[numero], key=f"{cle}-solution"
    )
    return str(choisie) if choisie else ""


def choisir_citation(acces: Acces, cle: str) -> str:
    """Le numéro d'une citation cherchée par ses mots ; vide tant que rien n'est choisi."""
    mots = st.text_input("Mots de la citation", placeholder="cherchez dans les passages codés", key=f"{cle}-mots")
    if not mots.strip():
        return ""
    page = vue(lister_citations, acces, filtres=FiltresCitations(texte=mots))
    if not page.citations:
        st.info("Aucun passage codé ne porte ces mots.")
        return ""
    choisie = st.selectbox("Citation", page.citations, format_func=_resumer, key=f"{cle}-citation")
    return str(choisie.verbatim_id) if choisie else ""


def _resumer(citation: Citation) -> str:
    mots = citation.citation if len(citation.citation) <= LONGUEUR else f"{citation.citation[:LONGUEUR]}…"
    return f"{citation.code} – {mots}"
