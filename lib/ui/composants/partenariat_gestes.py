"""Ce que l'équipe fait d'un partenariat : ajouter un événement, en corriger un, modifier les détails, archiver."""

from typing import Any

import streamlit as st

from lib.domain.dates_imprecises import ECRITURES
from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import date_courte
from lib.domain.horloge import aujourd_hui
from lib.domain.partenariats import proposes
from lib.domain.vocabulaire import MotifFin, TypeEvenement
from lib.services import partenariats
from lib.services.partenariat_fiche import EvenementLu, FichePartenariat
from lib.services.sessions import Acces
from lib.services.transaction import ecriture
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.partenariat_champs import (
    INDICATION_DATE,
    ChoixEngagement,
    champs_de_l_engagement,
    lire_choix,
    lire_details,
    lire_quand,
    valeurs_des_details,
)
from lib.ui.erreurs import afficher_erreurs
from lib.ui.formulaire import Formulaire
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

AJOUTER, CORRIGER, MODIFIER = "Ajouter un événement", "Corriger un événement", "Modifier les détails"
LARGEUR = 1000


def gestes(fiche: FichePartenariat, acces: Acces) -> None:
    """Le geste choisi et son formulaire, un seul à la fois."""
    st.header("Mettre à jour", anchor=False)
    if fiche.archive:
        _retablir(fiche)
        return
    with st.container(key=f"brouillon-geste-{fiche.id}", width=LARGEUR):
        geste = st.segmented_control(
            "Que voulez-vous faire ?", (AJOUTER, CORRIGER, MODIFIER), default=AJOUTER, key=f"geste-{fiche.id}"
        )
        if geste == CORRIGER:
            _corriger(fiche, acces.perimetre)
        elif geste == MODIFIER:
            _modifier(fiche, acces.perimetre, lire_choix(acces))
        elif geste == AJOUTER:
            _ajouter(fiche, acces.perimetre)
    _suites(fiche)


# --- Événements -------------------------------------------------------------------------------------------------


def _ajouter(fiche: FichePartenariat, perimetre: Perimetre) -> None:
    possibles = proposes([evenement.fait for evenement in fiche.suite])
    if not possibles:
        st.info("Cette histoire est close. S'il repart, consignez un nouvel épisode.")
        return
    type_evenement = st.radio(
        "Qu'est-il arrivé ?",
        possibles,
        format_func=lambda type_: type_.libelle,
        horizontal=True,
        key=_cle(fiche, "type"),
    )
    if type_evenement is None:
        return
    naissance = date_courte(aujourd_hui()) if type_evenement is TypeEvenement.NOUVELLE else ""
    saisie = _champs(fiche, f"ajout.{type_evenement}", type_evenement, quand=naissance)
    if st.button("Enregistrer l'événement", key=_cle(fiche, "ajouter"), type="primary"):
        with afficher_erreurs():
            quand = lire_quand(saisie["quand"])
            with ecriture(moteur(), perimetre) as session:
                partenariats.ajouter_evenement(
                    session,
                    perimetre,
                    partenariat_id=fiche.id,
                    type_evenement=type_evenement,
                    date_effet=quand.jour,
                    precision=quand.precision,
                    motif=saisie["motif"],
                    commentaire=saisie["commentaire"],
                )
            _fini(fiche, f"Événement enregistré : {type_evenement.libelle.lower()}.")


def _corriger(fiche: FichePartenariat, perimetre: Perimetre) -> None:
    choisi = _choisir_evenement(fiche)
    if choisi is None:
        st.caption("L'événement d'origine reste lisible : une correction s'ajoute, elle n'efface rien.")
        return
    type_evenement = st.selectbox(
        "Ce qui est vraiment arrivé",
        list(TypeEvenement),
        index=list(TypeEvenement).index(choisi.fait.type),
        format_func=lambda type_: type_.libelle,
        key=_cle(fiche, f"correction.{choisi.fait.id}.type"),
    )
    if type_evenement is None:
        return
    saisie = _champs(
        fiche,
        f"correction.{choisi.fait.id}",
        type_evenement,
        quand=_tel_qu_on_l_ecrit(choisi),
        motif=choisi.fait.motif,
        commentaire=choisi.commentaire,
    )
    with st.container(horizontal=True):
        corrige = st.button("Enregistrer la correction", key=_cle(fiche, "corriger"), type="primary")
        annule = st.button("Cet événement n'a pas eu lieu", key=_cle(fiche, "annuler"))
    with afficher_erreurs():
        if corrige:
            _enregistrer_correction(fiche, perimetre, choisi.fait.id, type_evenement, saisie)
        elif annule:
            _annuler(fiche, perimetre, choisi.fait.id, saisie["commentaire"])


def _choisir_evenement(fiche: FichePartenariat) -> EvenementLu | None:
    par_id = {evenement.fait.id: evenement for evenement in fiche.suite}
    choisi = st.selectbox(
        "Quel événement ?",
        list(par_id),
        index=None,
        format_func=lambda cle: _nommer(par_id[cle]) if cle in par_id else "",
        placeholder="Choisir un événement",
        key=_cle(fiche, "a_corriger"),
    )
    return par_id.get(choisi) if choisi is not None else None


def _tel_qu_on_l_ecrit(evenement: EvenementLu) -> str:
    """La date de l'événement, comme on la taperait."""
    quand = evenement.fait.quand
    return quand.ecrire().replace("\N{NO-BREAK SPACE}", " ") if quand.connue else "inconnue"


def _annuler(fiche: FichePartenariat, perimetre: Perimetre, evenement_id: int, commentaire: str) -> None:
    with ecriture(moteur(), perimetre) as session:
        partenariats.annuler_evenement(session, perimetre, evenement_id=evenement_id, commentaire=commentaire)
    _fini(fiche, "Événement annulé ; il reste lisible parmi les lignes corrigées.")


def _enregistrer_correction(
    fiche: FichePartenariat,
    perimetre: Perimetre,
    evenement_id: int,
    type_evenement: TypeEvenement,
    saisie: dict[str, Any],
) -> None:
    quand = lire_quand(saisie["quand"])
    with ecriture(moteur(), perimetre) as session:
        partenariats.corriger_evenement(
            session,
            perimetre,
            evenement_id=evenement_id,
            type_evenement=type_evenement,
            date_effet=quand.jour,
            precision=quand.precision,
            motif=saisie["motif"],
            commentaire=saisie["commentaire"],
        )
    _fini(fiche, "Correction enregistrée ; l'événement d'origine reste lisible.")


def _champs(
    fiche: FichePartenariat,
    nom: str,
    type_evenement: TypeEvenement,
    *,
    quand: str,
    motif: MotifFin | None = None,
    commentaire: str = "",
) -> dict[str, Any]:
    """Date, motif s'il s'agit d'une fin, commentaire."""
    gauche, droite = st.columns(2)
    with gauche:
        ecrit = st.text_input(
            "Quand ?",
            value=quand,
            placeholder=INDICATION_DATE,
            help=f"Écrivez ce que vous savez : {ECRITURES}.",
            autocomplete="off",
            key=_cle(fiche, f"{nom}.quand"),
        )
    choisi = None
    with droite:
        if type_evenement is TypeEvenement.FIN:
            motifs = list(MotifFin)
            choisi = st.selectbox(
                "Pourquoi a-t-il pris fin ?",
                motifs,
                index=motifs.index(motif) if motif else None,
                format_func=lambda m: f"{m.libelle} ({m.famille.libelle.lower()})",
                placeholder="Choisir un motif, « Inconnu » s'il le faut",
                key=_cle(fiche, f"{nom}.motif"),
            )
    libre = st.text_input(
        "Commentaire (facultatif)", value=commentaire, max_chars=1000, key=_cle(fiche, f"{nom}.commentaire")
    )
    return {"quand": ecrit, "motif": choisi, "commentaire": libre or ""}


def _nommer(evenement: EvenementLu) -> str:
    return f"{evenement.fait.type.libelle}, {evenement.fait.quand.ecrire()}"


# --- Détails et suites ------------------------------------------------------------------------------------------


def _modifier(fiche: FichePartenariat, perimetre: Perimetre, choix: ChoixEngagement) -> None:
    nom = f"partenariat-{fiche.id}"
    version = version_ouverte(nom, fiche.version)
    proposer_de_relire(nom, version, fiche.version)
    formulaire = Formulaire(f"{nom}.{version}", valeurs_des_details(fiche.details, fiche.terrain_id))
    champs_de_l_engagement(formulaire, choix)
    if st.button("Enregistrer les détails", key=_cle(fiche, "modifier"), type="primary"):
        with afficher_erreurs():
            saisis = lire_details(formulaire.valeurs, fiche.details)
            with ecriture(moteur(), perimetre) as session:
                partenariats.modifier(
                    session,
                    perimetre,
                    partenariat_id=fiche.id,
                    version=version,
                    details=saisis,
                    terrain_id=formulaire.valeurs["terrain_id"] or fiche.terrain_id,
                )
            rouvrir(nom)
            _fini(fiche, "Détails enregistrés.")


def _suites(fiche: FichePartenariat) -> None:
    """Nouvel épisode pour une histoire close, archivage."""
    with st.container(horizontal=True, vertical_alignment="center"):
        clos = fiche.episode.motif_fin is not None or fiche.episode.sans_suite_le is not None
        if clos and fiche.episode_suivant_id is None:
            st.page_link(
                chemin("nouveau-partenariat"),
                label="Il a repris : nouvel épisode",
                query_params={"suite": str(fiche.id)},
            )
        bouton_a_confirmer(
            Geste(
                cle=f"archiver-{fiche.id}",
                bouton="Archiver ce partenariat",
                question="Il sortira des listes et de tous les chiffres. Vous pourrez le rétablir depuis sa fiche.",
                faire=lambda session, perimetre: partenariats.archiver(session, perimetre, partenariat_id=fiche.id),
                droit=peut_consigner,
                fait="Partenariat archivé.",
            )
        )


def _retablir(fiche: FichePartenariat) -> None:
    bouton_a_confirmer(
        Geste(
            cle=f"retablir-{fiche.id}",
            bouton="Rétablir ce partenariat",
            question="Il reviendra dans les listes et dans les chiffres.",
            faire=lambda session, perimetre: partenariats.retablir(session, perimetre, partenariat_id=fiche.id),
            droit=peut_consigner,
            fait="Partenariat rétabli.",
        )
    )


def _cle(fiche: FichePartenariat, nom: str) -> str:
    """Clé d'un widget ; elle change après chaque enregistrement réussi, et les champs renaissent vides."""
    return f"p{fiche.id}.{st.session_state.get(f'_gestes-{fiche.id}', 0)}.{nom}"


def _fini(fiche: FichePartenariat, message: str) -> None:
    st.session_state[f"_gestes-{fiche.id}"] = st.session_state.get(f"_gestes-{fiche.id}", 0) + 1
    annoncer(message)
    st.rerun()
